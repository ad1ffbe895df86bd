"""The entries of activity streams: appended, listed, followed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import JsonValue
from sqlalchemy import ColumnElement, Row, Select, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.stored_entry import EVERY_ENTRY, FEED_START, EntryFilter, FeedPlace, StoredEntry
from deputize.domain.stored_run import EVERYTHING, Visible
from deputize.store.feed import after_place, feed_order, settled, this_transaction
from deputize.store.tables import entries, runs
from deputize.store.visibility import first_seen, seen
from deputize.store.words import folded, holds, words_of

_SHOWN = (
    entries.c.position,
    entries.c.transaction_id,
    entries.c.integration_id,
    entries.c.plan_id,
    entries.c.document,
)


class Entries:
    """Queries about entries, which are never changed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def append(self, run_id: str, documents: Sequence[Mapping[str, JsonValue]]) -> None:
        """Keep new entries of a run, as their JSON; each ``seq`` follows the one before."""
        if not documents:
            return
        run = (
            await self._connection.execute(
                select(
                    runs.c.integration_id, runs.c.plan_id, runs.c.initiator_subject, runs.c.initiator_id
                ).where(runs.c.id == run_id)
            )
        ).one()
        await self._connection.execute(
            insert(entries).values(transaction_id=this_transaction(self._connection.dialect)),
            [{"run_id": run_id, **run._mapping, **_values(each)} for each in documents],  # noqa: SLF001 - public, whatever its name
        )

    async def last_seq(self, run_id: str) -> int:
        """Return the ``seq`` of a run's last entry, 0 when it has none."""
        last = await self._connection.scalar(
            select(func.max(entries.c.seq)).where(entries.c.run_id == run_id)
        )
        return last or 0

    async def of_run(
        self, run_id: str, *, after_seq: int = 0, limit: int | None = None
    ) -> list[dict[str, JsonValue]]:
        """Return the entries of a run after *after_seq*, in order, as their JSON."""
        rows = await self._connection.scalars(
            select(entries.c.document)
            .where(entries.c.run_id == run_id, entries.c.seq > after_seq)
            .order_by(entries.c.seq)
            .limit(limit)
        )
        return list(rows)

    async def page(
        self,
        wanted: EntryFilter = EVERY_ENTRY,
        *,
        visible: Visible = EVERYTHING,
        before: int | None = None,
        limit: int,
    ) -> list[StoredEntry]:
        """Return entries, the newest first; *before* is the position of the last one of the page before."""
        conditions, newest = self._conditions(wanted), (entries.c.position.desc(),)
        if before is not None:
            conditions.append(entries.c.position < before)
        shown = first_seen(
            entries, entries.c.position, conditions, order=newest, visible=visible, limit=limit
        )
        return await self._entries(select(*_SHOWN).where(*shown).order_by(*newest).limit(limit))

    async def after(
        self,
        place: FeedPlace,
        wanted: EntryFilter = EVERY_ENTRY,
        *,
        visible: Visible = EVERYTHING,
        limit: int,
    ) -> list[StoredEntry]:
        """Return what stands in the feed after *place*, in its order.

        An entry appears once every transaction that began before its own has ended, so that nothing
        ever appears before a place that was passed.
        """
        dialect = self._connection.dialect
        return await self._entries(
            select(*_SHOWN)
            .where(
                after_place(dialect, place),
                *settled(dialect),
                *self._conditions(wanted),
                *seen(entries, visible),
            )
            .order_by(*feed_order(dialect))
            .limit(limit)
        )

    async def end_of_feed(self) -> FeedPlace:
        """Return the place after all that the feed shows now."""
        dialect = self._connection.dialect
        rows = await self._connection.execute(
            select(entries.c.transaction_id, entries.c.position)
            .where(*settled(dialect))
            .order_by(*(column.desc() for column in feed_order(dialect)))
            .limit(1)
        )
        row = rows.first()
        return FEED_START if row is None else FeedPlace(transaction=row.transaction_id, position=row.position)

    async def _entries(self, query: Select[Any]) -> list[StoredEntry]:
        return [_entry(row) for row in await self._connection.execute(query)]

    def _conditions(self, wanted: EntryFilter) -> list[ColumnElement[bool]]:
        equal = {
            entries.c.integration_id: wanted.integration_id,
            entries.c.initiator_subject: wanted.subject,
            entries.c.initiator_id: wanted.initiator,
            entries.c.kind: wanted.kind,
            entries.c.status_code: wanted.status_code,
        }
        conditions: list[ColumnElement[bool]] = [
            column == value for column, value in equal.items() if value is not None
        ]
        if wanted.text:
            conditions.append(holds(entries.c.text, folded(wanted.text), dialect=self._connection.dialect))
        return conditions + _within(wanted.since, wanted.until)


def _within(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    """Return the conditions of a span of time, and between which positions that lies.

    Positions rise with time, but for a clock that is set back; so the index on time says where to look.
    """
    span: list[ColumnElement[bool]] = []
    if since is not None:
        span.append(entries.c.ts >= since)
    if until is not None:
        span.append(entries.c.ts < until)
    # A bare position would be sought by its own index, row for row.
    position, bounds = entries.c.position + 0, []
    if since is not None:
        bounds.append(entries.c.position >= select(func.min(position)).where(*span).scalar_subquery())
    if until is not None:
        bounds.append(entries.c.position <= select(func.max(position)).where(*span).scalar_subquery())
    return [*span, *bounds]


def _values(document: Mapping[str, JsonValue]) -> dict[str, Any]:
    return {
        "seq": document["seq"],
        "id": document["id"],
        "ts": datetime.fromisoformat(str(document["ts"])),
        "kind": document["kind"],
        "level": document["level"],
        "status_code": document.get("statusCode"),
        "text": words_of(document),
        "document": dict(document),
    }


def _entry(row: Row[Any]) -> StoredEntry:
    return StoredEntry(
        position=row.position,
        place=FeedPlace(transaction=row.transaction_id, position=row.position),
        integration_id=row.integration_id,
        plan_id=row.plan_id,
        document=row.document,
    )
