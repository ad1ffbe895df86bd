"""Looks every minute which schedules are due, in every process that takes requests or performs runs.

Theory of operation. Due times are whole minutes, so that a look at the beginning of each finds all of them in
time, whoever has defined, changed or consented to a schedule meanwhile, and wherever: nobody need be told. It
is the wall clock whose minute counts; one that is set forward or back is looked at again at once, or within a
minute. After a fault, as while the database is away, the look is repeated within the second.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from deputize.activity.faults import log_fault
from deputize.domain.schedule import Schedule
from deputize.errors import StoreUnavailable
from deputize.use_cases.fire_schedules import BATCH, ScheduledRuns

_FAULT_SECONDS: Final = 1.0
_MINUTE: Final = timedelta(minutes=1)


class Ticker:
    """Has the runs of schedules be made from ``start`` to ``stop``."""

    def __init__(
        self,
        runs: ScheduledRuns,
        *,
        clock: Callable[[], datetime],
        submit: Callable[[str], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Take who makes the runs, the wall *clock*, and *submit*, which is told the id of each run."""
        self._runs = runs
        self._clock = clock
        self._submit = submit
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the background: with what is due already."""
        self._task = asyncio.create_task(self._keep_looking())

    async def stop(self) -> None:
        """Look no more; a run that is being kept is kept."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _keep_looking(self) -> None:
        while True:
            looked = _minute(self._clock())
            if not await self._look():
                await self._sleep(_FAULT_SECONDS)
                continue
            while _minute(self._clock()) == looked:
                await self._sleep((looked + _MINUTE - self._clock()).total_seconds())

    async def _look(self) -> bool:
        """Have everything fired that is due; return False where something was in the way."""
        try:
            while due := await self._runs.due():
                moved = [await self._fire(each) for each in due]
                # What was at fault would come again at once, and can wait for the next minute.
                if len(due) < BATCH or not any(moved):
                    return True
        except Exception as error:
            log_fault("schedules.fault", error)
            return False
        return True

    async def _fire(self, schedule: Schedule) -> bool:
        try:
            run_id = await self._runs.fire(schedule, now=self._clock())
        except StoreUnavailable:
            raise
        except Exception as error:
            # The others are none the later for it.
            log_fault("schedules.fault", error, schedule=schedule.id)
            return False
        if run_id is not None:
            self._submit(run_id)
        return True


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
