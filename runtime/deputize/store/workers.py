"""The workers of a database: one process each, from its start to its end."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.store.tables import workers


class Workers:
    """Queries about workers; they count their beats themselves, see ``counting``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, name: str, *, host: str, process: int, at: datetime) -> None:
        """Keep a worker that has begun on *host*, as the *process* of that number."""
        await self._connection.execute(insert(workers).values(**_first(name, host, process, at)))

    async def beats(self) -> dict[str, int]:
        """Return what each worker has counted, by name."""
        rows = await self._connection.execute(select(workers.c.name, workers.c.beats))
        return {row.name: row.beats for row in rows}

    async def remove(self, name: str) -> None:
        """Forget a worker that has ended."""
        await self._connection.execute(delete(workers).where(workers.c.name == name))


def counting(name: str, *, host: str, process: int, at: datetime) -> postgresql.Insert:
    """Return a beat of a worker; it is added where it is not there any more, having been taken for dead."""
    return (
        postgresql.insert(workers)
        .values(**_first(name, host, process, at))
        .on_conflict_do_update(index_elements=["name"], set_={"beats": workers.c.beats + 1})
    )


def _first(name: str, host: str, process: int, at: datetime) -> dict[str, object]:
    return {"name": name, "host": host, "process": process, "started": at, "beats": 0}
