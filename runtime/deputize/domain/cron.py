"""Cron expressions: read strictly, and the moments at which they are due in a time zone.

Theory of operation. The five fields are read here into plain lists, so that nothing gets in which libraries
for cron understand besides: macros, seconds, chance. The library searches in wall-clock time alone, where
it is right. What the clocks do twice a year is decided here. An expression that names its hours goes by the
wall clock: a time that is left out comes when the gap ends, and of one that comes twice the first counts.
One that is due in every hour goes by real time: it is due whenever the wall clock shows a time that
matches, in autumn twice and in a gap not at all.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from croniter import CroniterBadDateError, croniter

_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)
#: Characters of an expression.
_LONGEST: Final = 200
_ITEM: Final = re.compile(r"(?:(\*)|([a-z]+|\d{1,4})(?:-([a-z]+|\d{1,4}))?)(?:/(\d{1,4}))?", re.ASCII)
_EVERY: Final = "*"


@dataclass(frozen=True, slots=True)
class _Field:
    """One of the five: its name, the numbers that it may have, and the names that stand for them."""

    name: str
    lowest: int
    highest: int
    names: tuple[str, ...] = ()


_MONTHS: Final = tuple("jan feb mar apr may jun jul aug sep oct nov dec".split())
_WEEKDAYS: Final = tuple("sun mon tue wed thu fri sat".split())
#: Sunday is 0 and 7.
_SUNDAY: Final = 7
_FIELDS: Final = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 0, _SUNDAY, _WEEKDAYS),
)


@dataclass(frozen=True, slots=True)
class NotCron:
    """Why a text is no expression: a sentence for whoever wrote it."""

    why: str


@dataclass(frozen=True, slots=True)
class Cron:
    """An expression that comes again and again."""

    #: As it was written, with one blank between two fields.
    text: str
    #: The same with every value listed.
    _listed: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> "Cron | NotCron":
        """Return the expression that *text* is, or why it is none."""
        if len(text) > _LONGEST:
            return NotCron(f"It has more than {_LONGEST} characters.")
        fields = text.split()
        if len(fields) != len(_FIELDS):
            return NotCron(
                f"It has {len(fields)} of five fields: minute, hour, day of the month, month, day of the "
                'week, as in "30 6 * * mon-fri".'
            )
        listed: list[str] = []
        for field, part in zip(_FIELDS, fields, strict=True):
            values = _values(field, part.lower())
            if isinstance(values, NotCron):
                return values
            listed.append(values)
        if _next(listed, datetime(2000, 1, 1)) is None:  # noqa: DTZ001 - wall-clock time is of no zone
            return NotCron("It never comes: no month that it names has such a day.")
        return cls(" ".join(fields), tuple(listed))

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the first due time after *moment*, in UTC; None: there is none within fifty years."""
        minute = moment.astimezone(UTC).replace(second=0, microsecond=0)
        return self._real(minute, zone) if self._listed[1] == _EVERY else self._by_the_clock(minute, zone)

    def following(self, moment: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Yield the due times after *moment*, in their order."""
        due = self.after(moment, zone)
        while due is not None:
            yield due
            due = self.after(due, zone)

    def latest(self, due: datetime, until: datetime, zone: ZoneInfo) -> datetime:
        """Return the last due time up to *until*; *due* is one that is not after it."""
        # The span is doubled until it holds one, so that few are counted however long ago *due* is.
        span = _MINUTE
        found = due
        while until - span > due:
            first = self.after(until - span, zone)
            if first is not None and first <= until:
                found = first
                break
            span *= 2
        for each in self.following(found, zone):
            if each > until:
                break
            found = each
        return found

    def _by_the_clock(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        wall = _wall_clock(moment, zone)
        while True:
            found = _next(self._listed, wall)
            if found is None:
                return None
            due = _first_time(found, zone)
            # When the clocks have just been put back, what comes first has been already.
            if due > moment:
                return due
            wall = found

    def _real(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        begin = moment + _MINUTE
        while True:
            wall = _wall_clock(begin, zone)
            found = _next(self._listed, wall - _MINUTE)
            if found is None:
                return None
            due = begin + (found - wall)
            change = _change(zone, begin, due)
            if change is None:
                return due
            begin = change


def _next(listed: Sequence[str], wall: datetime) -> datetime | None:
    """Return the first time after *wall* that matches; both without a zone."""
    try:
        found: datetime = croniter(" ".join(listed), wall).get_next(datetime)
    except CroniterBadDateError:
        return None
    return found


def _values(field: _Field, part: str) -> str | NotCron:
    """Return the values of one field as a list, or ``*`` for all."""
    found: set[int] = set()
    for item in part.split(","):
        values = _item(field, item)
        if isinstance(values, NotCron):
            return values
        found.update(values)
    if field.highest == _SUNDAY:
        found = {value % _SUNDAY for value in found}
    span = range(field.lowest, _SUNDAY if field.highest == _SUNDAY else field.highest + 1)
    return _EVERY if found == set(span) else ",".join(map(str, sorted(found)))


def _item(field: _Field, item: str) -> range | NotCron:
    match = _ITEM.fullmatch(item)
    if match is None:
        return NotCron(
            f'"{item}" is no {field.name}. Write numbers{" or names" if field.names else ""}, lists (1,15), '
            "ranges (1-5), steps (*/15, 8-18/2), or * for every one."
        )
    every, low, high, step = match.groups()
    if step is not None and int(step) == 0:
        return NotCron(f'"{item}" is no {field.name}: a step is 1 or more.')
    if step is not None and every is None and high is None:
        return NotCron(
            f'"{item}" is no {field.name}: a step belongs to a range, as in {low}-{field.highest}/{step}.'
        )
    first = field.lowest if every else _number(field, low)
    last = first if every is None and high is None else _last(field, high, first=first)
    if first is None or last is None:
        return NotCron(
            f'"{item}" is no {field.name}: it is {field.lowest} to {field.highest}{_named(field)}.'
        )
    if last < first:
        return NotCron(f'"{item}" is no {field.name}: the range ends before it begins. Write two ranges.')
    return range(first, last + 1, int(step or 1))


def _last(field: _Field, text: str | None, *, first: int | None) -> int | None:
    if text is None:
        # Sunday is there already, as 0.
        return _SUNDAY - 1 if field.highest == _SUNDAY else field.highest
    number = _number(field, text)
    # The week of whoever writes fri-sun ends with Sunday.
    return _SUNDAY if field.highest == _SUNDAY and number == 0 and first else number


def _number(field: _Field, text: str) -> int | None:
    if text in field.names:
        return field.names.index(text) + field.lowest
    number = int(text) if text.isdecimal() else -1
    return number if field.lowest <= number <= field.highest else None


def _named(field: _Field) -> str:
    return f", or {field.names[0]} to {field.names[-1]}" if field.names else ""


def _wall_clock(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _first_time(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return when the clocks of *zone* first show *wall*; left out, when the gap ends."""
    due = wall.replace(tzinfo=zone).astimezone(UTC)
    if _wall_clock(due, zone) == wall:
        return due
    # By the time before the gap it would be after its end, by the time after it before its beginning.
    return _change(zone, wall.replace(tzinfo=zone, fold=1).astimezone(UTC), due) or due


def _change(zone: ZoneInfo, begin: datetime, end: datetime) -> datetime | None:
    """Return when the offset of *zone* first changes after *begin*, and up to *end*; None: it does not."""
    offset, before = begin.astimezone(zone).utcoffset(), begin
    while before < end:
        after = min(before + _DAY, end)
        if after.astimezone(zone).utcoffset() != offset:
            while after - before > _MINUTE:
                middle = before + (after - before) // _MINUTE // 2 * _MINUTE
                if middle.astimezone(zone).utcoffset() == offset:
                    before = middle
                else:
                    after = middle
            return after
        before = after
    return None
