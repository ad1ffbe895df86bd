"""The calls of runs that have not ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
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
                update(calls)
                .where(
                    calls.c.run_id == run_id,
                    calls.c.fingerprint == each.fingerprint,
                    calls.c.occurrence == each.occurrence,
                )
                .values(outcome=each.exchange.model_dump(mode="json"))
            )

    async def of_run(self, run_id: str) -> list[KeptCall]:
        """Return the calls of a run that has not ended, or was interrupted."""
        rows = await self._connection.execute(
            select(calls.c.intent, calls.c.outcome, calls.c.known).where(calls.c.run_id == run_id)
        )
        return [
            KeptCall(
                intent=CallIntent.model_validate(row.intent),
                outcome=None if row.outcome is None else JournalExchange.model_validate(row.outcome),
                known=row.known,
            )
            for row in rows
        ]

    async def settle(self, run_id: str, known: Known) -> int:
        """Say of the calls whose outcome nobody knows whether they were sent; tell how many they are."""
        settled = await self._connection.execute(
            update(calls).where(calls.c.run_id == run_id, calls.c.outcome.is_(None)).values(known=known)
        )
        return settled.rowcount

    async def forget(self, run_id: str) -> None:
        """Remove the calls of a run that has ended for good."""
        await self._connection.execute(delete(calls).where(calls.c.run_id == run_id))
