"""Writes an entry in words: a headline, and what stands below it."""

from rich.text import Text

from deputize.cli.describe import Description
from deputize.cli.terminal import Terminal

_LABEL = 25


def write_headline(terminal: Terminal, lead: str, description: Description, *, below: str) -> None:
    """Write *lead*, then what is said of the entry; what does not fit beside it follows after *below*."""
    label = description.words if terminal.plain else f"{description.mark.symbol} {description.label}"
    line = Text(lead)
    line.append(label, style="" if terminal.plain else description.mark.style)
    if description.what:
        line.append(" " * max(2, _LABEL - len(label)) + "  ".join(description.what))
    aside = "   ".join(description.aside)
    columns = terminal.columns
    if aside and (columns is None or line.cell_len + 3 + len(aside) <= columns):
        line.append(f"   {aside}")
        aside = ""
    terminal.write(line)
    if aside:
        terminal.write(Text(below + aside))


def write_below(terminal: Terminal, description: Description, *, below: str) -> None:
    """Write the lines that explain a headline, each after *below*."""
    for line in description.below:
        terminal.write(Text(below + line))
