"""An index of the runs of which something was refused."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    refused = sa.text("refusals > 0 OR state = 'DENIED'")
    op.create_index(
        "ix_runs_refused",
        "runs",
        ["queued", "id"],
        postgresql_where=refused,
        sqlite_where=refused,
    )
