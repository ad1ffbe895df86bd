"""Inbound requests over HTTP: accepted, refused, repeated, waited for."""

import asyncio
import base64
import json
from dataclasses import replace

import httpx
import pytest
from structlog.testing import capture_logs

from deputize.domain.decision import Explanation
from deputize.domain.run import RunState
from deputize.server.app import build_app

pytestmark = pytest.mark.anyio

TRIGGER = "/api/integration/1/functions/{}/triggers"
BY_BASIC = TRIGGER.format("by-basic")
METHODS = ["by-url", "by-api-key", "by-basic"]


def basic(name, password):
    token = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {token}"}


async def finish(bench, run_id, **values):
    await bench.database.write(lambda tx: tx.runs.claim(run_id, worker="w", at=bench.clock()))
    await bench.database.write(
        lambda tx: tx.runs.finish(run_id, **{"state": RunState.COMPLETED, "at": bench.clock(), **values})
    )
    bench.pulse.beat()


async def test_an_accepted_request_is_a_run_of_its_caller(bench):
    answer = await bench.client("stan").post(
        f"{BY_BASIC}?recipients=a",
        json={"title": "disk full"},
        headers={"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
    )

    (run,) = await bench.runs()
    assert answer.status_code == 202
    assert answer.json() == {"requestId": run.id}
    assert answer.headers["Content-Type"] == "application/json"
    assert (run.state, run.initiator.id, run.initiator.via) == ("QUEUED", "stan", "basic")
    assert run.trace_id == "0af7651916cd43dd8448eb211c80319c"
    assert run.start["payload"] == {"title": "disk full"}
    assert run.start["provided"]["parameters"] == {"recipients": "a"}
    assert run.start["provided"]["remote_address"] == "192.0.2.1"
    assert bench.submitted == [run.id]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-x",
        "x" * 500,
    ],
)
async def test_a_traceparent_that_is_none_begins_a_trace(bench, header):
    await bench.client("stan").post(BY_BASIC, headers={"traceparent": header})

    (run,) = await bench.runs()
    assert len(run.trace_id) == 32
    assert run.trace_id != "0" * 32


async def test_every_method_but_the_integrations_own_is_nobodys(bench):
    """Every wrong pairing, and no credential, looks the same at every address, there or not (C-03, C-04, C-09)."""
    dev, anybody = bench.client("dev"), bench.client()
    api_key = (await dev.post("/api/v1/integrations/by-api-key/keys")).json()
    url_key = (await dev.post("/api/v1/integrations/by-url/keys")).json()["url"].partition("=")[2]
    credentials = {
        "by-url": {"params": {"apiKey": url_key}},
        "by-api-key": {"headers": basic(api_key["key"], api_key["secret"])},
        "by-basic": {"headers": basic("dev", "password of dev")},
        "nothing": {},
        "the key id as URL key": {"params": {"apiKey": api_key["key"]}},
        "the secret as URL key": {"params": {"apiKey": api_key["secret"]}},
    }
    answers = {
        (integration, credential): await anybody.post(TRIGGER.format(integration), **sent)
        for integration in [*METHODS, "unchosen"]
        for credential, sent in credentials.items()
    }
    unknown = [
        await anybody.post(TRIGGER.format("nowhere"), **sent)
        for name, sent in credentials.items()
        if name != "by-basic"
    ]

    right = {(each, each) for each in METHODS}
    refused = [answer for key, answer in answers.items() if key not in right]
    assert {key: answer.status_code for key, answer in answers.items() if key in right} == dict.fromkeys(
        right, 202
    )
    assert {(each.status_code, each.text, str(each.headers)) for each in [*refused, *unknown]} == {
        (401, refused[0].text, str(refused[0].headers))
    }


async def test_a_known_caller_is_told_of_what_is_not_there_and_of_what_they_may_not(bench):
    unknown = await bench.client("stan").post(TRIGGER.format("nowhere"))
    outbound = await bench.client("stan").post(TRIGGER.format("outbound"))
    denied = await bench.client("stan").post(TRIGGER.format("secret-pay"))

    (run,) = await bench.runs()
    assert unknown.json() == outbound.json()
    assert (unknown.status_code, unknown.json()["code"]) == (404, "NOT_FOUND")
    assert denied.status_code == 403
    assert denied.json() == {
        "type": "/errors/NOT_PERMITTED",
        "title": "Not permitted",
        "status": 403,
        "detail": 'stan may not set integration "secret-pay" off (access to plan: no).',
        "code": "NOT_PERMITTED",
        "needs": ['access to plan "Payroll"'],
    }
    assert (run.state, run.initiator.id) == ("DENIED", "stan")
    # Who has access is somebody else's name.
    assert "sue" not in denied.text


async def test_a_refusal_is_explained_where_scripts_call_and_nowhere_else(bench):
    explained = []

    def traced(explanation):
        explained.append(explanation)
        return {"x-trace": "trace-1"}

    inner = build_app(replace(bench.parts, traced=traced))
    sent = {"auth": ("stan", "password of stan")}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(inner), base_url="http://inner") as client:
        denied = await client.post(TRIGGER.format("secret-pay"), **sent)
        unknown = await client.post(TRIGGER.format("nowhere"), **sent)
    outside = await bench.client("stan").post(TRIGGER.format("secret-pay"))

    assert explained == [
        Explanation(
            initiator="stan",
            needs=('access to plan "Payroll"',),
            would_pass=("person sue",),
            source="deputize",
        )
    ]
    assert denied.headers["x-trace"] == "trace-1"
    assert "sue" not in denied.text
    assert [each.headers.get("x-trace") for each in (unknown, outside)] == [None, None]


async def test_requests_beyond_the_plans_limit_are_not_kept(bench):
    await bench.client("sue").patch("/api/v1/plans/incidents", json={"requests_per_minute": 2})
    answers = [await bench.client("stan").post(BY_BASIC) for _ in range(3)]

    assert [each.status_code for each in answers] == [202, 202, 429]
    assert answers[2].json()["code"] == "RATE_LIMITED"
    assert answers[2].headers["Retry-After"] == "60"
    assert len(await bench.runs()) == 2


async def test_a_body_that_is_no_text_is_refused(bench):
    answer = await bench.client("stan").post(
        BY_BASIC, content=b"\xff\xfe\xfd", headers={"Content-Type": "text/plain"}
    )

    assert (answer.status_code, answer.json()["code"]) == (415, "MEDIA_TYPE_REFUSED")


async def test_fields_of_the_body_decide_nothing(bench):
    """C-30: identity, ids and form come from the credential and the integration."""
    forged = dict.fromkeys(
        ("initiator", "user", "role", "requestId", "authenticated", "plan", "form", "id", "state"), "forged"
    )
    answer = await bench.client("stan").post(
        BY_BASIC,
        json=forged,
        params={**forged, "integration": "secret-pay"},
        headers={"X-Forwarded-User": "ann"},
    )

    (run,) = await bench.runs()
    assert answer.json() == {"requestId": run.id}
    assert (run.initiator.id, run.initiator.subject, run.integration_id) == ("stan", "id-of-stan", "by-basic")
    assert (run.plan_id, run.state) == ("incidents", "QUEUED")
    assert run.start["provided"]["request_id"] == run.id


# Idempotency-Key


async def test_the_same_request_again_gets_the_same_answer_and_one_run(bench):
    sent = {"content": b"x", "headers": {"Idempotency-Key": "k-1"}}
    first, again = [await bench.client("stan").post(BY_BASIC, **sent) for _ in range(2)]
    other = await bench.client("stan").post(BY_BASIC, content=b"y", headers={"Idempotency-Key": "k-1"})
    elsewhere = await bench.client("dev").post(BY_BASIC, **sent)

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert elsewhere.status_code == 202
    assert elsewhere.json() != first.json()
    assert bench.submitted == [first.json()["requestId"], elsewhere.json()["requestId"]]


async def test_the_same_request_many_times_at_once_is_one_run(bench):
    sent = {"content": b"x", "headers": {"Idempotency-Key": "k-1"}}
    answers = await asyncio.gather(*(bench.client("stan").post(BY_BASIC, **sent) for _ in range(10)))

    (run,) = await bench.runs()
    assert [each.status_code for each in answers] == [202] * 10
    assert {each.json()["requestId"] for each in answers} == {run.id}
    assert sum("Idempotency-Replayed" in each.headers for each in answers) == 9
    assert bench.submitted == [run.id]


async def test_a_key_is_forgotten_after_a_day(bench):
    sent = {"content": b"x", "headers": {"Idempotency-Key": "k-1"}}
    await bench.client("stan").post(BY_BASIC, **sent)
    bench.clock.forward(hours=24)
    again = await bench.client("stan").post(BY_BASIC, content=b"y", headers={"Idempotency-Key": "k-1"})

    assert again.status_code == 202
    assert len(await bench.runs()) == 2


@pytest.mark.parametrize("key", ["", " ", "k" * 256, "k\x7f"])
async def test_a_key_that_is_none_is_refused(bench, key):
    answer = await bench.client("stan").post(BY_BASIC, headers={"Idempotency-Key": key})

    assert (answer.status_code, answer.json()["code"]) == (400, "REQUEST_UNREADABLE")


# Prefer: wait


async def test_a_caller_may_wait_for_the_end_of_the_run(bench):
    asking = asyncio.create_task(
        bench.client("stan").post(BY_BASIC, headers={"Prefer": "respond-async, wait=30"})
    )
    await bench.accepted.wait()
    await finish(bench, bench.submitted[0], result={"answer": [42, "\ud800"]})
    answer = await asking

    assert answer.status_code == 200
    assert answer.headers["Preference-Applied"] == "wait=30"
    assert answer.json() == {
        "requestId": bench.submitted[0],
        "state": "COMPLETED",
        "result": {"answer": [42, "\ud800"]},
    }


@pytest.mark.parametrize(
    ("state", "entry", "error"),
    [
        (
            RunState.FAILED,
            {"kind": "error", "code": "SCRIPT_ERROR", "type": "ValueError", "message": "no disk"},
            {"code": "SCRIPT_ERROR", "message": "no disk"},
        ),
        (
            RunState.CANCELED,
            {"kind": "limit.hit", "limit": "wall", "message": "It ran for 60 seconds."},
            {"code": "wall", "message": "It ran for 60 seconds."},
        ),
        (
            RunState.INTERRUPTED,
            {"kind": "run.interrupted", "reason": "The process ended."},
            {"code": "INTERRUPTED", "message": "The process ended."},
        ),
    ],
)
async def test_who_waits_for_a_run_is_told_why_it_failed(bench, state, entry, error):
    asking = asyncio.create_task(bench.client("stan").post(BY_BASIC, headers={"Prefer": "wait=30"}))
    await bench.accepted.wait()
    [run] = await bench.runs()
    entries = [
        {
            "id": f"{run.id}-{seq}",
            "run": run.id,
            "seq": seq,
            "ts": bench.clock().isoformat(),
            "level": "info",
            **each,
        }
        for seq, each in enumerate([{"kind": "log", "message": "x"}, entry, {"kind": "run.finished"}], 1)
    ]
    await bench.database.write(lambda tx: tx.entries.append(run.id, entries))
    await finish(bench, run.id, state=state, result=None)

    assert (await asking).json() == {
        "requestId": run.id,
        "state": state.value,
        "result": None,
        "error": error,
    }


async def test_a_run_that_takes_longer_is_accepted_like_any_other(bench):
    answer = await bench.client("stan").post(BY_BASIC, headers={"Prefer": "wait=0"})

    assert (answer.status_code, answer.headers["Preference-Applied"]) == (202, "wait=0")
    assert answer.json() == {"requestId": bench.submitted[0]}


async def test_nobody_waits_when_the_server_ends(bench):
    bench.stopping.set()
    answer = await bench.client("stan").post(BY_BASIC, headers={"Prefer": "wait=60"})

    assert answer.status_code == 202


@pytest.mark.parametrize("prefer", ["wait", "wait=", "wait=x", "wait=-1", "await=5", "handling=lenient"])
async def test_a_preference_that_is_none_is_not_applied(bench, prefer):
    answer = await bench.client("stan").post(BY_BASIC, headers={"Prefer": prefer})

    assert answer.status_code == 202
    assert "Preference-Applied" not in answer.headers


# What is written down


async def test_a_refusal_is_one_line_of_the_log_without_its_credential(bench):
    secret = "dpu_" + "s" * 43
    with capture_logs() as logged:
        await bench.client().post(TRIGGER.format("nowhere%E2%80%AE%C2%85"), params={"apiKey": secret})
        await bench.client().post(BY_BASIC, headers=basic("stan", "wr\u2028ong"))

    assert [each["event"] for each in logged] == ["inbound.refused"] * 2
    assert logged[0]["integration"] == "nowhere\\u202e\\x85"
    assert logged[0]["code"] == "UNAUTHENTICATED"
    assert secret not in str(logged)
    assert "wr" not in json.dumps(logged[1])


async def test_a_caller_who_goes_away_leaves_a_whole_run_or_none(bench):
    for rounds in range(12):
        before = len(await bench.runs())
        asking = asyncio.create_task(bench.client("stan").post(BY_BASIC, content=b"x"))
        for _ in range(rounds * 3):
            await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await bench.intake.close()

        runs = await bench.runs()
        assert len(runs) - before in (0, 1)
        assert sorted(bench.submitted) == sorted(each.id for each in runs)
