"""The oracle finds each violation in a record that was doctored, and none in one that was not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.acceptance.chaos.oracle import violations
from tests.acceptance.chaos.record import Arrival, Exported, Ledger

STEPS = ("0/post", "1/keyed", "2/get")
RUN, OTHER = "run-of-1", "run-of-2"


def arrival(step, receipt, *, order=1, key=None):
    method = "GET" if step.endswith("get") else "POST"
    at = datetime(2018, 4, 17, tzinfo=UTC)
    return Arrival(order=order, step=step, method=method, idempotency_key=key, receipt=receipt, at=at)


def exchange(step, receipt, order=1):
    return {
        "kind": "http.exchange",
        "request": {"url": f"http://127.0.0.1:1/orders/{order}/{step}"},
        "statusCode": 200,
        "response": {"body": {"receipt": receipt}},
    }


def exported(run_id, *entries, order=1, state="COMPLETED", last="run.finished", result=None):
    begun = [{"kind": "run.started"}, {"kind": "inbound.request", "body": {"order": order}}]
    kept = [*begun, *entries, {"kind": last, "reason": "a call was under way"}]
    activity = [{**each, "seq": seq} for seq, each in enumerate(kept, 1)]
    return Exported(id=run_id, state=state, result=result, activity=activity)


class Storm:
    """What is said of a storm in which one run was taken over and another interrupted; tests doctor it."""

    def __init__(self):
        self.ledger = Ledger(placed={1, 2, 3}, acknowledged={RUN: 1, OTHER: 2})
        self.arrivals = [
            arrival("0/post", "a"),
            arrival("1/keyed", "b", key="k"),
            arrival("1/keyed", "c", key="k"),
            arrival("2/get", "d"),
            arrival("0/post", "e", order=2),
        ]
        self.run = exported(
            RUN,
            exchange("0/post", "a"),
            {"kind": "run.resumed"},
            exchange("1/keyed", "c"),
            exchange("2/get", "d"),
            result={"0/post": "a", "1/keyed": "c", "2/get": "d"},
        )
        self.other = exported(OTHER, order=2, state="INTERRUPTED", last="run.interrupted")
        self.early = {RUN: replace(self.run, state="RUNNING", activity=self.run.activity[:3])}
        self.late = {RUN: self.run, OTHER: self.other}

    def change(self, run, *, at=None, **fields):
        """Change an entry of a run, or the run."""
        if at is not None:
            activity = [dict(each) for each in run.activity]
            activity[at] |= fields
            fields = {"activity": activity}
        self.late = {**self.late, run.id: replace(run, **fields)}

    def found(self, **options):
        exports = [self.early, self.late]
        return violations(self.ledger, self.arrivals, exports, steps=STEPS, **options)


@pytest.fixture
def seen():
    return Storm()


def test_a_storm_in_which_all_was_kept_is_found_to_be_so(seen):
    assert seen.found() == []


def test_an_acknowledged_run_that_is_not_there(seen):
    del seen.late[OTHER]

    assert seen.found() == [f"lost: run {OTHER} of order 2 was acknowledged and is not there"]


@pytest.mark.parametrize("state", ["QUEUED", "RUNNING", "POISONED"])
def test_a_run_that_never_ends_or_was_given_up(seen, state):
    seen.change(seen.other, state=state)

    assert seen.found() == [f"lost: run {OTHER} is {state} for ever"]


def test_a_run_whose_stream_does_not_say_how_it_ended(seen):
    seen.change(seen.other, state="COMPLETED", result={})

    assert f"lost: run {OTHER} is COMPLETED, and ends with run.interrupted" in seen.found()


def test_an_interruption_for_no_reason(seen):
    seen.change(seen.other, at=-1, reason="")

    assert seen.found() == [f"lost: run {OTHER} is INTERRUPTED for no reason"]


def test_a_run_that_failed_though_nobody_killed_its_guest(seen):
    failed = exported(OTHER, {"kind": "error", "code": "INTERNAL_ERROR"}, order=2, state="FAILED")
    seen.late[OTHER] = failed
    assert f"lost: run {OTHER} has FAILED: INTERNAL_ERROR" in seen.found(may_fail=1)

    seen.late[OTHER] = exported(OTHER, {"kind": "error", "code": "GUEST_CRASHED"}, order=2, state="FAILED")
    assert seen.found(may_fail=1) == []
    assert seen.found() == ["lost: 1 runs have FAILED, and no more than 0 guests were killed"]


def test_a_call_that_may_not_be_sent_twice_and_was(seen):
    seen.arrivals.append(arrival("0/post", "f"))

    assert seen.found() == ["sent twice: 0/post of order 1 came 2 times, and 1 may"]


@pytest.mark.parametrize(("step", "key"), [("1/keyed", "k"), ("2/get", None)])
def test_a_call_that_may_be_repeated_and_came_more_often_than_there_were_attempts(seen, step, key):
    seen.arrivals += [arrival(step, f"f{number}", key=key) for number in range(2)]

    assert f"sent twice: {step} of order 1 came" in seen.found()[0]


def test_a_repeated_call_under_another_key(seen):
    seen.arrivals[2] = replace(seen.arrivals[2], idempotency_key="l")

    assert seen.found() == ["sent twice: 1/keyed of order 1 came under the keys ['k', 'l']"]


def test_an_answer_that_nobody_gave(seen):
    seen.change(seen.run, at=2, response={"body": {"receipt": "z"}})
    found = seen.found()

    assert f"made up: run {RUN} tells of z for 0/post of order 1" in found
    assert f"changed: the entries of run {RUN} are not what they were" in found


def test_an_answer_that_is_told_twice(seen):
    again = [exchange("0/post", "a"), exchange("0/post", "a")]
    seen.late[OTHER] = exported(OTHER, *again, order=2, state="INTERRUPTED", last="run.interrupted")

    assert seen.found() == [f"made up: run {OTHER} tells 2 times of the answer to 0/post of order 1"]


def test_a_call_of_an_order_that_nobody_placed(seen):
    seen.arrivals.append(arrival("0/post", "f", order=9))

    assert seen.found() == ["made up: 0/post came of order 9, which nobody placed"]


def test_an_order_that_has_two_runs(seen):
    seen.late["third"] = replace(seen.other, id="third")

    assert seen.found() == ["made up: order 2 was placed once and has 2 runs"]


def test_a_run_that_is_of_another_order_than_was_acknowledged(seen):
    seen.ledger.acknowledged[OTHER] = 3

    assert seen.found() == [f"made up: run {OTHER} is of order 2, and was acknowledged for 3"]


def test_a_run_that_completed_and_left_a_call_out(seen):
    del seen.arrivals[3]
    found = seen.found()

    assert f"left out: run {RUN} has COMPLETED, and 2/get of order 1 never came" in found


def test_a_script_that_was_told_something_else_than_its_stream_says(seen):
    seen.change(seen.run, result={"0/post": "a", "1/keyed": "b", "2/get": "d"})

    assert [each.partition(" was told")[0] for each in seen.found()] == [f"left out: run {RUN}"]


def test_a_number_that_is_missing_or_there_twice(seen):
    seen.change(seen.other, at=1, seq=1)

    assert seen.found() == [f"gap: run {OTHER} has the entries [1, 1, 3]"]


def test_an_entry_that_was_changed_or_removed_after_it_was_shown(seen):
    seen.change(seen.run, at=0, kind="log")
    assert seen.found() == [f"changed: the entries of run {RUN} are not what they were"]

    seen.ledger.acknowledged.pop(RUN)
    del seen.late[RUN]
    seen.arrivals = [each for each in seen.arrivals if each.order == 2]
    assert seen.found() == [f"changed: the entries of run {RUN} are not what they were"]
