"""Runs from start to end: the real sandbox, a platform on the loopback."""

import json

import pytest
import structlog

from deputize.domain.limits import Limits
from deputize.domain.principal import Principal
from deputize.execution.default_script import default_script
from deputize.execution.order import FormTarget
from deputize.execution.parameters import wrong_parameters
from deputize_client import Endpoint, GuardedSecret, NoAuthentication, Secret

pytestmark = pytest.mark.anyio

FORM = FormTarget(plan_id="plan-1", form_id="form-1", name="alert")


def messages(run):
    return [(entry.code, entry.message) for entry in run.activity if entry.kind == "error"]


async def test_the_default_script_posts_what_came_to_the_form_as_the_caller(house, upstream):
    upstream.status, upstream.body = 202, '{"requestId":"r"}'
    body = '{"properties":{"number":"INC1"},"recipients":[{"id":"bsmith"}],"requestId":"forged"}'
    async with house() as bench:
        done = await bench.run(default_script().source, body=body, form=FORM)
        empty = await bench.run(default_script().source, body="", form=FORM)

    ids = {"requestId": "run-1", "integrationUUID": "integration-1"}
    assert [json.loads(sent) for *_, sent in upstream.requests] == [
        {"properties": {"number": "INC1"}, "recipients": [{"id": "bsmith"}], **ids},
        ids,
    ]
    assert upstream.requests[0][:2] == ("POST", "/api/xm/1/plans/plan-1/forms/form-1/triggers")
    assert (done.state, empty.state) == ("COMPLETED", "COMPLETED")
    assert [entry.kind for entry in done.activity] == [
        "run.started",
        "inbound.request",
        "http.exchange",
        "form.posted",
        "result",
        "run.finished",
    ]


@pytest.mark.parametrize("status", [300, 400, 403, 500])
async def test_the_default_script_fails_when_the_platform_does_not_take_it(house, upstream, status):
    upstream.status = status
    async with house() as bench:
        done = await bench.run(default_script().source, body="{}", form=FORM)

    assert done.state == "FAILED"
    assert messages(done) == [
        (
            "SCRIPT_RAISED",
            "Failed to make call to xMatters endpoint. Path: /api/xm/1/plans/plan-1/forms/form-1/triggers."
            f" Server responded with status {status}",
        )
    ]
    assert len(done.refusals) == (1 if status == 403 else 0)


async def test_a_script_posts_its_form_in_its_own_words(house, upstream):
    upstream.status = 202
    source = """
def main(form):
    response = form.post({'priority': 'LOW'}, properties={'a': 1}, recipients='bsmith', expiration_in_minutes=5)
    return [form.name, response.status_code]
"""
    async with house() as bench:
        done = await bench.run(source, form=FORM)

    assert done.result == ["alert", 202]
    assert json.loads(upstream.requests[0][3]) == {
        "priority": "LOW",
        "properties": {"a": 1},
        "recipients": [{"id": "bsmith"}],
        "expirationInMinutes": 5,
        "requestId": "run-1",
        "integrationUUID": "integration-1",
    }


async def test_a_script_handles_secrets_that_it_never_sees(house, upstream):
    source = """
def main(http, secrets, log):
    key = secrets['pager']
    log.info(f'using {key}', key=str(key))
    http.post('a', endpoint='Pager', headers={'X-Key': key, 'X-Other': 'GenieKey ' + key}, json={'k': [key]})
    refused = []
    try:
        http.get('b', headers={'X-Key': key})
    except Exception as error:
        refused.append(error.cause)
    return [sorted(secrets), str(key), *refused]
"""
    async with house() as bench:
        pager = Endpoint(
            name="Pager",
            base_url=bench.platform.base_url,
            authentication=NoAuthentication(),
            admitted=bench.platform.admitted,
        )
        secret = GuardedSecret(secret=Secret("pager", "the-value-of-it"), endpoints=frozenset({"Pager"}))
        done = await bench.run(source, endpoints={"Pager": pager}, secrets={"pager": secret})

    assert done.result == [["pager"], "‹secret:pager›", "invalid_request"]
    [(_, _, headers, body)] = upstream.requests
    assert (headers["x-key"], headers["x-other"]) == ("the-value-of-it", "GenieKey the-value-of-it")
    assert json.loads(body) == {"k": ["the-value-of-it"]}
    assert "the-value-of-it" not in repr(done.as_json())


async def test_a_script_without_a_form_cannot_ask_for_one(house):
    async with house() as bench:
        order = await bench.order("def main(form, secrets):\n    pass\n")

    [wrong] = wrong_parameters(order.script, trigger="inbound")
    assert (wrong.code, wrong.line, wrong.column) == ("PARAMETER_UNKNOWN", 1, 10)
    assert wrong_parameters(order.script, trigger="RESPONSE", has_form=True) == ()


async def test_an_error_in_a_shared_library_shows_its_line(house):
    async with house() as bench:
        done = await bench.run(
            "from shared import lib\n\ndef main():\n    lib.divide(1)\n",
            shared={"lib": "def divide(by):\n    return by / 0\n"},
        )

    assert [(each.file, each.line, each.text) for each in done.error.traceback] == [
        (None, 4, "lib.divide(1)"),
        ("shared/lib.py", 2, "return by / 0"),
    ]
    assert done.error.script.line == 4


async def test_the_stream_shows_what_came_with_a_request_and_from_where(house):
    came_with = {"parameters": {"host": "db1", "a/b": "x" * 30}, "remote_address": "192.0.2.7"}
    async with house() as bench:
        done = await bench.run(
            "def main(request):\n    return len(request.parameters['a/b'])\n",
            came_with=came_with,
            limits=Limits(body_bytes=20),
        )

    entry = done.activity[1].model_dump(mode="json")
    assert (entry["parameters"], entry["remote_address"]) == ({"host": "db1", "a/b": "x" * 20}, "192.0.2.7")
    assert entry["truncated"] == [{"path": "/parameters/a~1b", "bytes": 30, "kept": 20}]
    assert done.result == 30


async def test_a_request_from_nowhere_without_parameters_says_nothing_of_them(house):
    async with house() as bench:
        done = await bench.run("def main():\n    pass\n")

    assert {"parameters", "remote_address"}.isdisjoint(done.activity[1].model_dump(mode="json"))


async def test_a_credential_that_cannot_be_revoked_is_logged_and_the_run_has_its_end(house):
    async def fail(run_id):
        raise OSError("the database is away")

    structlog.reset_defaults()
    async with house() as bench:
        bench.platform.end_run = fail
        with structlog.testing.capture_logs() as logs:
            done = await bench.run("def main():\n    return 1\n")

    assert (done.state, done.result) == ("COMPLETED", 1)
    [fault] = [each for each in logs if each["log_level"] == "error"]
    assert (fault["event"], fault["run"]) == ("run.credential_not_revoked", "run-1")


async def test_the_chain_and_the_trace_stand_in_the_stream(house):
    async with house() as bench:
        done = await bench.run("def main():\n    pass\n", chain=("i-1", "i-2"), trace_id="trace-7")

    assert done.activity[0].chain == ("i-1", "i-2")
    assert {entry.trace_id for entry in done.activity} == {"trace-7"}


async def test_the_same_seed_is_the_same_chance(house):
    source = "import random, uuid\ndef main():\n    return [random.random(), str(uuid.uuid4())]\n"
    async with house() as bench:
        first, second, other = [await bench.run(source, seed=seed) for seed in ("a", "a", "b")]

    assert first.result == second.result
    assert first.result[0] != other.result[0]


async def test_a_legacy_run_is_marked_in_its_first_entry_and_by_its_initiator_in_all(house):
    """C-17: a run of anybody else has no such mark."""
    async with house() as bench:
        legacy = await bench.run("def main(): pass", principal=Principal(id="rob", name="Rob", via="legacy"))
        other = await bench.run("def main(): pass")

    assert legacy.activity[0].model_dump()["legacy"] is True
    assert {(each.initiator.id, each.initiator.via) for each in legacy.activity} == {("rob", "legacy")}
    assert "legacy" not in other.activity[0].model_dump()
