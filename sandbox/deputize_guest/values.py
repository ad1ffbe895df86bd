"""What may cross the wall: the check that a script's value is JSON.

A script's own class may be a subclass of ``str`` or ``int`` whose methods answer what they like. What is
sent is therefore taken out with the methods of the type itself.
"""

import math
import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from deputize_guest.secret import KEY, Secret, wire_form

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
    return _Conversion(what, secrets=False).convert(value, "", 0)


def to_template(value: object, what: str) -> JsonValue:
    """Return *value* like ``to_json``, with ``{"$secret": name}`` where a secret stands in it.

    Raises ValueError for a dict of the script's own that has this key: it would name a secret too.
    """
    return _Conversion(what, secrets=True).convert(value, "", 0)


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


class _Conversion:
    __slots__ = ("_secrets", "_what")

    def __init__(self, what: str, *, secrets: bool) -> None:
        self._what = what
        self._secrets = secrets

    def convert(self, value: object, place: str, depth: int) -> JsonValue:
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return self._text(value, place)
        if isinstance(value, int | float):
            return self._number(value, place)
        if isinstance(value, Secret) and self._secrets:
            return {**wire_form(value)}
        if depth >= DEPTH:
            raise ValueError(
                f"{self._what} a value nested deeper than {DEPTH} levels; does it contain itself?"
            )
        if isinstance(value, list | tuple):
            return [self.convert(item, f"{place}[{index}]", depth + 1) for index, item in enumerate(value)]
        if isinstance(value, Mapping):
            return self._object(value, place, depth)
        hint = "it stays a name" if isinstance(value, Secret) else "values must be JSON-able"
        raise TypeError(f"{self._what} {_kind(value)}{_at(place)}; {hint}")

    def _object(self, value: Mapping[object, object], place: str, depth: int) -> dict[str, JsonValue]:
        converted: dict[str, JsonValue] = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{self._what} {_kind(key)} as a key{_at(place)}; keys must be texts")
            name = self._text(key, place)
            if name == KEY and self._secrets:
                raise ValueError(
                    f'{self._what} a key "{KEY}"{_at(place)}; it is kept for secrets; put one itself there'
                )
            converted[name] = self.convert(item, f"{place}[{name[:40]!r}]", depth + 1)
        return converted

    def _text(self, value: str, place: str) -> str:
        text = str.__str__(value)
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError:
                raise ValueError(f"{self._what} a text with half a surrogate pair{_at(place)}") from None
        return text

    def _number(self, value: float, place: str) -> int | float:
        if isinstance(value, int):
            number = int.__int__(value)
            if number.bit_length() > _INTEGER_BITS:
                bits = number.bit_length()
                raise ValueError(f"{self._what} an integer of {bits} bits{_at(place)}; send it as text")
            return number
        exact = float.__float__(value)
        if not math.isfinite(exact):
            raise ValueError(f"{self._what} {exact!r}{_at(place)}; JSON has no such number")
        return exact


def _kind(value: object) -> str:
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _at(place: str) -> str:
    return f" at {place}" if place else ""
