"""Accepted runs come to their ends: queue, worker, engine and sandbox over a database of either kind."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from deputize.activity.entries import activity_stream
from deputize.domain.limits import Limits
from deputize.execution.engine import Engine
from deputize.loopback import serve
from deputize.queue.inline import InlineQueue
from deputize.worker import Worker
from deputize_client import TokenSource
from deputize_sandbox import Sandbox

pytestmark = pytest.mark.anyio

SOURCE = """
from shared import words

def main(payload, http, log):
    if payload == 'raise':
        raise ValueError('as it was told')
    if payload == 'flood':
        http.get('/first/flood')
    log.info(words.HELLO)
    http.get(f'/first/{payload}')
    http.get(f'/second/{payload}')
    return payload
"""


class Upstream:
    """Answers at once, but for the second call of a run that waits at the gate."""

    def __init__(self):
        self.gate = asyncio.Event()
        self.waiting = asyncio.Event()

    async def answer(self, request):
        if request.url.path == "/second/wait":
            self.waiting.set()
            await self.gate.wait()
        return JSONResponse({})


@pytest.fixture
def performing(database, given, clock, own_platform):
    """``async with performing() as (queue, upstream)``: a queue that performs the database's runs."""

    @asynccontextmanager
    async def start(**limits):
        upstream = Upstream()
        app = Starlette(routes=[Route("/{path:path}", upstream.answer)])
        async with serve(app) as server, Sandbox() as sandbox:
            tokens = TokenSource()
            engine = Engine(sandbox=sandbox, platform=own_platform(server), tokens=tokens, clock=clock)
            worker = Worker(
                database=database,
                compiler=sandbox,
                executor=engine,
                resources=given,
                limits=Limits(**limits),
            )
            queue = InlineQueue(worker, concurrency=4, sweep_seconds=0.05)
            await queue.start()
            try:
                yield queue, upstream
            finally:
                await queue.drain(20)
                await tokens.aclose()

    return start


@pytest.fixture
async def accepted(database, accept, given):
    given.resources = type(given.resources)(shared={"words": "HELLO = 'hello'\n"})
    return await accept(database).prepare(SOURCE)


async def ended(accepted, run_id):
    async with asyncio.timeout(30):
        while True:
            run = await accepted.get(run_id)
            if run.finished is not None:
                return run
            await asyncio.sleep(0.01)


async def test_runs_come_to_their_own_ends_and_their_streams_are_whole(accepted, performing):
    before = [await accepted.run(payload, source=SOURCE) for payload in ("a", "raise")]
    async with performing(calls=2) as (queue, _):
        after = [await accepted.run(payload, source=SOURCE) for payload in ("b", "flood")]
        queue.submit(after[0])  # the other one is lost, and found
        runs = [await ended(accepted, run_id) for run_id in (*before, *after)]

    assert [(run.state, run.result, run.error and run.error["message"]) for run in runs] == [
        ("COMPLETED", "a", None),
        ("FAILED", None, "as it was told"),
        ("COMPLETED", "b", None),
        ("CANCELED", None, None),
    ]
    assert [run.calls for run in runs] == [2, 0, 2, 2]
    for run in runs:
        entries = activity_stream.validate_python(await accepted.entries(run.id))
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        assert (entries[-1].kind, entries[-1].state) == ("run.finished", run.state)
        assert {entry.run for entry in entries} == {run.id}
        assert {(entry.initiator.id, entry.initiator.via) for entry in entries} == {("rob", "api-key")}


async def test_what_a_script_has_learnt_is_durable_while_it_still_runs(accepted, performing):
    async with performing() as (queue, upstream):
        run_id = await accepted.run("wait", source=SOURCE)
        queue.submit(run_id)
        await upstream.waiting.wait()
        kinds, state = await accepted.kinds(run_id), (await accepted.get(run_id)).state
        upstream.gate.set()
        await ended(accepted, run_id)

    assert (state, kinds) == ("RUNNING", ["run.started", "inbound.request", "log", "http.exchange"])


async def test_a_run_that_a_stop_cuts_off_goes_on_after_the_next_start(accepted, performing):
    async with performing() as (queue, upstream):
        run_id = await accepted.run("wait", source=SOURCE)
        queue.submit(run_id)
        await upstream.waiting.wait()
        await queue.drain(0)
        upstream.gate.set()
    async with performing() as (_, upstream):
        upstream.gate.set()
        await ended(accepted, run_id)

    assert (await accepted.get(run_id)).state == "COMPLETED"
    kinds = await accepted.kinds(run_id)
    assert kinds[2:] == ["log", "http.exchange", "run.resumed", "http.exchange", "result", "run.finished"]
    assert [each["error"] for each in await accepted.entries(run_id) if each.get("error")] == []
