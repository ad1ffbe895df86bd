"""Which workers of a PostgreSQL are there, and what becomes of the runs of one that is not.

Theory of operation. A worker holds an advisory lock under its name for as long as its connection lives, and
counts beats in a row of its own; both in a thread, so that an event loop that is busy does not look like
death. Everybody watches those who have work. One whose lock is free and whose count stands still for a moment
is gone: its process ended. One whose count stands still for long is taken for dead although its lock is held:
its machine, its network or the process stands still. How long that is is measured by the watcher's own
monotonic clock, never by comparing times, and anew after every failure of the database and every pause of its
own, in which nobody could count or nobody looked. Whoever is released goes on to be fenced: nothing that it
writes later is kept.
"""

import asyncio
import os
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from deputize.activity.faults import log_fault
from deputize.queue.dbos_jobs import DbosJobs
from deputize.store import Database, Transaction
from deputize.store.address import CONNECTING
from deputize.store.workers import counting

_BEAT_SECONDS: Final = 0.5
#: A worker whose lock is free and who has not counted for that long is gone.
_GONE_SECONDS: Final = 1.5
#: A worker who has not counted for that long is taken for dead.
_DEAD_SECONDS: Final = 10.0
#: A watcher who has not looked for that long knows nothing.
_PAUSE_SECONDS: Final = 3.0
#: Of advisory locks: any number that nobody else takes.
_LOCK: Final = 0x64657077
#: All workers together ask so often for jobs, in a second; none of them more rarely than once a second.
_POLLS: Final = 20.0

_PATIENCE: Final = text("SET statement_timeout = '5s'")
_TAKE: Final = text("SELECT pg_advisory_lock(:lock, hashtext(:name))")
_TRY: Final = text("SELECT pg_try_advisory_xact_lock(:lock, hashtext(:name))")

Recover = Callable[[str], Awaitable[None]]


class Presence:
    """The presence of the worker *name*, and its watch over the others."""

    def __init__(
        self,
        database: Database,
        jobs: DbosJobs,
        *,
        name: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the *database*, and a monotonic *clock* in seconds; start nothing."""
        self._database = database
        self._jobs = jobs
        self._name = name
        self._clock = clock
        self._ending = threading.Event()
        self._beating: threading.Thread | None = None
        self._watching: asyncio.Task[None] | None = None
        #: What each worker had counted when, by the monotonic clock.
        self._seen: dict[str, tuple[int, float]] = {}
        #: When the watch was last kept, by the same clock.
        self._looked = clock()
        self._workers = 1
        self._host = socket.gethostname()
        self._since: datetime

    @property
    def poll_seconds(self) -> float:
        """How long a worker waits before it asks for jobs again: the more there are, the longer."""
        return min(self._workers / _POLLS, 1.0)

    async def start(self, recover: Recover) -> None:
        """Be present, and have *recover* be told the name of each worker that is not any more."""
        await self._database.write(self._appear)
        self._beating = threading.Thread(target=self._keep_beating, name="deputize-presence", daemon=True)
        self._beating.start()
        self._watching = asyncio.create_task(self._keep_watching(recover))

    async def end(self) -> None:
        """Be gone."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait([self._watching])
        self._ending.set()
        if self._beating is not None:
            await asyncio.to_thread(self._beating.join)
        with suppress(Exception):  # whoever watches finds out without
            await self._database.write(lambda tx: tx.workers.remove(self._name))

    async def _appear(self, tx: Transaction) -> None:
        await tx.workers.add(self._name, host=self._host, process=os.getpid(), at=tx.now)
        self._since = tx.now

    def _keep_beating(self) -> None:
        while not self._ending.is_set():
            try:
                self._beat()
            except SQLAlchemyError as error:
                log_fault("presence.fault", error)
                self._ending.wait(_BEAT_SECONDS)

    def _beat(self) -> None:
        engine = create_engine(
            self._database.address.url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args=CONNECTING,
        )
        beat = counting(self._name, host=self._host, process=os.getpid(), at=self._since)
        self._database.watch(engine)
        with engine.connect() as connection:
            connection.execute(_PATIENCE)
            connection.execute(_TAKE, {"lock": _LOCK, "name": self._name})
            while not self._ending.wait(_BEAT_SECONDS):
                connection.execute(beat)

    async def _keep_watching(self, recover: Recover) -> None:
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            try:
                await self._watch(recover)
            except Exception as error:
                # A database that is back finds that nobody has counted meanwhile.
                self._seen.clear()
                log_fault("presence.fault", error)

    async def _watch(self, recover: Recover) -> None:
        counts = await self._database.read(self._counts)
        now = self._clock()
        if now - self._looked > _PAUSE_SECONDS:
            self._seen.clear()
        self._looked = now
        self._seen = {name: seen for name, seen in self._seen.items() if name in counts}
        still = {name: self._still_for(name, count, now) for name, count in counts.items()}
        self._workers = sum(seconds < _DEAD_SECONDS for seconds in still.values())
        for name, seconds in still.items():
            if seconds >= _DEAD_SECONDS or (seconds >= _GONE_SECONDS and await self._is_free(name)):
                await recover(name)
                await self._database.write(partial(_forget, name=name))

    def _still_for(self, name: str, count: int, now: float) -> float:
        """Return for how many seconds that worker has not counted; of itself a worker thinks no ill."""
        known = self._seen.get(name)
        if known is None or known[0] != count or name == self._name:
            self._seen[name] = known = (count, now)
        return now - known[1]

    async def _counts(self, tx: Transaction) -> dict[str, int]:
        """Return what each worker has counted; one that has work and no row counts nothing."""
        busy = await tx.runs.workers() | await self._jobs.holders(tx.connection)
        return dict.fromkeys(busy, -1) | await tx.workers.beats()

    async def _is_free(self, name: str) -> bool:
        async def work(tx: Transaction) -> bool:
            return await tx.connection.scalar(_TRY, {"lock": _LOCK, "name": name}) is True

        return await self._database.read(work)


async def _forget(tx: Transaction, *, name: str) -> None:
    await tx.workers.remove(name)
