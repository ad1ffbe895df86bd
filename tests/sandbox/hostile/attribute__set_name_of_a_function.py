"""The name of a function stands in tracebacks."""


def main():
    main.__name__ = "x"

# ends: rejected 5:5 ATTRIBUTE_NOT_ALLOWED
