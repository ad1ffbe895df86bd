"""How many runs there are and wait, for whoever watches over the server."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, case, func, or_, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.run import RunState
from deputize.store.run_conditions import waits
from deputize.store.tables import runs, workers

_FAILED = (RunState.FAILED, RunState.CANCELED, RunState.INTERRUPTED, RunState.POISONED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What nobody performs although it is due."""

    runs: int
    #: From when the one on is due that has waited longest; None where none waits.
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HourOfRuns:
    """The runs of one integration that came in one hour."""

    #: When the hour began.
    began: datetime
    runs: int
    #: Of these, how many had something refused: a call, or the run itself.
    refused: int
    #: Of these, how many failed, or were stopped.
    failed: int


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

    async def by_hour(self, integration_id: str, *, since: datetime) -> list[HourOfRuns]:
        """Return how many runs of an integration came in each hour since that moment, but for empty ones."""
        # Moments are kept as ISO 8601 in UTC: to the hour they have so many characters.
        hour = func.substr(type_coerce(runs.c.queued, String), 1, len("2026-11-25T08"))
        refused = or_(runs.c.refusals > 0, runs.c.state == RunState.DENIED)
        rows = await self._connection.execute(
            select(
                hour,
                func.count(),
                func.sum(case((refused, 1), else_=0)),
                func.sum(case((runs.c.state.in_(_FAILED), 1), else_=0)),
            )
            .where(runs.c.integration_id == integration_id, runs.c.queued >= since)
            .group_by(hour)
            .order_by(hour)
        )
        return [
            HourOfRuns(
                began=datetime.fromisoformat(f"{row[0]}:00:00+00:00"),
                runs=row[1],
                refused=row[2],
                failed=row[3],
            )
            for row in rows
        ]

    async def dead_letters(self) -> int:
        """Return how many runs were given up, and nobody has seen to."""
        given_up = select(func.count()).select_from(runs).where(runs.c.given_up.is_not(None))
        return await self._connection.scalar(given_up) or 0

    async def workers(self) -> int:
        """Return how many workers are present; where there is only one process, none is kept."""
        return await self._connection.scalar(select(func.count()).select_from(workers)) or 0
