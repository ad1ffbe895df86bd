"""A class may not have an attribute of this name: patterns would read it by position."""


def main():
    class A:
        f_back = 1

# ends: rejected 6:9 ATTRIBUTE_NOT_ALLOWED
