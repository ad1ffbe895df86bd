"""What a database in memory held at one moment, to go back to."""

from typing import Any, Self, cast

import aiosqlite
from sqlalchemy.ext.asyncio import AsyncConnection


class MemoryCopy:
    """A database of its own, of which nothing but a copy is ever made."""

    def __init__(self, kept: aiosqlite.Connection) -> None:
        self._kept = kept

    @classmethod
    async def of(cls, connection: AsyncConnection) -> Self:
        """Return a copy of the database that *connection* leads to."""
        kept = await aiosqlite.connect(":memory:")
        await (await _driver(connection)).backup(kept)
        return cls(kept)

    async def put_back(self, connection: AsyncConnection) -> None:
        """Have the database that *connection* leads to hold what this one does, and nothing else."""
        await self._kept.backup(await _driver(connection))

    async def close(self) -> None:
        """Forget it."""
        await self._kept.close()


async def _driver(connection: AsyncConnection) -> aiosqlite.Connection:
    raw: Any = await connection.get_raw_connection()
    return cast("aiosqlite.Connection", raw.driver_connection)
