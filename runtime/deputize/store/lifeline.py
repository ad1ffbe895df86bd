"""Whether a PostgreSQL is silent: it is asked for a sign of life all the time, so that nobody waits in vain.

Theory of operation. A database whose machine or network stands still neither answers nor closes connections,
and the kernel waits for it for a quarter of an hour. So a connection of its own asks for a sign of life every
fraction of a second. When none comes, every connection is shut down on this side: whoever waits on one is
told at once, and nothing more is begun until there is a sign again. A database that answers slowly, or that
refuses, is not silent, and its own errors say what is wrong. What counts is how often somebody looked and
nothing had come, not the time: a process that stood still itself did not look.
"""

import asyncio
import os
import socket
import threading
from contextlib import suppress
from typing import Any, Final, TypeAlias
from weakref import WeakSet

from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from deputize.activity.faults import log_fault
from deputize.errors import StoreUnavailable
from deputize.store.address import CONNECTING, Address

#: Seconds between a sign of life and the next question for one.
_EVERY_SECONDS: Final = 0.4
#: So often is looked for a sign, with so many seconds between, before the database is taken for silent.
_LOOKS, _LOOK_SECONDS = 12, 0.1
#: Seconds between two attempts at a connection.
_PAUSE_SECONDS: Final = 0.3


#: Is done as soon as there is no sign of life any more.
Silence: TypeAlias = asyncio.Future[None]


def silent(address: Address) -> StoreUnavailable:
    """Return the error of whoever wants something of a database that is silent."""
    return StoreUnavailable(f"The database {address} does not answer. Try again later.")


class Lifeline:
    """Knows whether the database at *address* is silent, and ends waiting for it."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._engine = create_async_engine(
            address.url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args=CONNECTING,
        )
        #: Of every engine that is watched; some belong to other threads.
        self._connections: WeakSet[Any] = WeakSet()
        self._noting = threading.Lock()
        self._asking: asyncio.Task[None] | None = None
        #: Done as soon as the database is silent; another one, when it is not any more.
        self._silence: Silence | None = None

    def watch(self, engine: Engine) -> None:
        """Shut the connections of *engine* down as well when the database is silent."""
        for moment in ("connect", "checkout"):
            event.listen(engine, moment, self._note)

    @property
    def silence(self) -> Silence:
        """What is done when the database falls silent. Raises ``StoreUnavailable`` while it is."""
        if self._silence is None:
            raise RuntimeError("the lifeline is not open; call its open() first")
        if self._silence.done():
            raise silent(self._address)
        return self._silence

    def open(self) -> None:
        """Begin to ask; until the contrary is known the database is taken for one that answers."""
        self._silence = asyncio.get_running_loop().create_future()
        self._asking = asyncio.create_task(self._keep_asking())

    async def close(self) -> None:
        """Ask no more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])
        await self._engine.dispose()

    async def _keep_asking(self) -> None:
        while True:
            try:
                async with self._engine.connect() as connection:
                    while await self._answers(connection):
                        self._set(silent=False)
                        await asyncio.sleep(_EVERY_SECONDS)
                    self._set(silent=True)
            except SQLAlchemyError as error:
                # Refused, or cut, which is an answer as well. Only what is not answered in time is silence.
                self._set(silent=_is_timeout(error))
            except Exception as error:
                # Nothing may end the asking: a database that was silent would be taken for silent for ever.
                self._set(silent=False)
                log_fault("store.lifeline_fault", error)
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _answers(self, connection: AsyncConnection) -> bool:
        """Ask for a sign of life; return False when none came. Raises what the database answers else."""
        own = (await connection.get_raw_connection()).driver_connection
        asking = asyncio.create_task(connection.exec_driver_sql("SELECT 1"))
        try:
            for _ in range(_LOOKS):
                done, _ = await asyncio.wait([asking], timeout=_LOOK_SECONDS)
                if done:
                    asking.result()
                    return True
            return False
        finally:
            if not asking.done():
                _shut_down(own)
                with suppress(SQLAlchemyError):
                    await asking

    def _set(self, *, silent: bool) -> None:
        if self._silence is None or self._silence.done() is silent:
            return
        if silent:
            self._silence.set_result(None)
            with self._noting:
                connections = list(self._connections)
            for each in connections:
                _shut_down(each)
        else:
            self._silence = asyncio.get_running_loop().create_future()

    def _note(self, _connection: object, record: Any, *_more: object) -> None:
        with self._noting:
            self._connections.add(record.driver_connection)


def _shut_down(connection: Any) -> None:
    """Shut down the socket of *connection*: whoever waits on it reads the end of it, in whatever thread."""
    # What is closed already has no socket any more.
    with suppress(Exception), socket.socket(fileno=os.dup(connection.pgconn.socket)) as own:
        own.shutdown(socket.SHUT_RDWR)


def _is_timeout(error: SQLAlchemyError) -> bool:
    cause = getattr(error, "orig", None)
    return type(cause).__name__ == "ConnectionTimeout"
