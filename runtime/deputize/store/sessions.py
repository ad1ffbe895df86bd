"""Sessions: opened, used, ended."""

from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.session import Session
from deputize.store.rows import record, values_of
from deputize.store.tables import sessions


class Sessions:
    """Queries about sessions. Whether one still holds is not asked here."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, session: Session) -> None:
        """Keep a new session."""
        await self._connection.execute(insert(sessions).values(**values_of(session)))

    async def get(self, hashed: str) -> Session | None:
        """Return the session whose token has that hash."""
        rows = await self._connection.execute(select(sessions).where(sessions.c.hash == hashed))
        return record(Session, rows.first())

    async def use(self, hashed: str, at: datetime) -> None:
        """Keep that a session was used at that moment."""
        await self._connection.execute(update(sessions).where(sessions.c.hash == hashed).values(used=at))

    async def delete(self, hashed: str) -> bool:
        """End a session; tell whether there was one."""
        deleted = await self._connection.execute(delete(sessions).where(sessions.c.hash == hashed))
        return deleted.rowcount > 0

    async def delete_old(self, *, opened_before: datetime, unused_since: datetime) -> None:
        """Remove sessions that were opened, or last used, before those moments."""
        old = or_(sessions.c.created < opened_before, sessions.c.used < unused_since)
        await self._connection.execute(delete(sessions).where(old))
