"""The file that holds the master key: made at the first start, needed at every later one."""

import os
import stat
from pathlib import Path
from tempfile import NamedTemporaryFile

from deputize.credentials.master_key import MasterKey
from deputize.errors import Misconfigured

#: More than a key file has; what is longer is not read.
_LONGEST = 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyFileMissing(Misconfigured):
    """The data is there, and the key that its secrets are sealed with is not."""

    code = "KEY_FILE_MISSING"


class KeyFileUnsafe(Misconfigured):
    """Others than the owner may read or change the key file."""

    code = "KEY_FILE_UNSAFE"


def open_key_file(path: Path, *, first_start: bool) -> MasterKey:
    """Return the key in the file at *path*, which is made when it is missing at a *first_start*.

    A first start is one without any data yet: a key that is made later could neither open what is
    sealed nor recognise a key that was issued. Raises ``KeyFileMissing``, ``KeyFileUnsafe``,
    ``KeyInvalid``.
    """
    try:
        return _read(path)
    except FileNotFoundError:
        if not first_start:
            raise KeyFileMissing(
                f"the key file {path} is missing, and there is data that was written with its key. Put it "
                "back from your backup, or give its content in DEPUTIZE_KEY."
            ) from None
    return _create(path)


def _read(path: Path) -> MasterKey:
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & _OTHERS:
            raise KeyFileUnsafe(
                f"the key file {path} must be a file that belongs to the user who runs Deputize and that "
                f"nobody else may read; it has the mode {stat.S_IMODE(found.st_mode):04o} and the owner "
                f"{found.st_uid}. Change it: chmod 600."
            )
        text = file.read(_LONGEST).decode("ascii", "replace")
    return MasterKey.parse(text, where=f"the key file {path}")


def _create(path: Path) -> MasterKey:
    """Write a new key, whole or not at all; of two processes at once, the first one's counts."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = MasterKey.generate()
    # A temporary file has the mode 0600.
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.") as file:
        file.write(key.text() + "\n")
        file.flush()
        os.fsync(file.fileno())
        try:
            os.link(file.name, path)
        except FileExistsError:
            return _read(path)
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return key
