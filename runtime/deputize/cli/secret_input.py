"""Reading what must not be seen: from a prompt without echo, from stdin, or from a file; never from argv."""

import getpass
import sys
import warnings
from pathlib import Path
from typing import Final

from deputize.errors import Refused

STDIN: Final = "-"
#: More than any password or token; a file that was not meant is not read to its end.
_LARGEST: Final = 400_000


class InputRefused(Refused):
    """What was to be read is not there, is too large, or is no text."""

    code = "INPUT_REFUSED"


def read_hidden(what: str, *, file: str | None, twice: bool = True) -> str:
    """Return *what*, such as "password", from *file*, or else from the terminal, or else from stdin.

    One line feed at the end of a file does not belong to it. At a terminal a new one is asked for *twice*.
    """
    if file not in (None, STDIN):
        return _text(what, _read(what, str(file)), where=str(file))
    if file is None and sys.stdin.isatty():
        return _ask(what, twice=twice)
    return _text(what, sys.stdin.buffer.read(_LARGEST + 1), where="stdin")


def _read(what: str, path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(_LARGEST + 1)
    except OSError as error:
        raise InputRefused(f"{path}: the {what} cannot be read: {error.strerror}.") from None


def _ask(what: str, *, twice: bool) -> str:
    with warnings.catch_warnings():
        # Where it cannot be kept from showing, it is not asked for.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            first = getpass.getpass(f"New {what}: " if twice else f"{what.capitalize()}: ")
            again = getpass.getpass(f"The same {what} again: ") if twice else first
        except getpass.GetPassWarning:
            raise InputRefused(
                f"this terminal would show the {what}. Give it on stdin, or in a file with --from FILE."
            ) from None
    if first != again:
        raise InputRefused(f"the {what}s that were typed differ. Nothing was changed.")
    if not first:
        raise InputRefused(f"no {what} was typed. Nothing was changed.")
    return first


def _text(what: str, data: bytes, *, where: str) -> str:
    if len(data) > _LARGEST:
        raise InputRefused(f"{where}: more than {_LARGEST} bytes, which is no {what}.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputRefused(f"{where}: the {what} is not UTF-8 from byte {error.start} on.") from None
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise InputRefused(f"{where}: empty. Give the {what} there, or in a file with --from FILE.")
    return text
