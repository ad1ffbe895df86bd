"""Modules keep their own under underscores."""


def main():
    from collections import _sys
    return _sys

# ends: rejected 5:29 IMPORT_NOT_ALLOWED
