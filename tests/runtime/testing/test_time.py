"""The time of a test: it stands still, and nobody waits."""

from datetime import UTC, datetime

import pytest


@pytest.fixture
def answered(deputize_mock):
    deputize_mock.endpoint("Desk").get(path__regex="^/[ab]$").respond(200)
    deputize_mock.endpoint("p/Shared").get("/x").respond(200, json={"ok": True})


@pytest.mark.usefixtures("answered")
def test_a_script_sees_the_tests_own_moment_to_the_microsecond(deputize_run, deputize_clock):
    deputize_clock.now = datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)
    run = deputize_run("everything")

    assert run.result["began"] == "2024-02-29T23:59:59+00:00"
    assert run.result["now"] == "2024-03-01T00:00:00.500000"
    assert run.result["time"] == 1709251200.5
    assert run.result["passed"] == 1.5
    assert deputize_clock.slept == [1.5]
    assert deputize_clock.now == datetime(2024, 3, 1, 0, 0, 0, 500_000, tzinfo=UTC)


def test_every_test_begins_at_the_same_moment(deputize_clock):
    assert deputize_clock.now == datetime(2025, 1, 6, 9, tzinfo=UTC)
    assert deputize_clock.slept == []


def test_a_moment_without_a_zone_is_none(deputize_clock):
    with pytest.raises(ValueError, match=r"has no time zone\. Add one: tzinfo=UTC\.$"):
        deputize_clock.now = datetime(2024, 2, 29)  # noqa: DTZ001 - what is tried
