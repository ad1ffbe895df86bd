"""Reads the body of an inbound request: always as text, and by one parser, which Content-Type names."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NoReturn, TypeAlias

from pydantic import JsonValue

from deputize.inbound.presented import Parameters, is_credential_parameter, query_parameters
from deputize.inbound.received import ReceivedRequest

FORM: Final = "application/x-www-form-urlencoded"

#: Names of charsets, and Python's codec of each. Others, some of which are slow or no charsets at all,
#: are not looked for.
_CHARSETS: Final[Mapping[str, str]] = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-15": "iso8859-15",
    "windows-1252": "cp1252",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_CHARSET: Final = re.compile(r""";\s*charset\s*=\s*["']?([^\s;"']*)""", re.IGNORECASE)
#: Levels of JSON; deeper values cannot be passed on.
_DEEPEST: Final = 200
_BYTE_ORDER_MARK: Final = "\ufeff"
_SURROGATES: Final = ("\ud800", "\udfff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A body that has been read."""

    text: str
    #: The fields of a form, in their order.
    fields: Parameters = ()
    #: The value of a JSON body; None as well for a body that is none.
    payload: JsonValue = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A body that cannot be passed on; *why* is a sentence for the caller."""

    code: Literal["CREDENTIALS_AMBIGUOUS", "MEDIA_TYPE_REFUSED", "REQUEST_UNREADABLE"]
    why: str


ReadContent: TypeAlias = Content | Unreadable


def read_content(request: ReceivedRequest) -> ReadContent:
    """Return the body of *request*, or why it cannot be read.

    A body that says it is JSON and is not is a text like any other: what to make of it is the script's.
    """
    types = request.header_values("content-type")
    if len(types) > 1:
        return Unreadable(code="REQUEST_UNREADABLE", why="The request has more than one Content-Type.")
    kind, charset = _content_type(types[0] if types else "")
    codec = _CHARSETS.get(charset)
    if codec is None:
        return Unreadable(
            code="MEDIA_TYPE_REFUSED", why="The charset of Content-Type is not known here. Send UTF-8."
        )
    try:
        text = request.body.decode(codec)
    except UnicodeDecodeError:
        return Unreadable(
            code="MEDIA_TYPE_REFUSED",
            why="The body is not text in the charset that Content-Type names, or else in UTF-8.",
        )
    if kind == "application/json" or kind.endswith("+json"):
        return Content(text=text, payload=read_json(text))
    if kind == FORM:
        return _form(text)
    return Content(text=text)


def read_json(text: str) -> JsonValue:
    """Return the value that *text* is the JSON of (RFC 8259); None for what is none or cannot be passed on.

    That is one with a number beyond a double's, half of a surrogate pair, or more than 200 levels.
    """
    try:
        value: JsonValue = json.loads(
            text.removeprefix(_BYTE_ORDER_MARK), parse_constant=_no_json, parse_float=_finite
        )
    except (ValueError, RecursionError):
        return None
    return value if _can_be_passed_on(value) else None


def _form(text: str) -> ReadContent:
    fields = query_parameters(text)
    if fields is None:
        return Unreadable(
            code="REQUEST_UNREADABLE",
            why="The body is no form: it has more than 1000 fields, or is not percent-encoded UTF-8.",
        )
    if any(is_credential_parameter(name) for name, _ in fields):
        return Unreadable(
            code="CREDENTIALS_AMBIGUOUS",
            why="A credential does not belong into a form. Send it in the header Authorization, a URL key in "
            "the address, and no other.",
        )
    return Content(text=text, fields=fields)


def _content_type(value: str) -> tuple[str, str]:
    """Return the media type and the charset that it names, both in lower case."""
    charset = _CHARSET.search(value)
    return value.partition(";")[0].strip().lower(), charset[1].lower() if charset else "utf-8"


def _can_be_passed_on(value: JsonValue) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        below: list[JsonValue] = []
        for each in level:
            if isinstance(each, dict):
                if any(_is_torn(key) for key in each):
                    return False
                below += each.values()
            elif isinstance(each, list):
                below += each
            elif isinstance(each, str) and _is_torn(each):
                return False
        if not below:
            return True
        level = below
    return False


def _is_torn(text: str) -> bool:
    lowest, highest = _SURROGATES
    return not text.isascii() and any(lowest <= character <= highest for character in text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _no_json(name: str) -> NoReturn:
    raise ValueError(name)
