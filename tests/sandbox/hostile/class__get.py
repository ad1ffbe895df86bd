"""A descriptor is handed the object."""


def main():
    class A:
        def __get__(self, instance, owner):
            return instance

# ends: rejected 6:9 NAME_NOT_ALLOWED
