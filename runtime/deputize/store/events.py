"""Events, the comments on them, and what happened to them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import ColumnElement, Select, case, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.event import Annotation, Audit, Event
from deputize.store.rows import inserting, records, values_of
from deputize.store.tables import annotations, counters, event_audits, events, runs

_NUMBERS = "events"
#: Where numbers begin.
_FIRST_NUMBER = 12_600_001

_URGENCY = {"HIGH": 2, "MEDIUM": 1, "LOW": 0}


class Wanted(TypedDict, total=False):
    """Which events are asked for; what is None or empty, or left out, is not."""

    #: Ids of people: events of others are left out.
    submitters: Collection[str] | None
    statuses: Collection[str]
    priorities: Collection[str]
    #: An id or a name.
    form: str | None
    request_id: str | None
    #: The first moment that counts.
    since: datetime | None
    #: The first one that does not.
    until: datetime | None


class Events:
    """Queries about events."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self, **wanted: Unpack[Wanted]) -> list[Event]:
        """Return the events that are *wanted*, the newest first."""
        return await self.part(**wanted)

    async def part(
        self,
        *,
        by_priority: bool = False,
        descending: bool = True,
        offset: int = 0,
        limit: int | None = None,
        **wanted: Unpack[Wanted],
    ) -> list[Event]:
        """Return events that are *wanted*, by when they began, without the first *offset* ones.

        *by_priority* they are sorted by that first; *descending* begins with the most urgent, and the newest.
        """
        # Texts of digits do not sort as numbers do, but those of one length.
        order: list[ColumnElement[Any]] = [events.c.created, func.length(events.c.number), events.c.number]
        if by_priority:
            order.insert(0, case(_URGENCY, value=events.c.priority))
        return await self._events(
            select(events)
            .where(*_conditions(wanted))
            .order_by(*(each.desc() if descending else each.asc() for each in order))
            .offset(offset)
            .limit(limit)
        )

    async def matching(self, **wanted: Unpack[Wanted]) -> int:
        """Return how many events are *wanted*."""
        counted = select(func.count()).select_from(events).where(*_conditions(wanted))
        return await self._connection.scalar(counted) or 0

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

    async def delete_ended(self, before: datetime, *, limit: int) -> int:
        """Remove events as ``delete`` does, *limit* at most, and tell how many.

        Those that have ended, to which nothing has happened from that moment on, and of which no run is left.
        """
        since = (
            exists().where(event_audits.c.event_id == events.c.id, event_audits.c.at >= before),
            exists().where(annotations.c.event_id == events.c.id, annotations.c.created >= before),
            exists().where(runs.c.event_id == events.c.id),
        )
        old = (
            select(events.c.id)
            .where(events.c.created < before, events.c.status == "TERMINATED", *(~each for each in since))
            .order_by(events.c.created, events.c.id)
            .limit(limit)
            # What another process removes at the moment is left to it.
            .with_for_update(skip_locked=True)
        )
        deleted = await self._connection.execute(delete(events).where(events.c.id.in_(old)))
        return deleted.rowcount

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


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    submitters, form = wanted.get("submitters"), wanted.get("form")
    if submitters is not None:
        conditions.append(events.c.submitter_id.in_(sorted(submitters)))
    if statuses := wanted.get("statuses"):
        conditions.append(events.c.status.in_(sorted(statuses)))
    if priorities := wanted.get("priorities"):
        conditions.append(events.c.priority.in_(sorted(priorities)))
    if form is not None:
        conditions.append(or_(events.c.form == form, events.c.form_id == form))
    if (request_id := wanted.get("request_id")) is not None:
        conditions.append(events.c.request_id == request_id)
    if (since := wanted.get("since")) is not None:
        conditions.append(events.c.created >= since)
    if (until := wanted.get("until")) is not None:
        conditions.append(events.c.created < until)
    return conditions
