"""Schedules of integrations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def text(length: int | None = None) -> sa.types.TypeEngine[str]:
    """Return a type that is sorted by code points, as SQLite sorts."""
    in_postgresql = postgresql.VARCHAR(length, collation="C")
    return sa.String(length).with_variant(in_postgresql, "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "schedules",
        sa.Column("id", text(255), nullable=False),
        sa.Column("integration_id", text(255), nullable=False),
        sa.Column("name", text(255), nullable=False),
        sa.Column("cron", text(), nullable=False),
        sa.Column("timezone", text(255), nullable=False),
        sa.Column("subject", text(255), nullable=False),
        sa.Column("content_type", text(), nullable=False),
        sa.Column("body", text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created", text(), nullable=False),
        sa.Column("defined_by", text(255), nullable=False),
        sa.Column("consented", text()),
        sa.Column("consented_script", text(255)),
        sa.Column("due", text()),
        sa.Column("last_due", text()),
        sa.Column("last_run_id", text(255)),
        sa.ForeignKeyConstraint(
            ["integration_id"], ["integrations.id"], name="fk_schedules_integration_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["subject"], ["people.id"], name="fk_schedules_subject", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
        sa.UniqueConstraint("integration_id", "name", name="uq_schedules_integration_id_name"),
    )
    op.create_index("ix_schedules_subject", "schedules", ["subject"])
    op.create_index("ix_schedules_due", "schedules", ["due"])
