"""Lists of things: a table where there is room for it, and lines of ``key: value`` where there is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.text import Text

from deputize.cli.escape import visible
from deputize.cli.marks import Mark
from deputize.cli.terminal import Terminal

_GAP: Final = "  "
#: Below it, rows would be wrapped and could not be read any more.
_NARROWEST: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value with a mark that says the same as its words."""

    text: str
    mark: Mark


Value = str | Cell


def write_table(terminal: Terminal, columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    """Write *rows* below the names of their *columns*. Values are shown so that they cannot act."""
    cells = [[_text(terminal, value) for value in row] for row in rows]
    widths = [
        max([len(column), *(row[index].cell_len for row in cells)]) for index, column in enumerate(columns)
    ]
    room = terminal.columns
    if room is not None and (room < _NARROWEST or sum(widths) + len(_GAP) * (len(widths) - 1) > room):
        _write_pairs(terminal, columns, cells)
        return
    for row in [[Text(column) for column in columns], *cells]:
        terminal.write(_line(row, widths))


def write_pairs(terminal: Terminal, pairs: Sequence[tuple[str, Value]]) -> None:
    """Write what is known of one thing, a line for each value."""
    width = max(len(name) for name, _ in pairs)
    for name, value in pairs:
        terminal.write(Text(f"{name:<{width}}{_GAP}").append_text(_text(terminal, value)))


def _write_pairs(terminal: Terminal, columns: Sequence[str], rows: Sequence[Sequence[Text]]) -> None:
    for number, row in enumerate(rows):
        if number:
            terminal.write()
        for column, text in zip(columns, row, strict=True):
            terminal.write(Text(f"{column}: ").append_text(text))


def _line(row: Sequence[Text], widths: Sequence[int]) -> Text:
    line = Text()
    for text, width in zip(row, widths, strict=True):
        line.append_text(text).append(" " * (width - text.cell_len) + _GAP)
    line.rstrip()
    return line


def _text(terminal: Terminal, value: Value) -> Text:
    if isinstance(value, str):
        return Text(visible(value))
    if terminal.plain:
        return Text(visible(value.text))
    return Text(f"{value.mark.symbol} {visible(value.text)}", style=value.mark.style)
