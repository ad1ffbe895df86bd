"""An activity entry in words: one headline, and what stands below it."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import JsonValue

from deputize.activity.entries import (
    ActivityEntry,
    CredentialRejected,
    ErrorEntry,
    Explain,
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
)
from deputize.activity.scheduled_time import ScheduledTime
from deputize.cli.escape import visible
from deputize.cli.marks import ANSWERED, DONE, FAILED, LOG, OK, REFUSED, RESULT, START, STOPPED, Mark
from deputize.cli.moment import shown_time

_BAD_REQUEST = 400
#: Characters of a result that are shown; all of it is in the JSON.
_RESULT_SHOWN = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What is said of one entry; every text is already safe to show."""

    mark: Mark
    #: Beside the symbol: ``403 FORBIDDEN refused``.
    label: str
    #: In place of symbol and label where there are no symbols: ``REFUSED 403 FORBIDDEN``.
    words: str
    what: tuple[str, ...] = ()
    #: How long, where in the script, as whom.
    aside: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    #: ``seq`` of the entry that says the headline already.
    belongs_to: int | None = None


def describe(entry: ActivityEntry) -> Description:  # noqa: PLR0911, PLR0912 - one return to a kind
    """Return what is said of *entry* to a person."""
    match entry:
        case RunStarted():
            return Description(
                mark=START, label="started", words="STARTED", what=(_set_off(entry.trigger, entry.schedule),)
            )
        case RunResumed():
            known = f"calls that were made before, and are not made again: {entry.answered}"
            return Description(
                mark=START,
                label="resumed",
                words="RESUMED",
                what=(f"attempt {entry.attempt}",),
                below=(known,) if entry.answered else (),
            )
        case InboundRequest():
            return _inbound(entry)
        case LogEntry():
            return _log(entry)
        case HttpExchange():
            return _exchange(entry)
        case PermissionDenied():
            return _denied(entry)
        case CredentialRejected():
            return _credential(entry)
        case LimitHit():
            return Description(
                mark=STOPPED,
                label=f"stopped at a limit: {visible(entry.limit)}",
                words=f"STOPPED at a limit: {visible(entry.limit)}",
                below=(visible(entry.message),),
            )
        case ResultEntry():
            return Description(mark=RESULT, label="result", words="RESULT", what=(_result(entry.value),))
        case ErrorEntry():
            return _error(entry)
        case RunFinished():
            return _finished(entry)
        case FormPosted():
            return _posted(entry)
        case RunDenied():
            return _not_begun(entry)
        case RunInterrupted():
            return Description(
                mark=FAILED,
                label="interrupted",
                words="INTERRUPTED",
                below=(visible(entry.reason), *_in_doubt(entry)),
            )


def _set_off(trigger: str, time: ScheduledTime | None) -> str:
    """Return what sets a run off: a schedule by its name and due time, anything else by its kind."""
    if time is None:
        return visible(trigger)
    return f"{visible(trigger)} {visible(time.name)}, due {shown_time(time.due)}"


def _inbound(entry: InboundRequest) -> Description:
    body = entry.body if isinstance(entry.body, str) else json.dumps(entry.body, ensure_ascii=False)
    size = len(body.encode("utf-8", "replace"))
    if entry.method is None:
        what = f"callback, {size} bytes"
    else:
        kind = entry.headers.get("content-type", "no content type")
        what = f"{entry.method} {kind}, {size} bytes"
    if entry.parameters:
        what += f", with {', '.join(entry.parameters)}"
    where = () if entry.remote_address is None else (f"from {visible(entry.remote_address)}",)
    return Description(mark=START, label="inbound", words="INBOUND", what=(visible(what),), aside=where)


def _log(entry: LogEntry) -> Description:
    level = "" if entry.level == "info" else f" {entry.level}"
    fields = tuple(f"{visible(name)}={_value(value)}" for name, value in entry.fields.items())
    cuts = tuple(
        f"cut: {visible(cut.path)} was {cut.bytes} bytes, {cut.kept} are kept" for cut in entry.truncated
    )
    return Description(
        mark=LOG,
        label=f"log{level}",
        words=f"LOG{level}",
        what=(visible(entry.message), *fields),
        aside=_place(entry),
        below=cuts,
    )


def _exchange(entry: HttpExchange) -> Description:
    endpoint = f"{entry.endpoint} (stand-in)" if entry.source == "stand-in" else entry.endpoint
    what = (visible(endpoint), visible(f"{entry.request.method} {_path(entry.request.url)}"))
    aside = (f"{entry.elapsed_ms:.0f} ms", *_place(entry), *_whom(entry))
    if entry.error is not None:
        cause = visible(entry.error.cause)
        return Description(
            mark=FAILED,
            label=f"no answer: {cause}",
            words=f"NO ANSWER: {cause}",
            what=what,
            aside=aside,
            below=(visible(entry.error.message),),
        )
    status = visible(f"{entry.status_code} {entry.status_message or ''}".rstrip())
    if entry.refused:
        mark, label, words = REFUSED, f"{status} refused", f"REFUSED {status}"
    elif entry.status_code is not None and entry.status_code >= _BAD_REQUEST:
        mark, label, words = ANSWERED, status, f"ANSWERED {status}"
    else:
        mark, label, words = OK, status, f"OK {status}"
    return Description(mark=mark, label=label, words=words, what=what, aside=aside)


def _denied(entry: PermissionDenied) -> Description:
    return Description(
        mark=REFUSED,
        label="403 FORBIDDEN refused",
        words="REFUSED 403 FORBIDDEN",
        what=(visible(entry.endpoint), visible(f"{entry.request.method} {_path(entry.request.url)}")),
        aside=(*_place(entry), f"as {visible(entry.initiator.id)}"),
        below=_why(entry.reason, entry.explain),
        belongs_to=entry.exchange,
    )


def _not_begun(entry: RunDenied) -> Description:
    return Description(
        mark=REFUSED,
        label=f"not begun: {entry.code}",
        words=f"REFUSED, not begun: {entry.code}",
        what=(_set_off(entry.trigger, entry.schedule),),
        aside=(f"as {visible(entry.initiator.id)}{', LEGACY' if entry.legacy else ''}",),
        below=_why(entry.reason, entry.explain),
    )


def _why(reason: str, explain: Explain | None) -> tuple[str, ...]:
    if explain is None:
        return (visible(reason),)
    needs = f"{visible(explain.initiator)} needs: {visible('; '.join(explain.needs))}"
    if not explain.would_pass:
        return visible(reason), needs
    return visible(reason), needs, f"would pass: {visible('; '.join(explain.would_pass))}"


def _posted(entry: FormPosted) -> Description:
    status = visible(f"{entry.status_code} {entry.status_message}")
    below: tuple[str, ...] = ()
    if entry.not_sent_to:
        mark, label, words = OK, "form posted", "FORM POSTED"
        below = (f"not sent to {', '.join(visible(each) for each in entry.not_sent_to)}",)
    elif entry.level == "info":
        mark, label, words = OK, "form posted", "FORM POSTED"
    else:
        mark, label, words = REFUSED, f"form not posted: {status}", f"FORM NOT POSTED: {status}"
    request = () if entry.request_id is None else (f"request {visible(entry.request_id)}",)
    return Description(
        mark=mark,
        label=label,
        words=words,
        what=(visible(entry.form), *request),
        aside=_place(entry),
        below=below,
    )


def _credential(entry: CredentialRejected) -> Description:
    sent = "refused" if entry.sent else "refused, not sent"
    return Description(
        mark=REFUSED,
        label=f"401 UNAUTHORIZED {sent}",
        words=f"REFUSED 401 UNAUTHORIZED{'' if entry.sent else ', not sent'}",
        what=(visible(entry.endpoint), visible(f"{entry.request.method} {_path(entry.request.url)}")),
        aside=_place(entry),
        below=(visible(entry.reason),),
        belongs_to=entry.exchange,
    )


def _error(entry: ErrorEntry) -> Description:
    script = visible(entry.script.name)
    below: list[str] = []
    for frame in entry.traceback:
        file = script if frame.file is None else visible(frame.file)
        below += [f"{file}:{frame.line}, in {visible(frame.function)}", f"    {visible(frame.text)}"]
    type_ = entry.code if entry.type == "Crashed" else entry.type
    return Description(
        mark=FAILED,
        label="failed",
        words="FAILED",
        what=(visible(f"{type_}: {entry.message}" if entry.message else type_),),
        aside=_place(entry),
        below=tuple(below),
    )


def _finished(entry: RunFinished) -> Description:
    mark = {"COMPLETED": DONE, "FAILED": FAILED, "CANCELED": STOPPED, "POISONED": FAILED}[entry.state]
    return Description(
        mark=mark,
        label=f"finished {entry.state}",
        words=f"FINISHED {entry.state}",
        aside=(f"{entry.wall_ms:.0f} ms", f"http {entry.http_ms:.0f} ms", f"script {entry.script_ms:.0f} ms"),
    )


def _in_doubt(entry: RunInterrupted) -> tuple[str, ...]:
    """Return a line for each of several calls, which may differ in what they carry only."""
    calls = entry.calls if len(entry.calls) > 1 else ()
    return tuple(visible(f"{each.call}. {each.method} {each.path} {each.body}".rstrip()) for each in calls)


def _place(entry: ActivityEntry) -> tuple[str, ...]:
    line = entry.script.line
    return () if line is None else (f"{visible(entry.script.name)}:{line}",)


def _whom(entry: HttpExchange) -> tuple[str, ...]:
    match entry.sent_as:
        case "initiator":
            return (f"as {visible(entry.initiator.id)}",)
        case "service":
            return ("as the service account",)
        case "anonymous":
            return ("as nobody",)
        case None:
            return ()


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _value(value: JsonValue) -> str:
    return visible(json.dumps(value, ensure_ascii=False))


def _result(value: JsonValue) -> str:
    text = _value(value)
    if len(text) <= _RESULT_SHOWN:
        return text
    return f"{text[:_RESULT_SHOWN]}… ({len(text)} characters; --json shows all)"
