"""The calls of runs that have not ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.activity.journal import CallIntent, CallOutcome, JournalExchange
from deputize.domain.calls import Known
from deputize.store.rows import inserting
from deputize.store.tables import calls


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCall:
    """A call that was meant to be sent, and was if it has an outcome."""

    intent: CallIntent
    #: None: whether it was sent is not known.
    outcome: JournalExchange | None
    known: Known | None

    @property
    def in_doubt(self) -> bool:
        """Whether nobody knows if it was sent, and it may not be sent again."""
        return self.outcome is None and self.known is None and not self.intent.repeatable


class Calls:
    """Queries about calls."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, run_id: str, *, attempt: int, intents: Sequence[CallIntent]) -> None:
        """Keep what *attempt* is about to send, for the first time or again."""
        if not intents:
            return
        rows = [
            {
                "run_id": run_id,
                "fingerprint": each.fingerprint,
                "occurrence": each.occurrence,
                "attempt": attempt,
                "intent": each.model_dump(mode="json"),
            }
            for each in intents
        ]
        adding = inserting(self._connection, calls)
        await self._connection.execute(
            adding.on_conflict_do_update(
                index_elements=["run_id", "fingerprint", "occurrence"],
                set_={"attempt": adding.excluded.attempt, "known": None},
            ),
            rows,
        )

    async def answer(self, run_id: str, outcomes: Sequence[CallOutcome]) -> None:
        """Keep what came of calls that were begun."""
        for each in outcomes:
            await self._connection.execute(
                update(calls).where(*_is(run_id, each)).values(outcome=each.exchange.model_dump(mode="json"))
            )

    async def of_run(self, run_id: str) -> list[KeptCall]:
        """Return the calls of a run that has not ended for good, each time in the same order."""
        rows = await self._connection.execute(
            select(calls.c.intent, calls.c.outcome, calls.c.known).where(calls.c.run_id == run_id)
        )
        kept = [
            KeptCall(
                intent=CallIntent.model_validate(row.intent),
                outcome=None if row.outcome is None else JournalExchange.model_validate(row.outcome),
                known=row.known,
            )
            for row in rows
        ]
        return sorted(kept, key=_place)

    async def in_doubt(self, run_id: str) -> list[CallIntent]:
        """Return the calls that may have been sent and may not be sent twice, each time in the same order."""
        return [each.intent for each in await self.of_run(run_id) if each.in_doubt]

    async def doubt(self, run_id: str, intents: Sequence[CallIntent]) -> None:
        """Take it that the calls of *intents* may not be sent twice, whatever was thought of them before."""
        for each in intents:
            unrepeatable = each.model_copy(update={"repeatable": False})
            await self._connection.execute(
                update(calls).where(*_is(run_id, each)).values(intent=unrepeatable.model_dump(mode="json"))
            )

    async def settle(self, run_id: str, known: Sequence[tuple[CallIntent, Known]]) -> None:
        """Keep what an operator knows of calls: whether they were sent."""
        for intent, each in known:
            await self._connection.execute(update(calls).where(*_is(run_id, intent)).values(known=each))

    async def forget(self, run_id: str) -> None:
        """Remove the calls of a run that has ended for good."""
        await self._connection.execute(delete(calls).where(calls.c.run_id == run_id))


def _is(run_id: str, call: CallIntent | CallOutcome) -> tuple[ColumnElement[bool], ...]:
    return (
        calls.c.run_id == run_id,
        calls.c.fingerprint == call.fingerprint,
        calls.c.occurrence == call.occurrence,
    )


def _place(call: KeptCall) -> tuple[int, int, str, str, int]:
    """Return by what calls are put in order: as the script made them, as far as that is known."""
    intent = call.intent
    return intent.question, intent.line or 0, intent.shown, intent.fingerprint, intent.occurrence
