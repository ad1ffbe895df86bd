"""A copy of a file of SQLite while others read and write it.

Theory of operation. ``VACUUM INTO`` copies by one state of the database, within a transaction that only
reads: nobody waits for it, however long it takes. It writes the rows anew, so that nothing of what was
deleted comes along, which a copy of the pages would bring. It is not on the disk when SQLite has written
it; that, and that the copy can be read, is seen to here. The copy has its own name from the moment when it
is whole; until then an empty file keeps that name.
"""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

from deputize.errors import Misconfigured, StoreUnavailable
from deputize.store.address import Address

#: As the database itself has it: nobody else reads it.
_FILE_MODE: Final = 0o600
#: Seconds that a copy waits for whoever keeps every reader out.
_BUSY_SECONDS: Final = 5


class BackupRefused(Misconfigured):
    """There can be no copy at that place."""

    code = "BACKUP_REFUSED"


def back_up(address: Address, target: Path) -> int:
    """Copy the file at *address* to *target*, a new file; return its bytes. Blocks.

    Raises ``BackupRefused`` where *target* cannot be made, and ``StoreUnavailable`` when the database
    cannot be read or the copy not be written; nothing is left there then.
    """
    unfinished = target.with_name(f".{target.name}.{uuid4().hex}")
    _make(target)
    try:
        _make(unfinished)
        _copy(address, unfinished)
        _reach_the_disk(unfinished)
        unfinished.replace(target)
        _reach_the_disk(target.absolute().parent)
    except BaseException as error:
        for each in (unfinished, target):
            with suppress(OSError):
                each.unlink(missing_ok=True)
        if isinstance(error, (sqlite3.Error, OSError)):
            raise StoreUnavailable(
                f"{target}: the copy of the database {address} could not be written: {error}. Nothing of it "
                "is left. Make room there, or name a file elsewhere."
            ) from error
        raise
    return target.stat().st_size


def _make(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, _FILE_MODE))
    except FileExistsError:
        raise BackupRefused(f"{path}: there is a file already. Name one that is not there yet.") from None
    except OSError as error:
        raise BackupRefused(
            f"{path}: cannot be made: {error.strerror}. Name a file in a folder that is there and that this "
            "user may write to."
        ) from None


def _copy(address: Address, target: Path) -> None:
    source = Path(address.url.database or "").absolute().as_uri()
    with closing(sqlite3.connect(f"{source}?mode=ro", uri=True, timeout=_BUSY_SECONDS)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(f"{target.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found)


def _reach_the_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
