"""A maker of instances of other classes."""


def main():
    class A:
        def __new__(cls):
            return 1

# ends: rejected 6:9 NAME_NOT_ALLOWED
