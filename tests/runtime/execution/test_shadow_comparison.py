"""Two answers are compared part by part, and no value of either is told."""

import copy
import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deputize.execution.shadow.comparison import MOST_BYTES, SAME, Judgement, compare, compare_values
from deputize_client import ReceivedResponse


def answer(body, status=200):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return ReceivedResponse(
        status_code=status, status_message="OK", headers=(), content=content, text=content.decode("latin-1")
    )


def shorter(*places):
    return Judgement(
        verdict="shorter",
        detail={"shorter": [{"at": at, "now": now, "then": then} for at, now, then in places]},
    )


def different(*places):
    return Judgement(verdict="different", detail={"differs": list(places)})


@pytest.mark.parametrize(
    ("now", "then", "judgement"),
    [
        ({"a": 1}, {"a": 1}, SAME),
        (
            {"total": 5, "count": 2, "data": [1, 2]},
            {"total": 3, "count": 2, "data": [1, 3]},
            shorter(("/total", 5, 3)),
        ),
        ({"total": 5, "records": [1]}, {"total": 4, "records": [1]}, shorter(("/total", 5, 4))),
        ({"count": 2, "data": [1, 2]}, {"count": 1, "data": [2]}, shorter(("/count", 2, 1))),
        ([1, 2, 3], [2], shorter(("", 3, 1))),
        (
            {"members": {"total": 2, "data": [1, 2]}},
            {"members": {"total": 1, "data": [1]}},
            shorter(("/members/total", 2, 1)),
        ),
        ({"id": 1, "roles": []}, {"id": 1}, shorter(("/roles", 1, 0))),
        ({"a/b~": [1, 2]}, {"a/b~": [1]}, shorter(("/a~1b~0", 2, 1))),
        ({"a": 1, "b": [1, 2]}, {"a": 2, "b": [1]}, shorter(("/b", 2, 1))),
        ({"total": 3, "data": []}, {"total": 5, "data": []}, different("/total")),
        ({"a": 1}, {"a": 1, "b": 2}, different("/b")),
        ([1], [1, 2], different("")),
        ([{"a": 1}], [{"a": True}], different("/0/a")),
        ({"a": "x"}, {"a": None}, different("/a")),
    ],
)
def test_what_is_missing_is_shorter_and_what_is_other_is_different(now, then, judgement):
    assert compare(answer(now), answer(then)) == judgement


def test_another_status_is_different():
    assert compare(answer({}, 200), answer({}, 404)) == Judgement(
        verdict="different", detail={"status_now": 200, "status_then": 404}
    )


def test_bodies_that_are_no_json_are_compared_whole():
    assert compare(answer(b"<a/>"), answer(b"<a/>")) == SAME
    assert compare(answer(b"<a/>"), answer(b"<b/>")) == different("")


def test_what_is_too_long_or_too_deep_is_unknown():
    long, other = b'"' + b"a" * MOST_BYTES + b'"', b'"' + b"b" * MOST_BYTES + b'"'
    deep = [[]]
    for _ in range(5000):
        deep = [deep]

    assert compare(answer(long), answer(other)).verdict == "unknown"
    assert compare_values(deep, [*deep]) == compare_values(deep, deep)
    assert compare_values(deep, deep).verdict == "unknown"


def test_five_places_are_told_at_most():
    now = {str(number): [1] for number in range(9)}

    assert len(compare(answer(now), answer({})).detail["shorter"]) == 5


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_an_answer_is_the_same_as_itself(value):
    assert compare(answer(value), answer(copy.deepcopy(value))) == SAME


@given(st.lists(JSON, min_size=1, max_size=5), st.data())
def test_a_list_from_which_something_is_left_out_is_shorter(value, data):
    left = copy.deepcopy(value)
    del left[data.draw(st.integers(0, len(value) - 1))]

    assert compare(answer({"a": value}), answer({"a": left})).verdict == "shorter"


@given(JSON, JSON)
def test_what_differs_is_never_the_same(now, then):
    assume(json.dumps(now, sort_keys=True) != json.dumps(then, sort_keys=True))

    assert compare(answer(now), answer(then)).verdict in ("shorter", "different")


def test_no_value_is_told():
    now = {"secret": "hunter2", "list": ["hunter3", "hunter4"], "gone": "hunter5"}
    then = {"secret": "hunter6", "list": ["hunter7"]}

    assert "hunter" not in repr(compare(answer(now), answer(then)))
