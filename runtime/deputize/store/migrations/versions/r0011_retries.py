"""Retries: what an integration says of them, the run that a run tries again, and what was given up."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

json = sa.JSON().with_variant(sa.Text(), "sqlite")


def text(length: int | None = None) -> sa.types.TypeEngine[str]:
    """Return a type that is sorted by code points, as SQLite sorts."""
    in_postgresql = postgresql.VARCHAR(length, collation="C")
    return sa.String(length).with_variant(in_postgresql, "postgresql")


def upgrade() -> None:
    """Add the columns."""
    op.add_column("integrations", sa.Column("retries", json))
    op.add_column("runs", sa.Column("retry_of", text(255)))
    op.add_column("runs", sa.Column("tries", sa.Integer, nullable=False, server_default="1"))
    op.add_column("runs", sa.Column("given_up", text()))
    op.add_column("runs", sa.Column("given_up_because", text()))
    _index("retry_of_queued_id", "retry_of", of="retry_of")
    _index("dead_letters", of="given_up")
    _index("dead_letters_of_integration", "integration_id", of="given_up")
    _index("dead_letters_of_plan", "plan_id", of="given_up")
    _index("dead_letters_of_subject", "initiator_subject", of="given_up")
    _index("dead_letters_of_initiator", "initiator_id", of="given_up")


def _index(name: str, *columns: str, of: str) -> None:
    """Make an index of the runs that have a value in the column *of*."""
    only = sa.text(f"{of} IS NOT NULL")
    op.create_index(
        f"ix_runs_{name}", "runs", [*columns, "queued", "id"], postgresql_where=only, sqlite_where=only
    )
