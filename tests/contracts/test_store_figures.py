"""Counts of runs and workers, on both stores."""

from datetime import timedelta

import pytest

from deputize.domain.run import RunState
from deputize.store.figures import Waiting

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
