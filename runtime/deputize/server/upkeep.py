"""Has the server remove what need not be kept any longer, when it starts and every hour."""

import asyncio
from typing import Final

from deputize.activity.faults import log_fault
from deputize.domain.retention import Retention
from deputize.store import Database
from deputize.use_cases.actor import OPERATOR, Actor
from deputize.use_cases.prune import prune

_EVERY_SECONDS: Final = 3600.0
#: The product itself, in the audit stream.
_ITSELF: Final = Actor(subject=OPERATOR, name="deputize", source="server")


class Upkeep:
    """Prunes *database* by *retention* from ``start`` to ``stop``."""

    def __init__(
        self, database: Database, retention: Retention, *, every_seconds: float = _EVERY_SECONDS
    ) -> None:
        self._database = database
        self._retention = retention
        self._every_seconds = every_seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the background."""
        self._task = asyncio.create_task(self._keep_on())

    async def stop(self) -> None:
        """End between two batches."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _keep_on(self) -> None:
        while True:
            try:
                await prune(self._database, _ITSELF, self._retention)
            except Exception as error:
                # A database that is away is there again at the next time.
                log_fault("upkeep.fault", error)
            await asyncio.sleep(self._every_seconds)
