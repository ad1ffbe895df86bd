"""Cron expressions: what is one, and when they are due, also where the clocks are changed."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from deputize.domain.cron import Cron, NotCron

BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"
ZONES = [BERLIN, NEW_YORK, LORD_HOWE, "UTC", "Asia/Kathmandu", "America/Havana", "Africa/Casablanca"]
MINUTE = timedelta(minutes=1)
#: However slow the machine is.
unhurried = settings(deadline=None)


def due(text, zone, after, number):
    """The first due times after a wall-clock time, as the wall clock and its offset show them."""
    zone = ZoneInfo(zone)
    begin = datetime.fromisoformat(after).replace(tzinfo=zone)
    times = islice(Cron.read(text).following(begin, zone), number)
    return [each.astimezone(zone).strftime("%m-%d %H:%M %z") for each in times]


@pytest.mark.parametrize(
    ("text", "minutes", "hours"),
    [
        ("*/20 6 * * *", [0, 20, 40], [6]),
        ("5,1-3 0-23/12 * * *", [1, 2, 3, 5], [0, 12]),
        ("8-18/5 23 * * *", [8, 13, 18], [23]),
        ("59 0,1 * * *", [59], [0, 1]),
    ],
)
def test_minutes_and_hours_are_lists_ranges_and_steps(text, minutes, hours):
    after = datetime(2026, 1, 1, tzinfo=UTC) - MINUTE
    times = islice(Cron.read(text).following(after, ZoneInfo("UTC")), len(minutes) * len(hours))

    assert [(each.hour, each.minute) for each in times] == [(h, m) for h in hours for m in minutes]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("0 0 1,15 * *", "11-01 11-15 12-01"),
        ("0 0 31 * *", "10-31 12-31 01-31"),
        ("0 0 29 feb *", "02-29 02-29 02-29"),
        ("0 0 * * mon-fri", "10-26 10-27 10-28"),
        ("0 0 * * 5-7", "10-30 10-31 11-01"),
        ("0 0 * * FRI-SUN", "10-30 10-31 11-01"),
        ("0 0 * * 0", "11-01 11-08 11-15"),
        ("0 0 * * 7", "11-01 11-08 11-15"),
        ("0 0 * * 0-0", "11-01 11-08 11-15"),
        ("0 0 * * sun-sun", "11-01 11-08 11-15"),
        ("0 0 * * 7-7", "11-01 11-08 11-15"),
        ("0 0 * * sun-mon", "10-26 11-01 11-02"),
        ("0 0 1 jan,JUL *", "01-01 07-01 01-01"),
        # Either day is enough where both are named.
        ("0 0 27 * sun", "10-27 11-01 11-08"),
        ("0 0 30 2 mon", "02-01 02-08 02-15"),
    ],
)
def test_days_are_named_by_month_and_by_week(text, days):
    assert [each[:5] for each in due(text, "UTC", "2026-10-25T12:00", 3)] == days.split()


def test_an_expression_is_kept_with_single_blanks():
    assert Cron.read("  0  6 * *   MON ").text == "0 6 * * MON"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "@daily",
            "It has 1 of five fields: minute, hour, day of the month, month, day of the week, "
            'as in "30 6 * * mon-fri".',
        ),
        (
            "0 0 6 * * *",
            "It has 6 of five fields: minute, hour, day of the month, month, day of the week, "
            'as in "30 6 * * mon-fri".',
        ),
        ("60 * * * *", '"60" is no minute: it is 0 to 59.'),
        ("* 24 * * *", '"24" is no hour: it is 0 to 23.'),
        ("* * 0 * *", '"0" is no day of the month: it is 1 to 31.'),
        ("* * * 13 *", '"13" is no month: it is 1 to 12, or jan to dec.'),
        ("* * * * 8", '"8" is no day of the week: it is 0 to 7, or sun to sat.'),
        ("* * * januar *", '"januar" is no month: it is 1 to 12, or jan to dec.'),
        ("h h * * *", '"h" is no minute: it is 0 to 59.'),
        ("r * * * *", '"r" is no minute: it is 0 to 59.'),
        ("* * l * *", '"l" is no day of the month: it is 1 to 31.'),
        (
            "* * * * mon#2",
            '"mon#2" is no day of the week. Write numbers or names, lists (1,15), ranges (1-5), '
            "steps (*/15, 8-18/2), or * for every one.",
        ),
        (
            "* * ? * *",
            '"?" is no day of the month. Write numbers, lists (1,15), ranges (1-5), steps (*/15, 8-18/2), '
            "or * for every one.",
        ),
        (
            "1,,2 * * * *",
            '"" is no minute. Write numbers, lists (1,15), ranges (1-5), steps (*/15, 8-18/2), '
            "or * for every one.",
        ),
        ("*/0 * * * *", '"*/0" is no minute: a step is 1 or more.'),
        ("5/15 * * * *", '"5/15" is no minute: a step belongs to a range, as in 5-59/15.'),
        ("* 22-2 * * *", '"22-2" is no hour: the range ends before it begins. Write two ranges.'),
        ("0 0 30 2 *", "It never comes: no month that it names has such a day."),
        ("0 0 31 4,jun,9,11 *", "It never comes: no month that it names has such a day."),
        ("0" * 201, "It has more than 200 characters."),
    ],
)
def test_what_is_no_expression_says_why(text, why):
    assert Cron.read(text) == NotCron(why)


# Where the clocks are changed


def test_a_time_that_spring_leaves_out_comes_when_the_gap_ends():
    assert due("30 2 * * *", BERLIN, "2026-03-28T00:00", 3) == [
        "03-28 02:30 +0100",
        "03-29 03:00 +0200",
        "03-30 02:30 +0200",
    ]
    assert due("30 2 * * *", NEW_YORK, "2026-03-07T00:00", 3) == [
        "03-07 02:30 -0500",
        "03-08 03:00 -0400",
        "03-09 02:30 -0400",
    ]
    assert due("15 2 * * *", LORD_HOWE, "2026-10-03T00:00", 3) == [
        "10-03 02:15 +1030",
        "10-04 02:30 +1100",
        "10-05 02:15 +1100",
    ]


def test_all_times_that_are_left_out_come_once_together():
    assert due("0,20,40 2,3 * * *", BERLIN, "2026-03-29T00:00", 4) == [
        "03-29 03:00 +0200",
        "03-29 03:20 +0200",
        "03-29 03:40 +0200",
        "03-30 02:00 +0200",
    ]


def test_of_a_time_that_autumn_has_twice_the_first_counts():
    assert due("30 2 * * *", BERLIN, "2026-10-24T00:00", 3) == [
        "10-24 02:30 +0200",
        "10-25 02:30 +0200",
        "10-26 02:30 +0100",
    ]
    assert due("30 1 * * *", NEW_YORK, "2026-10-31T00:00", 3) == [
        "10-31 01:30 -0400",
        "11-01 01:30 -0400",
        "11-02 01:30 -0500",
    ]
    assert due("45 1 * * *", LORD_HOWE, "2026-04-04T00:00", 3) == [
        "04-04 01:45 +1100",
        "04-05 01:45 +1100",
        "04-06 01:45 +1030",
    ]


def test_who_looks_in_the_hour_that_comes_again_is_told_of_the_next_day():
    zone = ZoneInfo(BERLIN)
    again = datetime(2026, 10, 25, 2, 10, tzinfo=zone, fold=1)

    assert Cron.read("30 2 * * *").after(again, zone) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_every_hour_goes_on_in_real_time():
    assert due("30 * * * *", BERLIN, "2026-03-29T01:00", 3) == [
        "03-29 01:30 +0100",
        "03-29 03:30 +0200",
        "03-29 04:30 +0200",
    ]
    assert due("30 * * * *", BERLIN, "2026-10-25T01:00", 4) == [
        "10-25 01:30 +0200",
        "10-25 02:30 +0200",
        "10-25 02:30 +0100",
        "10-25 03:30 +0100",
    ]
    assert due("0,45 * * * *", LORD_HOWE, "2026-04-05T00:50", 5) == [
        "04-05 01:00 +1100",
        "04-05 01:45 +1100",
        "04-05 01:45 +1030",
        "04-05 02:00 +1030",
        "04-05 02:45 +1030",
    ]
    assert due("15 * * * *", LORD_HOWE, "2026-10-04T01:00", 3) == [
        "10-04 01:15 +1030",
        "10-04 03:15 +1100",
        "10-04 04:15 +1100",
    ]


def test_every_minute_is_every_real_minute_while_the_clocks_are_changed():
    for zone, day in ((BERLIN, (2026, 3, 29)), (BERLIN, (2026, 10, 25)), (LORD_HOWE, (2026, 4, 5))):
        begin = datetime(*day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        times = list(islice(Cron.read("* * * * *").following(begin, ZoneInfo(zone)), 300))

        assert times == [begin + MINUTE * number for number in range(1, 301)]


FIELD = {
    "minute": st.sets(st.integers(0, 59), min_size=1, max_size=4),
    "hour": st.none() | st.sets(st.integers(0, 4), min_size=1, max_size=4),
    "day": st.none() | st.sets(st.integers(1, 31), min_size=1, max_size=6),
    "month": st.none() | st.sets(st.integers(1, 12), min_size=1, max_size=6),
    "weekday": st.none() | st.sets(st.integers(0, 6), min_size=1, max_size=3),
}


FIRST, LAST = datetime(2001, 1, 1), datetime(2060, 1, 1)  # noqa: DTZ001 - the zone is added
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


def written(fields):
    values = [fields[name] for name in FIELD]
    return " ".join("*" if each is None else ",".join(map(str, sorted(each))) for each in values)


def matches(wall, minute, hour, day, month, weekday):
    """Whether a wall-clock time is what an expression says, written anew and slowly."""
    by_month, by_week = day is None or wall.day in day, weekday is None or wall.isoweekday() % 7 in weekday
    on_the_day = by_month or by_week if day is not None and weekday is not None else by_month and by_week
    return (
        wall.minute in minute
        and (hour is None or wall.hour in hour)
        and (month is None or wall.month in month)
        and on_the_day
    )


def expected(fields, begin, until, zone):
    """Every due time in a span, minute by minute."""
    found, wall_before, left_out = [], None, False
    moment = begin
    while moment <= until:
        wall = moment.astimezone(zone).replace(tzinfo=None)
        if fields["hour"] is None:
            if matches(wall, **fields):
                found.append(moment)
        else:
            first = moment.astimezone(zone).fold == 0
            gap = wall_before is not None and wall - wall_before > MINUTE
            skipped = int((wall - wall_before) / MINUTE) if gap else 1
            left_out = any(matches(wall - MINUTE * back, **fields) for back in range(1, skipped))
            if (first and matches(wall, **fields)) or left_out:
                found.append(moment)
        wall_before = wall
        moment += MINUTE
    return found[0 if found[:1] != [begin] else 1 :]


#: A day before the clocks are changed, in each of the zones where they are.
CHANGES = {
    BERLIN: ["2026-03-28T12:00", "2026-10-24T12:00"],
    NEW_YORK: ["2026-03-07T12:00", "2026-10-31T12:00"],
    LORD_HOWE: ["2026-04-04T02:00", "2026-10-03T02:00"],
    "America/Havana": ["2026-03-07T12:00", "2026-10-31T12:00"],
    "Africa/Casablanca": ["2026-02-14T12:00", "2026-03-21T12:00"],
    "UTC": ["2026-06-01T12:00"],
}


@unhurried
@given(
    place=st.sampled_from([(zone, each) for zone, days in CHANGES.items() for each in days]),
    later=st.integers(0, 16 * 60),
    fields=st.fixed_dictionaries(FIELD),
)
@example(
    place=(BERLIN, "2026-03-28T12:00"),
    later=0,
    fields={"minute": {0, 30}, "hour": {2, 3}, "day": None, "month": None, "weekday": None},
)
def test_no_due_time_is_left_out_and_none_is_made_up_while_the_clocks_are_changed(place, later, fields):
    zone, begin = ZoneInfo(place[0]), datetime.fromisoformat(place[1]).replace(tzinfo=UTC) + MINUTE * later
    cron = Cron.read(written(fields))
    assume(not isinstance(cron, NotCron))
    until = begin + timedelta(hours=30)
    times = []
    for each in cron.following(begin, zone):
        if each > until:
            break
        times.append(each)

    assert times == expected(fields, begin, until, zone)


@unhurried
@given(
    zone=st.sampled_from(ZONES),
    begin=MOMENTS,
    fields=st.fixed_dictionaries(FIELD),
)
def test_due_times_rise_and_show_on_the_wall_clock_or_end_a_gap(zone, begin, fields):
    zone = ZoneInfo(zone)
    cron = Cron.read(written(fields))
    assume(not isinstance(cron, NotCron))

    times = list(islice(cron.following(begin, zone), 6))

    assert [begin, *times] == sorted({begin, *times})
    for each in times:
        wall = each.astimezone(zone).replace(tzinfo=None)
        before = (each - MINUTE).astimezone(zone).replace(tzinfo=None)
        assert matches(wall, **fields) or (wall - before > MINUTE and fields["hour"] is not None)


@unhurried
@given(
    zone=st.sampled_from(ZONES),
    begin=MOMENTS,
    minutes=st.integers(0, 20_000),
    fields=st.fixed_dictionaries(FIELD),
)
def test_the_latest_of_those_that_have_come_is_found_without_counting_them(zone, begin, minutes, fields):
    zone = ZoneInfo(zone)
    cron = Cron.read(written({**fields, "month": None}))
    assume(not isinstance(cron, NotCron))
    first = cron.after(begin, zone)
    until = first + MINUTE * minutes

    latest = cron.latest(first, until, zone)

    assert first <= latest <= until
    assert cron.after(latest, zone) > until
