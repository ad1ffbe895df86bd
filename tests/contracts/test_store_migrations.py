"""Migrations: they lead to the tables of this version, all at once, whoever else starts."""

import asyncio
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from deputize.errors import Misconfigured
from deputize.store import Database
from deputize.store.tables import metadata

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """The address of a database without any table, on one store and then on the other."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/deputize.db"
    return request.getfixturevalue("empty_postgresql_url")


@pytest.fixture
def look():
    """Asks a database something, past the store."""
    engines = []

    def look(url, asking):
        url = make_url(url)
        if url.drivername.startswith("sqlite"):
            url = url.set(drivername="sqlite")
        engines.append(create_engine(url))
        with engines[-1].begin() as connection:
            return asking(connection)

    yield look
    for engine in engines:
        engine.dispose()


async def opened(url, clock):
    database = Database(url, clock=clock)
    await database.open()
    await database.close()


async def test_migrations_lead_to_exactly_the_tables_of_this_version(empty_url, clock, look):
    await opened(empty_url, clock)

    def differences(connection):
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    assert look(empty_url, differences) == []


async def test_a_table_made_by_migrations_is_as_one_made_in_memory(empty_url, clock, look):
    await opened(empty_url, clock)

    def shown(index):
        # The condition of a partial index is an object of its own.
        return repr(index | {"dialect_options": {k: str(v) for k, v in index["dialect_options"].items()}})

    def shapes(connection):
        inspector = inspect(connection)
        return {
            name: (
                inspector.get_pk_constraint(name),
                sorted(map(repr, inspector.get_foreign_keys(name))),
                sorted(map(repr, inspector.get_unique_constraints(name))),
                sorted(shown(each) for each in inspector.get_indexes(name)),
            )
            for name in metadata.tables
        }

    migrated = look(empty_url, shapes)
    if make_url(empty_url).get_backend_name() == "sqlite":
        engine = create_engine("sqlite://")
        with engine.begin() as connection:
            metadata.create_all(connection)
            assert shapes(connection) == migrated
        engine.dispose()
    assert set(migrated) == set(metadata.tables)


async def test_every_text_of_postgresql_is_sorted_by_code_points(empty_postgresql_url, clock, look):
    await opened(empty_postgresql_url, clock)

    others = look(
        empty_postgresql_url,
        lambda connection: connection.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND data_type IN ('character varying', 'text')"
                " AND collation_name IS DISTINCT FROM 'C' AND table_name <> 'alembic_version'"
            )
        ).all(),
    )

    assert others == []


async def test_a_database_that_is_of_this_version_is_left_as_it_is(empty_url, clock, make):
    rob = make.person("rob")
    database = Database(empty_url, clock=clock)
    await database.open()
    await database.write(lambda tx: tx.people.put(rob))
    await database.close()

    await database.open()

    assert await database.read(lambda tx: tx.people.all()) == [rob]
    await database.close()


OPEN = """
import asyncio, sys
from datetime import UTC, datetime
from deputize.store import Database

async def main(url):
    database = Database(url, clock=lambda: datetime.now(UTC))
    await database.open()
    print(await database.read(lambda tx: tx.people.all()))
    await database.close()

asyncio.run(main(sys.argv[1]))
"""


def test_processes_that_start_at_once_all_find_the_database_ready(empty_url):
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, empty_url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]

    assert [process.communicate(timeout=60) for process in started] == [("[]\n", "")] * 3


async def test_tasks_that_start_at_once_all_find_the_database_ready(empty_url, clock):
    await asyncio.gather(*(opened(empty_url, clock) for _ in range(4)))


KILL = """
import os, signal
from sqlalchemy import event
from sqlalchemy.engine import Engine

@event.listens_for(Engine, "after_cursor_execute")
def kill(connection, cursor, statement, *_):
    if statement.strip().startswith("STATEMENT"):
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE people", "CREATE TABLE runs", "CREATE INDEX ix_runs", "UPDATE alembic_version"],
)
def test_who_is_killed_while_migrating_leaves_no_table_behind(empty_url, look, statement):
    killing = KILL.replace("STATEMENT", statement)

    killed = subprocess.run(
        [sys.executable, "-c", killing + OPEN, empty_url], capture_output=True, text=True, check=False
    )

    assert (killed.returncode, killed.stderr) == (-9, "")
    assert look(empty_url, lambda connection: inspect(connection).get_table_names()) == []
    done = subprocess.run(
        [sys.executable, "-c", OPEN, empty_url], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


async def test_a_database_of_a_later_version_is_refused_by_name_and_left_alone(empty_url, clock, look):
    await opened(empty_url, clock)
    look(
        empty_url,
        lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")),
    )

    with pytest.raises(Misconfigured) as refused:
        await opened(empty_url, clock)

    assert str(refused.value) == (
        f'The database {make_url(empty_url)} is of the version "9999", which this Deputize does not know: '
        "a later one has used it. Install that one, or use another database."
    )


async def test_a_database_with_another_programs_tables_is_refused(empty_url, clock, look, tmp_path):
    if make_url(empty_url).get_backend_name() == "sqlite":
        (tmp_path / "deputize.db").touch(mode=0o600)
    look(empty_url, lambda connection: connection.execute(text("CREATE TABLE people (id INTEGER)")))

    with pytest.raises(Misconfigured) as refused:
        await opened(empty_url, clock)

    assert str(refused.value) == (
        f"The database {make_url(empty_url)} has the table people, which Deputize did not make. "
        "Use a database, or a schema, of its own."
    )
    assert look(empty_url, lambda connection: inspect(connection).get_table_names()) == ["people"]


async def test_a_database_that_cannot_hold_every_text_is_refused(postgresql, clock):
    postgresql.do(
        "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc"
    )
    try:
        with pytest.raises(Misconfigured) as refused:
            await opened(postgresql.url("latin"), clock)
    finally:
        postgresql.do("DROP DATABASE latin")

    assert str(refused.value) == (
        f"The database {make_url(postgresql.url('latin'))} has the encoding LATIN1, which cannot hold every text. "
        "Use one that was created with the encoding UTF8."
    )
