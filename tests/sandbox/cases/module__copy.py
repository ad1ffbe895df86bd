import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass
class Node:
    items: list = field(default_factory=list)
    when: datetime = datetime(2024, 1, 1, tzinfo=UTC)


class Plain:
    def __init__(self):
        self.table = {"a": [1]}
        self.me = self


def main():
    data = {"a": [1, {"b": 2}], "t": (1, [2])}
    shallow, deep = copy.copy(data), copy.deepcopy(data)
    data["a"][1]["b"] = 3
    data["t"][1].append(4)
    node = Node([1])
    twin = copy.deepcopy(node)
    twin.items.append(2)
    plain = Plain()
    other = copy.deepcopy(plain)
    other.table["a"].append(2)
    half = copy.copy(plain)
    return [
        shallow, deep, node.items, twin.items, twin.when == node.when, plain.table, other.table, other.me is other,
        half.table is plain.table, type(other) is Plain, copy.copy([1]), copy.deepcopy({1}) == {1},
    ]

# ends: returned [{"a": [1, {"b": 3}], "t": [1, [2, 4]]}, {"a": [1, {"b": 2}], "t": [1, [2]]}, [1], [1, 2], true, {"a": [1]}, {"a": [1, 2]}, true, true, true, [1], true]
