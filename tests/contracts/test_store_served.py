"""One server to a file: the second one is refused, whoever only looks is not."""

import asyncio
import sys

import pytest

from deputize.errors import Misconfigured
from deputize.store import Database
from deputize.store.served import AlreadyServed

pytestmark = pytest.mark.anyio

HOLDER = """
import asyncio, sys
from datetime import UTC, datetime

from deputize.store import Database

async def hold():
    database = Database(sys.argv[1], clock=lambda: datetime.now(UTC))
    await database.open()
    async with database.served():
        print("held", flush=True)
        await asyncio.Event().wait()

asyncio.run(hold())
"""


@pytest.fixture
def database_url(tmp_path):
    """The address of a file: on PostgreSQL any number of servers work."""
    return f"sqlite+aiosqlite:///{tmp_path}/deputize.db"


@pytest.fixture
async def another(database_url, database, clock):
    """A second user of the same database, as another process would be."""
    another = Database(database_url, clock=clock)
    await another.open()
    yield another
    await another.close()


async def test_a_database_that_is_served_is_not_served_a_second_time(database, another):
    async with database.served():
        with pytest.raises(AlreadyServed) as refused:
            async with another.served():
                pass

    assert refused.value.code == "ALREADY_SERVED"
    assert str(refused.value) == (
        f"The database {str(database)[10:-1]} is served by another `deputize serve`, and one at a time works "
        "on it. Stop that one, or give this one data of its own: with --data DIR, or in DEPUTIZE_STORE."
    )


async def test_a_database_is_free_when_its_server_has_ended(database, another):
    async with database.served():
        pass
    async with another.served():
        pass
    async with database.served():
        pass


async def test_who_only_reads_and_writes_needs_no_leave_of_the_server(database, another, make):
    rob = make.person("rob")

    async with database.served():
        await another.write(lambda tx: tx.people.put(rob))
        assert await database.read(lambda tx: tx.people.get(rob.id)) == rob


async def test_a_server_that_was_killed_leaves_its_database_free(database_url, database):
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, database_url, stdout=asyncio.subprocess.PIPE
    )
    assert await holder.stdout.readline() == b"held\n"
    assert not await serves(database)
    holder.kill()
    await holder.wait()

    assert await serves(database)


async def test_a_file_is_the_same_one_by_whatever_path(tmp_path, clock):
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "data")
    one, same = (
        Database(f"sqlite+aiosqlite:///{tmp_path}/{folder}/deputize.db", clock=clock)
        for folder in ("data", "link")
    )
    await one.open()
    await same.open()

    async with one.served():
        assert not await serves(same)
    await one.close()
    await same.close()


async def test_on_postgresql_any_number_of_servers_work(postgresql_url, clock):
    one, other = (Database(postgresql_url, clock=clock) for _ in range(2))

    async with one.served(), other.served():
        pass


async def test_databases_in_memory_are_each_their_own(clock):
    one, other = (Database("sqlite+aiosqlite:///:memory:", clock=clock) for _ in range(2))

    async with one.served(), other.served():
        pass


async def test_the_lock_beside_a_file_is_its_owners_alone(tmp_path, clock):
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/data/deputize.db", clock=clock)
    await database.open()

    async with database.served():
        assert (tmp_path / "data" / "deputize.db.served").stat().st_mode & 0o777 == 0o600
    await database.close()


async def test_a_lock_that_cannot_be_opened_says_so(tmp_path, clock):
    path = tmp_path / "data" / "deputize.db"
    database = Database(f"sqlite+aiosqlite:///{path}", clock=clock)
    await database.open()
    path.with_name("deputize.db.served").mkdir()

    with pytest.raises(Misconfigured) as refused:
        async with database.served():
            pass

    assert str(refused.value) == (
        f"The file {path}.served, by which one server at a time works on a database, cannot be locked: "
        "Is a directory. Put the data on a file system that has locks, in a folder that this user may write to."
    )
    await database.close()


async def serves(database):
    try:
        async with database.served():
            return True
    except AlreadyServed:
        return False
