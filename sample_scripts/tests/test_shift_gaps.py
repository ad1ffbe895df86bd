"""Times in which nobody is on call are reported to whoever asked."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

ON_CALL = "/api/xm/1/on-call"
REPORT = "/api/xm/1/plans/on_call/forms/gap_report/triggers"
#: A Wednesday, as the clock of the tests has it.
TODAY = datetime(2025, 3, 5, tzinfo=UTC)


def day(number, hour=0):
    """A moment of the week that is looked at, which begins tomorrow with day 1."""
    return TODAY + timedelta(days=number, hours=hour)


def shift(start, end, members=1):
    return {
        "start": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "end": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "members": {"count": members},
    }


def shown(moment):
    return f"{moment:%Y-%m-%d %H:%M:%S}"


@pytest.fixture(autouse=True)
def during_that_day(deputize_clock):
    deputize_clock.now = TODAY + timedelta(hours=10)


@pytest.fixture
def on_call(deputize_mock):
    """``on_call("Database", shifts)``: what is said of a group."""

    def add(group, *shifts, **answer):
        answer = answer or {"json": {"count": len(shifts), "data": list(shifts), "links": {}}}
        return (
            deputize_mock.endpoint("platform")
            .get(ON_CALL, params__contains={"groups": group})
            .respond(**answer)
        )

    return add


@pytest.fixture
def report(deputize_mock):
    return deputize_mock.endpoint("platform").post(REPORT).respond(202, json={"requestId": "r1"})


@pytest.fixture
def check(deputize_run, deputize_sample):
    """Ask about groups."""

    def check(groups, *, as_="dana", status="active"):
        callback = deputize_sample("shift_gaps", status=status, eventProperties=[{"Which groups?": groups}])
        return deputize_run("shift_gaps", payload=callback, as_user=as_)

    return check


def test_a_week_without_a_gap_is_not_reported(check, on_call):
    on_call("Database", shift(day(0), day(4)), shift(day(4), day(9)))

    assert check("Database").result == []


def test_the_week_that_begins_tomorrow_is_looked_at(check, on_call):
    asked = on_call("Database", shift(day(0), day(9)))

    check("Database")

    assert dict(asked.calls.last.request.url.params) == {
        "groups": "Database",
        "from": f"{day(1):%Y-%m-%dT%H:%M:%SZ}",
        "to": f"{day(8):%Y-%m-%dT%H:%M:%SZ}",
        "membersPerShift": "3",
    }


def test_a_time_between_two_shifts_is_a_gap(check, on_call, report):
    on_call("Database", shift(day(1), day(3, hour=8)), shift(day(4), day(8)))

    assert check("Database").result == [
        f"Group Database has a gap between {shown(day(3, hour=8))} and {shown(day(4))}"
    ]


def test_shifts_that_overlap_leave_no_gap(check, on_call):
    on_call("Database", shift(day(1), day(5)), shift(day(2), day(3)), shift(day(5), day(8)))

    assert check("Database").result == []


def test_the_beginning_and_the_end_of_the_week_are_looked_at_too(check, on_call, report):
    on_call("Database", shift(day(2), day(7)))

    assert check("Database").result == [
        f"Group Database has a gap between {shown(day(1))} and {shown(day(2))}",
        f"Group Database has a gap between {shown(day(7))} and {shown(day(8))}",
    ]


def test_a_shift_without_members_is_reported_also_when_it_is_the_last(check, on_call, report):
    on_call("Database", shift(day(1), day(4)), shift(day(4), day(8), members=0))

    assert check("Database").result == [
        f"Group Database has a shift with no members between {shown(day(4))} and {shown(day(8))}"
    ]


def test_shifts_of_every_page_count(check, deputize_mock):
    first = {"data": [shift(day(1), day(4))], "links": {"next": f"{ON_CALL}?offset=1&limit=1"}}
    second = {"data": [shift(day(4), day(8))], "links": {}}
    deputize_mock.endpoint("platform").get(ON_CALL).mock(
        side_effect=[httpx.Response(200, json=first), httpx.Response(200, json=second)]
    )

    assert check("Database").result == []


def test_a_group_that_may_not_be_read_does_not_repeat_the_one_before(check, on_call, report, refused, logged):
    on_call("Database", shift(day(1), day(7)))
    on_call("Network", **refused)

    done = check("Database, Network", as_="rob")

    assert done.state == "COMPLETED"
    assert done.result == [
        f"Group Database has a gap between {shown(day(7))} and {shown(day(8))}",
        "Group Network could not be checked",
    ]
    assert len(done.refusals) == 1
    assert logged(done) == ["cannot read the shifts of a group"]


def test_whoever_asked_is_told(check, on_call, report, bodies):
    on_call("Database", shift(day(2), day(7)))

    done = check("Database", as_="rob")

    assert bodies(report) == [
        {
            "properties": {"Text": "".join(f"{line}<br>" for line in done.result)},
            "recipients": [{"id": "rob"}],
        }
    ]


def test_a_report_that_is_refused_fails_the_run(check, on_call, deputize_mock, refused):
    on_call("Database", shift(day(2), day(7)))
    deputize_mock.endpoint("platform").post(REPORT).respond(**refused)

    assert check("Database", as_="rob").state == "FAILED"


@pytest.mark.parametrize("status", ["terminated", "suspended"])
def test_only_the_start_of_an_event_asks(check, status):
    done = check("Database", status=status)

    assert done.state == "COMPLETED"
    assert done.usage.calls == 0


def test_on_the_platform_a_group_with_its_default_shift_has_no_gap(deputize_run, deputize_sample):
    deputize_run("sync_contact", payload=deputize_sample("sync_contact", Department="Database"))
    done = deputize_run("shift_gaps", sample="shift_gaps")

    assert done.state == "COMPLETED"
    assert done.result == ["Group Network could not be checked"]
