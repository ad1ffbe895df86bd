"""How many runs there are and wait, for whoever watches over the server."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.run import RunState
from deputize.store.run_conditions import waits
from deputize.store.tables import runs, workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What nobody performs although it is due."""

    runs: int
    #: From when the one on is due that has waited longest; None where none waits.
    since: datetime | None


class Figures:
    """Counts of runs and workers."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def runs(self) -> dict[RunState, int]:
        """Return how many runs are in each state."""
        rows = await self._connection.execute(select(runs.c.state, func.count()).group_by(runs.c.state))
        return dict.fromkeys(RunState, 0) | {RunState(row[0]): row[1] for row in rows}

    async def waiting(self, at: datetime) -> Waiting:
        """Return how many runs anybody may claim at that moment, and since when."""
        since = func.min(func.coalesce(runs.c.due, runs.c.queued))
        row = (await self._connection.execute(select(func.count(), since).where(waits(at)))).one()
        return Waiting(runs=row[0], since=row[1])

    async def dead_letters(self) -> int:
        """Return how many runs were given up, and nobody has seen to."""
        given_up = select(func.count()).select_from(runs).where(runs.c.given_up.is_not(None))
        return await self._connection.scalar(given_up) or 0

    async def workers(self) -> int:
        """Return how many workers are present; where there is only one process, none is kept."""
        return await self._connection.scalar(select(func.count()).select_from(workers)) or 0
