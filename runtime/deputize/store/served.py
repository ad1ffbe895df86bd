"""One server to a file: the lock that it holds for as long as it serves.

Theory of operation. On SQLite a server that starts takes every run that is under way for cut off, so that
two on one file would take each other's runs. The lock goes with the process that holds it, however that one
ends. It is on another file beside the first, for SQLite's own locks on that would be lost when it is closed
here; no child inherits it across an exec. On PostgreSQL any number of servers work: see ``queue/presence``.
"""

import errno
import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

from deputize.errors import Misconfigured
from deputize.store.address import Address

_SUFFIX: Final = ".served"
_FILE_MODE: Final = 0o600


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
    """Keep every other server from a file while the context lasts.

    Raises ``AlreadyServed`` when another one works on it, and ``Misconfigured`` for a file system without
    locks.
    """
    if address.many_writers or address.in_memory:
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


def _cannot_be_locked(path: Path, error: OSError) -> Misconfigured:
    return Misconfigured(
        f"The file {path}, by which one server at a time works on a database, cannot be locked: "
        f"{error.strerror}. Put the data on a file system that has locks, in a folder that this user may "
        "write to."
    )
