"""Columns as a reader counts them: characters, where the parser counts bytes of UTF-8."""

import ast


def count_characters(tree: ast.AST, source: str) -> None:
    """Rewrite the columns of every node of *tree* from bytes to characters.

    The compiler copies them into the code, so that a traceback needs no source to be read rightly.
    """
    if source.isascii():
        return
    # As the parser divides lines: a form feed or a line separator is not the end of one.
    lines = [line.encode() for line in source.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    for node in ast.walk(tree):
        for line, column in (("lineno", "col_offset"), ("end_lineno", "end_col_offset")):
            number = getattr(node, line, None)
            if number is not None:
                offset = getattr(node, column)
                setattr(node, column, len(lines[number - 1][:offset].decode("utf-8", "replace")))
