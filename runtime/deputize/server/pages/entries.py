"""An activity entry as the page of its run shows it: a sign, words, and what can be opened below."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from pydantic import JsonValue, ValidationError

from deputize.activity.entries import (
    ActivityEntry,
    CredentialRejected,
    ErrorEntry,
    FormPosted,
    HttpExchange,
    InboundRequest,
    LimitHit,
    LogEntry,
    PermissionDenied,
    ResultEntry,
    RunDenied,
    RunFinished,
    RunInterrupted,
    RunResumed,
    RunStarted,
    activity_entry,
)
from deputize.domain.run import RunState
from deputize.server.pages.curl import as_curl
from deputize.server.pages.states import STATES, Tone
from deputize.server.pages.times import duration

#: An entry as it is kept.
Document = Mapping[str, JsonValue]

_BAD_REQUEST: Final = 400
_TONES: Final[Mapping[str, Tone]] = {"warning": "refused", "error": "failed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something of an entry that can be opened."""

    name: str
    #: Above the text: the first line of a request or an answer.
    head: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    #: Whether the text is there to be copied.
    copied: bool = False
    #: Whether it is shown from the start.
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEntry:
    """One entry in words."""

    document: Document
    sign: str
    tone: Tone
    label: str
    what: Sequence[str] = ()
    #: How long, as whom, who answered.
    aside: Sequence[str] = ()
    #: What is said below: a message, lines of a traceback.
    below: Sequence[str] = ()
    parts: Sequence[Part] = ()
    #: ``seq`` of the call that it belongs to, and is shown with.
    belongs_to: int | None = None


def shown(document: Document) -> ShownEntry:
    """Return what is shown of the entry that *document* keeps, one of another version as it stands."""
    try:
        entry = activity_entry.validate_python(document)
    except ValidationError:
        text = json.dumps(document, indent=2)
        whole = Part(name="Entry", text=text)
        return ShownEntry(
            document=document, sign="answer", tone="plain", label=str(document.get("kind")), parts=[whole]
        )
    return _described(entry, document)


def _described(entry: ActivityEntry, document: Document) -> ShownEntry:  # noqa: PLR0911, PLR0912 - one return to a kind
    match entry:
        case RunStarted():
            jail = Part(name="Jail", text="\n".join(entry.jail))
            return ShownEntry(
                document=document,
                sign="play",
                tone="plain",
                label="Started",
                aside=[f"{entry.tier} jail"],
                parts=[jail] if entry.jail else [],
            )
        case RunResumed():
            again = f"{entry.answered} answered calls are told again, and not made again"
            what = [f"attempt {entry.attempt}"]
            return ShownEntry(
                document=document, sign="play", tone="refused", label="Resumed", what=what, below=[again]
            )
        case InboundRequest():
            return _inbound(entry, document)
        case LogEntry():
            return _log(entry, document)
        case HttpExchange():
            return _exchange(entry, document)
        case PermissionDenied():
            return ShownEntry(
                document=document,
                sign="cross",
                tone="refused",
                label="403 FORBIDDEN, refused",
                what=_call(entry.request.method, entry.request.url, entry.endpoint),
                belongs_to=entry.exchange,
            )
        case CredentialRejected():
            return ShownEntry(
                document=document,
                sign="cross",
                tone="refused",
                label=f"401 UNAUTHORIZED, {'refused' if entry.sent else 'not sent'}",
                what=_call(entry.request.method, entry.request.url, entry.endpoint),
                belongs_to=entry.exchange,
            )
        case FormPosted():
            return _posted(entry, document)
        case LimitHit():
            return ShownEntry(
                document=document,
                sign="stop",
                tone="failed",
                label="Stopped at a limit",
                what=[entry.limit],
                below=[entry.message, f"Setting: {entry.setting}"],
            )
        case ResultEntry():
            part = Part(name="Value", text=_text(entry.value) or "null", copied=True, open=True)
            return ShownEntry(document=document, sign="flag", tone="plain", label="Result", parts=[part])
        case ErrorEntry():
            return _error(entry, document)
        case RunFinished():
            state = STATES[RunState(entry.state)]
            aside = [
                duration(entry.wall_ms),
                f"HTTP {duration(entry.http_ms)}",
                f"script {duration(entry.script_ms)}",
            ]
            return ShownEntry(
                document=document, sign=state.sign, tone=state.tone, label=state.word, aside=aside
            )
        case RunDenied():
            return ShownEntry(
                document=document, sign="cross", tone="refused", label="Denied", what=[entry.code]
            )
        case RunInterrupted():
            return ShownEntry(
                document=document, sign="broken", tone="failed", label="Interrupted", below=[entry.reason]
            )


def _inbound(entry: InboundRequest, document: Document) -> ShownEntry:
    body = _text(entry.body)
    what = [entry.method or "Callback", entry.headers.get("content-type", "")]
    parts = [Part(name="Body", text=body, copied=True)] if body else []
    if entry.headers:
        parts.append(Part(name="Headers", headers=entry.headers))
    if entry.parameters:
        parts.append(Part(name="Parameters", headers=entry.parameters))
    return ShownEntry(
        document=document,
        sign="in",
        tone="plain",
        label="Request" if entry.method else "Event",
        what=[each for each in what if each],
        aside=[] if entry.remote_address is None else [f"from {entry.remote_address}"],
        parts=parts,
    )


def _log(entry: LogEntry, document: Document) -> ShownEntry:
    fields = [f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in entry.fields.items()]
    return ShownEntry(
        document=document,
        sign="log",
        tone=_TONES.get(entry.level, "plain"),
        label="Log" if entry.level == "info" else f"Log, {entry.level}",
        what=[entry.message, *fields],
    )


def _exchange(entry: HttpExchange, document: Document) -> ShownEntry:
    status = f"{entry.status_code} {entry.status_message or ''}".rstrip()
    sign, tone, label = "check", "good", status
    if entry.error is not None:
        sign, tone, label = "alarm", "failed", f"No answer: {entry.error.cause}"
    elif entry.refused:
        sign, tone, label = "cross", "refused", f"{status}, refused"
    elif entry.status_code is not None and entry.status_code >= _BAD_REQUEST:
        sign, tone = "answer", "plain"
    request = entry.request
    parts = [
        Part(
            name="Request",
            head=f"{request.method} {request.url}",
            headers=request.headers or {},
            text=_text(request.body),
        )
    ]
    if entry.response is not None:
        parts.append(
            Part(
                name="Response",
                head=status,
                headers=entry.response.headers,
                text=_text(entry.response.body),
            )
        )
    parts.append(Part(name="As curl", text=as_curl(entry), copied=True))
    return ShownEntry(
        document=document,
        sign=sign,
        tone=tone,  # type: ignore[arg-type] # one of the tones, joined by the branches
        label=label,
        what=_call(request.method, request.url, entry.endpoint),
        aside=[duration(entry.elapsed_ms), *_whom(entry), *_who_answered(entry)],
        below=[] if entry.error is None else [entry.error.message],
        parts=parts,
    )


def _posted(entry: FormPosted, document: Document) -> ShownEntry:
    there = entry.status_code < _BAD_REQUEST
    left_out = [f"Not sent to {', '.join(entry.not_sent_to)}"] if entry.not_sent_to else []
    return ShownEntry(
        document=document,
        sign="form",
        tone="good" if there else "refused",
        label="Form posted" if there else f"Form not posted: {entry.status_code} {entry.status_message}",
        what=[entry.form],
        aside=[] if entry.request_id is None else [f"request {entry.request_id}"],
        below=left_out,
    )


def _error(entry: ErrorEntry, document: Document) -> ShownEntry:
    lines = []
    for frame in entry.traceback:
        lines.append(f"{frame.file or entry.script.name}:{frame.line}, in {frame.function}")
        lines.append(f"    {frame.text}")
    name = entry.code if entry.type == "Crashed" else entry.type
    return ShownEntry(
        document=document,
        sign="alarm",
        tone="failed",
        label="Failed",
        what=[f"{name}: {entry.message}" if entry.message else name],
        parts=[Part(name="Traceback", text="\n".join(lines), open=True)] if lines else [],
    )


def _call(method: str, url: str, endpoint: str) -> list[str]:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return [method, endpoint, path]


def _whom(entry: HttpExchange) -> list[str]:
    match entry.sent_as:
        case "initiator":
            return [f"as {entry.initiator.id}"]
        case "service":
            return ["as the service account"]
        case "anonymous":
            return ["as nobody"]
        case None:
            return []


def _who_answered(entry: HttpExchange) -> list[str]:
    told = ["answered by a stand-in"] if entry.source == "stand-in" else []
    return [*told, "sent again with a new token"] if entry.resent else told


def _text(value: JsonValue) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
