"""When a shift is on: its occurrences within a span of time."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from deputize.domain.group import Recurrence, Shift

#: Between these moments people are on call; they bound how often a shift can have begun.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = timedelta(days=1)
_WEEK = 7
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A shift, once."""

    shift: Shift
    start: datetime
    end: datetime


def occurrences(shift: Shift, since: datetime, until: datetime) -> list[Occurrence]:
    """Return each time that *shift* is on between *since* and *until*, in order, whole and in UTC.

    Of a shift that ends at a moment, that moment is not part. Times are those of its own zone: one from
    nine to five is that in summer and in winter, and lasts an hour more or less when the clocks change.
    """
    # UTC is known without the database of time zones, which a small machine may not have.
    zone = UTC if shift.timezone == "UTC" else ZoneInfo(shift.timezone)
    start, end = (each.astimezone(zone).replace(tzinfo=None) for each in (shift.start, shift.end))
    length = end - start
    # A day to spare on both sides: offsets of zones differ by less.
    earliest = since.astimezone(zone).date() - timedelta(days=length.days + 1) - _DAY
    latest = until.astimezone(zone).date() + _DAY
    found = []
    for day in _first_days(shift.recurrence, start.date(), latest):
        if day < earliest:
            continue
        begins = datetime.combine(day, start.time())
        occurrence = Occurrence(
            shift=shift,
            start=begins.replace(tzinfo=zone).astimezone(UTC),
            end=(begins + length).replace(tzinfo=zone).astimezone(UTC),
        )
        if occurrence.start <= until and occurrence.end > since:
            found.append(occurrence)
    return found


def _first_days(recurrence: Recurrence, first: date, latest: date) -> Iterator[date]:
    """Return the days on which a shift begins that began on *first*, up to *latest*, in order."""
    last = latest if recurrence.until is None else min(latest, recurrence.until)
    for day in islice(_candidates(recurrence, first), recurrence.times):
        if day > last:
            return
        yield day


def _candidates(recurrence: Recurrence, first: date) -> Iterator[date]:
    match recurrence.frequency:
        case "ONCE":
            yield first
        case "DAILY":
            yield from _steps(first, recurrence.every)
        case "WEEKLY":
            # A week begins with its Monday, so that every second week is the same for all days.
            monday = first - timedelta(days=first.weekday())
            for week in _steps(monday, _WEEK * recurrence.every):
                for offset, name in enumerate(_DAYS):
                    day = week + timedelta(days=offset)
                    if day >= first and (not recurrence.days or name in recurrence.days):
                        yield day
        case "MONTHLY":
            yield from _months(first, recurrence.every)


def _steps(first: date, days: int) -> Iterator[date]:
    step = timedelta(days=days)
    day = first
    while day <= date.max - timedelta(days=_WEEK) - step:
        yield day
        day += step


def _months(first: date, every: int) -> Iterator[date]:
    """Return the same day of every such month; a month that has no such day is left out."""
    month = first.year * _MONTHS + first.month - 1
    while month // _MONTHS <= date.max.year:
        year, number = month // _MONTHS, month % _MONTHS + 1
        if first.day <= monthrange(year, number)[1]:
            yield date(year, number, first.day)
        month += every
