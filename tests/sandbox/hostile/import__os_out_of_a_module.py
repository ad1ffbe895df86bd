"""Many modules hold os under its plain name."""


def main():
    from random import _os
    return _os

# ends: rejected 5:24 IMPORT_NOT_ALLOWED
