"""What was recorded happens again: the same script to the last entry, another one with its differences."""

import time
from datetime import timedelta

import pytest

CALLS = """
import random, uuid
from datetime import datetime
from shared import lookup

def main(http, clock, log, constants, secrets, form, payload):
    seen = [random.random(), str(uuid.uuid4()), datetime.now().isoformat()]
    log.info("began", payload=payload)
    clock.sleep(0.25)
    seen.append(clock.now().isoformat())
    person = http.get("/api/xm/1/people/dana")
    seen += [person.status_code, person.reason, datetime.now().isoformat()]
    seen.append(http.put("t/1", endpoint="Tickets", json={"p": lookup.prefixed("1")}).json()["note"])
    answers = http.send_all([http.build_request("GET", f"n/{n}", endpoint="Open") for n in range(5)])
    seen += [answer.status_code for answer in answers]
    http.post("p", endpoint="Open", headers={"X-Key": secrets["pager"]}, data={"k": secrets["pager"]})
    seen.append(form.post(properties={"a": constants["Prefix"]}).status_code)
    try:
        http.get("x", endpoint="No" + "where")
    except Exception as error:
        seen.append(str(error))
    try:
        http.get("x", endpoint="Tickets", headers={"Authorization": "mine"})
    except Exception as error:
        seen.append(str(error))
    return seen
"""


@pytest.mark.parametrize("user", ["rob", "dana"])
def test_the_same_script_does_the_same_to_the_last_entry(recorder, again, user):
    run, bundle = recorder.record(CALLS, user=user, payload={"a": [1, "ü"]})
    assert run.state == "COMPLETED", run.error

    replayed, comparison = again(bundle)

    assert comparison.differences == ()
    assert replayed.run.result == run.result
    assert (comparison.requests, comparison.entries) == (len(bundle.har.log.entries), len(run.activity))


def test_nobody_waits_when_a_sleep_is_replayed(recorder, again):
    _, bundle = recorder.record("def main(clock):\n    clock.sleep(0.01)\n    return clock.now().year\n")
    longer = bundle.script.source.replace("0.01", "50")
    began = time.monotonic()

    replayed, _ = again(bundle, longer)

    assert replayed.run.state == "COMPLETED"
    assert time.monotonic() - began < 40


def test_a_clock_that_was_put_back_while_the_script_slept_shows_what_it_showed(recorder, again):
    _, bundle = recorder.record(
        "def main(clock):\n    clock.sleep(0.01)\n    return clock.now().isoformat()\n"
    )
    back = bundle.head.now - timedelta(hours=1)
    put_back = bundle.model_copy(
        update={"calls": tuple(call.model_copy(update={"now": back}) for call in bundle.calls)}
    )

    replayed, _ = again(put_back)

    assert replayed.run.result == back.isoformat()


def test_a_refusal_is_explained_as_it_was(recorder, again):
    run, bundle = recorder.record("def main(http):\n    return http.get('/api/xm/1/people/dana').reason\n")

    replayed, _ = again(bundle)

    (was,), (now,) = run.refusals, replayed.run.refusals
    assert now.explain == was.explain
    assert was.explain.needs == ("View or Use on role Company Supervisor",)


@pytest.mark.parametrize(
    ("source", "state"),
    [
        ("def main(payload):\n    return payload['missing']\n", "FAILED"),
        ("def main(http):\n    while True:\n        http.get('/api/xm/1/people/rob')\n", "CANCELED"),
    ],
)
def test_how_a_run_failed_is_repeated(recorder, again, source, state):
    run, bundle = recorder.record(source, payload={})
    assert run.state == state

    assert again(bundle)[1].differences == ()


PUT = "def main(http):\n    http.put('t/1', endpoint='Tickets', json={'a': 1})\n    return 1\n"


def differences(comparison):
    return [(each.what, each.where.rpartition("  ")[2], each.lines) for each in comparison.differences]


def test_a_changed_body_is_told_line_by_line_and_answered_by_the_record(recorder, again):
    _, bundle = recorder.record(PUT)

    replayed, comparison = again(bundle, PUT.replace("'a': 1", "'a': 2").replace("return 1", "return 2"))

    assert replayed.run.state == "COMPLETED"
    body = ('-   "a": 1', '+   "a": 2')
    assert differences(comparison) == [
        ("request", "changed", body),
        ("result", "result", ("- 1", "+ 2")),
        ("entry", "http.exchange", ('-    "a": 1', '+    "a": 2')),
        ("entry", "result", ('-  "value": 1', '+  "value": 2')),
    ]


def test_a_request_that_nobody_recorded_fails_and_is_told(recorder, again):
    _, bundle = recorder.record(PUT)
    source = PUT.replace("    return", "    http.get('other', endpoint='Open')\n    return")

    replayed, comparison = again(bundle, source)

    assert replayed.run.state == "FAILED"
    assert replayed.run.error.message.endswith("and a replay calls nobody.")
    assert differences(comparison)[:2] == [
        ("request", "not recorded", ()),
        ("state", "state", ("- COMPLETED", "+ FAILED")),
    ]


def test_a_request_that_is_not_made_any_more_is_told(recorder, again):
    _, bundle = recorder.record(PUT)

    _, comparison = again(bundle, "def main(http):\n    return 1\n")

    assert differences(comparison)[0] == ("request", "not made any more", ())


def test_equal_requests_are_answered_in_the_order_of_the_record(recorder, again):
    source = (
        "def main(http):\n"
        "    http.post('/api/xm/1/people', json={'targetName': 'new', 'firstName': 'N', 'lastName': 'N'})\n"
        "    return [http.get('/api/xm/1/people/new').status_code for _ in range(2)]\n"
    )
    run, bundle = recorder.record(source, user="dana")

    replayed, comparison = again(bundle)

    assert comparison.differences == ()
    assert replayed.run.result == run.result
