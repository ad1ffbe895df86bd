"""Between rows and the domain's values, which have fields of the same names."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

_T = TypeVar("_T")


def values_of(record: Any) -> dict[str, Any]:
    """Return the fields of a dataclass, one level deep."""
    return {each.name: getattr(record, each.name) for each in fields(record)}


def record(kind: type[_T], row: Row[Any] | None) -> _T | None:
    """Return *row* as a value of *kind*; None for no row."""
    return None if row is None else kind(**row._mapping)  # noqa: SLF001 - public, whatever its name


def records(kind: type[_T], rows: Sequence[Any]) -> list[_T]:
    """Return every row as a value of *kind*."""
    return [kind(**row._mapping) for row in rows]  # noqa: SLF001 - public, whatever its name


def inserting(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return the beginning of an INSERT that can say what happens when the row is there already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


async def put(connection: AsyncConnection, table: Table, values: dict[str, Any]) -> None:
    """Write a row over the one of the same primary key, or as a new one."""
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in keys}
    await connection.execute(
        inserting(connection, table).values(**values).on_conflict_do_update(index_elements=keys, set_=rest)
    )
