"""Counts of runs and workers, on both stores."""

from datetime import timedelta

import pytest

from deputize.domain.run import RunState
from deputize.domain.stored_run import RunFilter
from deputize.store.figures import HourOfRuns, Waiting

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


async def test_runs_are_counted_by_state_and_those_that_wait_from_when_they_are_due(database, make, epoch):
    before = await database.read(lambda tx: tx.figures.waiting(epoch))
    released = make.run(queued=epoch - 3 * MINUTE)

    async def work(tx):
        for each in (
            make.run(queued=epoch - 2 * MINUTE),
            make.run(queued=epoch - 9 * MINUTE, due=epoch - MINUTE),
            make.run(queued=epoch - 9 * MINUTE, due=epoch + MINUTE),
            make.run(queued=epoch - 9 * MINUTE, state=RunState.COMPLETED, finished=epoch),
            released,
        ):
            await tx.runs.add(each)
        await tx.runs.claim(released.id, worker="gone", at=epoch)
        await tx.runs.release(worker="gone")
        await tx.workers.add("here", host="h", process=1, at=epoch)

    await database.write(work)

    by_state = await database.read(lambda tx: tx.figures.runs())
    assert {state: number for state, number in by_state.items() if number} == {
        RunState.QUEUED: 3,
        RunState.RUNNING: 1,
        RunState.COMPLETED: 1,
    }
    assert set(by_state) == set(RunState)
    assert before == Waiting(runs=0, since=None)
    assert await database.read(lambda tx: tx.figures.waiting(epoch)) == Waiting(
        runs=3, since=epoch - 3 * MINUTE
    )
    assert await database.read(lambda tx: tx.figures.workers()) == 1


async def test_dead_letters_are_counted_until_somebody_sees_to_them(database, make, epoch):
    one, other = (make.run(state=RunState.FAILED, queued=epoch, finished=epoch) for _ in range(2))

    async def work(tx):
        for each in (one, other):
            await tx.runs.add(each)
            await tx.runs.give_up(each.id, at=epoch, because="Try 2 of 2 has failed.")
        return await tx.runs.see_to(other.id), await tx.runs.see_to(other.id)

    assert await database.write(work) == (True, False)
    assert await database.read(lambda tx: tx.figures.dead_letters()) == 1
    [letter] = await database.read(lambda tx: tx.runs.page(RunFilter(given_up=True), limit=9))
    assert (letter.id, letter.given_up, letter.given_up_because) == (
        one.id,
        epoch,
        "Try 2 of 2 has failed.",
    )


async def test_runs_of_an_integration_are_counted_by_the_hour(database, make, epoch):
    hour = timedelta(hours=1)
    first = epoch.replace(minute=0, second=0, microsecond=0)

    async def work(tx):
        for each in (
            make.run(queued=first),
            make.run(queued=first + 59 * MINUTE, refusals=2, state=RunState.FAILED),
            make.run(queued=first + hour, state=RunState.DENIED),
            make.run(queued=first + 3 * hour, state=RunState.POISONED),
            make.run(queued=first + hour, integration_id="another"),
            make.run(queued=first - MINUTE),
        ):
            await tx.runs.add(each)

    await database.write(work)
    counted = await database.read(lambda tx: tx.figures.by_hour("integration-1", since=first))

    assert counted == [
        HourOfRuns(began=first, runs=2, refused=1, failed=1),
        HourOfRuns(began=first + hour, runs=1, refused=1, failed=0),
        HourOfRuns(began=first + 3 * hour, runs=1, refused=0, failed=1),
    ]
