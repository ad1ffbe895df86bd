"""The names of fields become the positions of a pattern."""


def main():
    from typing import NamedTuple
    class A(NamedTuple):
        f_globals: int

# ends: rejected 7:9 ATTRIBUTE_NOT_ALLOWED
