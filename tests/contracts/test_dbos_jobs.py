"""Jobs of runs in the tables of DBOS, on both stores."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from deputize.domain.run import RunState
from deputize.queue.dbos_jobs import DbosJobs
from deputize.store.tables import runs

pytestmark = pytest.mark.anyio


@pytest.fixture
async def jobs(database):
    """The jobs of the database, of which two of one plan may be under way at once."""
    jobs = DbosJobs(database.address, of_a_plan=2, concurrency=4)
    await asyncio.to_thread(jobs.open)
    database.attach(jobs)
    yield jobs
    await asyncio.to_thread(jobs.close)


def claim(jobs, worker="w", room=4):
    return asyncio.to_thread(jobs.claim, worker=worker, room=room)


async def add(database, *runs):
    async def work(tx):
        for each in runs:
            await tx.runs.add(each)

    await database.write(work)


async def test_a_run_that_is_queued_can_be_claimed_once(database, jobs, make):
    run = make.run()
    await add(database, run)

    assert await claim(jobs) == [run.id]
    assert await claim(jobs) == []
    assert await claim(jobs, worker="another") == []


@pytest.mark.parametrize("worker", ["dead", None])
async def test_what_a_worker_claimed_and_never_took_up_waits_when_its_other_runs_are_released(
    database, jobs, make, worker
):
    run = make.run()
    await add(database, run)
    assert await claim(jobs, worker="dead") == [run.id]

    assert await database.write(lambda tx: tx.runs.release(worker=worker)) == []

    assert await claim(jobs, worker="another") == [run.id]


async def test_a_run_whose_worker_is_gone_can_be_claimed_again(database, jobs, make, epoch):
    run, another = make.run(), make.run()
    await add(database, run, another)
    claimed = await claim(jobs, worker="dead", room=1)

    async def begin(tx):
        await tx.runs.claim(claimed[0], worker="dead", at=epoch)

    await database.write(begin)
    assert await database.read(lambda tx: jobs.holders(tx.connection)) == {"dead"}
    await database.write(lambda tx: tx.runs.release(worker="dead"))

    assert await database.read(lambda tx: jobs.holders(tx.connection)) == set()
    assert sorted(await claim(jobs, worker="next")) == sorted([run.id, another.id])


async def test_a_run_is_taken_at_once_where_nobody_has_claimed_it(database, jobs, make, epoch):
    run = make.run()
    await add(database, run)

    taken = await database.write(lambda tx: tx.runs.claim(run.id, worker="w", at=epoch))

    assert (taken.id, taken.worker) == (run.id, "w")
    assert await claim(jobs, worker="another") == []
    assert await database.write(lambda tx: tx.runs.claim(run.id, worker="another", at=epoch)) is None


async def test_what_one_worker_has_claimed_is_taken_by_no_other(database, jobs, make, epoch):
    run = make.run()
    await add(database, run)
    await claim(jobs)

    assert await database.write(lambda tx: tx.runs.claim(run.id, worker="another", at=epoch)) is None
    assert (await database.write(lambda tx: tx.runs.claim(run.id, worker="w", at=epoch))).id == run.id


async def test_no_more_runs_of_a_plan_are_under_way_than_it_may_have(database, jobs, make, epoch):
    plan = [make.run(plan_id="plan-1") for _ in range(5)]
    other = make.run(plan_id="plan-2")
    await add(database, plan[0])

    async def take(tx, run):
        return await tx.runs.claim(run.id, worker="w", at=epoch)

    at_once = await database.write(partial(take, run=plan[0]))
    await add(database, *plan[1:], other)
    claimed = await claim(jobs, worker="another")
    beyond = [await database.write(partial(take, run=each)) for each in plan if each.id not in claimed]

    assert at_once is not None
    assert other.id in claimed
    assert len(claimed) == 2
    assert beyond == [None] * 4


async def test_a_long_backlog_of_one_plan_keeps_no_other_waiting(database, jobs, make):
    await add(database, *(make.run(plan_id="plan-1") for _ in range(50)), last := make.run(plan_id="plan-2"))

    assert last.id in await claim(jobs, room=4)


async def test_no_more_is_claimed_than_there_is_room_for(database, jobs, make):
    await add(database, *(make.run(plan_id=f"plan-{number}") for number in range(6)))

    assert len(await claim(jobs, room=3)) == 3
    assert len(await claim(jobs, worker="another", room=4)) == 3


async def test_the_job_of_a_run_that_has_ended_is_gone(database, jobs, make, epoch):
    run = make.run()
    await add(database, run)
    await claim(jobs)

    async def work(tx):
        await tx.runs.claim(run.id, worker="w", at=epoch)
        await tx.runs.finish(run.id, state=RunState.COMPLETED, at=epoch)
        return await jobs.without(tx.connection, [run.id])

    assert await database.write(work) == [run.id]


async def test_the_job_of_a_run_that_ended_before_it_was_taken_is_gone(database, jobs, make, epoch):
    run = make.run()
    await add(database, run)
    await claim(jobs)

    async def past_the_jobs(tx):
        await tx.connection.execute(update(runs).values(state=RunState.CANCELED, finished=epoch))

    await database.write(past_the_jobs)

    assert await database.write(lambda tx: tx.runs.claim(run.id, worker="w", at=epoch)) is None
    assert await database.read(lambda tx: jobs.without(tx.connection, [run.id])) == [run.id]


async def test_what_is_not_kept_leaves_no_job(database, jobs, make):
    run = make.run()

    async def work(tx):
        await tx.runs.add(run)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(work)

    assert await claim(jobs) == []


async def test_a_run_that_is_not_due_is_not_claimed_before_it_is(database, jobs, make):
    late = make.run(due=make.run().queued + timedelta(hours=1))
    soon = make.run(due=make.run().queued + timedelta(milliseconds=1))
    await add(database, late, soon)

    claimed = []
    while not claimed:
        await asyncio.to_thread(jobs.fall_due)
        claimed = await claim(jobs)

    assert claimed == [soon.id]


async def test_what_a_worker_has_claimed_and_does_not_perform_is_put_back(database, jobs, make):
    run, under_way = make.run(plan_id="plan-1"), make.run(plan_id="plan-2")
    await add(database, run, under_way)
    await claim(jobs)

    await database.write(
        lambda tx: jobs.put_back_lost(tx.connection, worker="w", under_way=frozenset({under_way.id}))
    )

    assert await claim(jobs, worker="another") == [run.id]


async def test_a_run_that_was_denied_has_no_job(database, jobs, make, epoch):
    await add(database, make.run(state=RunState.DENIED, finished=epoch))

    assert await claim(jobs) == []
