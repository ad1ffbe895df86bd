"""Versions of scripts: added one after another, never changed."""

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.integration import ScriptVersion
from deputize.store.rows import record, records, values_of
from deputize.store.tables import script_versions


class Scripts:
    """Queries about scripts' versions. An owner is an integration or a shared library."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, version_id: str) -> ScriptVersion | None:
        """Return the version of that id."""
        rows = await self._connection.execute(
            select(script_versions).where(script_versions.c.id == version_id)
        )
        return record(ScriptVersion, rows.first())

    async def of_owner(self, owner_id: str) -> list[ScriptVersion]:
        """Return every version that *owner_id* has had, the newest first."""
        rows = await self._connection.execute(
            select(script_versions)
            .where(script_versions.c.owner_id == owner_id)
            .order_by(script_versions.c.number.desc())
        )
        return records(ScriptVersion, rows.all())

    async def of_hash(self, sha256: str) -> ScriptVersion | None:
        """Return a version of that text, of whatever owner; None where nobody has had it."""
        rows = await self._connection.execute(
            select(script_versions).where(script_versions.c.sha256 == sha256).limit(1)
        )
        return record(ScriptVersion, rows.first())

    async def next_number(self, owner_id: str) -> int:
        """Return the number that the next version of *owner_id* gets."""
        last = await self._connection.scalar(
            select(func.max(script_versions.c.number)).where(script_versions.c.owner_id == owner_id)
        )
        return (last or 0) + 1

    async def add(self, version: ScriptVersion) -> None:
        """Keep a new version."""
        await self._connection.execute(insert(script_versions).values(**values_of(version)))
