"""A protocol matches whatever has the names."""


def main():
    from typing import Protocol, runtime_checkable

# ends: rejected 5:24 IMPORT_NOT_ALLOWED; 5:34 IMPORT_NOT_ALLOWED
