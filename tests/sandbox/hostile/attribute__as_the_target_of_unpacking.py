"""Unpacking assigns."""


def main():
    main.__code__, x = 1, 2

# ends: rejected 5:5 ATTRIBUTE_NOT_ALLOWED
