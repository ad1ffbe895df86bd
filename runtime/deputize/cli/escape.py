"""Showing text of unknown origin so that a terminal does nothing but show it."""

import json
import unicodedata

#: Control, format (bidi among them), surrogate, and the two separators that end a line.
_ACTIVE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
#: Joiners are format characters, but names and emoji are misspelt without them.
_JOINERS = frozenset("\u200c\u200d")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LATIN_1, _BMP = 0xFF, 0xFFFF


def visible(text: str) -> str:
    r"""Return *text* on one line, with every character that acts written as ``\n``, ``\x1b``, ``\u202e``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(character) if _acts(character) else character for character in text)


def to_json(value: object, *, indent: int | None = None) -> str:
    """Return *value* as JSON whose every character may be sent to a terminal.

    Letters of all scripts stay readable; what acts is written as an escape of JSON.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    if text.isascii() and text.isprintable():
        return text
    # Outside of strings JSON has no such character but the line feeds of the indentation.
    return "".join(
        json.dumps(character)[1:-1] if character != "\n" and _acts(character) else character
        for character in text
    )


def _acts(character: str) -> bool:
    return unicodedata.category(character) in _ACTIVE and character not in _JOINERS


def _escaped(character: str) -> str:
    number = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if number <= _LATIN_1:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= _BMP else f"\\U{number:08x}"
