"""Requests with an ``Idempotency-Key``, while they are remembered."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.idempotency import REMEMBERED_FOR, RememberedRequest
from deputize.store.rows import inserting, record, values_of
from deputize.store.tables import idempotency


class RememberedRequests:
    """Queries about remembered requests, by their caller and key."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, subject: str, key: str, *, now: datetime) -> RememberedRequest | None:
        """Return the request, while it is remembered."""
        rows = await self._connection.execute(
            select(idempotency).where(
                idempotency.c.subject == subject,
                idempotency.c.key == key,
                idempotency.c.created > now - REMEMBERED_FOR,
            )
        )
        return record(RememberedRequest, rows.first())

    async def reserve(self, request: RememberedRequest) -> bool:
        """Remember *request* from its moment on; return False, and change nothing, when it is known."""
        forgotten = idempotency.c.created <= request.created - REMEMBERED_FOR
        values = values_of(request)
        reserving = inserting(self._connection, idempotency).values(**values)
        reserved = await self._connection.execute(
            reserving.on_conflict_do_update(
                index_elements=["subject", "key"], set_=values, where=forgotten
            ).returning(idempotency.c.key)
        )
        return reserved.first() is not None

    async def delete_expired(self, now: datetime) -> None:
        """Forget requests whose time is over."""
        await self._connection.execute(
            delete(idempotency).where(idempotency.c.created <= now - REMEMBERED_FOR)
        )
