"""The entries of an activity stream, one model per kind.

The JSON Schema that the product publishes is generated from these models
(``deputize schema``), and every stream that the tests produce is checked against it.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, JsonValue, TypeAdapter

from deputize.activity.model import Model, is_empty, is_false, is_one
from deputize.activity.scheduled_time import ScheduledTime

Level = Literal["debug", "info", "warning", "error"]
Tier = Literal["full", "contained", "unconfined"]
SentAs = Literal["initiator", "service", "anonymous"]


class Initiator(Model):
    """Who set the run off, and by which way in."""

    id: str
    via: str


class Script(Model):
    """The script that ran; in an entry, also the line that caused it."""

    name: str
    sha256: str
    line: int | None = None


class Truncation(Model):
    """A value of this entry that was cut: where it stands, how long it was, how much is left."""

    path: str
    bytes: int
    kept: int


class Redaction(Model):
    """A value of this entry that was replaced before it was written, and why."""

    path: str
    why: str


class _Entry(Model):
    """What every entry has."""

    id: str
    run: str
    seq: int = Field(ge=1)
    ts: datetime
    level: Level = "info"
    initiator: Initiator
    script: Script
    trace_id: str
    truncated: tuple[Truncation, ...] = Field(default=(), exclude_if=is_empty)
    redacted: tuple[Redaction, ...] = Field(default=(), exclude_if=is_empty)


class RunStarted(_Entry):
    """The run began: by what it was set off, and inside which jail."""

    kind: Literal["run.started"] = "run.started"
    trigger: str
    """``inbound``, ``schedule``, or the kind of callback: RESPONSE, STATUS, …"""
    schedule: ScheduledTime | None = Field(default=None, exclude_if=is_empty)
    """The due time of the schedule that set it off."""
    tier: Tier
    """``contained`` where this machine lacks namespaces or Landlock, and a setting allows that.

    ``unconfined`` in a test that runs its scripts in its own process.
    """
    jail: tuple[str, ...]
    """The layers of confinement that are in force."""
    chain: tuple[str, ...] = Field(default=(), exclude_if=is_empty)
    """The ids of the integrations that led to this run, the first one first, its own last."""
    legacy: bool = Field(default=False, exclude_if=is_false)
    """It came of a legacy integration: the initiator is the owner of a plan's endpoint, whoever called."""
    replay_of: str | None = Field(default=None, exclude_if=is_empty)
    """The id of the run that it is a live replay of."""
    replayed_by: str | None = Field(default=None, exclude_if=is_empty)
    """The name of who had that run replayed."""
    retry_of: str | None = Field(default=None, exclude_if=is_empty)
    """The id of the run that had failed, and is tried again by this one."""
    tries: int = Field(default=1, exclude_if=is_one)
    """The how manieth try it is."""


class RunResumed(_Entry):
    """Another worker goes on with the run, from its beginning; what was done before is not done again."""

    kind: Literal["run.resumed"] = "run.resumed"
    level: Level = "warning"
    attempt: int
    """The number of the attempt that begins here."""
    worker: str
    """Who makes it: a name that is given to a process once."""
    tier: Tier
    """Of the jail that it goes on in, as in ``run.started``."""
    jail: tuple[str, ...]
    answered: int
    """Calls over HTTP that earlier attempts have made, which the script is told of again."""


class InboundRequest(_Entry):
    """The request or callback that the script was given."""

    kind: Literal["inbound.request"] = "inbound.request"
    method: str | None
    headers: dict[str, str]
    parameters: dict[str, str] = Field(default_factory=dict, exclude_if=is_empty)
    """Those of the query and of a form, by name; none that carries a credential."""
    remote_address: str | None = Field(default=None, exclude_if=is_empty)
    """The caller's address; behind a trusted proxy, as the proxy names it."""
    body: JsonValue


class LogEntry(_Entry):
    """A line that the script logged or printed."""

    kind: Literal["log"] = "log"
    message: str
    fields: dict[str, JsonValue]


class ExchangeRequest(Model):
    """A request as it was sent, without its credential."""

    method: str
    url: str
    headers: dict[str, str] | None = Field(default=None, exclude_if=is_empty)
    body: JsonValue = Field(default=None, exclude_if=is_empty)


class ExchangeResponse(Model):
    """An answer's headers and body, as far as they are kept."""

    headers: dict[str, str]
    body: JsonValue = None


class TransportError(Model):
    """Why no answer came."""

    cause: str
    message: str


class HttpExchange(_Entry):
    """A call that the script made over HTTP, and what came of it.

    ``status_code`` is null and ``error`` is set when no answer came. ``source`` says who
    answered: the platform, a remote endpoint, or a stand-in.
    """

    kind: Literal["http.exchange"] = "http.exchange"
    endpoint: str
    sent_as: SentAs | None = None
    request: ExchangeRequest
    status_code: int | None = Field(default=None, alias="statusCode")
    status_message: str | None = Field(default=None, alias="statusMessage")
    response: ExchangeResponse | None = Field(default=None, exclude_if=is_empty)
    refused: bool = False
    source: Literal["platform", "remote", "stand-in", "deputize"]
    error: TransportError | None = Field(default=None, exclude_if=is_empty)
    resent: bool = Field(default=False, exclude_if=is_false)
    """A first answer was 401 to a stored token that had gone stale; this is the second one."""
    elapsed_ms: float


class Explain(Model):
    """Why the initiator was refused: what was missing, and who has it."""

    initiator: str
    needs: tuple[str, ...]
    would_pass: tuple[str, ...]
    source: str


class PermissionDenied(_Entry):
    """A call sent as the initiator was refused with 403; the script went on.

    ``explain`` is left out when nobody knows.
    """

    kind: Literal["permission.denied"] = "permission.denied"
    level: Level = "warning"
    endpoint: str
    request: ExchangeRequest
    status_code: Literal[403] = Field(default=403, alias="statusCode")
    status_message: Literal["FORBIDDEN"] = Field(default="FORBIDDEN", alias="statusMessage")
    reason: str = Field(pattern=r"^UNAUTHORIZED_ACCESS_ERROR: ")
    exchange: int
    """``seq`` of the exchange that was refused."""
    explain: Explain | None = Field(default=None, exclude_if=is_empty)


class CredentialRejected(_Entry):
    """A call had no credential that was accepted: a 401, or none could be had and nothing was sent."""

    kind: Literal["credential.rejected"] = "credential.rejected"
    level: Level = "warning"
    endpoint: str
    request: ExchangeRequest
    status_code: Literal[401] = Field(default=401, alias="statusCode")
    status_message: Literal["UNAUTHORIZED"] = Field(default="UNAUTHORIZED", alias="statusMessage")
    reason: str
    sent: bool
    """Whether the call left; without a credential it does not."""
    exchange: int | None = None


class FormPosted(_Entry):
    """The script posted its form and the platform answered; below 300, an event exists."""

    kind: Literal["form.posted"] = "form.posted"
    form: str
    status_code: int = Field(alias="statusCode")
    status_message: str = Field(alias="statusMessage")
    request_id: str | None = Field(default=None, exclude_if=is_empty)
    """The id under which the platform keeps the event."""
    not_sent_to: tuple[str, ...] = Field(default=(), exclude_if=is_empty, alias="notSentTo")
    """Recipients whom the event does not reach: nobody has that name, or the initiator may not send there."""
    exchange: int
    """``seq`` of the exchange."""


class LimitHit(_Entry):
    """The run was stopped at a limit."""

    kind: Literal["limit.hit"] = "limit.hit"
    level: Level = "error"
    limit: str
    value: float
    setting: str
    message: str


class ResultEntry(_Entry):
    """What ``main`` returned."""

    kind: Literal["result"] = "result"
    value: JsonValue


class TracebackLine(Model):
    """One line of the script, or of a shared library, on the way to an error."""

    line: int
    function: str
    text: str
    file: str | None = Field(default=None, exclude_if=is_empty)
    """``shared/NAME.py`` where it is a line of the shared library NAME."""


ErrorCode = Literal[
    "SCRIPT_RAISED",
    "GUEST_CRASHED",
    "PROTOCOL_VIOLATION",
    "SCRIPT_REJECTED",
    "INTEGRATION_GONE",
    "MISCONFIGURED",
    "INTERNAL_ERROR",
    "SCRIPT_DIVERGED",
    "WORKERS_LOST",
    "RETRY_NOT_PERMITTED",
]


class ErrorEntry(_Entry):
    """The run failed: the script raised or could not run, its guest failed, or this product did."""

    kind: Literal["error"] = "error"
    level: Level = "error"
    code: ErrorCode
    type: str
    message: str
    traceback: tuple[TracebackLine, ...] = ()


class RunFinished(_Entry):
    """The run ended; where its time went."""

    kind: Literal["run.finished"] = "run.finished"
    state: Literal["COMPLETED", "FAILED", "CANCELED", "POISONED"]
    calls: int
    refusals: int
    wall_ms: float
    http_ms: float
    script_ms: float
    """Everything that was not HTTP: the script's own work and the sandbox around it."""


class RunDenied(_Entry):
    """The run was not allowed to begin: no guest was started, and this is its only entry.

    ``explain`` is left out where the reason is not a missing permission.
    """

    kind: Literal["run.denied"] = "run.denied"
    level: Level = "warning"
    trigger: str
    """As in ``run.started``: by what it would have been set off."""
    code: Literal[
        "INBOUND_NOT_PERMITTED",
        "REPLAY_NOT_PERMITTED",
        "SCHEDULE_NOT_PERMITTED",
        "CHAIN_TOO_DEEP",
        "CHAIN_CYCLE",
    ]
    reason: str
    explain: Explain | None = Field(default=None, exclude_if=is_empty)
    schedule: ScheduledTime | None = Field(default=None, exclude_if=is_empty)
    """As in ``run.started``."""
    legacy: bool = Field(default=False, exclude_if=is_false)
    """As in ``run.started``."""
    replay_of: str | None = Field(default=None, exclude_if=is_empty)
    """As in ``run.started``."""
    replayed_by: str | None = Field(default=None, exclude_if=is_empty)
    """As in ``run.started``."""


class CallInDoubt(Model):
    """A call that may have been sent and may not be sent twice."""

    call: int
    """Its number among these, by which an operator says what became of it."""
    endpoint: str
    method: str
    path: str
    body: str = Field(default="", exclude_if=is_empty)
    """What was sent with it, without secrets, and cut where it is long."""
    line: int | None = Field(default=None, exclude_if=is_empty)
    """The line of the script."""


class RunInterrupted(_Entry):
    """The run was cut off with the process that it ran in: whether a call took effect may be unknown."""

    kind: Literal["run.interrupted"] = "run.interrupted"
    level: Level = "error"
    reason: str
    calls: tuple[CallInDoubt, ...] = Field(default=(), exclude_if=is_empty)


#: The kinds one of which is the last entry of every stream. After ``run.interrupted``, and after
#: ``run.finished`` of one that is POISONED, more may follow: an operator has resumed the run.
ENDINGS = frozenset({"run.finished", "run.denied", "run.interrupted"})

ActivityEntry = Annotated[
    RunStarted
    | RunResumed
    | InboundRequest
    | LogEntry
    | HttpExchange
    | PermissionDenied
    | CredentialRejected
    | FormPosted
    | LimitHit
    | ResultEntry
    | ErrorEntry
    | RunFinished
    | RunDenied
    | RunInterrupted,
    Field(discriminator="kind"),
]

activity_entry: TypeAdapter[ActivityEntry] = TypeAdapter(ActivityEntry)
activity_stream: TypeAdapter[tuple[ActivityEntry, ...]] = TypeAdapter(tuple[ActivityEntry, ...])
