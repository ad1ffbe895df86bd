"""Sessions of people who have signed in to the page."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def text(length: int | None = None) -> sa.types.TypeEngine[str]:
    """Return a type that is sorted by code points, as SQLite sorts."""
    in_postgresql = postgresql.VARCHAR(length, collation="C")
    return sa.String(length).with_variant(in_postgresql, "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "sessions",
        sa.Column("hash", text(255), nullable=False),
        sa.Column("person_id", text(255), nullable=False),
        sa.Column("password_changed", text()),
        sa.Column("source", text(), nullable=False),
        sa.Column("created", text(), nullable=False),
        sa.Column("used", text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_sessions_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", name="pk_sessions"),
    )
    for column in ("person_id", "created", "used"):
        op.create_index(f"ix_sessions_{column}", "sessions", [column])
