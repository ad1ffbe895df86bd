"""``date`` and ``datetime`` of scripts: Python's own, but that the present is the run's."""

import datetime as dt
from typing import Any, Final, Self

from deputize_guest.run_clock import CLOCK

_EPOCH: Final = (1970, 1, 1)


class _Any(type):
    """Lets every date be an instance of ``date``: sums and parsers of Python make plain ones."""

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, _STANDARD[cls]) if cls in _STANDARD else super().__instancecheck__(value)

    def __subclasscheck__(cls, other: type) -> bool:
        return issubclass(other, _STANDARD[cls]) if cls in _STANDARD else super().__subclasscheck__(other)


class date(dt.date, metaclass=_Any):  # noqa: N801 - the name that scripts know
    """A calendar date."""

    __module__ = "datetime"

    @classmethod
    def today(cls) -> Self:
        """Return the day in UTC on which the run is."""
        return cls(*_EPOCH) + dt.timedelta(microseconds=CLOCK.microseconds)

    def __repr__(self) -> str:
        return f"datetime.{super().__repr__()}" if type(self) is date else super().__repr__()


class datetime(dt.datetime, metaclass=_Any):  # noqa: N801 - the name that scripts know
    """A date and a time of day."""

    __module__ = "datetime"

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Self:
        """Return the present of the run, in UTC when no zone is given."""
        moment = cls(*_EPOCH, tzinfo=tz) + dt.timedelta(microseconds=CLOCK.microseconds)
        return moment if tz is None else tz.fromutc(moment)  # type: ignore[return-value] # keeps the class

    @classmethod
    def today(cls) -> Self:
        """Return the present of the run, without a zone."""
        return cls.now()

    @classmethod
    def utcnow(cls) -> Self:
        """Return the present of the run, without a zone."""
        return cls.now()

    def date(self) -> "date":
        """Return the day."""
        return date(self.year, self.month, self.day)

    def __repr__(self) -> str:
        return f"datetime.{super().__repr__()}" if type(self) is datetime else super().__repr__()


_STANDARD: Final[dict[type, type]] = {date: dt.date, datetime: dt.datetime}

# Python's own would be of its own class, and know another present.
date.min, date.max = date(dt.MINYEAR, 1, 1), date(dt.MAXYEAR, 12, 31)
datetime.min = datetime.combine(dt.date.min, dt.time.min)
datetime.max = datetime.combine(dt.date.max, dt.time.max)


def own(moment: dt.datetime) -> datetime:
    """Return *moment* as scripts know it."""
    return datetime.combine(moment.date(), moment.timetz())
