"""Whom events are sent to."""

from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.recipient import EventRecipient
from deputize.store.rows import records, values_of
from deputize.store.tables import event_recipients


class Recipients:
    """Queries about the recipients of events, who are never changed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_event(self, event_id: str) -> list[EventRecipient]:
        """Return whom an event is sent to, in order."""
        rows = await self._connection.execute(
            select(
                event_recipients.c.type,
                event_recipients.c.id,
                event_recipients.c.target_name,
                event_recipients.c.person_id,
                event_recipients.c.targeted,
            )
            .where(event_recipients.c.event_id == event_id)
            .order_by(event_recipients.c.position)
        )
        return records(EventRecipient, rows.all())

    async def add(self, event_id: str, recipients: Sequence[EventRecipient]) -> None:
        """Keep whom a new event is sent to."""
        if not recipients:
            return
        await self._connection.execute(
            insert(event_recipients),
            [
                {"event_id": event_id, "position": position, **values_of(each)}
                for position, each in enumerate(recipients, 1)
            ],
        )
