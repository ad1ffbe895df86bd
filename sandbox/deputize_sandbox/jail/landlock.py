"""The Landlock rule set that allows nothing.

It is depth behind the filter of system calls, not a wall of its own: UDP, ``stat`` and the making of UNIX
sockets pass it (measured).
"""

import ctypes
import struct
from typing import Final

_CREATE_RULESET: Final = 444
_ASK_VERSION: Final = 1
#: How many rights to files each version knows; newer versions have those of 5.
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}
_NEWEST_FILE_RIGHTS: Final = 16
#: From these versions on: bind and connect of TCP; abstract sockets and signals.
_NETWORK: Final = 4
_SCOPES: Final = 6


def version() -> int | None:
    """Return the version that this kernel offers, or None."""
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    found = library.syscall(
        ctypes.c_long(_CREATE_RULESET), None, ctypes.c_size_t(0), ctypes.c_uint(_ASK_VERSION)
    )
    return int(found) if found > 0 else None


def attributes(version: int) -> bytes:
    """Return ``struct landlock_ruleset_attr`` handling everything that *version* can handle."""
    files = (1 << _FILE_RIGHTS.get(version, _NEWEST_FILE_RIGHTS)) - 1
    fields = [files]
    if version >= _NETWORK:
        fields.append(0b11)
    if version >= _SCOPES:
        fields.append(0b11)
    return struct.pack(f"{len(fields)}Q", *fields)
