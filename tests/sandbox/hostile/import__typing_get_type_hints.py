"""Hints are evaluated as code."""


def main():
    from typing import get_type_hints
    def f(x: "print(1)"):
        pass
    return get_type_hints(f)

# ends: rejected 5:24 IMPORT_NOT_ALLOWED
