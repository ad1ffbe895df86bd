"""Fills the gaps in the interpreter's memory, so that what a guest allocates lies together.

CPython gives out small blocks from pools of one size each, and first from pools that are partly used. Those
lie all over the zygote's memory, in pages that a guest shares until it writes to them: each first allocation
of a size would copy two of them. With no gap left it begins a new pool, whose pages are its own and empty.
A few hundred blocks are enough; with another allocator the search just ends.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

#: Pools of 16 KiB, and in each a header before the first block.
_WITHIN_POOL: Final = 16 * 1024 - 1
_FIRST_BLOCK: Final = 48
_ENOUGH: Final = 1000
#: What a bytes object takes besides its bytes, and what the sizes of blocks are multiples of.
_HEAD: Final = 33
_STEP: Final = 16
_LARGEST: Final = 512
_SMALLEST_BYTES: Final = 48
#: Not kept by the interpreter; takes a block of 32 bytes.
_SOME_NUMBER: Final = 1_000_000

_kept: Final[list[Any]] = []


def fill_gaps() -> None:
    """Take what is free in partly used pools, for good."""
    for make in _makers():
        for _ in range(_ENOUGH):
            block = make()
            if id(block) & _WITHIN_POOL == _FIRST_BLOCK:
                # The first of a new pool: there was no gap left. It is given back, the pool with it.
                break
            _kept.append(block)


def _makers() -> Iterator[Callable[[], Any]]:
    """Yield a function for each size of block, that takes one."""
    yield lambda: _SOME_NUMBER + len(_kept)
    for size in range(_SMALLEST_BYTES, _LARGEST + 1, _STEP):
        yield partial(bytes, size - _HEAD)
