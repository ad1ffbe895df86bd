"""Schedules, and their moves from one due time to the next."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.schedule import Schedule
from deputize.store.rows import put, record, records, values_of
from deputize.store.tables import schedules


class Schedules:
    """Queries about schedules."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, schedule_id: str, *, hold: bool = False) -> Schedule | None:
        """Return the schedule of that id; with *hold* nobody else moves or changes it meanwhile."""
        wanted = select(schedules).where(schedules.c.id == schedule_id)
        rows = await self._connection.execute(wanted.with_for_update() if hold else wanted)
        return record(Schedule, rows.first())

    async def all(self) -> list[Schedule]:
        """Return every schedule, by name."""
        rows = await self._connection.execute(select(schedules).order_by(schedules.c.name, schedules.c.id))
        return records(Schedule, rows.all())

    async def of_integration(self, integration_id: str) -> list[Schedule]:
        """Return the schedules of an integration, by name."""
        rows = await self._connection.execute(
            select(schedules).where(schedules.c.integration_id == integration_id).order_by(schedules.c.name)
        )
        return records(Schedule, rows.all())

    async def due(self, at: datetime, *, limit: int) -> list[Schedule]:
        """Return the schedules whose due time has come, what is due longest first."""
        rows = await self._connection.execute(
            select(schedules)
            .where(schedules.c.due <= at)
            .order_by(schedules.c.due, schedules.c.id)
            .limit(limit)
        )
        return records(Schedule, rows.all())

    async def move(
        self, schedule: Schedule, *, passed: datetime, to: datetime | None, run_id: str | None
    ) -> bool:
        """Move *schedule* on to its next due time; *passed* has come, and became the run *run_id*, or none.

        Return False, and change nothing, when it has been moved or changed meanwhile.
        """
        came = {} if run_id is None else {"last_run_id": run_id}
        moved = await self._connection.execute(
            update(schedules)
            .where(
                schedules.c.id == schedule.id,
                schedules.c.due == schedule.due,
                # What it is and whom it is for is as it was when it was looked at.
                schedules.c.consented == schedule.consented,
            )
            .values(due=to, last_due=passed, **came)
        )
        return moved.rowcount > 0

    async def put(self, schedule: Schedule) -> None:
        """Write *schedule* over the one of the same id, or as a new one."""
        await put(self._connection, schedules, values_of(schedule))

    async def delete(self, schedule_id: str) -> None:
        """Remove a schedule; its runs stay."""
        await self._connection.execute(delete(schedules).where(schedules.c.id == schedule_id))
