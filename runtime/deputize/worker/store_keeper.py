"""Keeps one run in the database: its entries as they are written, and its end with the last of them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from deputize.activity.entries import ActivityEntry
from deputize.activity.journal import CallIntent, CallOutcome, JournalEntry, JournalHead, JournalRecord
from deputize.domain.attempt import Attempt
from deputize.domain.run import Run, RunState
from deputize.store import Database, Transaction
from deputize.worker.patience import PATIENCE_SECONDS, patiently

#: Called in the transaction that ends a run, with its state and the code of its error.
Afterwards: TypeAlias = Callable[[Transaction, RunState, str | None], Awaitable[None]]


class AttemptLost(Exception):
    """The run is another's by now, for its worker was taken for dead: this attempt counts no more."""


class StoreKeeper:
    """Implements ``Keeper``. A database that is away for a moment delays a run and does not end it."""

    def __init__(self, database: Database, *, attempt: Attempt, afterwards: Afterwards | None = None) -> None:
        self._database = database
        self._attempt = attempt
        self._afterwards = afterwards

    @property
    def durable(self) -> bool:
        """Whether what is kept outlives the process."""
        return not self._database.address.in_memory

    async def write(self, entries: Sequence[ActivityEntry], journal: Sequence[JournalRecord]) -> None:
        """Keep *entries*, and the records of the *journal* that belong beside them.

        Raises ``StoreUnavailable`` when the database has been away for long, and ``AttemptLost``.
        """

        async def work(tx: Transaction) -> None:
            run_id = self._attempt.run_id
            if not await tx.runs.holds(self._attempt):
                raise AttemptLost(run_id)
            await append_new(tx, run_id, entries)
            await self._append(tx, journal)

        await patiently(lambda: self._database.write(work), seconds=PATIENCE_SECONDS)

    async def require_held(self) -> None:
        """Raise ``AttemptLost`` when this attempt counts no more.

        Raises ``StoreUnavailable`` when the database, which alone knows, has been away for long.
        """
        held = await patiently(
            lambda: self._database.read(lambda tx: tx.runs.counts(self._attempt)), seconds=PATIENCE_SECONDS
        )
        if not held:
            raise AttemptLost(self._attempt.run_id)

    async def finish(
        self, run: Run, entries: Sequence[ActivityEntry], journal: Sequence[JournalRecord]
    ) -> None:
        """Keep the end of *run*, however long the database is away."""

        async def work(tx: Transaction) -> None:
            ended = await tx.runs.finish(
                run.id,
                state=run.state,
                at=tx.now,
                by=self._attempt,
                result=run.result,
                error=None if run.error is None else run.error.model_dump(mode="json"),
                usage=run.usage,
                calls=run.usage.calls,
                refusals=run.usage.refusals,
            )
            if ended:
                await append_new(tx, run.id, entries)
                await self._append(tx, journal)
                await tx.calls.forget(run.id)
                if self._afterwards is not None:
                    await self._afterwards(tx, run.state, None if run.error is None else run.error.code)

        await patiently(lambda: self._database.write(work))

    async def _append(self, tx: Transaction, journal: Sequence[JournalRecord]) -> None:
        run_id = self._attempt.run_id
        kept = [each for each in journal if isinstance(each, JournalHead | JournalEntry)]
        await tx.journal.append(run_id, kept)
        intents = [each for each in journal if isinstance(each, CallIntent)]
        await tx.calls.begin(run_id, attempt=self._attempt.number, intents=intents)
        await tx.calls.answer(run_id, [each for each in journal if isinstance(each, CallOutcome)])


async def append_new(tx: Transaction, run_id: str, entries: Sequence[ActivityEntry]) -> None:
    """Keep those of *entries* that are not there yet.

    A commit whose answer was lost looks like a failure, and is made again.
    """
    last = await tx.entries.last_seq(run_id)
    await tx.entries.append(run_id, [each.model_dump(mode="json") for each in entries if each.seq > last])
