"""The record of what a stand-in received."""

import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from pydantic import JsonValue

from deputize_client import REDACTED, carries_credential

#: Of these the scheme is kept: it says how the call proved who it is, and no more.
_WITH_SCHEME = frozenset({"authorization", "proxy-authorization"})
_SCHEMES = frozenset({"basic", "bearer", "digest", "negotiate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInRequest:
    """One request, and how it was answered. Values of credentials are not kept."""

    method: str
    #: Percent-encoded, as it came, without the query.
    path: str
    #: What came after the question mark, as it came.
    query: str
    #: Names in lower case.
    headers: tuple[tuple[str, str], ...]
    #: Parsed where it is JSON, else its text; None when there was none.
    body: JsonValue
    #: Whether only the beginning of the body was kept, as text.
    truncated: bool = False
    #: The status of the answer.
    status: int
    #: The route that answered, "PUT /requests/{number}"; None when there was none.
    route: str | None

    @property
    def content_type(self) -> str:
        """The value of ``Content-Type``; empty when there was none."""
        return dict(self.headers).get("content-type", "")


class Record:
    """The last requests; the oldest one goes when there are too many."""

    def __init__(self, *, most: int) -> None:
        self._kept: deque[StandInRequest] = deque(maxlen=most)
        #: Requests that came in all.
        self.total = 0

    @property
    def requests(self) -> list[StandInRequest]:
        """What is kept, in the order in which it came."""
        return list(self._kept)

    def add(self, request: StandInRequest) -> None:
        """Keep *request*."""
        self.total += 1
        self._kept.append(request)


def kept_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return *headers* with the values of credentials replaced: "Basic ‹redacted›"."""
    return tuple((name.lower(), _kept_value(name.lower(), value)) for name, value in headers)


def kept_body(content: bytes, *, limit: int) -> tuple[JsonValue, bool]:
    """Return a body as it is kept, and whether it was cut at *limit* bytes."""
    if not content:
        return None, False
    if len(content) > limit:
        return content[:limit].decode("utf-8", "replace"), True
    try:
        parsed: JsonValue = json.loads(content, parse_constant=_not_json)
    except (ValueError, RecursionError):
        return content.decode("utf-8", "replace"), False
    # A bare number or word is more likely a text than a document.
    return (parsed if isinstance(parsed, dict | list) else content.decode("utf-8", "replace")), False


def _kept_value(name: str, value: str) -> str:
    if not carries_credential(name):
        return value
    scheme, _, rest = value.strip().partition(" ")
    shown = name in _WITH_SCHEME and rest and scheme.lower() in _SCHEMES
    return f"{scheme} {REDACTED}" if shown else REDACTED


def _not_json(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
