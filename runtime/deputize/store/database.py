"""The database: opened once, then one piece of work after another is done in a transaction.

Theory of operation. Work is a function that is given a ``Transaction``. What it changed is kept when
it returns, and nothing is when it raises. Each piece runs in a task of its own, shielded: a caller who
is cancelled must not tear a connection, with which a database in memory would be lost.

SQLite has one writer. ``BEGIN IMMEDIATE`` takes its place at once, so that no transaction reads first
and finds out later that it cannot write; within the process a lock queues the writers, so that they
wait without polling. A file has write-ahead logging, so readers never wait; every commit reaches the
disk. A database in memory is one connection, and whoever uses it queues.

PostgreSQL writes at READ COMMITTED and reads from one snapshot. Two writers that stand in each
other's way are told so, and so is one that adds what another has just added: the work is then done
again, and sees what the other did. Work must therefore do nothing but ask and change the database.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from deputize.errors import StoreUnavailable
from deputize.store.address import CONNECTING, Address
from deputize.store.failures import is_refused_write, is_transient, is_unavailable
from deputize.store.jobs import Jobs
from deputize.store.lifeline import Lifeline, Silence, silent
from deputize.store.memory_copy import MemoryCopy
from deputize.store.served import served
from deputize.store.tables import metadata
from deputize.store.transaction import Transaction
from deputize.store.upgrade import upgrade

_T = TypeVar("_T")
Work = Callable[[Transaction], Awaitable[_T]]

#: How often work is done that others stand in the way of.
_ATTEMPTS: Final = 5
#: Seconds that SQLite waits for another process to finish writing.
_BUSY_SECONDS: Final = 5
#: Seconds that a transaction of PostgreSQL may stand still: the locks of a process that does so are free
#: before anybody takes it for dead, see ``queue/presence.py``.
IDLE_SECONDS: Final = 8
#: Seconds that whoever wants a connection waits until another has done with one.
_POOL_SECONDS: Final = 2
#: Seconds that work has to end by itself when its connection was shut down.
_SHUT_DOWN_SECONDS: Final = 0.2
#: What PostgreSQL is told of a session, in milliseconds, seconds and numbers.
_OF_A_SESSION: Final = {
    "idle_in_transaction_session_timeout": IDLE_SECONDS * 1000,
    "tcp_keepalives_idle": 3,
    "tcp_keepalives_interval": 1,
    "tcp_keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
#: Connections to PostgreSQL, or readers of a file.
_CONNECTIONS: Final = 10

_WRITES = "deputize_writes"


class Database:
    """A database at *url*, of which this is the only user in the process."""

    def __init__(self, url: str, *, clock: Callable[[], datetime]) -> None:
        """Take ``sqlite+aiosqlite:///PATH``, ``sqlite+aiosqlite:///:memory:`` or ``postgresql+psycopg://…``.

        *clock* gives aware datetimes. Raises ``Misconfigured`` for any other address.
        """
        self._address = Address.of(url)
        self._clock = clock
        self._engine: AsyncEngine | None = None
        self._jobs: Jobs | None = None
        self._lifeline: Lifeline | None = None
        self._one_at_a_time = asyncio.Lock()
        self._under_way: set[asyncio.Task[Any]] = set()

    def __repr__(self) -> str:
        return f"<Database {self._address}>"

    async def open(self) -> None:
        """Bring the tables to this version, and be ready.

        Raises ``Misconfigured`` for a file or folder that others can read, and for a database of a
        later version; ``StoreUnavailable`` when the database does not answer.
        """
        self._address.prepare()
        if not self._address.in_memory:
            await asyncio.to_thread(upgrade, self._address)
        self._engine = _engine(self._address)
        if self._address.many_writers:
            self._lifeline = Lifeline(self._address)
            self._lifeline.watch(self._engine.sync_engine)
            self._lifeline.open()
        if self._address.in_memory:
            async with self._engine.begin() as connection:
                await connection.run_sync(metadata.create_all)

    async def close(self) -> None:
        """Wait for what is under way, then close every connection."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        if self._lifeline is not None:
            await self._lifeline.close()
            self._lifeline = None
        if self._engine is not None:
            await self._engine.dispose()
            self._engine = None

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Keep the other writers of this process from a file while the context lasts.

        For whoever writes to it on a connection of their own, and reads before they do. Raises
        ``StoreUnavailable`` where there is no sign of life of the database.
        """
        if self._address.many_writers:
            self._silence()
            yield
        else:
            async with self._one_at_a_time:
                yield

    @property
    def address(self) -> Address:
        """Where it is."""
        return self._address

    def watch(self, engine: Engine) -> None:
        """Have nobody wait on a connection of *engine* either when the database shows no sign of life."""
        if self._lifeline is not None:
            self._lifeline.watch(engine)

    def attach(self, jobs: Jobs) -> None:
        """Keep *jobs* beside the runs from now on, in the same transactions."""
        self._jobs = jobs

    def served(self) -> AbstractAsyncContextManager[None]:
        """Be the one server of a file while the context lasts; see ``store/served.py``."""
        return served(self._address)

    async def write(self, work: Work[_T]) -> _T:
        """Do *work* and keep what it changed; when it raises, nothing is kept and the error passes on.

        *work* may be done several times over. Raises ``StoreUnavailable`` when the database does not
        confirm that it was kept: as a rule it was not, but the answer to a commit may have been lost.
        """
        return await self._in_a_task(partial(self._repeatedly, work))

    async def read(self, work: Work[_T]) -> _T:
        """Do *work*, which changes nothing, by one state of the database."""
        return await self._in_a_task(partial(self._once, work, writes=False))

    async def rehearse(self, work: Work[_T]) -> _T:
        """Do *work* as ``write`` does, and keep nothing of what it changed: nobody commits it.

        Others wait for it as for one that writes. Numbers that PostgreSQL gave out are not given again.
        """
        return await self._in_a_task(partial(self._repeatedly, work, keeps=False))

    async def copy(self) -> MemoryCopy:
        """Return what a database in memory holds now, for ``restore``; close it when it is of no more use."""
        async with self._one_at_a_time, self._opened.connect() as connection:
            return await MemoryCopy.of(connection)

    async def restore(self, copy: MemoryCopy) -> None:
        """Hold what *copy* does, and nothing else."""
        async with self._one_at_a_time, self._opened.connect() as connection:
            await copy.put_back(connection)

    @property
    def _opened(self) -> AsyncEngine:
        if self._engine is None:
            raise RuntimeError("the database is not open; await its open() first")
        return self._engine

    def _silence(self) -> Silence | None:
        """Return what is done when the database falls silent; raise ``StoreUnavailable`` while it is."""
        return None if self._lifeline is None else self._lifeline.silence

    async def _in_a_task(self, doing: Callable[[Silence | None], Coroutine[Any, Any, _T]]) -> _T:
        silence = self._silence()
        task = asyncio.create_task(doing(silence))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        if silence is None:
            return await asyncio.shield(task)
        task.add_done_callback(_look_at)
        either: list[asyncio.Future[Any]] = [task, silence]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            await asyncio.wait([task], timeout=_SHUT_DOWN_SECONDS)
        if not task.done():
            # It waits for a connection, and does nothing with it any more.
            raise silent(self._address)
        return task.result()

    async def _repeatedly(self, work: Work[_T], silence: Silence | None, *, keeps: bool = True) -> _T:
        for left in reversed(range(_ATTEMPTS)):
            try:
                return await self._once(work, silence, writes=True, keeps=keeps)
            except SQLAlchemyError as error:
                if not (left and is_transient(error)):
                    raise
        raise AssertionError("the last attempt returns or raises")

    async def _once(self, work: Work[_T], silence: Silence | None, *, writes: bool, keeps: bool = True) -> _T:
        if self._address.many_writers or not (writes or self._address.in_memory):
            return await self._transact(work, silence, writes=writes, keeps=keeps)
        async with self._one_at_a_time:
            return await self._transact(work, silence, writes=writes, keeps=keeps)

    async def _transact(self, work: Work[_T], silence: Silence | None, *, writes: bool, keeps: bool) -> _T:
        options: dict[str, Any] = {_WRITES: writes}
        if self._address.many_writers and not writes:
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        try:
            configured = self._opened.execution_options(**options)
            # One that is begun is committed at its end; one that is only connected is rolled back.
            async with configured.begin() if keeps else configured.connect() as connection:
                if silence is not None and silence.done():
                    # Nobody waits for it any more.
                    raise silent(self._address)
                return await work(Transaction(connection, now=self._clock(), jobs=self._jobs))
        except SQLAlchemyError as error:
            if is_unavailable(error) and (writes or not is_refused_write(error)):
                raise StoreUnavailable(
                    f"The database {self._address} does not answer or cannot write. Try again later."
                ) from error
            raise


def _look_at(task: "asyncio.Task[Any]") -> None:
    """Take notice of how *task* ended, though whoever waited for it may have gone."""
    if not task.cancelled():
        task.exception()


def _engine(address: Address) -> AsyncEngine:
    # ASCII, so that JSON carries what a text of the database cannot.
    serialize = partial(json.dumps, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    if address.many_writers:
        engine = create_async_engine(
            address.url,
            json_serializer=serialize,
            # What a statement carries may be a secret, and an error of it would quote that.
            hide_parameters=True,
            pool_size=_CONNECTIONS,
            max_overflow=0,
            pool_timeout=_POOL_SECONDS,
            pool_pre_ping=True,
            connect_args=CONNECTING,
        )
        event.listen(engine.sync_engine, "connect", _prepare_postgresql)
        return engine
    pool: dict[str, Any] = {} if address.in_memory else {"pool_size": _CONNECTIONS, "max_overflow": 0}
    engine = create_async_engine(
        address.url,
        json_serializer=serialize,
        hide_parameters=True,
        connect_args={"timeout": _BUSY_SECONDS},
        **pool,
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """Have PostgreSQL end a transaction that stands still, and the session of a machine that is not there."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("; ".join(f"SET {name} = {value}" for name, value in _OF_A_SESSION.items()))
    # Or it is gone when the pool takes the connection back.
    connection.commit()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Have SQLite keep references, write ahead, and reach the disk; and begin transactions ourselves."""
    connection.isolation_level = None
    cursor = connection.cursor()
    with closing(cursor):
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
            cursor.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, True)
    if connection.info.get(_WRITES) is not writes:
        connection.info[_WRITES] = writes
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
