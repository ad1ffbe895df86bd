"""A descriptor is handed the object."""


def main():
    class A:
        def __set__(self, instance, value):
            pass

# ends: rejected 6:9 NAME_NOT_ALLOWED
