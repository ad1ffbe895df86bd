"""A function is an attribute of the class."""


def main():
    class A:
        def __match_args__(self):
            pass

# ends: rejected 6:9 NAME_NOT_ALLOWED
