"""The time of a run: the host's, and standing still between two answers of the host."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class RunClock:
    """Holds the present moment in microseconds since 1970. Moved by the host, never by the machine."""

    def __init__(self) -> None:
        self._now = 0
        self._began = 0
        self._sleep: Callable[[float], None] = self.advance_by

    def begin(self, iso: str | None, sleep: Callable[[float], None]) -> None:
        """Start the run at *iso*, or at the machine's time when the host names none.

        *sleep* lets the host wait for some seconds.
        """
        self._sleep = sleep
        self._now = self._began = time.time_ns() // 1000 if iso is None else _microseconds(iso)

    def advance_to(self, iso: str) -> None:
        """Go on to *iso*; time does not go back."""
        self._now = max(self._now, _microseconds(iso))

    def advance_by(self, seconds: float) -> None:
        """Go on by *seconds*."""
        self._now += round(seconds * 1_000_000)

    def sleep(self, seconds: float) -> None:
        """Have the host wait."""
        self._sleep(seconds)

    @property
    def microseconds(self) -> int:
        """Microseconds since 1970."""
        return self._now

    @property
    def elapsed_microseconds(self) -> int:
        """Microseconds since the run began."""
        return self._now - self._began


#: A guest serves one run, and its modules know the time: there is one clock.
CLOCK: Final = RunClock()


def _microseconds(iso: str) -> int:
    moment = datetime.fromisoformat(iso)
    return (moment - _EPOCH) // _MICROSECOND
