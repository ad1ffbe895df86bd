"""What is written and never changed: activity streams, the journals of runs, and the audit records."""

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    event,
)

from deputize.store.tables.metadata import metadata
from deputize.store.tables.runs import runs
from deputize.store.tables.types import Json, Moment, Name, Position, Text

entries = Table(
    "entries",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=True),
    # PostgreSQL: the id of the transaction that wrote it. SQLite has one writer at a time: 0.
    Column("transaction_id", BigInteger, nullable=False),
    Column("run_id", ForeignKey(runs.c.id, ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("id", Name, nullable=False, unique=True),
    Column("ts", Moment, nullable=False),
    Column("kind", Name, nullable=False),
    Column("level", Name, nullable=False),
    Column("status_code", Integer),
    Column("integration_id", Name),
    Column("plan_id", Name),
    Column("initiator_subject", Name),
    Column("initiator_id", Name, nullable=False),
    # What a search for a text looks at, in folded case.
    Column("text", Text, nullable=False),
    Column("document", Json, nullable=False),
    UniqueConstraint("run_id", "seq"),
    # No position is given twice, the newest entries deleted or not.
    sqlite_autoincrement=True,
)
# The feed.
Index(None, entries.c.transaction_id, entries.c.position)
# Each way to list entries, the newest first.
Index(None, entries.c.ts, entries.c.position)
for _column in (
    entries.c.kind,
    entries.c.status_code,
    entries.c.integration_id,
    entries.c.plan_id,
    entries.c.initiator_subject,
    entries.c.initiator_id,
):
    Index(None, _column, entries.c.position)

journal = Table(
    "journal",
    metadata,
    Column("run_id", ForeignKey(runs.c.id, ondelete="CASCADE"), primary_key=True),
    # 0 is the head; then the calls as they came.
    Column("number", Integer, primary_key=True),
    Column("document", Json, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=True),
    Column("id", Name, nullable=False, unique=True),
    Column("ts", Moment, nullable=False),
    Column("actor", Name, nullable=False),
    Column("action", Name, nullable=False),
    Column("target", Name(600), nullable=False),
    Column("source", Text, nullable=False),
    Column("detail", Json, nullable=False),
    sqlite_autoincrement=True,
)
Index(None, audit.c.ts, audit.c.position)
for _column in (audit.c.actor, audit.c.action, audit.c.target):
    Index(None, _column, audit.c.position)


def _refuse_changes(table: Table, connection: Connection, **_more: object) -> None:
    """Make *table* refuse every change of a row."""
    name, refusal = f"{table.name}_append_only", f"{table.name}: rows are never changed"
    trigger = f"CREATE TRIGGER {name} BEFORE UPDATE ON {table.name}"
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"{trigger} BEGIN SELECT RAISE(ABORT, '{refusal}'); END")
        return
    raising = f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
    connection.exec_driver_sql(f"{raising} $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$")
    connection.exec_driver_sql(f"{trigger} FOR EACH ROW EXECUTE FUNCTION {name}()")


for _table in (entries, journal, audit):
    event.listen(_table, "after_create", _refuse_changes)
