"""A bundle as a test: what is written, and what is told to be left out."""

import ast
import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deputize.activity.scheduled_time import ScheduledTime
from deputize.bundle.as_test import test_of as make_test
from deputize.bundle.as_test.expressions import assigned
from deputize.bundle.errors import NoTestOfIt
from deputize.domain.run import RunState
from deputize.domain.start import scheduled_start
from deputize.project import Project

SCRIPT = """
def main(http, payload):
    person = http.get("/api/xm/1/people/dana")
    http.post("p", endpoint="Open", json={"a": person.status_code})
    return payload["n"]
"""
EXPECTED = '''"""it as rob ran it: run {id} of {day}."""


def test_it_run_by_rob_is_refused_and_completes_all_the_same(
    deputize_run,
    deputize_mock,
):
    dana = deputize_mock.endpoint("platform").get("/api/xm/1/people/dana")
    dana.refuse(
        needs="View or Use on role Company Supervisor",
        would_pass="role Company Supervisor",
    )
    route = deputize_mock.endpoint("Open").post("/p")
    route.respond(json={{"ok": True, "password": "‹redacted›", "note": "ü"}})

    run = deputize_run("it", payload={{"n": 1}}, as_user="rob")

    assert run.state == "COMPLETED"
    assert run.result == 1
    assert [refusal.endpoint for refusal in run.refusals] == ["platform"]
    assert run.sent_as == {{"anonymous", "rob"}}
'''
UNSAYABLE = """
import random

def main(http):
    for name in ("Real", "No" + "where"):
        try:
            http.get("x", endpoint=name)
        except Exception:
            pass
    return random.random()
"""


def test_a_test_reads_as_somebody_would_write_it(recorder):
    run, bundle = recorder.record(SCRIPT, payload={"n": 1})

    text = make_test(bundle, stem="test_it", project=None).text

    assert text == EXPECTED.format(id=run.id[:8], day=bundle.run.queued.date())


def test_what_a_test_cannot_say_is_told(recorder):
    _, bundle = recorder.record(UNSAYABLE)

    test = make_test(bundle, stem="test_it", project=None)

    assert test.left_out == ("the result: the script draws by chance",)
    assert 'deputize_mock.endpoint("Real").get("/x").fail("dns")' in test.text


def test_a_long_payload_stands_in_a_file_beside_the_test(recorder):
    payload = {"n": 1} | {f"field {number}": "x" * 40 for number in range(30)}
    _, bundle = recorder.record(SCRIPT, payload=payload)

    test = make_test(bundle, stem="test_long", project=None)

    assert test.payload_file is not None
    assert test.payload_file[0] == "test_long.json"
    assert 'SAMPLE = Path(__file__).with_name("test_long.json")' in test.text


def test_a_long_answer_that_comes_twice_is_written_once(recorder):
    _, bundle = recorder.record(
        'def main(http):\n    return [http.get("/api/xm/1/people").status_code for _ in range(2)]\n',
        user="dana",
    )

    text = make_test(bundle, stem="test_it", project=None).text

    assert text.count("PEOPLE = {\n") == 1
    assert '.get("/api/xm/1/people").respond(json=PEOPLE)\n' in text


def test_what_the_project_of_the_test_lacks_is_told(recorder):
    _, bundle = recorder.record(SCRIPT, payload={"n": 1})
    (recorder.folder / "deputize.toml").write_text("[users.dana]\n", encoding="utf-8")
    project = Project.load(recorder.folder / "deputize.toml")

    assert make_test(bundle, stem="test_it", project=project).left_out[:2] == (
        "who rob is: nobody of the project has that name",
        "what runs it: the project has no such integration",
    )


def test_that_a_schedule_set_it_off_is_told_as_left_out(recorder):
    _, bundle = recorder.record("def main(payload):\n    return payload\n", payload={"n": 1})
    due = datetime(2026, 11, 25, tzinfo=UTC)
    start = scheduled_start(bundle.start, ScheduledTime(name="nightly", due=due, consented=due))
    run = bundle.run.model_copy(update={"trigger": "schedule"})
    scheduled = bundle.model_copy(update={"start": start, "run": run})

    test = make_test(scheduled, stem="test_it", project=None)

    assert test.left_out == ("the due time of the schedule",)
    assert 'deputize_run("it", payload={"n": 1}, as_user="rob")' in test.text


def test_a_result_that_holds_the_id_of_its_run_is_left_out(recorder):
    _, bundle = recorder.record("def main(request):\n    return {'id': request.request_id}\n", payload={})

    test = make_test(bundle, stem="test_it", project=None)

    assert test.left_out == ("the result: the id of the run stands in it",)
    assert "run.result" not in test.text


def test_a_run_that_was_canceled_makes_no_test(recorder):
    _, bundle = recorder.record(SCRIPT, payload={"n": 1})
    canceled = bundle.model_copy(update={"run": bundle.run.model_copy(update={"state": RunState.CANCELED})})

    with pytest.raises(NoTestOfIt, match="is CANCELED: it was ended from outside"):
        make_test(canceled, stem="test_it", project=None)


EVIL = 'GET("/");__import__("os").system("id")#'


def poisoned(bundle, *, text=EVIL):
    """Return *bundle* with *text* wherever somebody else's bundle might have any."""
    entries = json.loads(json.dumps(bundle.har.log.entries))
    for entry in entries:
        entry["request"]["method"] = text
        entry["request"]["url"] += f"/{text}"
        entry["response"]["headers"].append({"name": text, "value": text})
    log = bundle.har.log.model_copy(update={"entries": tuple(entries)})
    initiator = bundle.run.initiator.model_copy(update={"id": text})
    return bundle.model_copy(
        update={
            "run": bundle.run.model_copy(
                update={"name": text, "initiator": initiator, "integration_id": None}
            ),
            "script": bundle.script.model_copy(update={"path": text}),
            "har": bundle.har.model_copy(update={"log": log}),
            "result": {text: text},
        }
    )


@pytest.mark.parametrize("text", [EVIL, 'x"""\nimport os\n"""', "x\0y\x1b[2J\\", "\u2028import os", "\u202e"])
def test_whatever_a_bundle_of_somebody_else_says_stays_text(recorder, text):
    _, bundle = recorder.record(SCRIPT, payload={"n": 1})

    tree = ast.parse(make_test(poisoned(bundle, text=text), stem="test_it", project=None).text)

    called = {ast.unparse(each.func) for each in ast.walk(tree) if isinstance(each, ast.Call)}
    assert {type(each) for each in tree.body} <= {ast.Expr, ast.FunctionDef, ast.Assign, ast.ImportFrom}
    assert [each for each in called if not re.fullmatch(r"[\w.]+(\(('|\").*('|\")\)[\w.]+)?", each)] == []
    assert [each for each in ast.walk(tree) if isinstance(each, ast.Name) and each.id == "__import__"] == []


def test_a_number_that_json_has_no_end_of_is_written_as_one():
    assert assigned("value", {"a": float("inf")}) == 'value = {"a": float("inf")}'


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values)
def test_every_value_is_written_as_itself(value):
    assert ast.literal_eval(assigned("value", value).removeprefix("value = ")) == value
