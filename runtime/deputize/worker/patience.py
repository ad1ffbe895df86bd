"""Waits for a database that is away."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from deputize.errors import StoreUnavailable

_T = TypeVar("_T")

#: How long a script waits for an answer whose entry cannot be written, at most.
PATIENCE_SECONDS = 20.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 1.0


async def patiently(attempt: Callable[[], Awaitable[_T]], *, seconds: float = math.inf) -> _T:
    """Return what *attempt* returns, making it again while the database is away.

    Raises ``StoreUnavailable`` after *seconds*; else waits until it is cancelled.
    """
    until, pause = time.monotonic() + seconds, _FIRST_PAUSE
    while True:
        try:
            return await attempt()
        except StoreUnavailable:
            if time.monotonic() + pause > until:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
