"""What was taken over from a project's file, by its hash."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.store.rows import put
from deputize.store.tables import applied


class Applied:
    """Queries about what was taken over. A kind is as ``integration``, a name unique within it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> dict[tuple[str, str], str]:
        """Return every hash, by kind and name."""
        rows = await self._connection.execute(select(applied))
        return {(row.kind, row.name): row.sha256 for row in rows}

    async def get(self, kind: str, name: str) -> str | None:
        """Return the hash of what was taken over last."""
        found: str | None = await self._connection.scalar(
            select(applied.c.sha256).where(applied.c.kind == kind, applied.c.name == name)
        )
        return found

    async def put(self, kind: str, name: str, sha256: str) -> None:
        """Remember what has been taken over."""
        await put(self._connection, applied, {"kind": kind, "name": name, "sha256": sha256})

    async def delete(self, kind: str, name: str) -> None:
        """Forget that it was taken over."""
        await self._connection.execute(delete(applied).where(applied.c.kind == kind, applied.c.name == name))
