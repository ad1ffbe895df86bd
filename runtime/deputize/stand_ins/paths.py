"""Paths with placeholders: what they match, and what is put in their place."""

import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

from pydantic import JsonValue

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def placeholders(path: str) -> list[str]:
    """Return the names in braces, in order; raises ``ValueError`` for a path that cannot be one."""
    if not path.startswith("/"):
        raise ValueError('must begin with "/"')
    if any(mark in path for mark in "?#") or not path.isprintable() or " " in path:
        raise ValueError("must have no query, fragment, space or control character")
    if re.search(r"[{}]", _PLACEHOLDER.sub("", path)):
        raise ValueError("has a brace that belongs to no placeholder; write one as {name}")
    names = _PLACEHOLDER.findall(path)
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"has the placeholder {{{twice[0]}}} twice; give one another name")
    if any(len(_PLACEHOLDER.findall(segment)) > 1 for segment in path.split("/")):
        raise ValueError("has two placeholders in one segment; a segment may have one")
    return names


def match(pattern: str, path: str) -> dict[str, str] | None:
    """Return the values of *pattern*'s placeholders in *path*; None when it does not match.

    *path* is percent-encoded, as it came. A placeholder stands for one character or more of one
    segment; an encoded slash is part of its segment.
    """
    expected, came = pattern.split("/"), path.split("/")
    if len(expected) != len(came):
        return None
    found: dict[str, str] = {}
    for one, other in zip(expected, came, strict=True):
        values = _match_segment(one, unquote(other))
        if values is None:
            return None
        found |= values
    return found


def fill(text: str, values: Mapping[str, str], *, encoded: bool = False) -> str:
    """Return *text* with ``{name}`` replaced by its value, percent-encoded on request.

    Braces around a name that has no value are left as they are: they may be JSON or a template.
    """

    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            return found[0]
        return quote(values[found[1]], safe="") if encoded else values[found[1]]

    return _PLACEHOLDER.sub(value, text)


def fill_json(value: JsonValue, values: Mapping[str, str]) -> JsonValue:
    """Return *value* with the placeholders in all of its strings replaced; keys stay as they are."""
    match value:
        case str():
            return fill(value, values)
        case list():
            return [fill_json(each, values) for each in value]
        case dict():
            return {name: fill_json(each, values) for name, each in value.items()}
        case _:
            return value


def _match_segment(pattern: str, segment: str) -> dict[str, str] | None:
    placeholder = _PLACEHOLDER.search(pattern)
    if placeholder is None:
        return {} if unquote(pattern) == segment else None
    before, after = unquote(pattern[: placeholder.start()]), unquote(pattern[placeholder.end() :])
    value = segment[len(before) : len(segment) - len(after)]
    return {placeholder[1]: value} if value and segment == before + value + after else None
