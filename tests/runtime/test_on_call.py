"""When a shift is on, worked out by the calendar of its own time zone."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deputize.domain.group import Recurrence, Shift
from deputize.domain.on_call import occurrences

MIDNIGHT = datetime(2018, 4, 16, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def shift(**more):
    return Shift(
        **{"id": "s", "group_id": "g", "name": "n", "start": MIDNIGHT, "end": MIDNIGHT + DAY, **more}
    )


def spans(each, since, until):
    return [(one.start.isoformat(), one.end.isoformat()) for one in occurrences(each, since, until)]


def test_a_shift_that_never_ends_follows_itself_without_a_gap():
    found = occurrences(shift(), MIDNIGHT + DAY, MIDNIGHT + 8 * DAY)

    assert [each.start for each in found] == [MIDNIGHT + n * DAY for n in range(1, 9)]
    assert all(one.end == other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("recurrence", "days"),
    [
        (Recurrence(frequency="ONCE"), [16]),
        (Recurrence(frequency="DAILY", every=3), [16, 19, 22, 25, 28]),
        (Recurrence(frequency="DAILY", times=2), [16, 17]),
        (Recurrence(frequency="DAILY", until=date(2018, 4, 18)), [16, 17, 18]),
        (Recurrence(frequency="WEEKLY", days=frozenset({"MO", "WE"})), [16, 18, 23, 25, 30]),
        (Recurrence(frequency="WEEKLY", days=frozenset({"SU"}), every=2), [22]),
        (Recurrence(frequency="WEEKLY", times=3), [16, 17, 18]),
        (Recurrence(frequency="MONTHLY"), [16]),
    ],
)
def test_a_shift_begins_on_the_days_of_its_rule(recurrence, days):
    each = shift(recurrence=recurrence, end=MIDNIGHT + timedelta(hours=8))

    found = occurrences(each, MIDNIGHT - 7 * DAY, datetime(2018, 4, 30, 23, tzinfo=UTC))

    assert [one.start.day for one in found] == days


def test_a_month_without_that_day_is_left_out():
    last = datetime(2018, 1, 31, tzinfo=UTC)
    each = shift(start=last, end=last + DAY, recurrence=Recurrence(frequency="MONTHLY"))

    found = occurrences(each, last, datetime(2018, 7, 1, tzinfo=UTC))

    assert [one.start.month for one in found] == [1, 3, 5]


def test_nine_to_five_is_that_in_summer_and_in_winter():
    zone = ZoneInfo("Europe/Vienna")
    each = shift(
        start=datetime(2018, 3, 24, 9, tzinfo=zone),
        end=datetime(2018, 3, 24, 17, tzinfo=zone),
        timezone="Europe/Vienna",
    )

    assert spans(each, datetime(2018, 3, 24, tzinfo=UTC), datetime(2018, 3, 26, tzinfo=UTC)) == [
        ("2018-03-24T08:00:00+00:00", "2018-03-24T16:00:00+00:00"),
        ("2018-03-25T07:00:00+00:00", "2018-03-25T15:00:00+00:00"),
    ]


def test_a_shift_that_has_ended_at_that_moment_is_over_and_one_that_begins_is_on():
    each = shift(recurrence=Recurrence(frequency="ONCE"))

    assert occurrences(each, MIDNIGHT, MIDNIGHT) != []
    assert occurrences(each, MIDNIGHT + DAY, MIDNIGHT + DAY) == []
    assert occurrences(each, MIDNIGHT - DAY, MIDNIGHT - timedelta(microseconds=1)) == []


FIRST, LAST = (datetime(year, 1, 1) for year in (1999, 2031))  # noqa: DTZ001 - a zone is given to each
ZONES = ("UTC", "Europe/Vienna", "US/Pacific", "Pacific/Kiritimati", "Asia/Kolkata")


@settings(deadline=None)
@given(
    begins=st.datetimes(FIRST, LAST),
    length=st.timedeltas(timedelta(minutes=1), timedelta(days=20)),
    zone=st.sampled_from(ZONES),
    frequency=st.sampled_from(("ONCE", "DAILY", "WEEKLY", "MONTHLY")),
    every=st.integers(1, 10),
    days=st.frozensets(st.sampled_from(DAYS)),
    times=st.none() | st.integers(1, 50),
    looked_at=st.datetimes(FIRST, LAST),
    span=st.timedeltas(timedelta(0), timedelta(days=60)),
)
def test_what_is_found_in_a_span_is_what_day_by_day_is_on_in_it(
    begins, length, zone, frequency, every, days, times, looked_at, span
):
    each = shift(
        start=begins.replace(tzinfo=ZoneInfo(zone)),
        end=(begins + length).replace(tzinfo=ZoneInfo(zone)),
        timezone=zone,
        recurrence=Recurrence(frequency=frequency, every=every, days=days, times=times),
    )
    since = looked_at.replace(tzinfo=UTC)

    found = occurrences(each, since, since + span)

    assert all(one.start <= since + span and one.end > since for one in found)
    assert [one.start for one in found] == sorted({one.start for one in found})
    # A longer span has all of a shorter one, in the same order.
    wider = occurrences(each, since - timedelta(days=30), since + span + timedelta(days=30))
    inside = [one for one in wider if one.start <= since + span and one.end > since]
    assert inside == found
    local = [one.start.astimezone(ZoneInfo(zone)) for one in found]
    if frequency == "WEEKLY" and days:
        assert {DAYS[one.weekday()] for one in local} <= days
    if frequency == "MONTHLY":
        assert {one.day for one in local} <= {begins.day}
