"""Called, it takes names as texts."""


def main():
    from typing import TypedDict
    return TypedDict("A", {"x": int})

# ends: faulted TypeError: a TypedDict is made by a class statement: class Point(TypedDict): x: int
