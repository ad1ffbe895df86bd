"""Guessing is slowed down, and whoever does not guess is let through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import RateLimitItemPerSecond

from deputize.credentials.counters import Counters
from deputize.credentials.throttle import Allowance, Allowances, Throttle, Throttled, network_of

HOME, AWAY = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def throttle(seconds):
    return Throttle(monotonic=seconds)


def fail(throttle, account, source, times):
    for _ in range(times):
        assert throttle.check(account, source) is None
        throttle.failed(account, source)


def test_after_twenty_failures_in_a_row_an_account_waits_at_that_source(throttle):
    fail(throttle, "rob", HOME, 20)

    assert throttle.check("rob", HOME) == Throttled(retry_after=300, of="account and source")


def test_others_and_other_places_do_not_wait(throttle):
    fail(throttle, "rob", HOME, 20)

    assert throttle.check("rob", AWAY) is None
    assert throttle.check("dana", HOME) is None


def test_the_wait_ends_when_it_was_said_to(throttle, seconds):
    fail(throttle, "rob", HOME, 20)
    seconds.forward(299.5)
    assert throttle.check("rob", HOME) == Throttled(retry_after=1, of="account and source")

    seconds.forward(0.5)

    fail(throttle, "rob", HOME, 20)


def test_a_success_ends_the_failures_in_a_row(throttle):
    fail(throttle, "rob", HOME, 19)
    throttle.succeeded("rob", HOME)

    fail(throttle, "rob", HOME, 20)


def test_a_hundred_failures_from_everywhere_make_an_account_wait_everywhere_for_a_minute_at_most(
    throttle, seconds
):
    for network in range(100):
        fail(throttle, "rob", f"192.0.2.{network}", 1)
    assert throttle.check("rob", AWAY) == Throttled(retry_after=60, of="account")
    assert throttle.check("dana", AWAY) is None

    seconds.forward(60)

    assert throttle.check("rob", AWAY) is None


def test_three_hundred_failures_from_one_source_make_it_wait_whoever_it_asks_for(throttle):
    for each in range(300):
        fail(throttle, f"user {each}", HOME, 1)
    throttle.succeeded("user 7", HOME)

    assert throttle.check("dana", HOME) == Throttled(retry_after=300, of="source")
    assert throttle.check("dana", AWAY) is None


def test_ten_thousand_wrong_passwords_from_one_source_do_not_stop_the_right_one_from_another(
    throttle, seconds
):
    looked_at = 0
    for _ in range(10_000):
        if throttle.check("rob", HOME) is None:
            looked_at += 1
            throttle.failed("rob", HOME)
        assert throttle.check("rob", AWAY) is None
        seconds.forward(0.05)

    assert looked_at == 40


@given(st.lists(st.booleans(), max_size=60))
def test_only_failures_in_a_row_count(successes):
    throttle = Throttle(
        Allowances(account_and_source=Allowance(failures=3, seconds=60)), monotonic=lambda: 0.0
    )
    row = 0
    for success in successes:
        waits = throttle.check("rob", HOME) is not None
        assert waits == (row >= 3)
        if waits:
            continue
        if success:
            throttle.succeeded("rob", HOME)
            row = 0
        else:
            throttle.failed("rob", HOME)
            row += 1


@pytest.mark.parametrize("account", ["", "a/b", "\ud800", "x" * 100_000, "\0"])
def test_any_name_can_be_counted(throttle, account):
    fail(throttle, account, None, 20)

    assert throttle.check(account, None) is not None
    assert throttle.check(account + "/", None) is None


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("fe80::1%eth0", "fe80::"),
        ("testclient", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_source_is_what_one_caller_has_to_themselves(address, network):
    assert network_of(address) == network


def test_a_flood_of_names_does_not_fill_the_memory(seconds):
    counters = Counters(seconds, most=3)
    for each in range(5):
        counters.incr(f"key {each}", 60)

    assert [counters.get(f"key {each}") for each in range(5)] == [0, 0, 1, 1, 1]
    assert counters.reset() == 3


def test_counters_that_have_ended_make_room(seconds):
    counters = Counters(seconds, most=100)
    counters.incr("old", 10)
    seconds.forward(10)
    counters.incr("new", 10)

    assert counters.get("old") == 0
    assert counters.reset() == 1


def test_limits_counts_by_the_clock_that_was_given(seconds):
    from limits.strategies import FixedWindowRateLimiter

    limiter = FixedWindowRateLimiter(Counters(seconds))
    item = RateLimitItemPerSecond(2, 10)

    assert [limiter.hit(item, "plan") for _ in range(3)] == [True, True, False]
    assert limiter.get_window_stats(item, "plan").reset_time == 1010.0
    seconds.forward(10)
    assert limiter.hit(item, "plan")
