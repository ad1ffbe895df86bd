"""A PostgreSQL that neither answers nor closes anything: nobody waits for it, and it is used again at once."""

import asyncio
from functools import partial

import pytest
from sqlalchemy import text

from deputize.errors import StoreUnavailable
from deputize.queue.dbos_jobs import DbosJobs
from deputize.store import Database

pytestmark = pytest.mark.anyio

#: Seconds that anything here may take at most, on however busy a machine.
PATIENCE = 60


@pytest.fixture
async def distant(wire, clock):
    """A database that is reached over a wire, and the wire."""
    way, name = wire
    database = Database(way.url(name), clock=clock)
    await database.open()
    try:
        yield database, way
    finally:
        way.go_on()
        await database.close()


async def mark(tx, *, value):
    await tx.applied.put("test", value, value)


async def marked(tx):
    return [each for each in ("before", "meanwhile", "later", "after") if await tx.applied.get("test", each)]


async def until_used(database, value):
    """Write as soon as the database is used again."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await database.write(partial(mark, value=value))
            except StoreUnavailable:
                await asyncio.sleep(0.05)


async def test_nobody_waits_for_a_database_that_is_silent_and_nothing_of_theirs_is_kept(distant):
    database, way = distant
    await database.write(partial(mark, value="before"))
    began = asyncio.Event()

    async def within(tx):
        await marked(tx)
        began.set()
        while True:
            await mark(tx, value="meanwhile")

    under_way = asyncio.create_task(database.write(within))
    await began.wait()
    way.stand_still()
    async with asyncio.timeout(PATIENCE):
        # More than there are connections: some wait for one.
        told = await asyncio.gather(
            under_way,
            *(database.read(marked) for _ in range(12)),
            *(database.write(partial(mark, value="meanwhile")) for _ in range(12)),
            return_exceptions=True,
        )
        with pytest.raises(StoreUnavailable):
            await database.write(partial(mark, value="later"))
        with pytest.raises(StoreUnavailable):
            async with database.alone():
                pass
    way.go_on()
    await until_used(database, "after")

    assert {type(each) for each in told} == {StoreUnavailable}
    assert set(await database.read(marked)) - {"meanwhile"} == {"before", "after"}


async def test_a_database_that_is_slow_is_not_silent(distant):
    database, _ = distant

    async def slow(tx):
        return await tx.connection.scalar(text("SELECT 'done' FROM pg_sleep(3)"))

    assert await database.read(slow) == "done"


async def test_whoever_claims_jobs_does_not_wait_either(distant):
    database, way = distant
    jobs = DbosJobs(database.address, of_a_plan=1, concurrency=1)
    await asyncio.to_thread(jobs.open)
    database.watch(jobs.engine)
    try:
        assert await asyncio.to_thread(partial(jobs.claim, worker="w", room=1)) == []
        way.stand_still()
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(StoreUnavailable):
                await asyncio.to_thread(partial(jobs.claim, worker="w", room=1))
        way.go_on()
        await until_used(database, "after")

        assert await asyncio.to_thread(partial(jobs.claim, worker="w", room=1)) == []
    finally:
        way.go_on()
        await asyncio.to_thread(jobs.close)


async def test_what_the_address_says_of_the_session_counts_beside_what_we_say(postgresql, clock):
    name = postgresql.take()
    url = f"{postgresql.url(name)}&options=-c%20lock_timeout%3D1234"
    database = Database(url, clock=clock)
    await database.open()

    async def settings(tx):
        names = ("lock_timeout", "idle_in_transaction_session_timeout")
        return [await tx.connection.scalar(text(f"SHOW {each}")) for each in names]

    shown = await database.read(settings)
    await database.close()
    postgresql.give_back(name)

    assert shown == ["1234ms", "8s"]
