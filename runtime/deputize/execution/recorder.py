"""What a call over HTTP leaves in the activity stream."""

import json
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from deputize.activity.entries import CredentialRejected, Explain, HttpExchange, PermissionDenied
from deputize.activity.journal import JournalExchange
from deputize.activity.stream import ActivityStream
from deputize.domain.decision import Explanation
from deputize_client import (
    CredentialMissing,
    Exchange,
    OutboundRequest,
    ReceivedResponse,
    SentRequest,
    TransportFailure,
    refusal_reason,
    status_message,
)

Source = Literal["platform", "remote", "stand-in", "deputize"]
Explainer = Callable[[Exchange], Awaitable[Explanation | None]]

PLATFORM = "platform"
_UNAUTHORIZED, _FORBIDDEN = 401, 403


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written of an exchange."""

    #: Its own entry; None where nothing was sent for want of a credential.
    entry: HttpExchange | None
    #: Why it was refused, where that is known.
    explain: Explain | None = None


class ExchangeRecorder:
    """Writes an exchange and, when the initiator was refused, exactly one entry that says so."""

    def __init__(
        self, *, stream: ActivityStream, explain: Explainer, stand_ins: frozenset[str], body_bytes: int
    ) -> None:
        self._stream = stream
        self._explain = explain
        self._stand_ins = stand_ins
        self._body_bytes = body_bytes
        self.refusals = 0

    async def explanation(self, exchange: Exchange) -> Explanation | None:
        """Return why the platform refused *exchange*; None where it did not, or nobody knows."""
        denied = exchange.sent_as == "initiator" and exchange.endpoint == PLATFORM
        received = exchange.outcome
        if denied and isinstance(received, ReceivedResponse) and received.status_code == _FORBIDDEN:
            return await self._explain(exchange)
        return None

    def record(self, exchange: Exchange, explanation: Explanation | None, *, line: int | None) -> Recorded:
        """Write the entries of *exchange*; *line* is the line of the script that made the call."""
        match exchange.outcome:
            case CredentialMissing(reason=reason):
                self._write_missing_credential(exchange, reason, line)
                return Recorded(None)
            case TransportFailure(cause=cause, message=message):
                error: JsonValue = {"cause": cause, "message": message}
                return Recorded(self._write_exchange(exchange, line, error=error))
            case received:
                written = self._write_exchange(exchange, line, received=received)
                if exchange.sent_as == "initiator":
                    self._write_refusal(exchange, received, line, written=written, explanation=explanation)
                return Recorded(written, explain=_explain(explanation))

    def recall(self, recorded: JournalExchange) -> None:
        """Count what an earlier attempt has written of an exchange."""
        received = recorded.response
        if recorded.sent_as == "initiator" and received is not None and received.status_code == _FORBIDDEN:
            self.refusals += 1

    def record_abandoned(self, request: OutboundRequest, *, line: int | None) -> None:
        """Write that the run ended while *request* was under way."""
        self._stream.append(
            HttpExchange,
            line=line,
            level="warning",
            endpoint=request.endpoint,
            request={"method": request.method, "url": request.path},
            source="deputize",
            error={
                "cause": "run_ended",
                "message": "The run ended before an answer came. Whether the call took effect is not known.",
            },
            elapsed_ms=0.0,
        )

    def _write_refusal(
        self,
        exchange: Exchange,
        received: ReceivedResponse,
        line: int | None,
        *,
        written: HttpExchange,
        explanation: Explanation | None,
    ) -> None:
        """Write the one entry that says that the initiator was refused, if that is so."""
        request: JsonValue = {"method": exchange.request.method, "url": exchange.request.url}
        if received.status_code == _FORBIDDEN:
            self.refusals += 1
            self._stream.append(
                PermissionDenied,
                line=line,
                endpoint=exchange.endpoint,
                request=request,
                reason=refusal_reason(_FORBIDDEN, received.content),
                exchange=written.seq,
                explain=_explanation(explanation),
            )
        elif received.status_code == _UNAUTHORIZED:
            self._stream.append(
                CredentialRejected,
                line=line,
                endpoint=exchange.endpoint,
                request=request,
                reason=refusal_reason(_UNAUTHORIZED, received.content) or "The credential was not accepted.",
                sent=True,
                exchange=written.seq,
            )

    def _write_missing_credential(self, exchange: Exchange, reason: str, line: int | None) -> None:
        self._stream.append(
            CredentialRejected,
            line=line,
            endpoint=exchange.endpoint,
            request={"method": exchange.request.method, "url": exchange.request.url},
            reason=reason,
            sent=False,
        )

    def _write_exchange(
        self,
        exchange: Exchange,
        line: int | None,
        *,
        received: ReceivedResponse | None = None,
        error: JsonValue = None,
    ) -> HttpExchange:
        status = received.status_code if received else None
        response: JsonValue = None
        if received is not None:
            response = {"headers": _headers(received.headers), "body": self._body(received.text)}
        refused = status in (_UNAUTHORIZED, _FORBIDDEN)
        return self._stream.append(
            HttpExchange,
            line=line,
            level="warning" if refused or error else "info",
            endpoint=exchange.endpoint,
            sent_as=exchange.sent_as if received else None,
            request=self._request(exchange.request),
            status_code=status,
            status_message=status_message(status) if status else None,
            response=response,
            refused=refused,
            source=self._source(exchange, answered=received is not None),
            error=error,
            resent=exchange.resent,
            elapsed_ms=round(exchange.elapsed_ms, 3),
            keep={"/request/body": self._body_bytes, "/response/body": self._body_bytes},
        )

    def _source(self, exchange: Exchange, *, answered: bool) -> Source:
        if not answered:
            return "deputize"
        if exchange.endpoint == PLATFORM:
            return "platform"
        return "stand-in" if exchange.endpoint in self._stand_ins else "remote"

    def _request(self, sent: SentRequest) -> JsonValue:
        text = sent.body.decode("utf-8", "replace") if sent.body else ""
        return {
            "method": sent.method,
            "url": sent.url,
            "headers": _headers(tuple(sent.headers)),
            "body": self._body(text),
        }

    def _body(self, text: str) -> JsonValue:
        """Return a body as the stream shows it: parsed if it is JSON and short, else its text."""
        if text[:1] in ("{", "[") and len(text) <= self._body_bytes:
            try:
                parsed: JsonValue = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
            except (ValueError, RecursionError):
                return text
            return parsed
        return text or None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    # ``1e999`` is read as an infinity, which nothing writes as JSON again: its entry could not be kept.
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is beyond a double")
    return number


def _headers(headers: tuple[tuple[str, str], ...]) -> dict[str, JsonValue]:
    """Join repeated headers with a comma, as HTTP allows."""
    joined: dict[str, JsonValue] = {}
    for name, value in headers:
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _explain(explanation: Explanation | None) -> Explain | None:
    if explanation is None:
        return None
    return Explain(
        initiator=explanation.initiator,
        needs=explanation.needs,
        would_pass=explanation.would_pass,
        source=explanation.source,
    )


def _explanation(explanation: Explanation | None) -> JsonValue:
    explain = _explain(explanation)
    return None if explain is None else explain.model_dump(mode="json")
