"""The time of a test: it stands still until a script sleeps or the test moves it."""

from datetime import UTC, datetime, timedelta
from typing import Final

#: When every test begins, a Monday morning: a test that passes today passes on any other day.
BEGINNING: Final = datetime(2025, 1, 6, 9, 0, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)


class MovableClock:
    """Tells scripts, platform and entries the time. Sleeping moves it, and takes none."""

    def __init__(self) -> None:
        self._now = BEGINNING
        self._stored = BEGINNING
        #: Whether the test itself has said what time it is.
        self.set_by_test = False
        #: What scripts have slept, in seconds, in order.
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        """Return the present moment."""
        return self._now

    def __repr__(self) -> str:
        return f"<MovableClock at {self._now.isoformat()}>"

    @property
    def now(self) -> datetime:
        """The present moment; set it to begin at another one. Raises ``ValueError`` without a time zone."""
        return self._now

    @now.setter
    def now(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError(f"deputize_clock.now: {moment!r} has no time zone. Add one: tzinfo=UTC.")
        self._now = self._stored = moment.astimezone(UTC)
        self.set_by_test = True

    def advance(self, seconds: float = 0, **more: float) -> None:
        """Go on by *seconds*, or by what ``timedelta`` is given: ``advance(minutes=5)``."""
        self._now += timedelta(seconds=seconds, **more)
        self.set_by_test = True

    def show(self, moment: datetime) -> None:
        """Be at the *moment* of a recorded run, which may be before the present one."""
        self._now = moment

    async def sleep(self, seconds: float) -> None:
        """Go on by *seconds* for a script that sleeps."""
        self.slept.append(seconds)
        self._now += timedelta(seconds=seconds)

    def stored(self) -> datetime:
        """Return the present moment for what is kept: no two alike, for they say what came first."""
        self._stored = max(self._now, self._stored + _TICK)
        return self._stored
