"""Runs and entries of activity."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Final, Literal, Self

from pydantic import Field, JsonValue, model_validator

from deputize.activity.entries import ActivityEntry, Initiator, PermissionDenied
from deputize.activity.scheduled_time import ScheduledTime
from deputize.domain.calls import Known, KnownOfCalls
from deputize.domain.run import RunState, RunUsage
from deputize.domain.stored_run import StoredRun
from deputize.server.documents.document import Document, Sent
from deputize.use_cases.see_runs import SeenRun


class RunScript(Document):
    """The script that a run has."""

    name: str
    sha256: str
    version_id: str | None
    """Null for the product's own script, and for one from a file."""


class UsageDocument(Document):
    """What a run took."""

    wall_ms: float
    cpu_ms: float
    http_ms: float
    max_rss_kb: int
    calls: int
    refusals: int

    @classmethod
    def of(cls, usage: RunUsage) -> "UsageDocument":
        """Return the document of *usage*."""
        return cls(**asdict(usage))


KnownCall = Literal["sent", "not-sent"]
CallNumber = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,2}$")]
_KNOWN: Final[dict[KnownCall, Known]] = {"sent": "sent", "not-sent": "not sent"}


class SentResumption(Sent):
    """What is known of the calls that were under way when a run was interrupted."""

    call: KnownCall | None = None
    """Of the only one. ``sent``: it is not sent again; its answer is lost. ``not-sent``: it is sent now."""
    calls: dict[CallNumber, KnownCall] = Field(default_factory=dict)
    """The same of each, by its number in the entry ``run.interrupted``."""

    @model_validator(mode="after")
    def _in_one_way(self) -> Self:
        if self.call is not None and self.calls:
            raise ValueError("say it of the only call in call, or of each in calls")
        return self

    @property
    def known(self) -> KnownOfCalls:
        """The same in the words of the domain."""
        if self.call is not None:
            return _KNOWN[self.call]
        return {int(number): _KNOWN[each] for number, each in self.calls.items()}


class RunSummary(Document):
    """A run, as a list has it."""

    id: str
    state: RunState
    name: str
    """The name of the integration, or of the script."""
    trigger: str
    """``inbound``, ``schedule``, or the kind of callback."""
    schedule: ScheduledTime | None
    """The due time of the schedule that set it off."""
    integration_id: str | None
    plan_id: str | None
    script: RunScript
    initiator: Initiator
    legacy: bool
    """It came of a legacy integration: the initiator is the owner of a plan's endpoint, whoever called."""
    event_id: str | None
    """The event whose change set it off."""
    replay_of: str | None
    """The run that it is a live replay of."""
    replayed_by: str | None
    """The name of who had that run replayed."""
    retry_of: str | None
    """The run that had failed, and is tried again by this one."""
    tries: int
    """The how manieth try it is."""
    chain: list[str]
    """The integrations that led to it, its own the last one."""
    trace_id: str
    queued: datetime
    due: datetime | None
    """When it may begin; null: at once."""
    started: datetime | None
    finished: datetime | None
    usage: UsageDocument | None
    """Null until the run has ended."""
    given_up: datetime | None
    """Since when it is a dead letter: it has failed, and nothing tries it again by itself."""
    given_up_because: str | None
    """Why nothing does."""

    @classmethod
    def of(cls, run: StoredRun) -> "RunSummary":
        """Return the summary of *run*."""
        return cls(
            id=run.id,
            state=run.state,
            name=run.name,
            trigger=run.trigger,
            schedule=None if run.schedule is None else ScheduledTime.model_validate(run.schedule),
            integration_id=run.integration_id,
            plan_id=run.plan_id,
            script=RunScript(name=run.shown_path, sha256=run.script_sha256, version_id=run.script_version_id),
            initiator=Initiator(id=run.initiator.id, via=run.initiator.via),
            legacy=run.legacy,
            event_id=run.event_id,
            replay_of=run.replay_of,
            replayed_by=run.replayed_by,
            retry_of=run.retry_of,
            tries=run.tries,
            chain=list(run.chain),
            trace_id=run.trace_id,
            queued=run.queued,
            due=run.due,
            started=run.started,
            finished=run.finished,
            usage=None if run.usage is None else UsageDocument.of(run.usage),
            given_up=run.given_up,
            given_up_because=run.given_up_because,
        )


class Runs(Document):
    """Runs, the newest first."""

    data: list[RunSummary]


class RunDocument(RunSummary):
    """A run with what came of it; its activity is a list of its own."""

    result: JsonValue
    error: dict[str, JsonValue] | None
    refusals: list[PermissionDenied]
    replays: list[str]
    """The ids of its live replays, of those that the caller sees, the newest first."""
    retries: list[str]
    """The ids of the runs that try it again."""

    @classmethod
    def seen(cls, seen: SeenRun) -> dict[str, JsonValue]:
        """Return the JSON of a run, whose entries of refusals stand as they were written."""
        run = seen.run
        return {
            **RunSummary.of(run).model_dump(mode="json"),
            "result": run.result,
            "error": None if run.error is None else dict(run.error),
            "refusals": list(seen.refusals),
            "replays": list(seen.replays),
            "retries": list(seen.retries),
        }


class SentReplay(Sent):
    """How a run is to be replayed live."""

    as_initiator: bool = False
    """As its initiator, which takes `replay:as-initiator`, and not as the caller."""


class ReplayDocument(Document):
    """A live replay that is stored and will be performed."""

    id: str
    """That of the new run."""
    replay_of: str


class Activity(Document):
    """Entries."""

    data: list[ActivityEntry]
