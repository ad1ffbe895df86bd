"""Shared libraries of plans."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.integration import SharedLibrary
from deputize.store.rows import put, record, records, values_of
from deputize.store.tables import shared_libraries


class Libraries:
    """Queries about shared libraries."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_plan(self, plan_id: str) -> list[SharedLibrary]:
        """Return the libraries of a plan, by name."""
        rows = await self._connection.execute(
            select(shared_libraries)
            .where(shared_libraries.c.plan_id == plan_id)
            .order_by(shared_libraries.c.name)
        )
        return records(SharedLibrary, rows.all())

    async def get(self, library_id: str) -> SharedLibrary | None:
        """Return the library of that id."""
        rows = await self._connection.execute(
            select(shared_libraries).where(shared_libraries.c.id == library_id)
        )
        return record(SharedLibrary, rows.first())

    async def by_name(self, plan_id: str, name: str) -> SharedLibrary | None:
        """Return the library of a plan by its name."""
        rows = await self._connection.execute(
            select(shared_libraries).where(
                shared_libraries.c.plan_id == plan_id, shared_libraries.c.name == name
            )
        )
        return record(SharedLibrary, rows.first())

    async def put(self, library: SharedLibrary) -> None:
        """Write *library* over the one of the same id, or as a new one."""
        await put(self._connection, shared_libraries, values_of(library))

    async def delete(self, library_id: str) -> None:
        """Remove a library; its scripts' versions stay."""
        await self._connection.execute(delete(shared_libraries).where(shared_libraries.c.id == library_id))
