"""The class of enumerations makes classes."""


def main():
    from enum import EnumType

# ends: rejected 5:22 IMPORT_NOT_ALLOWED
