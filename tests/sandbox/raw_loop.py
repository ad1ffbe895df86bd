"""The loop of a guest without the language layer: executes what it is given as plain Python, in the jail.

For tests only: the zygote of ``raw_sandbox`` loads it in the place of ``deputize_guest.loop``. What a script
finds: ``wire``, the ``connection`` to the host, ``call`` for system calls by number, and what the standard
library has; what it leaves as ``result`` is returned.
"""

import base64
import builtins
import ctypes
import importlib
import os
from collections.abc import Iterable, Mapping
from typing import Any

from deputize_guest import confine, wire

_TOOLS = (
    "ctypes.util",
    "encodings.idna",
    "fcntl",
    "mmap",
    "multiprocessing.shared_memory",
    "resource",
    "signal",
    "socket",
    "subprocess",
    "threading",
)


def warm_up(added: Mapping[str, Iterable[str]]) -> None:
    """Load what attacks like to use: no file can be opened later."""
    for module in _TOOLS:
        importlib.import_module(module)


def call(number: int, *arguments: Any) -> int:
    """Make a system call and return its result, or the negative of ``errno``."""
    converted = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    result = confine.library.syscall(ctypes.c_long(number), *converted)
    return result if result >= 0 else -ctypes.get_errno()


def serve(fd: int) -> None:
    """Execute the source that the job holds where compiled code is otherwise."""
    connection = wire.Connection(fd)
    job = connection.receive()
    names: dict[str, Any] = {
        "__builtins__": builtins,
        "call": call,
        "connection": connection,
        "ctypes": ctypes,
        "fd": fd,
        "job": job,
        "os": os,
        "result": None,
        "wire": wire,
    }
    try:
        exec(base64.b64decode(job["code"]), names)  # noqa: S102 - this is what the loop is for
        frame = {"kind": "returned", "value": names["result"]}
    except MemoryError:
        frame = {"kind": "out_of_memory"}
    except BaseException as error:
        frame = {"kind": "faulted", "type": type(error).__name__, "message": str(error), "traceback": []}
    connection.send(wire.encode(frame))
