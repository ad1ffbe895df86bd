"""Passwords of the embedded platform's people."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.keys import StoredPassword
from deputize.store.rows import put, record, values_of
from deputize.store.tables import passwords


class Passwords:
    """Queries about passwords; a person has one or none."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, person_id: str) -> StoredPassword | None:
        """Return the password of a person."""
        rows = await self._connection.execute(select(passwords).where(passwords.c.person_id == person_id))
        return record(StoredPassword, rows.first())

    async def put(self, password: StoredPassword) -> None:
        """Write *password* over the one that the person has, or as the first."""
        await put(self._connection, passwords, values_of(password))

    async def delete(self, person_id: str) -> None:
        """Leave a person without a password."""
        await self._connection.execute(delete(passwords).where(passwords.c.person_id == person_id))
