"""A queue of a kept database: jobs in its tables, performed by this process and any number of others.

Theory of operation: ``submit`` has a run performed at once when there is room, with no poll in the way;
whoever performs it takes its job in the transaction that claims the run. What finds no room waits in the
database, and is claimed by whichever worker asks first: each asks every fraction of a second, and again as
soon as one of its runs ends while others wait. Nothing in memory is needed to find a run. What a lost claim
has left behind is looked for every few seconds: runs and jobs that this worker has and does not perform, and
runs that have no job.
"""

import asyncio
import time
from contextlib import suppress
from functools import partial
from typing import Final

from deputize.activity.faults import log_fault
from deputize.domain.attempt import Attempt
from deputize.queue.dbos_jobs import DbosJobs
from deputize.queue.interface import Work
from deputize.queue.presence import Presence
from deputize.store import Database, Transaction

#: Seconds between two questions for a job, on SQLite.
POLL_SECONDS: Final = 0.2
#: Seconds between two questions for jobs that have fallen due.
_DUE_SECONDS: Final = 1.0
#: Seconds between two looks at what was left behind.
_MEND_SECONDS: Final = 5.0
#: Seconds after a fault: a database that is away is not asked as often as one that is there.
_FAULT_SECONDS: Final = 1.0
#: Runs without a job that are mended at once.
_BATCH: Final = 1000


class DbosQueue:
    """Implements ``RunQueue``; performs *concurrency* runs at once, or none.

    *worker* is the name of the one process that performs them. With a *presence* there may be others on the
    same database; without one it is alone, and takes what is under way at its start for one that has ended.
    """

    def __init__(
        self,
        work: Work,
        *,
        database: Database,
        jobs: DbosJobs,
        worker: str,
        concurrency: int,
        presence: Presence | None = None,
    ) -> None:
        self._work = work
        self._database = database
        self._jobs = jobs
        self._worker = worker
        self._concurrency = concurrency
        self._presence = presence
        self._under_way: dict[str, asyncio.Task[None]] = {}
        #: Of these, what nobody had when it was last looked: it had ended, here or elsewhere, or waited.
        self._left: set[str] = set()
        #: Whether runs may wait that found no room.
        self._backlog = True
        self._look = asyncio.Event()
        self._stopping = False
        self._polling: asyncio.Task[None] | None = None
        self._next = dict.fromkeys((self._mend, self._fall_due), 0.0)

    async def start(self) -> None:
        """Take up what waits, and everything from now on."""
        if self._presence is None:
            await self._work.recover()
        else:
            await self._presence.start(self._work.recover)
        self._polling = asyncio.create_task(self._keep_polling())

    def submit(self, run_id: str) -> None:
        """Have a run performed that has just been committed, now if there is room."""
        if self._stopping or len(self._under_way) >= self._concurrency:
            self._backlog = True
        else:
            self._begin(run_id)

    async def drain(self, grace_seconds: float) -> None:
        """Take up no more; after *grace_seconds* cut off what is still under way."""
        self._stopping = True
        self._look.set()
        if self._polling is not None:
            await asyncio.wait([self._polling])
            await self._give_back()
        if self._under_way:
            _, late = await asyncio.wait(self._under_way.values(), timeout=grace_seconds)
            for each in late:
                each.cancel()
            if late:
                await asyncio.wait(late)
        await self._give_back()
        if self._presence is not None:
            await self._presence.end()

    async def _give_back(self) -> None:
        """Leave to others what was claimed and is not performed."""
        with suppress(Exception):  # a worker that is gone is found out without its help
            await self._database.write(self._put_back)

    def _begin(self, run_id: str) -> None:
        if run_id not in self._under_way:
            self._under_way[run_id] = asyncio.create_task(self._perform(run_id))

    async def _perform(self, run_id: str) -> None:
        try:
            await self._work.perform(run_id)
        except Exception as error:
            # Its job is put back when it is looked for what was left behind.
            log_fault("queue.fault", error, run=run_id)
        finally:
            del self._under_way[run_id]
            if self._backlog:
                self._look.set()

    async def _keep_polling(self) -> None:
        while not self._stopping:
            pause = POLL_SECONDS if self._presence is None else self._presence.poll_seconds
            try:
                await self._poll()
            except Exception as error:
                log_fault("queue.fault", error)
                pause = _FAULT_SECONDS
                # Others may have taken runs over meanwhile, and nothing is claimed before that is known.
                self._next = dict.fromkeys(self._next, 0.0)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._look.wait()
            self._look.clear()

    async def _poll(self) -> None:
        for doing, at in self._next.items():
            if time.monotonic() >= at:
                await doing()
                seconds = _MEND_SECONDS if doing == self._mend else _DUE_SECONDS
                self._next[doing] = time.monotonic() + seconds
        room = self._concurrency - len(self._under_way)
        if room <= 0 or self._stopping:
            return
        async with self._database.alone():
            claimed = await asyncio.to_thread(partial(self._jobs.claim, worker=self._worker, room=room))
        self._backlog = len(claimed) >= room
        if not self._stopping:
            for each in claimed:
                self._begin(each)

    async def _fall_due(self) -> None:
        async with self._database.alone():
            await asyncio.to_thread(self._jobs.fall_due)

    async def _mend(self) -> None:
        left = await self._database.read(lambda tx: tx.runs.left(list(self._under_way)))
        # Who is at the end by themselves have ended when it is looked again, and who is about to claim what
        # was handed over has claimed it; the others did not end it, or had it before.
        over, self._left = left & self._left, left
        for each in over | await self._database.read(self._taken_over):
            # Its guest ends with it; what it writes is not kept any more.
            if (performing := self._under_way.get(each)) is not None:
                performing.cancel()
        held = await self._database.read(lambda tx: tx.runs.held(self._worker))
        # Looked at after the question: whatever is claimed is under way before it is.
        for run in [each for each in held if each.id not in self._under_way]:
            await self._database.write(partial(_hand_over, attempt=run.attempt))
        await self._database.write(self._put_back)
        await self._database.write(self._give_jobs)

    async def _taken_over(self, tx: Transaction) -> set[str]:
        return await tx.runs.taken_over(list(self._under_way), worker=self._worker)

    async def _put_back(self, tx: Transaction) -> None:
        await self._jobs.put_back_lost(
            tx.connection, worker=self._worker, under_way=frozenset(self._under_way)
        )

    async def _give_jobs(self, tx: Transaction) -> None:
        """Keep jobs for runs that have none: they were queued before there was this queue, or restored."""
        waiting = await tx.runs.waiting(tx.now, limit=_BATCH)
        for each in await self._jobs.without(tx.connection, waiting):
            run = await tx.runs.get(each)
            if run is not None:
                await self._jobs.add(tx.connection, run)


async def _hand_over(tx: Transaction, *, attempt: Attempt) -> None:
    await tx.runs.hand_over(attempt)
