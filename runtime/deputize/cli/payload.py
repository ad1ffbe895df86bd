"""Reading the payload that a script is given from the command line."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from pydantic import JsonValue

from deputize.errors import PayloadInvalid, did_you_mean

STDIN = "-"


def read_payload(name: str, *, folders: Sequence[Path]) -> JsonValue:
    """Return the JSON in the file *name*, looked for in each of *folders*, or in stdin for ``-``.

    Raises ``PayloadInvalid``, naming the file and, for what is not JSON, line and column.
    """
    shown = "stdin" if name == STDIN else name
    data = sys.stdin.buffer.read() if name == STDIN else _find(name, folders)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PayloadInvalid(
            f"{shown}: not UTF-8: byte {error.start} is 0x{data[error.start]:02x}."
        ) from None
    if not text.strip():
        raise PayloadInvalid(f"{shown}: empty. A payload is one JSON document, for example {{}}.")
    try:
        value: JsonValue = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        reason = f"{error.msg[0].lower()}{error.msg[1:]}"
        raise PayloadInvalid(f"{shown}:{error.lineno}:{error.colno}: not JSON: {reason}.") from None
    except ValueError as error:
        raise PayloadInvalid(f"{shown}: not JSON: {error}.") from None
    except RecursionError:
        raise PayloadInvalid(f"{shown}: nested too deeply.") from None
    return value


def _find(name: str, folders: Sequence[Path]) -> bytes:
    for folder in folders:
        path = folder / name
        if path.is_dir():
            raise PayloadInvalid(f"{name}: a folder, not a file.")
        if path.exists():
            try:
                return path.read_bytes()
            except OSError as error:
                raise PayloadInvalid(f"{name}: cannot be read: {error.strerror}.") from None
    beside = [
        str(each.relative_to(folder)) for folder in folders for each in _files_beside(folder / name, folder)
    ]
    raise PayloadInvalid(f"{name}: no such file.{did_you_mean(name, beside)}")


def _files_beside(path: Path, folder: Path) -> list[Path]:
    # A name such as ../x.json lies beside files that are not in the folder: nothing to suggest.
    if not path.parent.is_dir() or not path.parent.is_relative_to(folder):
        return []
    return [each for each in path.parent.iterdir() if each.is_file()]


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
