"""Counters that end at a time of the caller's clock, as a storage for ``limits``."""

import math
from collections.abc import Callable

from limits.storage import Storage

#: Counters at once. Beyond them the oldest goes first: a flood of names must not fill the memory.
MOST = 100_000


class Counters(Storage):
    """Counts in memory. The storage that ``limits`` brings reads the system's clock and starts threads."""

    STORAGE_SCHEME = None

    def __init__(self, monotonic: Callable[[], float], *, most: int = MOST) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._most = most
        #: key -> (count, when it ends), in the order in which they began.
        self._counters: dict[str, tuple[int, float]] = {}

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """Nothing goes wrong in memory."""
        return ()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add *amount*, in a new window of *expiry* seconds when there is none, and return the count."""
        now = self._monotonic()
        count, end = self._counters.get(key, (0, -math.inf))
        if end <= now:
            count, end = 0, now + expiry
            self._counters.pop(key, None)
            self._make_room(now)
        self._counters[key] = (count + amount, end)
        return count + amount

    def get(self, key: str) -> int:
        """Return the count of the present window."""
        count, end = self._counters.get(key, (0, -math.inf))
        return count if end > self._monotonic() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, by the clock that was given."""
        return self._counters.get(key, (0, self._monotonic()))[1]

    def clear(self, key: str) -> None:
        """Forget a counter."""
        self._counters.pop(key, None)

    def reset(self) -> int:
        """Forget every counter and return how many there were."""
        count = len(self._counters)
        self._counters.clear()
        return count

    def check(self) -> bool:
        """Return that it works."""
        return True

    def _make_room(self, now: float) -> None:
        """Forget the oldest counter while there are too many, and those at the front that have ended."""
        while self._counters:
            oldest = next(iter(self._counters))
            if len(self._counters) < self._most and self._counters[oldest][1] > now:
                return
            del self._counters[oldest]
