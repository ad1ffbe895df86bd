"""Lists of runs, entries and acts: pages, filters, and each thing once."""

import json
from datetime import timedelta

import pytest

from deputize.domain.run import RunState

pytestmark = pytest.mark.anyio


async def pages(client, path, **params):
    """Return the items of every page, and how many pages there were."""
    items, count, url = [], 0, path
    while url:
        answer = await client.get(url, params=(params or None) if count == 0 else None)
        assert answer.status_code == 200, answer.text
        items += answer.json()["data"]
        count += 1
        link = answer.headers.get("Link", "")
        assert not link or link.endswith('>; rel="next"')
        url = link[1:].partition(">")[0]
    return items, count


@pytest.fixture
async def many(bench):
    """Eleven runs; three at a time were queued in the same moment."""
    for number in range(11):
        await bench.add_run(
            f"run-{number:02}",
            name="stan" if number % 2 else "dev",
            integration="by-url" if number % 3 else "by-basic",
            state=RunState.FAILED if number == 7 else RunState.COMPLETED,
            trigger="RESPONSE" if number == 3 else "inbound",
            event_id="e-1" if number == 3 else None,
            documents=[{"message": f"disk {number} is FULL"}, {"kind": "http.exchange", "statusCode": 403}],
        )
        if number % 3 == 2:
            bench.clock.forward(seconds=1)
    return bench


async def test_every_run_is_listed_once_over_pages_the_newest_first(many):
    whole, one = await pages(many.client("ann"), "/api/v1/runs", limit=200)
    paged, several = await pages(many.client("ann"), "/api/v1/runs", limit=4)

    assert (one, several) == (1, 3)
    assert paged == whole
    assert [each["queued"] for each in whole] == sorted((each["queued"] for each in whole), reverse=True)
    assert {each["id"] for each in whole} == {f"run-{number:02}" for number in range(11)}


async def test_runs_that_come_while_pages_are_read_move_nothing(many):
    first = await many.client("ann").get("/api/v1/runs?limit=4")
    await many.add_run("run-new")
    rest, _ = await pages(many.client("ann"), first.headers["Link"][1:].partition(">")[0])
    listed = [each["id"] for each in [*first.json()["data"], *rest]]

    assert len(listed) == len(set(listed)) == 11


@pytest.mark.parametrize(
    ("params", "numbers"),
    [
        ({"integration": "by-basic"}, {0, 3, 6, 9}),
        ({"initiator": "stan"}, {1, 3, 5, 7, 9}),
        ({"initiator": "stan", "integration": "by-basic"}, {3, 9}),
        ({"state": "FAILED"}, {7}),
        ({"trigger": "RESPONSE"}, {3}),
        ({"event": "e-1"}, {3}),
        ({"since": "2026-11-25T08:34:30Z"}, {6, 7, 8, 9, 10}),
        ({"since": "2026-11-25T09:34:30+01:00", "until": "2026-11-25T08:34:31Z"}, {6, 7, 8}),
        ({"until": "2026-11-25T08:34:28Z"}, set()),
        ({"initiator": "ghost"}, set()),
    ],
)
async def test_runs_are_filtered(many, params, numbers):
    listed, _ = await pages(many.client("ann"), "/api/v1/runs", limit=2, **params)

    assert {each["id"] for each in listed} == {f"run-{number:02}" for number in numbers}


async def test_a_cursor_is_good_for_its_list_its_filters_and_its_caller(many):
    link = (await many.client("ann").get("/api/v1/runs?limit=1&initiator=stan")).headers["Link"]
    url = link[1:].partition(">")[0]
    cursor = url.partition("cursor=")[2]
    for client, other in (
        ("ann", f"/api/v1/runs?limit=1&initiator=dev&cursor={cursor}"),
        ("ann", f"/api/v1/runs?cursor={cursor}"),
        ("ann", f"/api/v1/activity?initiator=stan&cursor={cursor}"),
        ("dev", url),
        ("ann", url + "x"),
        ("ann", "/api/v1/runs?cursor="),
        ("ann", f"/api/v1/runs?cursor={'x' * 5000}"),
    ):
        answer = await many.client(client).get(other)

        assert answer.status_code == 400
        assert answer.json()["code"] == "CURSOR_INVALID"
    assert (await many.client("ann").get(url.replace("limit=1", "limit=3"))).status_code == 200


async def test_a_run_is_shown_with_what_was_refused(bench):
    denied = {
        "kind": "permission.denied",
        "level": "warning",
        "endpoint": "platform",
        "request": {"method": "GET", "url": "http://127.0.0.1/api/xm/1/people/x"},
        "statusCode": 403,
        "statusMessage": "FORBIDDEN",
        "reason": "UNAUTHORIZED_ACCESS_ERROR: no.",
        "exchange": 1,
    }
    await bench.add_run("run", documents=[{}, denied], result={"half": "\ud800"}, refusals=1)
    run = (await bench.client("stan").get("/api/v1/runs/run")).json()
    listed = (await bench.client("stan").get("/api/v1/runs")).json()["data"]

    assert [(each["seq"], each["statusCode"]) for each in run.pop("refusals")] == [(2, 403)]
    assert run.pop("result") == {"half": "\ud800"}
    assert run.pop("error") is None
    assert (run.pop("replays"), run.pop("retries")) == ([], [])
    assert listed == [run]
    assert run == {
        "id": "run",
        "state": "COMPLETED",
        "name": "by-basic",
        "trigger": "inbound",
        "schedule": None,
        "integration_id": "by-basic",
        "plan_id": "incidents",
        "script": {"name": "by-basic.py", "sha256": "a" * 64, "version_id": None},
        "initiator": {"id": "stan", "via": "basic"},
        "legacy": False,
        "event_id": None,
        "replay_of": None,
        "replayed_by": None,
        "retry_of": None,
        "tries": 1,
        "chain": [],
        "trace_id": "0" * 32,
        "queued": "2026-11-25T08:34:28Z",
        "due": None,
        "started": None,
        "finished": "2026-11-25T08:34:28Z",
        "usage": {"wall_ms": 1.0, "cpu_ms": 1.0, "http_ms": 0.0, "max_rss_kb": 1, "calls": 0, "refusals": 0},
        "given_up": None,
        "given_up_because": None,
    }


async def test_the_activity_of_a_run_is_listed_in_its_order(bench):
    await bench.add_run("run", documents=[{"message": f"\u2028 {number} \ud800"} for number in range(450)])
    paged, count = await pages(bench.client("stan"), "/api/v1/runs/run/activity", limit=200)
    lines = await bench.client("stan").get("/api/v1/runs/run/activity?format=ndjson")
    first = json.loads(lines.content.splitlines()[0])

    assert count == 3
    assert [each["seq"] for each in paged] == list(range(1, 451))
    assert lines.headers["Content-Type"] == "application/x-ndjson"
    assert [json.loads(each) for each in lines.content.split(b"\n")[:-1]] == paged
    assert lines.content.isascii()
    assert first["message"] == "\u2028 0 \ud800"


async def test_the_activity_of_a_run_without_any_is_empty(bench):
    await bench.add_run("run")

    assert (await bench.client("stan").get("/api/v1/runs/run/activity")).json() == {"data": []}
    assert (await bench.client("stan").get("/api/v1/runs/run/activity?format=ndjson")).content == b""


async def test_entries_of_all_runs_are_listed_once_the_newest_first(many):
    whole, _ = await pages(many.client("ann"), "/api/v1/activity", limit=200)
    paged, count = await pages(many.client("ann"), "/api/v1/activity", limit=5)

    assert count == 5
    assert paged == whole
    assert [(each["run"], each["seq"]) for each in whole][:3] == [("run-10", 2), ("run-10", 1), ("run-09", 2)]


@pytest.mark.parametrize(
    ("params", "count"),
    [
        ({"kind": "log"}, 11),
        ({"statusCode": 403}, 11),
        ({"statusCode": 404}, 0),
        ({"text": "disk 7 is full"}, 1),
        ({"text": "%"}, 0),
        ({"initiator": "stan", "kind": "log"}, 5),
        ({"integration": "by-basic"}, 8),
        ({"until": "2026-11-25T08:34:28Z"}, 0),
    ],
)
async def test_entries_are_filtered(many, params, count):
    listed, _ = await pages(many.client("ann"), "/api/v1/activity", limit=3, **params)

    assert len(listed) == count


async def test_acts_are_listed_over_pages_and_filtered(bench):
    dev, ann = bench.client("dev"), bench.client("ann")
    for number in range(5):
        await dev.put("/api/v1/plans/incidents/constants/x", json={"value": str(number)})
        bench.clock.forward(seconds=1)
    paged, count = await pages(ann, "/api/v1/audit", limit=2, action="constant.set")
    since = (bench.clock() - timedelta(seconds=2)).isoformat()
    recent, _ = await pages(ann, "/api/v1/audit", actor="dev", target="constant:Incidents/x", since=since)

    assert (count, len(paged), len(recent)) == (3, 5, 2)
    assert {key: value for key, value in paged[0].items() if key != "id"} == {
        "ts": "2026-11-25T08:34:32Z",
        "actor": "dev",
        "action": "constant.set",
        "target": "constant:Incidents/x",
        "source": "192.0.2.1",
        "detail": {},
    }
