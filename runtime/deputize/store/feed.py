"""The order of the feed: entries of all runs, such that none ever appears before one that was read.

Theory of operation. SQLite has one writer at a time, so positions rise in the order of commits, and
the feed is the entries by position. In PostgreSQL a transaction takes its positions when it writes and
shows them when it commits: one that takes longer would appear behind a reader who has passed. So the
feed is sorted by the transaction that wrote an entry, and shows only what was written by transactions
older than every one that is under way. No later commit has a place among those. The price: a
transaction that stays open, of any database of that server, holds the feed back.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Dialect, String, cast, func, literal, tuple_

from deputize.domain.stored_entry import FeedPlace
from deputize.store.tables import entries


def this_transaction(dialect: Dialect) -> ColumnElement[int]:
    """Return the id of the present transaction; 0 in SQLite."""
    return literal(0) if dialect.name == "sqlite" else _number(func.pg_current_xact_id())


def feed_order(dialect: Dialect) -> tuple[ColumnElement[int], ...]:
    """Return what the feed is sorted by."""
    by_position = (entries.c.position,)
    return by_position if dialect.name == "sqlite" else (entries.c.transaction_id, *by_position)


def after_place(dialect: Dialect, place: FeedPlace) -> ColumnElement[bool]:
    """Return whether an entry stands after *place*."""
    if dialect.name == "sqlite":
        return entries.c.position > place.position
    here = tuple_(entries.c.transaction_id, entries.c.position)
    return here > (place.transaction, place.position)


def settled(dialect: Dialect) -> list[ColumnElement[bool]]:
    """Return the condition that no entry can still appear before this one."""
    if dialect.name == "sqlite":
        return []
    return [entries.c.transaction_id < _number(func.pg_snapshot_xmin(func.pg_current_snapshot()))]


def _number(transaction: ColumnElement[Any]) -> ColumnElement[int]:
    # 64 bits that never come round. There is no direct cast from their type to a number.
    return cast(cast(transaction, String), BigInteger)
