import asyncio
import json

import pytest

from deputize_sandbox import Answered, Failed, LimitReached

pytestmark = pytest.mark.anyio

TRIGGER = {"properties": {"number": "INC1"}, "recipients": [{"id": "bsmith"}], "priority": "HIGH"}


async def test_a_post_goes_to_the_plans_form_as_the_initiator_with_the_runs_own_ids(parts, upstream):
    upstream.status, upstream.body = 202, '{"requestId":"request-7"}'
    async with parts() as run:
        answer = await run.post(TRIGGER)

    [(method, path, headers, body)] = upstream.requests
    assert (method, path) == ("POST", "/api/xm/1/plans/plan-1/forms/form%201/triggers")
    assert headers["authorization"] == "Bearer fake-initiator-token"
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {**TRIGGER, "requestId": "run-1", "integrationUUID": "integration-1"}
    assert isinstance(answer, Answered)
    assert (answer.value["status_code"], answer.value["text"]) == (202, '{"requestId":"request-7"}')


async def test_what_a_script_says_of_the_ids_has_no_effect(parts, upstream):
    async with parts() as run:
        await run.post({"requestId": "another", "integrationUUID": "another", "initiator": "dana"})

    assert json.loads(upstream.requests[0][3]) == {
        "requestId": "run-1",
        "integrationUUID": "integration-1",
        "initiator": "dana",
    }


async def test_a_post_leaves_its_entry_beside_the_exchange(parts, upstream, gated_sink):
    upstream.status, upstream.body = 202, '{"requestId":"request-7"}'
    async with parts(sink=gated_sink) as run:
        await run.post(TRIGGER)

    exchange, posted = run.entries
    assert exchange["kind"] == "http.exchange"
    assert {
        name: posted[name] for name in ("kind", "level", "form", "statusCode", "statusMessage", "request_id")
    } == {
        "kind": "form.posted",
        "level": "info",
        "form": "alert",
        "statusCode": 202,
        "statusMessage": "ACCEPTED",
        "request_id": "request-7",
    }
    assert (posted["exchange"], posted["script"]["line"]) == (exchange["seq"], 3)
    assert [entry.kind for entry in gated_sink.kept] == ["http.exchange", "form.posted"]


async def test_recipients_whom_the_event_does_not_reach_are_told_of(parts, upstream):
    upstream.status, upstream.body = 202, '{"requestId":"request-7","notSentTo":["otto","nobody",7]}'
    async with parts() as run:
        await run.post(TRIGGER)

    posted = run.entries[-1]
    assert (posted["level"], posted["notSentTo"]) == ("warning", ["otto", "nobody"])


@pytest.mark.parametrize("body", ["[]", "{", '{"notSentTo":"otto"}', '{"notSentTo":{}}'])
async def test_an_answer_of_another_shape_tells_of_nobody(parts, upstream, body):
    upstream.status, upstream.body = 202, body
    async with parts() as run:
        await run.post(TRIGGER)

    posted = run.entries[-1]
    assert posted["level"] == "info"
    assert "notSentTo" not in posted


async def test_a_refused_post_is_denied_once_and_is_loud(parts, upstream):
    upstream.status = 403
    upstream.body = '{"code":403,"message":"rob may not send form \\"alert\\"."}'
    async with parts() as run:
        answer = await run.post(TRIGGER)

    assert answer.value["refused"] is True
    assert run.kinds == ["http.exchange", "permission.denied", "form.posted"]
    denied, posted = run.entries[1:]
    assert denied["explain"]["needs"] == ["View"]
    assert (posted["level"], posted["statusCode"]) == ("warning", 403)
    assert "request_id" not in posted


@pytest.mark.parametrize(
    "body",
    ["", "[]", "nonsense", '{"requestId":7}', "{}", "[" * 100_000],
    ids=lambda body: body[:12] or "none",
)
async def test_an_answer_without_an_id_has_none(parts, upstream, body):
    upstream.status, upstream.body = 200, body
    async with parts() as run:
        await run.post(TRIGGER)

    assert "request_id" not in run.entries[1]


async def test_without_a_credential_nothing_is_posted(parts, upstream):
    async with parts() as run:
        run.credentials.refuse("rob was disabled")
        answer = await run.post(TRIGGER)

    assert (answer.value["status_code"], answer.value["reason"]) == (401, "rob was disabled")
    assert run.kinds == ["credential.rejected"]
    assert upstream.requests == []


async def test_a_post_that_nobody_answers_is_not_called_posted(parts, upstream):
    upstream.gate.clear()
    async with parts() as run:
        answer = await run.post(TRIGGER, timeout=0.05)
        upstream.gate.set()

    assert (answer.type, answer.cause) == ("HttpError", "timeout")
    assert run.kinds == ["http.exchange"]


async def test_a_post_counts_as_a_call_and_as_waiting(parts, upstream):
    async with parts(calls=1) as run:
        await run.post(TRIGGER)
        waited = run.sender.waited_ms
        with pytest.raises(LimitReached, match="calls = 1"):
            await run.post(TRIGGER)

    assert waited > 0
    assert len(upstream.requests) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "form.post: trigger: Field required"),
        ({"trigger": []}, "form.post: trigger: Input should be a valid dictionary"),
        ({"trigger": {}, "form": "other"}, "form.post: form: Extra inputs are not permitted"),
        ({"trigger": {}, "timeout": -1}, "form.post: timeout: Input should be greater than 0"),
    ],
)
async def test_a_malformed_post_is_the_scripts_own_error(parts, upstream, guest_call, arguments, said):
    async with parts() as run:
        answer = await run.ask("form", "post", arguments)

    assert answer == Failed("ValueError", said)
    assert upstream.requests == []


async def test_a_form_does_nothing_but_post(parts, guest_call):
    async with parts() as run:
        assert await run.ask("form", "delete", {}) == Failed("LookupError", "form has no method 'delete'")


async def test_a_post_that_is_broken_off_says_so(parts, upstream):
    upstream.gate.clear()
    async with parts() as run:
        asked = asyncio.create_task(run.post(TRIGGER))
        await upstream.reached.wait()
        asked.cancel()
        await asyncio.wait([asked])
        upstream.gate.set()
        run.sender.write_broken_off()

    assert [entry["error"]["cause"] for entry in run.entries] == ["run_ended"]
