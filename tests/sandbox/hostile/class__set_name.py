"""A hook that is handed the class."""


def main():
    class A:
        def __set_name__(self, owner, name):
            pass

# ends: rejected 6:9 NAME_NOT_ALLOWED
