"""The queue of a kept database, on both stores: at once where there is room, by whoever asks first where not."""

import asyncio
import subprocess
import sys
from contextlib import asynccontextmanager

import pytest
import structlog

from deputize.domain.run import RunState
from deputize.queue.dbos_jobs import DbosJobs
from deputize.queue.dbos_queue import DbosQueue
from deputize.queue.presence import Presence
from deputize.store import Database

pytestmark = pytest.mark.anyio


class Work:
    """Claims runs as the worker does, and holds them behind a gate; what is recovered is released."""

    def __init__(self, database, name):
        self.database = database
        self.name = name
        self.gate = asyncio.Event()
        self.gate.set()
        self.changed = asyncio.Condition()
        self.under_way = set()
        self.most = 0
        self.done = []
        self.recovered = []
        self.failing = 0

    async def recover(self, worker=None):
        await self.database.write(lambda tx: tx.runs.release(worker=worker))
        await self._tell(self.recovered.append, worker)

    async def waiting(self, limit):
        raise AssertionError("a kept database is not asked for all that waits")

    async def perform(self, run_id):
        if self.failing:
            self.failing -= 1
            raise OSError("the database is away")
        run = await self.database.write(lambda tx: tx.runs.claim(run_id, worker=self.name, at=tx.now))
        if run is None:
            return
        self.under_way.add(run_id)
        self.most = max(self.most, len(self.under_way))
        await self._tell(lambda _: None, None)
        try:
            await self.gate.wait()
            ended = await self.database.write(
                lambda tx: tx.runs.finish(run_id, state=RunState.COMPLETED, at=tx.now, by=run.attempt)
            )
        finally:
            self.under_way.discard(run_id)
        if ended:
            await self._tell(self.done.append, run_id)

    async def _tell(self, note, what):
        async with self.changed:
            note(what)
            self.changed.notify_all()

    async def until(self, condition):
        async with asyncio.timeout(90), self.changed:
            await self.changed.wait_for(condition)


class Deployment:
    """Opens workers on one database, each as a process of its own would."""

    def __init__(self, url, clock):
        self.url = url
        self.clock = clock

    @asynccontextmanager
    async def worker(self, name, *, concurrency=4, of_a_plan=4):
        database = Database(self.url, clock=self.clock)
        await database.open()
        jobs = DbosJobs(database.address, of_a_plan=of_a_plan, concurrency=concurrency)
        await asyncio.to_thread(jobs.open)
        database.attach(jobs)
        database.watch(jobs.engine)
        work = Work(database, name)
        presence = Presence(database, jobs, name=name) if database.address.many_writers else None
        queue = DbosQueue(
            work, database=database, jobs=jobs, worker=name, concurrency=concurrency, presence=presence
        )
        await queue.start()
        try:
            yield queue, work
        finally:
            work.gate.set()
            await queue.drain(10)
            await asyncio.to_thread(jobs.close)
            await database.close()


@pytest.fixture
async def deployment(database_url, clock):
    database = Database(database_url, clock=clock)
    await database.open()
    await database.close()
    return Deployment(database_url, clock)


@pytest.fixture
def accept(make_run):
    """Accepts a run as an intake does: kept, and then submitted."""

    async def accept(queue, work, **fields):
        run = make_run(**fields)
        await work.database.write(lambda tx: tx.runs.add(run))
        queue.submit(run.id)
        return run.id

    return accept


async def test_an_accepted_run_begins_at_once_where_there_is_room(deployment, accept, monkeypatch):
    monkeypatch.setattr(DbosJobs, "claim", lambda *_args, **_more: [])
    async with deployment.worker("w") as (queue, work):
        run_id = await accept(queue, work)
        await work.until(lambda: work.done == [run_id])


async def test_a_run_that_is_held_and_not_performed_is_taken_up_again(deployment, make_run, monkeypatch):
    """The claim was kept and its answer was lost, or a run ended and its end could not be kept."""
    monkeypatch.setattr("deputize.queue.dbos_queue._MEND_SECONDS", 0.2)
    async with deployment.worker("w") as (_, work):
        run = make_run()

        async def lose(tx):
            await tx.runs.add(run)
            return await tx.runs.claim(run.id, worker="w", at=tx.now)

        assert (await work.database.write(lose)).attempts == 1
        await work.until(lambda: work.done == [run.id])

        kept = await work.database.read(lambda tx: tx.runs.get(run.id))
        assert (kept.state, kept.attempts, kept.lost) == ("COMPLETED", 2, 0)


async def test_what_finds_no_room_is_performed_when_there_is(deployment, accept):
    async with deployment.worker("w", concurrency=2) as (queue, work):
        work.gate.clear()
        accepted = [await accept(queue, work, plan_id=f"plan-{number}") for number in range(7)]
        await work.until(lambda: len(work.under_way) == 2)
        work.gate.set()
        await work.until(lambda: len(work.done) == 7)

        assert sorted(work.done) == sorted(accepted)
        assert work.most == 2


async def test_no_more_runs_of_a_plan_are_under_way_than_it_may_have(deployment, accept):
    async with deployment.worker("w", concurrency=8, of_a_plan=2) as (queue, work):
        work.gate.clear()
        for _ in range(5):
            await accept(queue, work, plan_id="busy")
        other = await accept(queue, work, plan_id="quiet")
        await work.until(lambda: len(work.under_way) == 3)
        assert other in work.under_way
        work.gate.set()
        await work.until(lambda: len(work.done) == 6)

        assert work.most == 3


async def test_a_worker_without_room_leaves_everything_to_others(postgresql_url, clock, accept):
    deployment = Deployment(postgresql_url, clock)
    async with (
        deployment.worker("server", concurrency=0) as (queue, none),
        deployment.worker("w") as (_, work),
    ):
        run_id = await accept(queue, none)
        await work.until(lambda: work.done == [run_id])

        assert none.done == []


async def test_what_was_queued_before_there_was_a_queue_is_performed(database, deployment, make_run):
    run = make_run()
    await database.write(lambda tx: tx.runs.add(run))

    async with deployment.worker("w") as (_, work):
        await work.until(lambda: work.done == [run.id])


async def test_a_run_that_could_not_be_claimed_is_claimed_later(deployment, accept, monkeypatch):
    monkeypatch.setattr("deputize.queue.dbos_queue._MEND_SECONDS", 0.05)
    with structlog.testing.capture_logs() as log:
        async with deployment.worker("w") as (queue, work):
            work.failing = 3
            run_id = await accept(queue, work)
            await work.until(lambda: work.done == [run_id])

    assert [each["event"] for each in log] == ["queue.fault"] * 3


async def test_what_is_under_way_when_the_process_stops_is_cut_off_and_waits(deployment, accept):
    async with deployment.worker("w") as (queue, work):
        work.gate.clear()
        run_id = await accept(queue, work)
        await work.until(lambda: work.under_way == {run_id})
        await queue.drain(0)
        assert work.done == []
        waiting = await accept(queue, work)

    async with deployment.worker("next") as (_, work):
        if not work.database.address.many_writers:
            assert work.recovered == [None]
        await work.until(lambda: sorted(work.done) == sorted([run_id, waiting]))


async def test_what_comes_while_a_worker_lets_its_runs_end_is_left_to_others(deployment, accept):
    async with deployment.worker("w") as (queue, work):
        work.gate.clear()
        run_id = await accept(queue, work)
        await work.until(lambda: work.under_way == {run_id})
        draining = asyncio.create_task(queue.drain(3600))
        await asyncio.sleep(0)
        left = await accept(queue, work)
        assert work.under_way == {run_id}
        work.gate.set()
        await draining

        assert work.done == [run_id]
        assert (await work.database.read(lambda tx: tx.runs.get(left))).attempts == 0

    async with deployment.worker("next") as (_, work):
        await work.until(lambda: work.done == [left])


def stand_still(queue):
    """Have a worker neither look for jobs nor watch the others any more, as one whose process does nothing."""
    queue._polling.cancel()
    queue._presence._watching.cancel()


async def until_counted(work, worker, beats):
    """Wait until *worker* has counted so many beats more, as everybody sees them."""

    async def counted():
        return (await work.database.read(lambda tx: tx.workers.beats())).get(worker, -1)

    async with asyncio.timeout(90):
        until = await counted() + beats
        while await counted() < until:  # noqa: ASYNC110 - a row tells nobody
            await asyncio.sleep(0.05)


async def test_the_runs_of_a_worker_that_is_gone_go_on_with_another(postgresql_url, clock, accept):
    deployment = Deployment(postgresql_url, clock)
    async with deployment.worker("dying") as (queue, dying):
        dying.gate.clear()
        run_id = await accept(queue, dying)
        await dying.until(lambda: dying.under_way == {run_id})
        async with deployment.worker("alive") as (_, alive):
            # Its process ends: nobody counts any more, and its connection is cut.
            stand_still(queue)
            queue._presence._ending.set()
            await alive.until(lambda: "dying" in alive.recovered)
            await alive.until(lambda: alive.done == [run_id])

        assert dying.done == []


async def test_a_worker_that_stands_still_is_taken_for_dead_after_a_while(
    postgresql_url, clock, accept, monkeypatch
):
    monkeypatch.setattr("deputize.queue.presence._DEAD_SECONDS", 2.0)
    deployment = Deployment(postgresql_url, clock)
    async with deployment.worker("frozen") as (queue, frozen):
        frozen.gate.clear()
        run_id = await accept(queue, frozen)
        await frozen.until(lambda: frozen.under_way == {run_id})
        async with deployment.worker("alive") as (_, alive):
            # It keeps its lock, and counts no more.
            stand_still(queue)
            frozen_beat = queue._presence._ending.wait
            monkeypatch.setattr(queue._presence._ending, "wait", lambda seconds: frozen_beat(3600))
            await alive.until(lambda: alive.done == [run_id])
        frozen.gate.set()

        assert frozen.done == []


async def test_who_was_taken_for_dead_and_comes_back_is_there_again(postgresql_url, clock):
    deployment = Deployment(postgresql_url, clock)
    async with deployment.worker("back") as (_, back):

        async def counted():
            return (await back.database.read(lambda tx: tx.workers.beats())).get("back", 0)

        await back.database.write(lambda tx: tx.workers.remove("back"))
        # Whoever counts keeps its runs; who is not there would lose them time and again.
        while await counted() < 2:  # noqa: ASYNC110 - a row tells nobody
            await asyncio.sleep(0.05)


async def test_a_worker_that_is_cut_off_loses_its_runs_and_is_one_of_the_others_when_it_is_back(
    postgresql, wire, clock, accept, monkeypatch
):
    monkeypatch.setattr("deputize.queue.presence._DEAD_SECONDS", 2.0)
    way, name = wire
    async with Deployment(way.url(name), clock).worker("far") as (queue, far):
        far.gate.clear()
        lost = await accept(queue, far)
        await far.until(lambda: far.under_way == {lost})
        async with Deployment(postgresql.url(name), clock).worker("near") as (_, near):
            way.stand_still()
            await near.until(lambda: near.done == [lost])
            still_there = set(far.under_way)
            way.go_on()
            # What it has no right to any more ends, and it takes up what comes.
            async with asyncio.timeout(90):
                while far.under_way:  # noqa: ASYNC110 - a task that is cancelled tells nobody
                    await asyncio.sleep(0.05)
        kept = await accept(queue, far)
        await far.until(lambda: far.under_way == {kept})
        async with Deployment(postgresql.url(name), clock).worker("watching") as (_, watching):
            await until_counted(watching, "far", 6)
            assert "far" not in watching.recovered
        far.gate.set()
        await far.until(lambda: far.done == [kept])

        assert still_there == {lost}


async def test_a_worker_that_is_busy_keeps_its_runs(postgresql_url, clock, accept):
    deployment = Deployment(postgresql_url, clock)
    async with deployment.worker("busy") as (queue, busy):
        busy.gate.clear()
        run_id = await accept(queue, busy)
        await busy.until(lambda: busy.under_way == {run_id})
        async with deployment.worker("watching") as (_, watching):
            await until_counted(watching, "busy", 5)

            assert watching.recovered == []
        busy.gate.set()
        await busy.until(lambda: busy.done == [run_id])


HOST = """
import sys
from dbos import DBOS

from deputize.queue.dbos_jobs import DbosJobs
from deputize.store.address import Address

DBOS(config={"name": "host", "system_database_url": f"sqlite:///{sys.argv[1]}/host.sqlite"})

@DBOS.workflow()
def greet(name):
    return f"hello {name}"

DBOS.launch()
jobs = DbosJobs(Address.of(f"sqlite+aiosqlite:///{sys.argv[1]}/deputize.db"), of_a_plan=1, concurrency=1)
jobs.open()
assert jobs.claim(worker="w", room=1) == []
print(DBOS.start_workflow(greet, "you").get_result())
jobs.close()
print(greet("again"))
DBOS.destroy()
"""


def test_a_host_that_uses_dbos_itself_is_not_disturbed(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", HOST, tmp_path], capture_output=True, text=True, check=False
    )

    assert (ended.stdout, ended.returncode) == ("hello you\nhello again\n", 0), ended.stderr
