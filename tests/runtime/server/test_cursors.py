"""A cursor is good for the list that it was given out for, and shows nothing that could be changed."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deputize.server.cursors import Cursors
from deputize.server.problems import Problem

CURSORS = Cursors(b"c" * 32)
LIST = {"/": "/api/v1/runs", "@": "id-of-dev", "kind": "log"}


@given(st.lists(st.integers() | st.text(st.characters(codec="utf-8"), max_size=50), max_size=3))
def test_what_was_written_is_read_again(place):
    assert CURSORS.read(CURSORS.write(place, of=LIST), of=dict(reversed(LIST.items()))) == place


@pytest.mark.parametrize(
    "other",
    [
        {**LIST, "/": "/api/v1/activity"},
        {**LIST, "@": "id-of-ann"},
        {**LIST, "kind": "result"},
        {**LIST, "initiator": "rob"},
        {"/": "/api/v1/runs", "@": "id-of-dev"},
    ],
)
def test_a_cursor_of_another_list_caller_or_filter_is_refused(other):
    cursor = CURSORS.write([1], of=LIST)

    with pytest.raises(Problem) as refused:
        CURSORS.read(cursor, of=other)

    assert refused.value.code == "CURSOR_INVALID"


@given(st.integers(0, 10_000), st.characters(codec="ascii"))
@example(53, "p")
def test_a_cursor_that_was_changed_is_refused(index, character):
    cursor = CURSORS.write([12345], of=LIST)
    index %= len(cursor)
    changed = cursor[:index] + character + cursor[index + 1 :]

    if changed == cursor:
        assert CURSORS.read(changed, of=LIST) == [12345]
    else:
        with pytest.raises(Problem, match="The cursor was not given out"):
            CURSORS.read(changed, of=LIST)


@given(st.text(max_size=200))
def test_any_other_text_is_refused(text):
    with pytest.raises(Problem, match="The cursor was not given out"):
        CURSORS.read(text, of=LIST)


def test_the_cursor_of_another_deployment_is_refused():
    with pytest.raises(Problem):
        CURSORS.read(Cursors(b"d" * 32).write([1], of=LIST), of=LIST)
