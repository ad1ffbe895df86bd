"""A queue inside the process: so many runs at once, the rest waits in the database.

Theory of operation: ``submit`` only says that there is something to do. What is to be done stands in the
database, and is asked for when the queue starts and every few seconds after that: a run whose submission
was lost (its caller was cancelled between the commit and the call) or that could not be taken up (the
database was away) is found then. So the list in memory may be short, and losing it loses nothing. It
belongs to the only process that performs runs of its database: at its start it takes every run that is
under way for one whose process has ended.
"""

import asyncio
from contextlib import suppress

from deputize.activity.faults import log_fault
from deputize.queue.interface import Work

#: Runs that are asked for at once.
_BATCH = 1000


class InlineQueue:
    """Implements ``RunQueue``; performs *concurrency* runs at once, in the order in which they came."""

    def __init__(self, work: Work, *, concurrency: int, sweep_seconds: float = 5.0) -> None:
        self._work = work
        self._concurrency = concurrency
        self._sweep_seconds = sweep_seconds
        self._waiting: asyncio.Queue[str | None] = asyncio.Queue()
        #: Ids that wait or are under way, so that a sweep does not bring them a second time.
        self._known: set[str] = set()
        self._more = asyncio.Event()
        self._stopping = False
        self._sweeper: asyncio.Task[None] | None = None
        self._performers: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """End what an earlier process left under way, and take up what waits."""
        await self._work.recover()
        await self._sweep()
        self._sweeper = asyncio.create_task(self._keep_sweeping())
        self._performers = [asyncio.create_task(self._keep_performing()) for _ in range(self._concurrency)]

    def submit(self, run_id: str) -> None:
        """Have a run performed that has just been committed."""
        if not self._stopping and run_id not in self._known:
            self._known.add(run_id)
            self._waiting.put_nowait(run_id)

    async def drain(self, grace_seconds: float) -> None:
        """Take up no more; after *grace_seconds* cut off what is still under way."""
        self._stopping = True
        if self._sweeper is not None:
            self._sweeper.cancel()
            await asyncio.wait([self._sweeper])
        for _ in self._performers:
            self._waiting.put_nowait(None)
        if self._performers:
            _, late = await asyncio.wait(self._performers, timeout=grace_seconds)
            for each in late:
                each.cancel()
            if late:
                await asyncio.wait(late)

    async def _keep_performing(self) -> None:
        while not self._stopping:
            run_id = await self._waiting.get()
            if run_id is None or self._stopping:
                return
            try:
                await self._work.perform(run_id)
            except Exception as error:
                # Where it is queued still, a later sweep brings it again; not this moment's.
                log_fault("queue.fault", error, run=run_id)
            else:
                if self._waiting.empty():
                    self._more.set()
            finally:
                self._known.discard(run_id)

    async def _keep_sweeping(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._sweep_seconds):
                    await self._more.wait()
            self._more.clear()
            try:
                await self._sweep()
            except Exception as error:
                log_fault("queue.fault", error)

    async def _sweep(self) -> None:
        if self._waiting.empty():
            for run_id in await self._work.waiting(_BATCH):
                self.submit(run_id)
