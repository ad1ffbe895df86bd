from __future__ import annotations

from dataclasses import InitVar, dataclass
from typing import ClassVar


@dataclass
class Node:
    name: str
    parent: Node | None = None
    count: ClassVar[int] = 5
    secret: InitVar[int] = 0

    def __post_init__(self, secret):
        self.name += str(secret)


def main():
    return [repr(Node("a", Node("b"), secret=3)), Node.count]

# ends: returned ["Node(name='a3', parent=Node(name='b0', parent=None))", 5]
