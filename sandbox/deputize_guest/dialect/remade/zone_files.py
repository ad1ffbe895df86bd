"""Reads the files of the time zones, wherever this machine keeps them."""

import os
import sys
import zoneinfo
from collections.abc import Iterator
from typing import Final

_MAGIC: Final = b"TZif"
#: The same zones once more, in other reckonings.
_NOT_ZONES: Final = frozenset({"posix", "right"})


def read_zones() -> dict[str, bytes]:
    """Return the contents of every zone's file by the name of the zone.

    The machine's own files come first, as in Python; then those of the package ``tzdata``.
    """
    zones: dict[str, bytes] = {}
    for root in (*zoneinfo.TZPATH, *(f"{path}/tzdata/zoneinfo" for path in sys.path)):
        for name in _names(root):
            if name not in zones and name.partition("/")[0] not in _NOT_ZONES:
                with open(f"{root}/{name}", "rb") as file:  # noqa: PTH123 - pathlib is not loaded in the guest
                    data = file.read()
                if data.startswith(_MAGIC):
                    zones[name] = data
    return zones


def _names(root: str) -> Iterator[str]:
    for folder, _, files in os.walk(root):
        for name in files:
            # A zone has no ending; what has one is a table, or code.
            if "." not in name:
                yield f"{folder}/{name}".removeprefix(f"{root}/")
