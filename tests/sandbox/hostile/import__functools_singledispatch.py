"""It evaluates annotations as code."""


def main():
    from functools import singledispatch

# ends: rejected 5:27 IMPORT_NOT_ALLOWED
