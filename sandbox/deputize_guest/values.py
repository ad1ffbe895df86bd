"""What may cross the wall: the check that a script's value is JSON."""

import math
import re
from collections.abc import Mapping
from typing import Final, TypeAlias

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | int | float | bool | None"

#: A value nested deeper is refused; one that contains itself is found so.
DEPTH: Final = 100
#: Below the number of digits (4,300) up to which Python writes an integer as text.
_INTEGER_BITS: Final = 14_000
_ADDRESS: Final = re.compile(r" at 0x[0-9a-fA-F]+")


def to_json(value: object, what: str) -> JsonValue:
    """Return *value* rebuilt from plain dicts, lists, texts, numbers, booleans and None.

    Tuples become lists and mappings dicts. *what* begins the message ("main returned"). Raises TypeError
    for another type, ValueError for NaN, an endless nesting and the like, each naming the place.
    """
    return _convert(value, what, "", 0)


def to_loggable(value: object) -> JsonValue:
    """Return *value* as JSON where it is, and otherwise its ``repr`` without addresses. Never raises."""
    try:
        return to_json(value, "value")
    except (TypeError, ValueError, RecursionError):
        return show(value)


def show(value: object) -> str:
    """Return ``str`` of a text and ``repr`` of the rest, without addresses. Never raises an Exception."""
    try:
        return without_addresses(str(value) if isinstance(value, str) else repr(value))
    except Exception:
        return f"<{type(value).__name__} that cannot be shown>"


def without_addresses(text: str) -> str:
    """Return *text* without `` at 0x…``: addresses tell a script nothing but where memory lies."""
    return _ADDRESS.sub("", text)


def _convert(value: object, what: str, place: str, depth: int) -> JsonValue:
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return _text(value, what, place)
    if isinstance(value, int):
        if value.bit_length() > _INTEGER_BITS:
            raise ValueError(f"{what} an integer of {value.bit_length()} bits{_at(place)}; send it as text")
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{what} {value!r}{_at(place)}; JSON has no such number")
        return float(value)
    if depth >= DEPTH:
        raise ValueError(f"{what} a value nested deeper than {DEPTH} levels; does it contain itself?")
    if isinstance(value, list | tuple):
        return [_convert(item, what, f"{place}[{index}]", depth + 1) for index, item in enumerate(value)]
    if isinstance(value, Mapping):
        return _object(value, what, place, depth)
    raise TypeError(f"{what} {_kind(value)}{_at(place)}; values must be JSON-able")


def _object(value: Mapping[object, object], what: str, place: str, depth: int) -> dict[str, JsonValue]:
    converted: dict[str, JsonValue] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"{what} {_kind(key)} as a key{_at(place)}; keys must be texts")
        converted[_text(key, what, place)] = _convert(item, what, f"{place}[{key[:40]!r}]", depth + 1)
    return converted


def _text(value: str, what: str, place: str) -> str:
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError(f"{what} a text with half a surrogate pair{_at(place)}") from None
    return str(value)


def _kind(value: object) -> str:
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _at(place: str) -> str:
    return f" at {place}" if place else ""
