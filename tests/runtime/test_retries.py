"""How long is waited between two tries, and what is no way to say it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from deputize.domain.retries import Retries

SECONDS = st.floats(1, 86_400)


@given(tried=st.integers(1, 20), first=SECONDS, more=SECONDS, chance=st.floats(0, 1))
def test_the_wait_doubles_up_to_its_longest_and_chance_takes_off_half_of_it_at_most(
    tried, first, more, chance
):
    retries = Retries(tries=20, first_seconds=first, longest_seconds=first + more)

    whole = retries.pause(tried, chance=0).total_seconds()
    waited = retries.pause(tried, chance=chance).total_seconds()

    assert whole == pytest.approx(min(first * 2 ** (tried - 1), first + more), abs=1e-5)
    assert whole / 2 - 1e-5 <= waited <= whole


def test_four_tries_wait_ten_twenty_and_forty_seconds_where_nothing_else_is_said():
    retries = Retries(tries=4)

    assert [retries.pause(tried, chance=0).total_seconds() for tried in (1, 2, 3)] == [10, 20, 40]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "tries"),
        ({"tries": 1}, "greater than or equal to 2"),
        ({"tries": 21}, "less than or equal to 20"),
        ({"tries": 3, "first_seconds": 0.5}, "greater than or equal to 1"),
        ({"tries": 3, "often": True}, "Extra inputs are not permitted"),
        (
            {"tries": 3, "first_seconds": 60, "longest_seconds": 30},
            "longest_seconds is 30, which is less than first_seconds: 60",
        ),
    ],
)
def test_what_is_no_way_to_try_again_is_refused(said, why):
    with pytest.raises(ValidationError, match=re.escape(why)):
        Retries.model_validate(said)
