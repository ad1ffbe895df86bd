"""A with statement assigns."""


def main():
    from contextlib import nullcontext
    with nullcontext() as main.__code__:
        pass

# ends: rejected 6:27 ATTRIBUTE_NOT_ALLOWED
