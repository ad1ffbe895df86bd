"""Called, it takes names as texts."""


def main():
    from typing import NamedTuple
    return NamedTuple("A", [("x=print(1)", int)])

# ends: faulted TypeError: a NamedTuple is made by a class statement: class Point(NamedTuple): x: int
