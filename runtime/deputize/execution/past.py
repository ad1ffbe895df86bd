"""What earlier attempts at a run have left: what it began with, and all that its script has been told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import JsonValue

from deputize.activity.journal import CallIntent, JournalEntry, JournalExchange, JournalHead
from deputize.domain.attempt import Attempt
from deputize.domain.calls import CallKey, Known


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """A call over HTTP that an earlier attempt meant to send."""

    intent: CallIntent
    #: None: the attempt ended before an answer came, and whether the call was sent is not known.
    outcome: JournalExchange | None = None
    #: What an operator says about that.
    known: Known | None = None

    @property
    def settled(self) -> bool:
        """Whether somebody knows what became of it."""
        return self.outcome is not None or self.known is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The record of earlier attempts, as far as it is kept."""

    #: The attempt that goes on from here.
    attempt: Attempt
    head: JournalHead
    #: What the script asked the host, in order, each with its answer's moment.
    entries: Sequence[JournalEntry] = ()
    calls: Mapping[CallKey, PastCall] = field(default_factory=dict)
    #: The lines of the script's log that stand in the stream, as they stand there.
    lines: Sequence[Mapping[str, JsonValue]] = ()
    #: The number of the last entry of the stream.
    last_seq: int = 0
    #: Seconds that earlier attempts took, as far as their records tell.
    worked_seconds: float = 0.0

    @property
    def last_told(self) -> datetime:
        """The moment at which the script was last told something."""
        return self.entries[-1].now if self.entries else self.head.now

    @property
    def in_doubt(self) -> list[CallIntent]:
        """The calls that may have been sent and may not be sent again."""
        return [
            each.intent for each in self.calls.values() if not each.settled and not each.intent.repeatable
        ]
