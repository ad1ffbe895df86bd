"""Where a node stands, in columns as people and editors count them."""

import ast
from collections.abc import Callable


def columns(source: str) -> Callable[[ast.expr], int]:
    """Return what tells the column of a node of *source*, in characters from 1; ``ast`` counts bytes."""
    # As the parser divides lines: a form feed or a line separator is not the end of one.
    lines = [line.encode() for line in source.replace("\r\n", "\n").replace("\r", "\n").split("\n")]

    def column_of(node: ast.expr) -> int:
        return len(lines[node.lineno - 1][: node.col_offset].decode("utf-8", "replace")) + 1

    return column_of
