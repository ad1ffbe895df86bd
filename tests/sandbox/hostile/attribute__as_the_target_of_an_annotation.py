"""An annotated assignment assigns."""


def main():
    main.__code__: int = 1

# ends: rejected 5:5 ATTRIBUTE_NOT_ALLOWED
