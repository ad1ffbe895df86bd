"""A class is an attribute of the class."""


def main():
    class A:
        class __match_args__:
            pass

# ends: rejected 6:9 NAME_NOT_ALLOWED
