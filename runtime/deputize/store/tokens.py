"""Tokens of runs: the initiator's own credential, while it lasts."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.keys import RunToken
from deputize.store.rows import record, values_of
from deputize.store.tables import tokens


class Tokens:
    """Queries about tokens."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def live(self, hashed: str, *, now: datetime) -> RunToken | None:
        """Return the token of that hash, while it has not expired. Whose it is need not be active."""
        rows = await self._connection.execute(
            select(tokens).where(tokens.c.hash == hashed, tokens.c.expires > now)
        )
        return record(RunToken, rows.first())

    async def add(self, token: RunToken) -> None:
        """Admit a token until it expires."""
        await self._connection.execute(insert(tokens).values(**values_of(token)))

    async def delete(self, hashes: Collection[str]) -> None:
        """Admit these no more."""
        await self._connection.execute(delete(tokens).where(tokens.c.hash.in_(hashes)))

    async def delete_of_run(self, run_id: str) -> None:
        """Admit nothing any more that was made for a run."""
        await self._connection.execute(delete(tokens).where(tokens.c.run_id == run_id))

    async def delete_expired(self, now: datetime) -> None:
        """Forget tokens that are no good any more."""
        await self._connection.execute(delete(tokens).where(tokens.c.expires <= now))
