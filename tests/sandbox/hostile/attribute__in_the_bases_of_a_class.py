"""Bases are expressions."""


def main():
    class A(main.__class__.__base__):
        pass

# ends: rejected 5:13 ATTRIBUTE_NOT_ALLOWED
