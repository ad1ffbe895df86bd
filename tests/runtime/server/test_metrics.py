"""The metrics: true, for whoever has the token, and without anybody's name."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from deputize.credentials.metrics_token import MetricsToken
from deputize.domain.principal import Principal
from deputize.domain.run import RunState
from deputize.domain.stored_run import StoredRun
from deputize.errors import StoreUnavailable
from deputize.server.app import build_app
from deputize.server.metrics import Metrics
from deputize.store import Database

pytestmark = pytest.mark.anyio

TOKEN = "a token of the settings"


@pytest.fixture
async def watched(bench):
    """A client of a server with metrics; without a credential unless a test gives one."""
    metrics = Metrics(bench.database, token=MetricsToken(TOKEN), many_workers=False)
    app = build_app(replace(bench.parts, metrics=metrics))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://deputize.example") as client:
        yield client


async def figures(watched):
    answer = await watched.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def run(number, clock, **fields):
    return StoredRun(
        **{
            "id": f"00000000-0000-4000-8000-{number:012}",
            "integration_id": "hook",
            "plan_id": "incidents",
            "name": "a name that is nobody's business",
            "trigger": "inbound",
            "script_sha256": "0" * 64,
            "shown_path": "hook.py",
            "start": {},
            "initiator": Principal(id="rob", name="Rob", via="basic", subject="id-of-rob"),
            "trace_id": "0" * 32,
            "queued": clock(),
            **fields,
        }
    )


async def add(database, *runs):
    async def work(tx):
        for each in runs:
            await tx.runs.add(each)

    await database.write(work)


async def test_runs_are_counted_by_state_and_the_queue_by_depth_and_age(bench, watched):
    before = await figures(watched)
    now = bench.clock()
    await add(
        bench.database,
        run(1, bench.clock, queued=now - timedelta(seconds=90)),
        run(2, bench.clock),
        run(3, bench.clock, due=now + timedelta(hours=1)),
        run(4, bench.clock, queued=now - timedelta(hours=1), due=now - timedelta(seconds=5)),
        run(5, bench.clock, state=RunState.INTERRUPTED, finished=now),
    )

    found = await figures(watched)

    assert found["deputize_database_up",] == 1
    assert found["deputize_runs", "QUEUED"] - before["deputize_runs", "QUEUED"] == 4
    assert found["deputize_runs", "INTERRUPTED"] - before["deputize_runs", "INTERRUPTED"] == 1
    assert found["deputize_queue_depth",] - before["deputize_queue_depth",] == 3
    assert found["deputize_queue_age_seconds",] >= 90
    assert ("deputize_workers",) not in found


async def test_requests_are_counted_by_what_they_are_for_and_their_status(watched):
    await watched.get("/api/v1/runs")
    await watched.get("/api/xm/1/people")
    await watched.get("/healthz")
    await watched.get("/healthz")

    found = await figures(watched)

    assert found["deputize_requests_total", "401", "api"] == 1
    assert found["deputize_requests_total", "418", "platform"] == 1
    assert found["deputize_requests_total", "200", "other"] == 2
    assert found["deputize_request_seconds_count", "other"] == 2


async def test_no_name_and_no_path_is_in_them(bench, watched):
    await add(bench.database, run(1, bench.clock))
    await watched.get("/api/v1/runs/a-path-that-somebody-made-up")

    told = (await watched.get("/metrics", headers={"Authorization": f"bearer {TOKEN}"})).text

    assert not [each for each in ("rob", "nobody's business", "incidents", "made-up", TOKEN) if each in told]


async def test_a_database_that_is_away_is_a_figure_of_its_own(watched, monkeypatch):
    async def read(self, work):
        raise StoreUnavailable("no")

    monkeypatch.setattr(Database, "read", read)

    found = await figures(watched)

    assert found["deputize_database_up",] == 0
    assert not [each for each in found if each[0] == "deputize_runs"]


async def test_a_database_that_never_answers_keeps_nobody_waiting(watched, monkeypatch):
    async def read(self, work):
        await asyncio.Event().wait()

    monkeypatch.setattr(Database, "read", read)
    monkeypatch.setattr("deputize.server.metrics._PATIENCE", 0.01)

    assert (await figures(watched))["deputize_database_up",] == 0


@pytest.mark.parametrize(
    "sent", [None, "Bearer", "Bearer another", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x"]
)
async def test_nobody_reads_them_without_the_token(watched, sent):
    answer = await watched.get("/metrics", headers={} if sent is None else {"Authorization": sent})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["detail"] == "The metrics are read with the token of DEPUTIZE_METRICS_TOKEN."


async def test_where_no_token_is_set_there_are_none(bench):
    answer = await bench.client("ann").get("/metrics")

    assert answer.status_code == 404
    assert answer.json()["detail"] == "There are no metrics here: DEPUTIZE_METRICS_TOKEN is not set."


def test_the_token_is_shown_nowhere():
    assert TOKEN not in repr(MetricsToken(TOKEN)) + str(MetricsToken(TOKEN))
