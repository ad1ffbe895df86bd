"""What earlier attempts at a run have left in the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from deputize.activity.journal import JournalEntry
from deputize.domain.calls import CallKey
from deputize.domain.stored_run import StoredRun
from deputize.execution.past import Past, PastCall
from deputize.store import Transaction

#: Entries with which an attempt begins, and those that whoever came after it has written.
_BEGINNINGS: Final = frozenset({"run.started", "run.resumed"})
_BY_OTHERS: Final = frozenset({"run.interrupted", "run.finished", "error"})


async def load_past(tx: Transaction, run: StoredRun) -> Past | None:
    """Return what earlier attempts at *run* have left; None where none of them began its script."""
    if run.attempts <= 1:
        return None
    head = await tx.journal.head(run.id)
    if head is None:
        return None
    written = await tx.entries.of_run(run.id)
    entries = await tx.journal.entries(run.id)
    return Past(
        attempt=run.attempt,
        head=head,
        entries=entries,
        calls={
            CallKey(each.intent.fingerprint, each.intent.occurrence): PastCall(
                intent=each.intent, outcome=each.outcome, known=each.known
            )
            for each in await tx.calls.of_run(run.id)
        },
        lines=[each for each in written if each["kind"] == "log"],
        last_seq=await tx.entries.last_seq(run.id),
        worked_seconds=_worked_seconds(written, entries),
    )


def _worked_seconds(written: Sequence[Mapping[str, JsonValue]], told: Sequence[JournalEntry]) -> float:
    """Return how long the attempts took together: each from its beginning to the last that is known of it."""
    moments = [
        (datetime.fromisoformat(str(each["ts"])), each["kind"] in _BEGINNINGS)
        for each in written
        if each["kind"] not in _BY_OTHERS
    ]
    moments += [(each.now, False) for each in told]
    seconds, began, last = 0.0, None, None
    for moment, begins in sorted(moments, key=lambda each: each[0]):
        if begins:
            seconds += 0.0 if began is None or last is None else (last - began).total_seconds()
            began = moment
        last = moment
    return seconds if began is None or last is None else seconds + (last - began).total_seconds()
