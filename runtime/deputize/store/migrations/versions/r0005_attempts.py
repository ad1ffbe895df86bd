"""Attempts at runs: who performs a run, how often it was taken up, and when it is due."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def text(length: int | None = None) -> sa.types.TypeEngine[str]:
    """Return a type that is sorted by code points, as SQLite sorts."""
    in_postgresql = postgresql.VARCHAR(length, collation="C")
    return sa.String(length).with_variant(in_postgresql, "postgresql")


def upgrade() -> None:
    """Add the columns."""
    op.add_column("runs", sa.Column("due", text()))
    op.add_column("runs", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("runs", sa.Column("worker", text(255)))
    op.create_index("ix_runs_worker", "runs", ["worker"])
