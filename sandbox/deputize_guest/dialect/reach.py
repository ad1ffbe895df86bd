"""Looks for ways out: what a script can read of a value, step by step, and where that leads.

Attributes, items and ``type`` are followed as the guard would answer them; calls are not, so that what a
function returns is for the one who puts it on a list to judge.
"""

import builtins
import collections
import dataclasses
import enum
import functools
import io
import operator
import string
import sys
import typing
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from types import CellType, CodeType, FrameType, FunctionType, MethodType, ModuleType, TracebackType
from typing import Any, Final

from deputize_guest.dialect import names
from deputize_guest.dialect.attributes import script_getattr

#: Kinds of values that no script may hold.
_KINDS: Final = (
    CellType,
    CodeType,
    FrameType,
    ModuleType,
    TracebackType,
    dataclasses.Field,
    io.BufferedIOBase,
    io.RawIOBase,
    io.TextIOBase,
    string.Formatter,
)
_BUFFERS: Final = (io.BytesIO, io.StringIO)

#: Functions and classes that act on attributes, code, files or state for their caller.
_GADGETS: Final[tuple[Any, ...]] = (
    *(
        getattr(builtins, name)
        for name in ("compile", "delattr", "dir", "eval", "exec", "getattr", "globals")
    ),
    *(getattr(builtins, name) for name in ("hasattr", "input", "locals", "open", "setattr", "type", "vars")),
    *(builtins.__import__, builtins.__build_class__, breakpoint, memoryview),
    *(collections.namedtuple, collections.UserString),  # noqa: PYI024 - looked for, not used
    *(dataclasses.dataclass, dataclasses.field, dataclasses.make_dataclass),
    *(enum.Enum, enum.EnumType, enum.Flag, enum.IntEnum, enum.IntFlag, enum.StrEnum),
    *(functools.singledispatch, functools.update_wrapper, functools.wraps, functools.cached_property),
    *(io.FileIO, io.TextIOWrapper, io.open_code),
    *(operator.attrgetter, operator.methodcaller),
    *(string.Formatter, str.format, str.format_map),
    *(CellType, CodeType, FunctionType, MethodType, ModuleType, TracebackType),
    *(typing.ForwardRef, typing.NamedTuple, typing.TypedDict, typing.get_type_hints),
)

#: Modules none of whose functions and classes a script may hold.
_MODULES: Final = frozenset(
    """
    _ctypes _io _posixsubprocess _socket _thread ast asyncio code codecs copyreg ctypes fcntl gc importlib
    inspect linecache marshal mmap nt os pdb pickle posix posixpath pty resource runpy select shutil signal
    site socket subprocess sys threading tokenize traceback types weakref zipimport _frozen_importlib
    _weakref
    """.split()
)

#: Of those, what is harmless: it computes, or is a kind of error.
_HARMLESS: Final = frozenset({"_io.BytesIO", "_io.StringIO", "io.UnsupportedOperation"})


def ways_out(value: Any, name: str) -> list[str]:
    """Return the path of each value that *value*, called *name*, leads to and no script may hold."""
    return [path for path, found in reachable(value, name) if is_outside(found)]


def reachable(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield *value* and everything that a script can read from it, each once, with a path to it."""
    seen: dict[int, Any] = {}
    waiting = deque([(name, value)])
    while waiting:
        path, found = waiting.popleft()
        if id(found) in seen or isinstance(found, str | bytes | int | float | complex | None):
            continue
        # Kept, so that no other value gets the same identity.
        seen[id(found)] = found
        yield path, found
        if not is_outside(found):
            waiting.extend(_steps(path, found))


def is_outside(value: Any) -> bool:
    """Return whether no script may hold *value*."""
    if isinstance(value, _KINDS) and not isinstance(value, _BUFFERS):
        return True
    if isinstance(value, type) and issubclass(value, type):
        return True
    if isinstance(value, dict) and any(value is vars(module) for module in list(sys.modules.values())):
        return True
    if any(value is each for each in _GADGETS):
        return True
    module = getattr(value, "__module__", None) if callable(value) else None
    if not isinstance(module, str) or f"{module}.{getattr(value, '__name__', '')}" in _HARMLESS:
        return False
    return module.partition(".")[0] in _MODULES


def _steps(path: str, value: Any) -> Iterable[tuple[str, Any]]:
    for name in (*dir(value), *names.NAMEDTUPLE, "__class__"):
        if name in names.GUARDED or not name.startswith("_"):
            try:
                yield f"{path}.{name}", script_getattr(value, name)
            except Exception:  # noqa: S112 - an attribute that is not to be had leads nowhere
                continue
    if isinstance(value, Mapping):
        yield from ((f"{path}[{key!r}]", each) for key, each in list(value.items()))
    elif isinstance(value, list | tuple | deque | AbstractSet):
        yield from ((f"{path}[{index}]", each) for index, each in enumerate(list(value)))
