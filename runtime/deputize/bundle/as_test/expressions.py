"""Values and calls as Python text: on one line where it fits, else one item to a line."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

#: The line length that formatters have unless they are told another.
WIDTH: Final = 88
_INDENT: Final = 4


@dataclass(frozen=True, slots=True)
class Name:
    """An expression that is written as it stands, such as a name."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call: what is called, and its arguments, by position and then by name."""

    called: str
    positional: tuple[Any, ...] = ()
    named: dict[str, Any] = field(default_factory=dict)


def on_one_line(value: Any) -> str:
    """Return *value* on one line, however long."""
    parts = _parts(value)
    if parts is None:
        return _atom(value)
    begin, items, end = parts
    inner = ", ".join(prefix + on_one_line(each) for prefix, each in items)
    return f"{begin}{inner}{',' if isinstance(value, tuple) and len(items) == 1 else ''}{end}"


def written(value: Any, *, indent: int = 0, before: int = 0, after: int = 0) -> str:
    """Return *value*, which begins after *before* characters in a line and has *after* behind its end.

    What does not fit ends each of its items with a comma, which formatters keep as it is.
    """
    line = on_one_line(value)
    parts = _parts(value)
    if parts is None or not parts[1] or before + len(line) + after <= WIDTH:
        return line
    begin, items, end = parts
    inner = indent + _INDENT
    lines = [
        " " * inner + prefix + written(each, indent=inner, before=inner + len(prefix), after=1) + ","
        for prefix, each in items
    ]
    return "\n".join([begin, *lines, " " * indent + end])


def assigned(name: str, value: Any, *, indent: int = 0) -> str:
    """Return the statement that gives *name* the *value*."""
    start = f"{' ' * indent}{name} = "
    return start + written(value, indent=indent, before=len(start))


def statement(value: Any, *, indent: int) -> str:
    """Return the statement that is *value* alone."""
    return " " * indent + written(value, indent=indent, before=indent)


def _parts(value: Any) -> tuple[str, Sequence[tuple[str, Any]], str] | None:
    """Return how *value* begins, its items with what stands before each, and how it ends."""
    match value:
        case dict():
            return "{", [(f"{_atom(key)}: ", each) for key, each in value.items()], "}"
        case list():
            return "[", [("", each) for each in value], "]"
        case tuple():
            return "(", [("", each) for each in value], ")"
        case Call():
            named = [(f"{name}=", each) for name, each in value.named.items()]
            return f"{value.called}(", [*(("", each) for each in value.positional), *named], ")"
        case _:
            return None


def _atom(value: Any) -> str:
    match value:
        case Name():
            return value.text
        case str() | bytes():
            return _quoted(value)
        case float() if not math.isfinite(value):
            return f'float("{value}")'
        case _:
            return repr(value)


def _quoted(value: str | bytes) -> str:
    """Return the literal in double quotes, unless single ones save escapes."""
    literal = repr(value)
    prefix = "b" if isinstance(value, bytes) else ""
    quote, inner = literal[len(prefix)], literal[len(prefix) + 1 : -1]
    if quote == '"':
        return literal
    double, single = inner.count('"'), inner.count("\\'")
    if double > single:
        return literal
    unescaped = inner.replace("\\'", "'").replace('"', '\\"')
    return f'{prefix}"{unescaped}"'
