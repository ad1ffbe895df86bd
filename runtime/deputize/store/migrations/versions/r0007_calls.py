"""The calls of runs that have not ended, and how often a run has lost its worker."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

json = sa.JSON().with_variant(sa.Text(), "sqlite")


def text(length: int | None = None) -> sa.types.TypeEngine[str]:
    """Return a type that is sorted by code points, as SQLite sorts."""
    in_postgresql = postgresql.VARCHAR(length, collation="C")
    return sa.String(length).with_variant(in_postgresql, "postgresql")


def upgrade() -> None:
    """Make the table, and add the column."""
    op.create_table(
        "calls",
        sa.Column("run_id", text(255), nullable=False),
        sa.Column("fingerprint", text(255), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("intent", json, nullable=False),
        sa.Column("outcome", json),
        sa.Column("known", text(255)),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_calls_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "fingerprint", "occurrence", name="pk_calls"),
    )
    op.add_column("runs", sa.Column("lost", sa.Integer(), nullable=False, server_default="0"))
