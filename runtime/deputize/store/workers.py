"""The workers of a database: one process each, from its start to its end."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.store.tables import workers


class Workers:
    """Queries about workers; they count their beats themselves."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, name: str, *, host: str, process: int, at: datetime) -> None:
        """Keep a worker that has begun on *host*, as the *process* of that number."""
        values = {"name": name, "host": host, "process": process, "started": at, "beats": 0}
        await self._connection.execute(insert(workers).values(**values))

    async def beats(self) -> dict[str, int]:
        """Return what each worker has counted, by name."""
        rows = await self._connection.execute(select(workers.c.name, workers.c.beats))
        return {row.name: row.beats for row in rows}

    async def remove(self, name: str) -> None:
        """Forget a worker that has ended."""
        await self._connection.execute(delete(workers).where(workers.c.name == name))
