"""Live replays: the run that a run replays, and who asked for it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def text(length: int | None = None) -> sa.types.TypeEngine[str]:
    """Return a type that is sorted by code points, as SQLite sorts."""
    in_postgresql = postgresql.VARCHAR(length, collation="C")
    return sa.String(length).with_variant(in_postgresql, "postgresql")


def upgrade() -> None:
    """Add the columns."""
    op.add_column("runs", sa.Column("replay_of", text(255)))
    op.add_column("runs", sa.Column("replayed_by", text(255)))
    op.create_index("ix_runs_replay_of_queued_id", "runs", ["replay_of", "queued", "id"])
