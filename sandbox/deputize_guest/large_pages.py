"""Lays the zygote's memory out in large pages: a fork copies one entry for each, in place of 512.

Copying and clearing these entries is most of what a fork costs, and the more so in a virtual machine. A
large page takes 2 MiB in a row that is nothing but memory of ours. So the libraries of C modules are loaded
first: loaded between, as the imports come to them, they would cut Python's memory into pieces of 1 MiB.

Where a process writes, the kernel cuts its large page up again, for that process alone, and copies 4 KiB as
ever. A kernel that cannot do this (before 6.1) leaves all as it was; guests then only cost more.
"""

import ctypes
import importlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

#: The modules in C that the modules for scripts are made of; one that is built in, or not there, is none.
_IN_C: Final = (
    "_ctypes _typing select _struct _json _socket math array binascii _opcode _bisect _random _sha512 "
    "_statistics zlib _heapq _datetime _decimal pyexpat unicodedata _csv _hashlib _blake2 _multibytecodec "
    "_codecs_iso2022 _codecs_cn _codecs_kr _codecs_jp _codecs_tw _zoneinfo _elementtree"
).split()
_LARGE: Final = 2 * 1024 * 1024
_MADV_COLLAPSE: Final = 25


def load_libraries() -> None:
    """Load the libraries of C modules, before there is much else in memory."""
    for name in _IN_C:
        with suppress(ImportError):
            importlib.import_module(name)


def collapse() -> None:
    """Have the kernel put what is in memory now into large pages, as far as it lies in a row."""
    library = ctypes.PyDLL(None)
    for begin, end in _memory():
        first, last = -(-begin // _LARGE) * _LARGE, end // _LARGE * _LARGE
        if first < last:
            length = ctypes.c_size_t(last - first)
            library.madvise(ctypes.c_void_p(first), length, ctypes.c_int(_MADV_COLLAPSE))


def _memory() -> Iterator[tuple[int, int]]:
    """Yield where memory that is no file's begins and ends."""
    with open("/proc/self/maps", "rb") as lines:  # noqa: PTH123 - pathlib is not loaded in the guest
        for line in lines:
            place, rights, _, _, inode, *name = line.split()
            if rights == b"rw-p" and inode == b"0" and name != [b"[stack]"]:
                begin, _, end = place.partition(b"-")
                yield int(begin, 16), int(end, 16)
