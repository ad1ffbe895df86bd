"""A script is no part of a package."""


def main():
    from ..deputize_guest import wire

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
