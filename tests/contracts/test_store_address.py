"""Where the database is: addresses that are refused, and files that nobody else may read."""

import stat
import sys
from pathlib import Path

import pytest

from deputize.errors import Misconfigured
from deputize.store import Database

pytestmark = pytest.mark.anyio

FORMS = "Use sqlite+aiosqlite:///PATH, sqlite+aiosqlite:///:memory: or postgresql+psycopg://USER@HOST/NAME."


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", f"The address of the database cannot be read. {FORMS}"),
        ("deputize.db", f"The address of the database cannot be read. {FORMS}"),
        (
            "mysql://root:SECRET@host/name",
            f'The address of the database begins with "mysql", which is not supported. {FORMS}',
        ),
        (
            "sqlite:///deputize.db",
            f'The address of the database begins with "sqlite", which is not supported. {FORMS}',
        ),
        (
            "postgresql://u:SECRET@host/name",
            f'The address of the database begins with "postgresql", which is not supported. {FORMS}',
        ),
    ],
)
def test_an_address_of_another_kind_is_refused(url, message, clock):
    with pytest.raises(Misconfigured) as refused:
        Database(url, clock=clock)

    assert str(refused.value) == message


def test_a_password_is_in_no_repr(clock):
    database = Database("postgresql+psycopg://u:SECRET@host/name", clock=clock)

    assert repr(database) == "<Database postgresql+psycopg://u:***@host/name>"


async def test_the_folder_and_every_file_are_their_owners_alone(tmp_path, clock, make):
    folder = tmp_path / "a" / "b"
    database = Database(f"sqlite+aiosqlite:///{folder}/deputize.db", clock=clock)
    await database.open()
    await database.write(lambda tx: tx.people.put(make.person()))

    assert mode(folder) == 0o700
    # The second and third are what is written ahead.
    assert {path.name: mode(path) for path in folder.iterdir()} == {
        "deputize.db": 0o600,
        "deputize.db-wal": 0o600,
        "deputize.db-shm": 0o600,
    }
    await database.close()


async def test_a_commit_is_written_ahead_and_reaches_the_disk(tmp_path, clock):
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/deputize.db", clock=clock)
    await database.open()

    async def pragmas(tx):
        names = ("journal_mode", "synchronous", "foreign_keys")
        ask = tx.people._connection.exec_driver_sql
        return {name: (await ask(f"PRAGMA {name}")).scalar() for name in names}

    full = 2
    expected = {"journal_mode": "wal", "synchronous": full, "foreign_keys": 1}
    assert await database.read(pragmas) == expected
    assert await database.write(pragmas) == expected
    await database.close()


@pytest.mark.parametrize("open_to_others", [0o701, 0o704, 0o755, 0o777])
async def test_a_folder_that_others_can_enter_is_refused(tmp_path, clock, open_to_others):
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(open_to_others)
    database = Database(f"sqlite+aiosqlite:///{folder}/deputize.db", clock=clock)

    with pytest.raises(Misconfigured) as refused:
        await database.open()

    assert str(refused.value) == (
        f"The folder of the database, {folder}, is open to every user of this machine. "
        f"Close it with `chmod 700 {folder}`, or use another."
    )
    assert list(folder.iterdir()) == []


async def test_a_file_that_others_can_read_is_refused(tmp_path, clock):
    path = tmp_path / "deputize.db"
    path.touch()
    path.chmod(0o644)
    database = Database(f"sqlite+aiosqlite:///{path}", clock=clock)

    with pytest.raises(Misconfigured) as refused:
        await database.open()

    assert str(refused.value) == (
        f"The file of the database, {path}, is open to every user of this machine. "
        f"Close it with `chmod 600 {path}`, or use another."
    )


async def test_a_file_in_the_present_folder_is_judged_by_that_folder(tmp_path, clock, monkeypatch):
    monkeypatch.chdir(tmp_path)
    database = Database("sqlite+aiosqlite:///deputize.db", clock=clock)
    await database.open()
    await database.close()

    assert mode(Path("deputize.db")) == 0o600


async def test_without_the_extra_for_it_a_database_that_is_kept_says_what_to_install(
    tmp_path, clock, monkeypatch
):
    monkeypatch.setitem(sys.modules, "alembic", None)
    path = tmp_path / "deputize.db"

    with pytest.raises(Misconfigured) as refused:
        await Database(f"sqlite+aiosqlite:///{path}", clock=clock).open()

    assert str(refused.value) == (
        f"The database sqlite+aiosqlite:///{path} is one that is kept, which needs the extra [server]. "
        "Install it with `pip install 'deputize[server]'`."
    )


async def test_without_the_extra_for_it_postgresql_says_what_to_install(clock, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(Misconfigured) as refused:
        await Database("postgresql+psycopg://u@host/name", clock=clock).open()

    assert str(refused.value) == (
        "The database postgresql+psycopg://u@host/name needs the extra [postgres]. "
        "Install it with `pip install 'deputize[postgres]'`."
    )
