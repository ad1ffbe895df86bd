"""The audit stream: who did what to the deployment."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.audit import AuditRecord
from deputize.store.rows import records, values_of
from deputize.store.tables import audit


class AuditRecords:
    """Queries about audit records, which are never changed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, act: AuditRecord) -> None:
        """Keep a new record; its position is given here."""
        values = {**values_of(act), "detail": dict(act.detail)}
        del values["position"]
        await self._connection.execute(insert(audit).values(**values))

    async def delete(self, before: datetime, *, limit: int) -> int:
        """Remove records from before that moment, the oldest first, *limit* at most; tell how many."""
        old = (
            select(audit.c.position)
            .where(audit.c.ts < before)
            .order_by(audit.c.ts, audit.c.position)
            .limit(limit)
            # What another process removes at the moment is left to it.
            .with_for_update(skip_locked=True)
        )
        deleted = await self._connection.execute(delete(audit).where(audit.c.position.in_(old)))
        return deleted.rowcount

    async def page(
        self,
        *,
        before: int | None = None,
        limit: int,
        actor: str | None = None,
        action: str | None = None,
        target: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[AuditRecord]:
        """Return records, the newest first; what is None is not asked for.

        *before* is the position of the last record of the page before. *since* is the first moment
        that counts, *until* the first one that does not.
        """
        query = select(audit).order_by(audit.c.position.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.position < before)
        for column, wanted in ((audit.c.actor, actor), (audit.c.action, action), (audit.c.target, target)):
            if wanted is not None:
                query = query.where(column == wanted)
        if since is not None:
            query = query.where(audit.c.ts >= since)
        if until is not None:
            query = query.where(audit.c.ts < until)
        return records(AuditRecord, (await self._connection.execute(query)).all())
