"""A run: one script, one initiator, one ordered stream of what happened."""

from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, JsonValue

from deputize.activity.entries import ActivityEntry, ErrorEntry, Initiator, PermissionDenied, Script


class RunState(StrEnum):
    """Where a run stands; a refused call changes none of these."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    INTERRUPTED = "INTERRUPTED"
    POISONED = "POISONED"
    DENIED = "DENIED"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunUsage:
    """What a run took."""

    #: Milliseconds from start to end, waiting for answers included.
    wall_ms: float
    #: Milliseconds of processor time of the script's own process.
    cpu_ms: float
    #: Milliseconds that calls over HTTP took, added up.
    http_ms: float
    #: Largest resident size of the script's process, in KiB.
    max_rss_kb: int
    calls: int
    refusals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that has ended, with its whole activity stream."""

    id: str
    state: RunState
    result: JsonValue
    error: ErrorEntry | None
    script: Script
    initiator: Initiator
    activity: tuple[ActivityEntry, ...] = field(repr=False)
    usage: RunUsage

    @property
    def ok(self) -> bool:
        """Whether the run is COMPLETED; a refused call does not count against it."""
        return self.state is RunState.COMPLETED

    @property
    def refusals(self) -> tuple[PermissionDenied, ...]:
        """The ``permission.denied`` entries of the stream, in order."""
        return tuple(entry for entry in self.activity if isinstance(entry, PermissionDenied))

    @property
    def sent_as(self) -> frozenset[str]:
        """The identities under which calls left: the initiator's id, ``service``, ``anonymous``."""
        return frozenset(
            entry.initiator.id if entry.sent_as == "initiator" else entry.sent_as
            for entry in self.activity
            if entry.kind == "http.exchange" and entry.sent_as is not None
        )

    def as_json(self) -> dict[str, JsonValue]:
        """Return the run as ``deputize run --json`` prints it."""
        document: dict[str, JsonValue] = RunDocument.of(self).model_dump(mode="json")
        return document


class RunDocument(BaseModel):
    """The JSON form of a run that has ended."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True)

    id: str
    state: RunState
    result: JsonValue
    error: ErrorEntry | None
    script: Script
    initiator: Initiator
    refusals: tuple[PermissionDenied, ...]
    activity: tuple[ActivityEntry, ...]
    usage: RunUsage

    @classmethod
    def of(cls, run: Run) -> "RunDocument":
        """Return the document of *run*."""
        return cls(
            id=run.id,
            state=run.state,
            result=run.result,
            error=run.error,
            script=run.script,
            initiator=run.initiator,
            refusals=run.refusals,
            activity=run.activity,
            usage=run.usage,
        )
