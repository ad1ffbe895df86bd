"""Runs that wait, thousands of them, kept as the intake keeps them; and how long it took to perform them."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import func, select
from tests.acceptance.chaos.house import House

from deputize.clock import now
from deputize.deployment import open_deployment
from deputize.domain.run import RunState
from deputize.queue.dbos_jobs import DbosJobs
from deputize.settings import Settings
from deputize.store import Database, Transaction
from deputize.store.tables import runs

#: Runs that are kept in one transaction.
_BATCH: Final = 500


def accepted(house: House, *, seconds: float) -> str:
    """Have the server accept a run that takes so many *seconds*, and return its id."""
    run: str = house.request("pause", {"seconds": seconds}).json()["requestId"]
    return run


async def fill(house: House, run: str, number: int) -> datetime:
    """Keep so many copies of an accepted *run*, and return a moment before the first was queued."""
    async with open_deployment(Settings(store=house.store), folder=house.server.data, clock=now) as deployed:
        database = deployed.database
        jobs = DbosJobs(database.address, of_a_plan=1, concurrency=1)
        await asyncio.to_thread(jobs.open)
        database.attach(jobs)
        began = now()
        for first in range(0, number, _BATCH):
            some = min(_BATCH, number - first)
            await database.write(lambda tx, some=some: _copy(tx, run, some))
        await asyncio.to_thread(jobs.close)
    return began


async def _copy(tx: Transaction, run_id: str, number: int) -> None:
    run = await tx.runs.get(run_id)
    assert run is not None
    fresh = replace(
        run,
        state=RunState.QUEUED,
        attempts=0,
        worker=None,
        started=None,
        finished=None,
        result=None,
        usage=None,
        calls=0,
    )
    for _ in range(number):
        await tx.runs.add(replace(fresh, id=str(uuid4()), queued=tx.now))


async def performed_per_second(house: House, *, since: datetime) -> float:
    """Return how many of the runs that were kept *since* ended in a second, from the first's begin on."""

    async def look(tx: Transaction) -> tuple[int, datetime, datetime]:
        counted = select(func.count(), func.min(runs.c.started), func.max(runs.c.finished))
        row = (await tx.connection.execute(counted.where(runs.c.queued >= since))).one()
        return row[0], row[1], row[2]

    async with open_deployment(Settings(store=house.store), folder=house.server.data, clock=now) as deployed:
        number, first, last = await deployed.database.read(look)
    return number / (last - first).total_seconds()


async def commits_per_second(house: House, *, seconds: float = 3.0) -> float:
    """Return how often this database can commit one after another: what all other figures are measured by."""
    async with open_deployment(Settings(store=house.store), folder=house.server.data, clock=now) as deployed:
        return await _commits(deployed.database, seconds)


async def _commits(database: Database, seconds: float) -> float:
    began, number = now(), 0

    async def mark(tx: Transaction) -> None:
        await tx.applied.put("benchmark", "commit", str(number))

    while (passed := (now() - began).total_seconds()) < seconds:
        await database.write(mark)
        number += 1
    # Whoever takes the project over looks at all that stands there.
    await database.write(lambda tx: tx.applied.delete("benchmark", "commit"))
    return number / passed
