"""Brings a database to this version: all migrations that are missing, in one transaction.

Theory of operation. The transaction begins by taking the place of the one writer: in SQLite with
``BEGIN IMMEDIATE``, in PostgreSQL with an advisory lock that ends with it. Of two processes that start
at once the second one waits, and then finds nothing to do. Both databases make tables within a
transaction, so that whoever is killed leaves the old tables behind, never half of the new ones.

It runs in a thread, over drivers that block: Alembic keeps what it works on in global variables,
which tasks that take turns on one thread would mix up. The lock here keeps threads apart.
"""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from deputize.errors import Misconfigured, StoreUnavailable
from deputize.store.address import CONNECTING, Address
from deputize.store.failures import is_unavailable
from deputize.store.tables import metadata

#: Seconds to wait for another process that is upgrading the same file.
_PATIENCE: Final = 60
#: Any number that no other user of the database takes.
_LOCK: Final = 0x6465707574697A65
_MIGRATIONS: Final = Path(__file__).with_name("migrations")
_ONE_AT_A_TIME = threading.Lock()


def upgrade(address: Address) -> None:
    """Bring the database to this version.

    Raises ``Misconfigured`` for a database of a later version, for tables of ours without a version,
    and when Alembic is not installed; ``StoreUnavailable`` when the database does not answer.
    """
    try:
        from alembic import command  # noqa: PLC0415 - in the extra [server], and slow to import
        from alembic.config import Config  # noqa: PLC0415 - as above
    except ModuleNotFoundError:
        raise Misconfigured(
            f"The database {address} is one that is kept, which needs the extra [server]. "
            "Install it with `pip install 'deputize[server]'`."
        ) from None
    config = Config()
    # A percent sign begins a reference in this kind of file.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with _ONE_AT_A_TIME, _writing(address) as connection:
        _refuse_what_is_not_ours(address, connection, config)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _refuse_what_is_not_ours(address: Address, connection: Connection, config: Any) -> None:
    from alembic.migration import MigrationContext  # noqa: PLC0415 - in the extra [server]
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    present = MigrationContext.configure(connection).get_current_heads()
    for revision in present:
        if revision not in known:
            raise Misconfigured(
                f'The database {address} is of the version "{revision}", which this Deputize does not know: '
                "a later one has used it. Install that one, or use another database."
            )
    if not present:
        taken = sorted(set(inspect(connection).get_table_names()) & set(metadata.tables))
        if taken:
            raise Misconfigured(
                f"The database {address} has the table {taken[0]}, which Deputize did not make. "
                "Use a database, or a schema, of its own."
            )


def _refuse_other_encodings(address: Address, connection: Connection) -> None:
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise Misconfigured(
            f"The database {address} has the encoding {encoding}, which cannot hold every text. "
            "Use one that was created with the encoding UTF8."
        )


@contextmanager
def _writing(address: Address) -> Iterator[Connection]:
    engine = _engine(address)
    try:
        with engine.begin() as connection:
            if address.many_writers:
                _refuse_other_encodings(address, connection)
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection
    except SQLAlchemyError as error:
        if is_unavailable(error):
            raise StoreUnavailable(
                f"The database {address} does not answer or cannot write. Start it, then try again."
            ) from error
        raise
    finally:
        engine.dispose()


def _engine(address: Address) -> Engine:
    if address.many_writers:
        return create_engine(address.url, connect_args=CONNECTING)
    engine = create_engine(address.url.set(drivername="sqlite+pysqlite"), connect_args={"timeout": _PATIENCE})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Begin transactions ourselves; what is written ahead is set once, and stays with the file."""
    connection.isolation_level = None
    with closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
