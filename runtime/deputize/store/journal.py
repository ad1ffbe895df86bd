"""The journals of runs."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.activity.journal import JournalEntry, JournalHead
from deputize.store.rows import inserting
from deputize.store.tables import journal

#: The number of the head, which stands before the first call.
_HEAD = 0


class Journals:
    """Queries about journals, which are never changed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def append(self, run_id: str, records: Sequence[JournalHead | JournalEntry]) -> None:
        """Keep new records of a run; those that are there already are left as they are."""
        if not records:
            return
        rows = [
            {"run_id": run_id, "number": _number(each), "document": each.model_dump(mode="json")}
            for each in records
        ]
        await self._connection.execute(
            inserting(self._connection, journal).on_conflict_do_nothing(index_elements=["run_id", "number"]),
            rows,
        )

    async def head(self, run_id: str) -> JournalHead | None:
        """Return what a run began with; None where no script was started."""
        document = await self._connection.scalar(
            select(journal.c.document).where(journal.c.run_id == run_id, journal.c.number == _HEAD)
        )
        return None if document is None else JournalHead.model_validate(document)

    async def entries(self, run_id: str) -> list[JournalEntry]:
        """Return the calls of a run, in order."""
        documents = await self._connection.scalars(
            select(journal.c.document)
            .where(journal.c.run_id == run_id, journal.c.number > _HEAD)
            .order_by(journal.c.number)
        )
        return [JournalEntry.model_validate(each) for each in documents]


def _number(record: JournalHead | JournalEntry) -> int:
    return _HEAD if isinstance(record, JournalHead) else record.number
