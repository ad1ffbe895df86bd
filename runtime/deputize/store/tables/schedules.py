"""When inbound integrations are set off by themselves."""

from sqlalchemy import Boolean, Column, ForeignKey, Table, UniqueConstraint

from deputize.store.tables.metadata import metadata
from deputize.store.tables.people import people
from deputize.store.tables.plans import integrations
from deputize.store.tables.types import Moment, Name, Text

schedules = Table(
    "schedules",
    metadata,
    Column("id", Name, primary_key=True),
    Column("integration_id", ForeignKey(integrations.c.id, ondelete="CASCADE"), nullable=False),
    Column("name", Name, nullable=False),
    Column("cron", Text, nullable=False),
    Column("timezone", Name, nullable=False),
    # The person as whom its runs are.
    Column("subject", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("content_type", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("created", Moment, nullable=False),
    Column("defined_by", Name, nullable=False),
    Column("consented", Moment),
    Column("consented_script", Name),
    # NULL while it rests.
    Column("due", Moment, index=True),
    Column("last_due", Moment),
    # The run may have been forgotten since.
    Column("last_run_id", Name),
    UniqueConstraint("integration_id", "name"),
)
