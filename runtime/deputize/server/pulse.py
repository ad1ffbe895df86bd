"""Tells those who follow the activity stream that it may have gone on."""

import asyncio
from collections.abc import Sequence

from deputize.activity.entries import ActivityEntry
from deputize.activity.journal import JournalRecord
from deputize.domain.run import Run
from deputize.execution.keeper import Keeper
from deputize.execution.order import Order
from deputize.worker.worker import Executor


class Pulse:
    """Beats; whoever has asked to be woken is woken. It carries nothing, and missing it costs a moment."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def beat(self) -> None:
        """Wake everybody who waits."""
        beaten, self._next = self._next, asyncio.Event()
        beaten.set()

    @property
    def next(self) -> asyncio.Event:
        """Return what the next beat sets. Take it before looking, so that no beat is missed in between."""
        return self._next


async def either(events: tuple[asyncio.Event, ...], *, seconds: float) -> None:
    """Wait until one of *events* is set, or for *seconds*."""
    waiting = [asyncio.ensure_future(each.wait()) for each in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()


class AudibleExecutor:
    """Implements ``Executor``: the pulse beats whenever something of a run has been kept."""

    def __init__(self, executor: Executor, pulse: Pulse) -> None:
        self._executor = executor
        self._pulse = pulse

    async def execute(self, order: Order, *, keeper: Keeper) -> Run:
        """Run *order* to its end, kept by *keeper*."""
        return await self._executor.execute(order, keeper=_AudibleKeeper(keeper, self._pulse))


class _AudibleKeeper:
    def __init__(self, keeper: Keeper, pulse: Pulse) -> None:
        self._keeper = keeper
        self._pulse = pulse

    @property
    def durable(self) -> bool:
        return self._keeper.durable

    async def require_held(self) -> None:
        await self._keeper.require_held()

    async def write(self, entries: Sequence[ActivityEntry], journal: Sequence[JournalRecord]) -> None:
        await self._keeper.write(entries, journal)
        self._pulse.beat()

    async def finish(
        self, run: Run, entries: Sequence[ActivityEntry], journal: Sequence[JournalRecord]
    ) -> None:
        await self._keeper.finish(run, entries, journal)
        self._pulse.beat()
