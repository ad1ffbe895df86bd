"""Transactions: all or nothing, whoever is cancelled, and whoever else writes."""

import asyncio
import subprocess
import sys
from dataclasses import replace

import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from deputize.errors import StoreUnavailable
from deputize.store import Database

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def any_database(request, tmp_path, clock):
    """An open database of each kind, the one in memory included."""
    url = {
        "memory": lambda: "sqlite+aiosqlite:///:memory:",
        "sqlite": lambda: f"sqlite+aiosqlite:///{tmp_path}/deputize.db",
        "postgresql": lambda: request.getfixturevalue("postgresql_url"),
    }[request.param]()
    database = Database(url, clock=clock)
    await database.open()
    yield database
    await database.close()


async def test_work_returns_what_it_returns_and_knows_the_time(any_database, clock):
    assert await any_database.write(lambda tx: asyncio.sleep(0, tx.now)) == clock.now
    clock.forward(seconds=1)
    assert await any_database.read(lambda tx: asyncio.sleep(0, tx.now)) == clock.now


async def test_of_work_that_raises_nothing_is_kept(any_database, make):
    rob = make.person("rob")

    async def put_and_raise(tx):
        await tx.people.put(rob)
        assert await tx.people.get(rob.id) == rob
        raise LookupError("on purpose")

    with pytest.raises(LookupError, match="on purpose"):
        await any_database.write(put_and_raise)

    assert await any_database.read(lambda tx: tx.people.get(rob.id)) is None


async def test_who_is_cancelled_leaves_work_whole_and_the_database_usable(any_database, make):
    rob = make.person("rob")
    begun, released = asyncio.Event(), asyncio.Event()

    async def put(tx):
        begun.set()
        await released.wait()
        await tx.people.put(rob)

    writing = asyncio.create_task(any_database.write(put))
    await begun.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    released.set()

    async with asyncio.timeout(30):
        while await any_database.read(lambda tx: tx.people.get(rob.id)) != rob:
            pass
    await any_database.write(lambda tx: tx.people.delete(rob.id))


async def test_closing_waits_for_what_is_under_way(database_url, clock, make):
    database = Database(database_url, clock=clock)
    await database.open()
    rob = make.person("rob")
    begun = asyncio.Event()

    async def put(tx):
        begun.set()
        await asyncio.sleep(0)
        await tx.people.put(rob)

    writing = asyncio.create_task(database.write(put))
    await begun.wait()
    await database.close()
    await writing
    await database.open()

    assert await database.read(lambda tx: tx.people.get(rob.id)) == rob
    await database.close()


async def test_a_database_that_is_not_open_says_so(database_url, clock):
    database = Database(database_url, clock=clock)

    with pytest.raises(RuntimeError, match=r"not open; await its open\(\) first"):
        await database.read(lambda tx: tx.people.all())


async def test_who_reads_cannot_write(any_database, make):
    with pytest.raises(DBAPIError, match=r"read-?only"):
        await any_database.read(lambda tx: tx.people.put(make.person()))

    await any_database.write(lambda tx: tx.people.put(make.person()))


async def test_who_reads_sees_one_state_whatever_is_written_meanwhile(database, make):
    await database.write(lambda tx: tx.people.put(make.person("a")))
    looked, written = asyncio.Event(), asyncio.Event()

    async def look_twice(tx):
        first = await tx.people.all()
        looked.set()
        await written.wait()
        return first == await tx.people.all()

    reading = asyncio.create_task(database.read(look_twice))
    await looked.wait()
    await database.write(lambda tx: tx.people.put(make.person("b")))
    written.set()

    assert await reading
    assert len(await database.read(lambda tx: tx.people.all())) == 2


async def test_of_many_who_take_a_name_if_it_is_free_one_gets_it_and_none_fails(database, make):
    async def take(tx):
        if await tx.people.by_name("rob") is not None:
            return False
        await tx.people.put(make.person("rob"))
        return True

    taken = await asyncio.gather(*(database.write(take) for _ in range(6)))

    assert sorted(taken) == [False] * 5 + [True]


async def test_a_name_that_is_taken_by_force_is_an_error_of_ours(database, make):
    await database.write(lambda tx: tx.people.put(make.person("rob")))

    with pytest.raises(DBAPIError):
        await database.write(lambda tx: tx.people.put(make.person("rob")))


async def test_two_who_wait_for_each_other_both_succeed(database, make):
    a, b = make.person("a"), make.person("b")

    async def put_both(tx):
        await tx.people.put(a)
        await tx.people.put(b)

    await database.write(put_both)

    async def change(tx, first, second):
        await tx.people.put(replace(first, first_name=second.id))
        # Long enough for the other to begin, where two may write at a time.
        await asyncio.sleep(0.01)
        await tx.people.put(replace(second, last_name=first.id))

    await asyncio.gather(
        database.write(lambda tx: change(tx, a, b)), database.write(lambda tx: change(tx, b, a))
    )

    everybody = await database.read(lambda tx: tx.people.all())
    assert {(each.first_name, each.last_name) for each in everybody} in (
        {("", b.id), (a.id, "")},
        {(b.id, ""), ("", a.id)},
    )


async def test_a_connection_that_is_cut_is_a_database_that_does_not_answer_and_then_answers_again(
    postgresql, postgresql_url, clock, make
):
    database = Database(postgresql_url, clock=clock)
    await database.open()
    rob = make.person("rob")

    async def put_and_be_cut_off(tx):
        await tx.people.put(rob)
        postgresql.end_connections(make_url(postgresql_url).database)
        await tx.people.all()

    with pytest.raises(StoreUnavailable, match=r"does not answer or cannot write\. Try again later"):
        await database.write(put_and_be_cut_off)

    assert await database.read(lambda tx: tx.people.all()) == []
    await database.write(lambda tx: tx.people.put(rob))
    await database.close()


async def test_a_transaction_that_stands_still_is_ended_and_keeps_nobody_waiting(
    postgresql_url, clock, make, monkeypatch
):
    """As that of a process does which was stopped: whoever takes it for dead is not to wait for it."""
    monkeypatch.setattr("deputize.store.database.IDLE_SECONDS", 1)
    still, other = (Database(postgresql_url, clock=clock) for _ in range(2))
    rob = make.person("rob")
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def stand_still(tx):
        await tx.people.put(rob)
        begun.set()
        await goes_on.wait()
        await tx.people.put(replace(rob, first_name="Robert"))

    await still.open()
    await other.open()
    standing = asyncio.create_task(still.write(stand_still))
    await begun.wait()
    await other.write(lambda tx: tx.people.put(rob))
    goes_on.set()
    with pytest.raises(StoreUnavailable):
        await standing

    assert await still.read(lambda tx: tx.people.get(rob.id)) == rob
    await still.close()
    await other.close()


async def test_a_server_that_is_not_there_is_a_database_that_does_not_answer(tmp_path, clock):
    database = Database(f"postgresql+psycopg://u:SECRET@/name?host={tmp_path}", clock=clock)

    with pytest.raises(StoreUnavailable) as raised:
        await database.open()

    assert str(raised.value).endswith("does not answer or cannot write. Start it, then try again.")
    assert "SECRET" not in str(raised.value) + repr(database)


FULL_DISK = """
import asyncio, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from deputize.domain.person import Person
from deputize.errors import StoreUnavailable
from deputize.store import Database

async def main(folder):
    database = Database(f"sqlite+aiosqlite:///{folder}/full.db", clock=lambda: datetime.now(UTC))
    await database.open()
    await database.write(lambda tx: tx.people.put(Person(id="1", target_name="rob")))
    big = Person(id="2", target_name="zoe", first_name="x" * 1_000_000)
    largest = max(path.stat().st_size for path in Path(folder).iterdir())
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        await database.write(lambda tx: tx.people.put(big))
    except StoreUnavailable as error:
        print(error.code)
    print([each.id for each in await database.read(lambda tx: tx.people.all())])
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    await database.write(lambda tx: tx.people.put(big))
    print([each.id for each in await database.read(lambda tx: tx.people.all())])
    await database.close()

asyncio.run(main(sys.argv[1]))
"""


def test_a_full_disk_keeps_nothing_lets_reads_go_on_and_is_forgotten_when_there_is_room(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, tmp_path], capture_output=True, text=True, check=False
    )

    assert done.stderr == ""
    assert done.stdout.splitlines() == ["STORE_UNAVAILABLE", "['1']", "['1', '2']"]


async def test_what_is_rehearsed_is_seen_while_it_lasts_and_kept_never(database, make):
    person = make.person()

    async def work(tx):
        await tx.people.put(person)
        return await tx.people.get(person.id)

    assert await database.rehearse(work) == person
    assert await database.read(lambda tx: tx.people.get(person.id)) is None


async def test_after_a_rehearsal_others_write_as_ever(database, make):
    rehearsed, kept = make.person(), make.person()

    await database.rehearse(lambda tx: tx.people.put(rehearsed))
    await database.write(lambda tx: tx.people.put(kept))

    assert await database.read(lambda tx: tx.people.all()) == [kept]


async def test_a_rehearsal_that_fails_fails_as_the_work_would(database, make):
    async def work(tx):
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await database.rehearse(work)
