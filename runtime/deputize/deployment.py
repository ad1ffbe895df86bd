"""The data of a deployment: its database, and the key that belongs to it."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from deputize.credentials.key_file import open_key_file
from deputize.credentials.master_key import MasterKey
from deputize.errors import Misconfigured
from deputize.settings import Settings
from deputize.store import Database, Transaction

#: Beside ``deputize.toml``, when no other folder is named.
DATA_FOLDER: Final = ".deputize"
#: In the folder of the data, unless the settings name another database.
DATABASE_FILE: Final = "deputize.db"
_KEY_FILE: Final = "master.key"
_KEY_SETTING: Final = "DEPUTIZE_KEY"
_ADDRESS_FILE: Final = "address"
#: Where the database remembers which key it was written with.
_KEY_MARK: Final = ("deployment", "master key")


class KeyDiffers(Misconfigured):
    """The database was written with another key."""

    code = "KEY_DIFFERS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A database that is open, and the key of what is hashed and sealed in it."""

    database: Database
    key: MasterKey
    #: The address of the database without its password, or the path of its file.
    shown: str
    #: Where the key is: the path of its file, or the name of the setting.
    key_place: str


@asynccontextmanager
async def open_deployment(
    settings: Settings, *, folder: Path, clock: Callable[[], datetime]
) -> AsyncIterator[Deployment]:
    """Open the database and the key that *settings* name, or those in *folder*, made at the first start.

    Raises ``Misconfigured`` for a key that is missing, unsafe or another one than the database was
    written with, and for what ``Database.open`` refuses.
    """
    url = settings.store or f"sqlite+aiosqlite:///{(folder / DATABASE_FILE).absolute()}"
    database = Database(url, clock=clock)
    await database.open()
    try:
        known = await database.read(lambda tx: tx.applied.get(*_KEY_MARK))
        key = _key(settings, folder, first_start=known is None)
        if known is None:
            known = await database.write(lambda tx: _mark(tx, key.fingerprint))
        if known != key.fingerprint:
            raise KeyDiffers(
                "the database was written with another key than the one that is configured. Put the key "
                f"file {folder / _KEY_FILE} back from the backup that belongs to the data, or give its "
                "content in DEPUTIZE_KEY."
            )
        yield Deployment(
            database=database,
            key=key,
            shown=str(database).strip("<>").partition(" ")[2],
            key_place=str(folder / _KEY_FILE) if settings.key is None else _KEY_SETTING,
        )
    finally:
        await database.close()


def data_folder(settings: Settings, *, project_root: Path, data: Path | None) -> Path:
    """Return the folder of the data: the one that is named, in settings, or beside the project's file."""
    return data or settings.data or project_root / DATA_FOLDER


def remember_address(folder: Path, url: str) -> None:
    """Write down in *folder* at which address the server listens, for whoever makes addresses for callers."""
    # Like all that is kept there, it is not for others to read. With database and key elsewhere, it is alone.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / _ADDRESS_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{url}\n")


def known_address(folder: Path) -> str | None:
    """Return the address at which the server of *folder* listened when it last started."""
    path = folder / _ADDRESS_FILE
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None


def _key(settings: Settings, folder: Path, *, first_start: bool) -> MasterKey:
    if settings.key is not None:
        return MasterKey.parse(settings.key.get_secret_value(), where=_KEY_SETTING)
    return open_key_file(folder / _KEY_FILE, first_start=first_start)


async def _mark(tx: Transaction, fingerprint: str) -> str:
    # Of two processes that start at once, the first one's key counts.
    known = await tx.applied.get(*_KEY_MARK)
    if known is None:
        await tx.applied.put(*_KEY_MARK, fingerprint)
    return known or fingerprint
