"""Starred arguments are expressions."""


def main():
    return print(*main.__globals__)

# ends: rejected 5:19 ATTRIBUTE_NOT_ALLOWED
