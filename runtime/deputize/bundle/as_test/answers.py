"""What a mocked route is told to do so that a script gets the answer that was recorded."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from deputize.activity.journal import JournalExchange, JournalResponse
from deputize.bundle.as_test.expressions import Call
from deputize.domain.decision import Denial
from deputize.execution.recorder import PLATFORM
from deputize.platform.embedded.rest.problems import Forbidden

_OK: Final = 200
_JSON: Final = "application/json"
_TEXT: Final = "text/plain; charset=utf-8"
#: Of the connection and of the moment; the HTTP library adds what an answer needs.
_LEFT_OUT: Final = frozenset(
    {"connection", "content-encoding", "content-length", "content-type", "date", "keep-alive", "server"}
    | {"transfer-encoding", "x-trace"}
)
#: How a failure is written among several answers of one route.
_RAISED: Final[Mapping[str, str]] = {
    "timeout": "httpx.ReadTimeout",
    "connect": "httpx.ConnectError",
    "read": "httpx.ReadError",
    "protocol": "httpx.RemoteProtocolError",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as a route is told it, and what of the recorded one that leaves out."""

    #: ``respond``, ``refuse`` or ``fail``.
    verb: str
    positional: tuple[Any, ...] = ()
    named: dict[str, Any] = field(default_factory=dict)
    #: The same as one of several that a route gives in turn; None where that cannot be written.
    in_turn: Call | None
    left_out: tuple[str, ...] = ()


def answer_of(exchange: JournalExchange) -> Answer | None:
    """Return what to tell a route; None where a call was never sent, for want of a credential."""
    if exchange.failure is not None:
        cause = exchange.failure.cause
        raised = _RAISED.get(cause)
        return Answer(
            verb="fail",
            positional=(cause,),
            in_turn=None if raised is None else Call(raised, ("made to fail by the test",)),
        )
    if exchange.response is None:
        return None
    named, left_out = _content(exchange.response)
    status = exchange.response.status_code
    in_turn = Call("httpx.Response", (status,), named)
    if _is_refusal(exchange.response):
        return Answer(verb="refuse", named=_explained(exchange), in_turn=in_turn, left_out=left_out)
    positional = () if status == _OK else (status,)
    return Answer(verb="respond", positional=positional, named=named, in_turn=in_turn, left_out=left_out)


def _is_refusal(response: JournalResponse) -> bool:
    forbidden = Forbidden(initiator="", denial=Denial(reason="", needs=(), would_pass=()))
    return response.status_code == forbidden.status and _json(response) == forbidden.body()


def _explained(exchange: JournalExchange) -> dict[str, Any]:
    explain = exchange.explain
    if explain is None or exchange.endpoint != PLATFORM:
        return {}
    said = {"needs": explain.needs, "would_pass": explain.would_pass}
    return {name: each[0] if len(each) == 1 else list(each) for name, each in said.items() if each}


def _content(response: JournalResponse) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the arguments for body and headers of *response*, and what they leave out."""
    headers = [each for each in response.headers if each[0].lower() not in _LEFT_OUT]
    unwritable = [name for name, value in headers if not value.isascii()]
    headers = [each for each in headers if each[0] not in unwritable]
    kind = next((value for name, value in response.headers if name.lower() == "content-type"), "")
    named: dict[str, Any] = {}
    implied = ""
    content = response.body.content
    if content:
        value = _json(response)
        if value is not None and "json" in kind:
            named["json"], implied = value, _JSON
        elif response.body.encoding is None and kind.startswith("text/"):
            named["text"], implied = response.body.text, _TEXT
        else:
            named["content"] = response.body.text if response.body.encoding is None else content
    if kind and kind != implied:
        headers.insert(0, ("content-type", kind))
    if headers:
        once = len({name.lower() for name, _ in headers}) == len(headers)
        named["headers"] = dict(headers) if once else headers
    return named, tuple(f"the header {each}, whose value was replaced" for each in unwritable)


def _json(response: JournalResponse) -> Any:
    """Return the value of the body; None where it is no JSON."""
    try:
        return json.loads(response.body.content, parse_constant=_no_number)
    except ValueError:
        return None


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no JSON")
