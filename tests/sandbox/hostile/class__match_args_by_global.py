"""A name of the module, in the body of a class."""


def main():
    class A:
        global __match_args__
        __match_args__ = 1

# ends: rejected 6:9 NAME_NOT_ALLOWED; 7:9 NAME_NOT_ALLOWED
