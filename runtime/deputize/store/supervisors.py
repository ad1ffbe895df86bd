"""Who is above whom."""

from collections.abc import Collection

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.store.tables import person_supervisors


class Supervisors:
    """Queries about the supervisors of people."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> dict[str, frozenset[str]]:
        """Return the ids of everybody's supervisors, by the id of whom they are above."""
        above: dict[str, set[str]] = {}
        for row in await self._connection.execute(select(person_supervisors)):
            above.setdefault(row.person_id, set()).add(row.supervisor_id)
        return {person_id: frozenset(ids) for person_id, ids in above.items()}

    async def of_person(self, person_id: str) -> frozenset[str]:
        """Return the ids of a person's supervisors."""
        rows = await self._connection.scalars(
            select(person_supervisors.c.supervisor_id).where(person_supervisors.c.person_id == person_id)
        )
        return frozenset(rows)

    async def supervised_by(self, supervisor_id: str) -> frozenset[str]:
        """Return the ids of those whose supervisor a person is."""
        rows = await self._connection.scalars(
            select(person_supervisors.c.person_id).where(person_supervisors.c.supervisor_id == supervisor_id)
        )
        return frozenset(rows)

    async def put(self, person_id: str, supervisors: Collection[str]) -> None:
        """Have exactly *supervisors* be above a person."""
        await self._connection.execute(
            delete(person_supervisors).where(person_supervisors.c.person_id == person_id)
        )
        if supervisors:
            rows = [{"person_id": person_id, "supervisor_id": each} for each in sorted(supervisors)]
            await self._connection.execute(insert(person_supervisors), rows)
