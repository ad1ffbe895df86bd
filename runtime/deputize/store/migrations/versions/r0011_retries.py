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
    op.create_index("ix_runs_retry_of_queued_id", "runs", ["retry_of", "queued", "id"])
    given_up = sa.text("given_up IS NOT NULL")
    op.create_index(
        "ix_runs_dead_letters",
        "runs",
        ["queued", "id"],
        postgresql_where=given_up,
        sqlite_where=given_up,
    )
