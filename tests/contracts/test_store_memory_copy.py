"""A database in memory goes back to what it held, whatever has been done to it since."""

import pytest

from deputize.domain.plan import EVERYBODY, Plan
from deputize.store import Database

pytestmark = pytest.mark.anyio


@pytest.fixture
async def memory(clock):
    database = Database("sqlite+aiosqlite:///:memory:", clock=clock)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def copy(memory):
    await memory.write(lambda tx: tx.plans.put(Plan(id="plan", name="p", enabled=True, access=EVERYBODY)))
    await memory.write(lambda tx: tx.constants.put("plan", "Colour", "red"))
    copy = await memory.copy()
    yield copy
    await copy.close()


def constants(memory):
    return memory.read(lambda tx: tx.constants.of_plan("plan"))


async def test_what_was_added_and_changed_since_is_gone(memory, copy):
    await memory.write(lambda tx: tx.constants.put("plan", "Colour", "blue"))
    await memory.write(lambda tx: tx.constants.put("plan", "Size", "large"))
    assert await constants(memory) == {"Colour": "blue", "Size": "large"}
    await memory.restore(copy)

    assert await constants(memory) == {"Colour": "red"}


async def test_it_goes_back_as_often_as_it_is_asked_to_and_can_be_written_to_each_time(memory, copy):
    for colour in ("blue", "green"):
        await memory.write(lambda tx, colour=colour: tx.constants.put("plan", "Colour", colour))
        assert await constants(memory) == {"Colour": colour}
        await memory.restore(copy)
        assert await constants(memory) == {"Colour": "red"}


async def test_a_copy_does_not_follow_the_database(memory, copy):
    await memory.write(lambda tx: tx.constants.put("plan", "Colour", "blue"))
    other = await memory.copy()
    await memory.restore(copy)
    await memory.restore(other)
    await other.close()

    assert await constants(memory) == {"Colour": "blue"}


async def test_a_database_that_is_not_open_has_nothing_to_copy(clock):
    with pytest.raises(RuntimeError, match=r"^the database is not open; await its open\(\) first$"):
        await Database("sqlite+aiosqlite:///:memory:", clock=clock).copy()
