"""Where the database is: an address that this product can use, and the folder of a file."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from deputize.errors import Misconfigured

_SQLITE: Final = "sqlite+aiosqlite"
_POSTGRESQL: Final = "postgresql+psycopg"
_FORMS: Final = f"{_SQLITE}:///PATH, {_SQLITE}:///:memory: or {_POSTGRESQL}://USER@HOST/NAME"

#: How long PostgreSQL has to accept a connection, and how it is found out that it is not there any more.
CONNECTING: Final = {
    "connect_timeout": 2,
    "keepalives_idle": 3,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600
#: What others than the owner and the group may do.
_OTHERS = stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a database."""

    url: URL

    @classmethod
    def of(cls, text: str) -> "Address":
        """Return the address; raises ``Misconfigured`` for one of another kind."""
        try:
            url = make_url(text)
        except ArgumentError:
            raise Misconfigured(f"The address of the database cannot be read. Use {_FORMS}.") from None
        if url.drivername not in (_SQLITE, _POSTGRESQL):
            raise Misconfigured(
                f'The address of the database begins with "{url.drivername}", which is not supported. '
                f"Use {_FORMS}."
            )
        return cls(url)

    def __str__(self) -> str:
        return self.url.render_as_string(hide_password=True)

    @property
    def many_writers(self) -> bool:
        """Whether several transactions may write at a time."""
        return self.url.drivername == _POSTGRESQL

    @property
    def in_memory(self) -> bool:
        """Whether the database is gone when it is closed."""
        return not self.many_writers and self.url.database in (None, "", ":memory:")

    def prepare(self) -> None:
        """Make the folder and the file of a database, which nobody else may read.

        SQLite gives the files beside it the same mode. Raises ``Misconfigured`` when they are there
        and others can read them, and when the driver of PostgreSQL is not installed.
        """
        if self.many_writers:
            self._find_driver()
        if self.many_writers or self.in_memory:
            return
        path = Path(self.url.database or "").absolute()
        path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        _refuse_open_to_others(path.parent, "folder", _FOLDER_MODE)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, _FILE_MODE))
        _refuse_open_to_others(path, "file", _FILE_MODE)

    def _find_driver(self) -> None:
        try:
            self.url.get_dialect().import_dbapi()
        except ModuleNotFoundError:
            raise Misconfigured(
                f"The database {self} needs the extra [postgres]. "
                "Install it with `pip install 'deputize[postgres]'`."
            ) from None


def _refuse_open_to_others(path: Path, what: str, mode: int) -> None:
    if path.stat().st_mode & _OTHERS:
        raise Misconfigured(
            f"The {what} of the database, {path}, is open to every user of this machine. "
            f"Close it with `chmod {mode:o} {path}`, or use another."
        )
