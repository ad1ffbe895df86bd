"""A run as it is kept: from the moment when it is accepted until long after its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from deputize.domain.attempt import Attempt
from deputize.domain.event import Chain
from deputize.domain.principal import Principal
from deputize.domain.run import RunState, RunUsage
from deputize.domain.start import SCHEDULE, Start


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """One run of one script, queued, under way or ended."""

    id: str
    state: RunState = RunState.QUEUED
    #: None for a script that belongs to no integration.
    integration_id: str | None
    plan_id: str | None
    #: The name of the integration or of the script.
    name: str
    #: ``inbound``, ``schedule``, or the kind of callback.
    trigger: str
    script_sha256: str
    #: None where the product's own script runs, or one from a file.
    script_version_id: str | None = None
    #: The script as entries name it.
    shown_path: str
    #: What the script is given, and the head of the request that brought it.
    start: Mapping[str, JsonValue]
    #: ``subject`` is None where the platform has no ids of its own.
    initiator: Principal
    #: The event whose change set it off.
    event_id: str | None = None
    #: The run that it is a live replay of.
    replay_of: str | None = None
    #: The name of who had that run replayed.
    replayed_by: str | None = None
    #: The run that has failed and is tried again by this one.
    retry_of: str | None = None
    #: The how manieth try it is.
    tries: int = 1
    chain: Chain = ()
    trace_id: str
    queued: datetime
    #: Nobody takes it up before that moment.
    due: datetime | None = None
    started: datetime | None = None
    #: How often it has been taken up.
    attempts: int = 0
    #: Who performs it; None: nobody does, or nobody any more.
    worker: str | None = None
    #: How often its worker has died over it.
    lost: int = 0
    finished: datetime | None = None
    result: JsonValue = None
    error: Mapping[str, JsonValue] | None = None
    usage: RunUsage | None = None
    calls: int = 0
    refusals: int = 0
    #: Since when it is a dead letter: it has failed, and nothing tries it again by itself.
    given_up: datetime | None = None
    #: Why nothing does: a sentence.
    given_up_because: str | None = None

    @property
    def attempt(self) -> Attempt:
        """The attempt that is being made. Raises ``ValueError`` for a run that nobody performs."""
        if self.worker is None:
            raise ValueError(f"nobody performs the run {self.id}")
        return Attempt(run_id=self.id, number=self.attempts, worker=self.worker)

    @property
    def schedule(self) -> JsonValue:
        """The due time of the schedule that set it off, as entries have it; None where another thing did."""
        return Start.model_validate(self.start).schedule if self.trigger == SCHEDULE else None

    @property
    def legacy(self) -> bool:
        """Whether its initiator is the owner of a plan's endpoint, whoever called."""
        return self.initiator.legacy


@dataclass(frozen=True, slots=True, kw_only=True)
class Visible:
    """Whose runs and entries are looked at: those of plans, and besides them one's own."""

    #: None: those of every plan, and of none.
    plans: frozenset[str] | None = None
    subject: str | None = None


EVERYTHING = Visible()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter:
    """Which runs are wanted; what is None is not asked for."""

    integration_id: str | None = None
    #: The initiator's subject.
    subject: str | None = None
    #: The initiator's name.
    initiator: str | None = None
    state: RunState | None = None
    trigger: str | None = None
    event_id: str | None = None
    #: The run that they are live replays of.
    replay_of: str | None = None
    #: Whether something of it was refused: a call, or the run itself.
    refused: bool = False
    #: Part of a text, method or address of one of its entries; upper and lower case are alike.
    text: str | None = None
    #: Their ids, if only certain ones are.
    ids: frozenset[str] | None = None
    #: The run that they try again.
    retry_of: str | None = None
    #: Dead letters alone.
    given_up: bool = False
    #: Queued at that moment or later.
    since: datetime | None = None
    #: Queued before that moment.
    until: datetime | None = None


EVERY_RUN = RunFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCursor:
    """A place in the list of runs, the newest first."""

    queued: datetime
    id: str

    @classmethod
    def after(cls, run: StoredRun) -> "RunCursor":
        """Return the place after *run*."""
        return cls(queued=run.queued, id=run.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How often one person set one integration off in one way, and when they did so last."""

    integration_id: str
    #: Of the initiator: as the run has them.
    subject: str | None
    initiator: str
    via: str
    count: int
    last: datetime
