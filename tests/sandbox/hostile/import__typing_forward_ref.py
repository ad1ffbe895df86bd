"""A forward reference is code."""


def main():
    from typing import ForwardRef

# ends: rejected 5:24 IMPORT_NOT_ALLOWED
