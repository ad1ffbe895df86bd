"""One server to a database: the lock that it holds for as long as it serves.

Theory of operation. A server that starts takes every run that is under way for cut off, so that two on
one database would end each other's runs. The lock goes with the process that holds it, however that one
ends. Of a file it is a lock on another file beside it, for SQLite's own locks on the first would be
lost when that is closed here; no child inherits it across an exec. Of PostgreSQL it is an advisory lock
of a session, on a connection of its own that no pool recycles. It is one to a schema, since several
deployments may share a database. When PostgreSQL ends that connection, the lock is gone until the
server is started anew; so the session asks not to be ended for being idle.
"""

import errno
import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from deputize.errors import Misconfigured, StoreUnavailable
from deputize.store.address import Address
from deputize.store.failures import is_unavailable

_SUFFIX: Final = ".served"
_FILE_MODE: Final = 0o600
#: Any number that no other user of the database takes.
_LOCK: Final = 0x64657075
_CONNECT_SECONDS: Final = 2

_TAKE: Final = text("SELECT pg_try_advisory_lock(:lock, hashtext(coalesce(current_schema(), '')))")
_STAY: Final = text(
    "SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'"
)


class AlreadyServed(Misconfigured):
    """Another server works on the database."""

    code = "ALREADY_SERVED"

    @classmethod
    def of(cls, address: Address) -> "AlreadyServed":
        """Return the refusal of a second server at *address*."""
        return cls(
            f"The database {address} is served by another `deputize serve`, and one at a time works on it. "
            "Stop that one, or give this one data of its own: with --data DIR, or in DEPUTIZE_STORE."
        )


@asynccontextmanager
async def served(address: Address) -> AsyncIterator[None]:
    """Keep every other server from the database while the context lasts.

    Raises ``AlreadyServed`` when another one works on it, ``Misconfigured`` for a file system without
    locks, and ``StoreUnavailable`` when the database does not answer.
    """
    if address.many_writers:
        async with _session(address):
            yield
    elif address.in_memory:
        # Nobody else can reach it.
        yield
    else:
        with _locked_file(address):
            yield


@contextmanager
def _locked_file(address: Address) -> Iterator[None]:
    path = Path(f"{Path(address.url.database or '').resolve()}{_SUFFIX}")
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, _FILE_MODE)
    except OSError as error:
        raise _cannot_be_locked(path, error) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno == errno.EWOULDBLOCK:
                raise AlreadyServed.of(address) from None
            raise _cannot_be_locked(path, error) from error
        yield
    finally:
        os.close(descriptor)


@asynccontextmanager
async def _session(address: Address) -> AsyncIterator[None]:
    engine = create_async_engine(
        address.url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"connect_timeout": _CONNECT_SECONDS},
    )
    connection = engine.connect()
    try:
        if not await _take(connection, address):
            raise AlreadyServed.of(address)
        yield
    finally:
        # Not closed politely: a connection that has been cut must not spoil the end of the server.
        if connection.sync_connection is not None:
            await connection.invalidate()
            await connection.close()


async def _take(connection: AsyncConnection, address: Address) -> bool:
    try:
        await connection.start()
        await connection.execute(_STAY)
        return await connection.scalar(_TAKE, {"lock": _LOCK}) is True
    except SQLAlchemyError as error:
        if is_unavailable(error):
            raise StoreUnavailable(
                f"The database {address} does not answer. Start it, then try again."
            ) from error
        raise


def _cannot_be_locked(path: Path, error: OSError) -> Misconfigured:
    return Misconfigured(
        f"The file {path}, by which one server at a time works on a database, cannot be locked: "
        f"{error.strerror}. Put the data on a file system that has locks, in a folder that this user may "
        "write to."
    )
