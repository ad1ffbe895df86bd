"""Doubly starred arguments are expressions."""


def main():
    return dict(**main.__globals__)

# ends: rejected 5:19 ATTRIBUTE_NOT_ALLOWED
