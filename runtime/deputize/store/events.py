"""Events, the comments on them, and what happened to them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.event import Annotation, Audit, Event
from deputize.store.rows import inserting, records, values_of
from deputize.store.tables import annotations, counters, event_audits, events

_NUMBERS = "events"
#: Where numbers begin.
_FIRST_NUMBER = 12_600_001


class Events:
    """Queries about events."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(
        self,
        *,
        submitters: Collection[str] | None = None,
        statuses: Collection[str] = (),
        priorities: Collection[str] = (),
        form: str | None = None,
        request_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Event]:
        """Return events, the newest first; what is None or empty is not asked for.

        *submitters* are ids of people: events of others are left out. *since* is the first moment that
        counts, *until* the first one that does not.
        """
        query = select(events)
        if submitters is not None:
            query = query.where(events.c.submitter_id.in_(sorted(submitters)))
        if statuses:
            query = query.where(events.c.status.in_(sorted(statuses)))
        if priorities:
            query = query.where(events.c.priority.in_(sorted(priorities)))
        if form is not None:
            query = query.where(or_(events.c.form == form, events.c.form_id == form))
        if request_id is not None:
            query = query.where(events.c.request_id == request_id)
        if since is not None:
            query = query.where(events.c.created >= since)
        if until is not None:
            query = query.where(events.c.created < until)
        found = await self._events(query)
        # Texts of digits do not sort as numbers do.
        return sorted(found, key=lambda each: (each.created, int(each.number)), reverse=True)

    async def get(self, key: str) -> Event | None:
        """Return the event whose id or number is *key*."""
        found = await self._events(select(events).where(or_(events.c.id == key, events.c.number == key)))
        return found[0] if found else None

    async def add(self, event: Event) -> None:
        """Keep a new event."""
        values = values_of(event)
        values |= {"properties": dict(event.properties), "options": dict(event.options)}
        await self._connection.execute(insert(events).values(**values))

    async def set_status(self, event_id: str, status: str) -> None:
        """Change the status of an event."""
        await self._connection.execute(update(events).where(events.c.id == event_id).values(status=status))

    async def delete(self, event_id: str) -> None:
        """Remove an event with its comments and all that happened to it."""
        await self._connection.execute(delete(events).where(events.c.id == event_id))

    async def next_number(self) -> str:
        """Take a number that no event has. Whoever else wants one waits for this transaction."""
        while True:
            taking = inserting(self._connection, counters).values(name=_NUMBERS, value=_FIRST_NUMBER)
            value = await self._connection.scalar(
                taking.on_conflict_do_update(
                    index_elements=["name"], set_={"value": counters.c.value + 1}
                ).returning(counters.c.value)
            )
            if not await self._connection.scalar(select(exists().where(events.c.number == str(value)))):
                return str(value)

    async def annotations(self, event_id: str) -> list[Annotation]:
        """Return the comments on an event, the oldest first."""
        rows = await self._connection.execute(
            select(
                annotations.c.id,
                annotations.c.author_id,
                annotations.c.author_name,
                annotations.c.comment,
                annotations.c.created,
            )
            .where(annotations.c.event_id == event_id)
            .order_by(annotations.c.position)
        )
        return records(Annotation, rows.all())

    async def annotation(self, event_id: str, annotation_id: str) -> Annotation | None:
        """Return one comment on an event."""
        found = [each for each in await self.annotations(event_id) if each.id == annotation_id]
        return found[0] if found else None

    async def add_annotation(self, event_id: str, annotation: Annotation) -> None:
        """Keep a new comment on an event."""
        await self._connection.execute(insert(annotations).values(event_id=event_id, **values_of(annotation)))

    async def audits(self, event_id: str, *, types: Collection[str] = ()) -> list[Audit]:
        """Return what happened to an event, the oldest first; of *types* only, if there are any."""
        query = select(
            event_audits.c.id,
            event_audits.c.event_id,
            event_audits.c.type,
            event_audits.c.at,
            event_audits.c.detail,
        ).where(event_audits.c.event_id == event_id)
        if types:
            query = query.where(event_audits.c.type.in_(sorted(types)))
        rows = await self._connection.execute(query.order_by(event_audits.c.position))
        return records(Audit, rows.all())

    async def add_audit(self, audit: Audit) -> None:
        """Keep what happened to an event."""
        await self._connection.execute(
            insert(event_audits).values({**values_of(audit), "detail": dict(audit.detail)})
        )

    async def _events(self, query: Select[tuple[object, ...]]) -> list[Event]:
        return records(Event, (await self._connection.execute(query)).all())
