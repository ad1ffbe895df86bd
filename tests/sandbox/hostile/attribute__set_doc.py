"""Docstrings are read only."""


def main():
    main.__doc__ = "x"

# ends: rejected 5:5 ATTRIBUTE_NOT_ALLOWED
