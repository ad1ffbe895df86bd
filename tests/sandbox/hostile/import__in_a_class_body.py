"""An import binds an attribute there."""


def main():
    class A:
        import os

# ends: rejected 6:9 IMPORT_NOT_ALLOWED
