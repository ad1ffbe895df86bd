from collections import namedtuple
from dataclasses import dataclass
from enum import Enum


@dataclass
class Point:
    x: int
    y: int


Pair = namedtuple("Pair", "left right")


class Kind(Enum):
    A = 1


LIMITS = {"max": 3}


def tell(value):
    match value:
        case 0 | -1:
            return "literal"
        case 1.5 | "text" | b"b" | None | True:
            return f"constant {value!r}"
        case Kind.A:
            return "dotted"
        case Pair(left, right=1):
            return f"pair {left}"
        case [] | ():
            return "empty"
        case [x]:
            return f"one {x}"
        case [1, *rest] if len(rest) > 2:
            return f"guarded {rest}"
        case [first, *_, last]:
            return f"sequence {first}..{last}"
        case {"type": "a", "n": int(n), **others}:
            return f"mapping {n} {sorted(others)}"
        case {"deep": {"list": [_, {"x": x}]}}:
            return f"deep {x}"
        case {}:
            return "some mapping"
        case Point(x=0, y=y):
            return f"keyword {y}"
        case Point(x, y) as point:
            return f"position {x} {y} {point.x}"
        case str() as text:
            return f"str {text}"
        case int(n) | float(n):
            return f"number {n}"
        case _:
            return "anything"


def main():
    return [
        tell(each)
        for each in (
            0, -1, 1.5, "text", None, True, Kind.A, Pair(5, 1), [], [7], [1, 2, 3, 4], [1, 2], (8, 9, 10),
            {"type": "a", "n": 3, "z": 1}, {"deep": {"list": [0, {"x": "found"}]}}, {"q": 1}, Point(0, 4), Point(1, 2),
            "other", 99, 2.5, {1, 2}, b"b",
        )
    ]

# ends: returned ["literal", "literal", "constant 1.5", "constant 'text'", "constant None", "constant True", "dotted", "pair 5", "empty", "one 7", "guarded [2, 3, 4]", "sequence 1..2", "sequence 8..10", "mapping 3 ['z']", "deep found", "some mapping", "keyword 4", "position 1 2 1", "str other", "number 99", "number 2.5", "anything", "constant b'b'"]
