"""An object that says what its class is."""


def main():
    class A:
        __class__ = int

# ends: rejected 6:9 NAME_NOT_ALLOWED
