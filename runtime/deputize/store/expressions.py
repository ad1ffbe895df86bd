"""What SQLite and PostgreSQL say in different words."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from deputize.store.tables.types import Text


class this_transaction(FunctionElement[int]):  # noqa: N801 - an expression, as functions of SQL are
    """The id of the present transaction; 0 in SQLite, where one writes at a time."""

    type = BigInteger()
    inherit_cache = True


class transactions_under_way(FunctionElement[int]):  # noqa: N801 - an expression, as functions of SQL are
    """The least id of a transaction that may still commit; 1 in SQLite, where none may."""

    type = BigInteger()
    inherit_cache = True


class _contains(FunctionElement[bool]):  # noqa: N801 - an expression, as functions of SQL are
    type = Boolean()
    inherit_cache = True


def contains(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Return whether *text* stands anywhere in *column*, exactly; nothing in it is a wildcard."""
    return _contains(column, bindparam(None, text, type_=Text()))


@compiles(this_transaction, "sqlite")
def _no_transaction(_element: Any, _compiler: Any, **_more: Any) -> str:
    return "0"


@compiles(this_transaction, "postgresql")
def _transaction_id(_element: Any, _compiler: Any, **_more: Any) -> str:
    # A number of 64 bits that never comes round; it has no cast to bigint of its own.
    return "CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)"


@compiles(transactions_under_way, "sqlite")
def _none_under_way(_element: Any, _compiler: Any, **_more: Any) -> str:
    return "1"


@compiles(transactions_under_way, "postgresql")
def _least_under_way(_element: Any, _compiler: Any, **_more: Any) -> str:
    return "CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)"


@compiles(_contains, "sqlite")
def _instr(element: Any, compiler: Any, **more: Any) -> str:
    return f"instr({compiler.process(element.clauses, **more)}) > 0"


@compiles(_contains, "postgresql")
def _strpos(element: Any, compiler: Any, **more: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **more)}) > 0"
