"""What a failure of the database means for whoever asked."""

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

#: SQLite's primary codes: busy, locked, out of memory, read-only, input or output failed, corrupt,
#: full, cannot open, protocol of locks, not a database.
_SQLITE_UNAVAILABLE = frozenset({5, 6, 7, 8, 10, 11, 13, 14, 15, 26})
_SQLITE_READ_ONLY = 8
#: The lowest eight bits are the primary code.
_SQLITE_PRIMARY = 0xFF
#: Classes of SQLSTATE: connection, authorisation, resources (disk, memory, connections), operator,
#: system; a server that has become read-only, and one that has ended a transaction which stood still.
_POSTGRESQL_READ_ONLY = "25006"
_POSTGRESQL_UNAVAILABLE = ("08", "25P03", "28", "53", "57P", "58", _POSTGRESQL_READ_ONLY)
#: Two transactions stood in each other's way, or added the same: done again, this one may pass, or
#: see what the other has added before it adds it.
_POSTGRESQL_TRANSIENT = ("40001", "40P01", "23505")


def is_transient(error: SQLAlchemyError) -> bool:
    """Whether the same work may well succeed when it is done again at once."""
    return isinstance(error, DBAPIError) and _sqlstate(error).startswith(_POSTGRESQL_TRANSIENT)


def is_unavailable(error: SQLAlchemyError) -> bool:
    """Whether the database, rather than the query, is at fault."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = _sqlite_code(error)
    if code is not None:
        return code in _SQLITE_UNAVAILABLE
    if error.connection_invalidated:
        return True
    state = _sqlstate(error)
    # A connection that could not be made, or broke, has no state.
    return state.startswith(_POSTGRESQL_UNAVAILABLE) or (not state and _is_operational(error))


def is_refused_write(error: SQLAlchemyError) -> bool:
    """Whether something was to be written where that is not allowed."""
    return isinstance(error, DBAPIError) and (
        _sqlite_code(error) == _SQLITE_READ_ONLY or _sqlstate(error) == _POSTGRESQL_READ_ONLY
    )


def _sqlite_code(error: DBAPIError) -> int | None:
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code & _SQLITE_PRIMARY if isinstance(code, int) else None


def _sqlstate(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _is_operational(error: DBAPIError) -> bool:
    return type(error).__name__ in ("OperationalError", "InterfaceError")
