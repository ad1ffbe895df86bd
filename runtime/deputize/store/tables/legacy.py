"""On what terms legacy integrations go on, and the way over from them."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table

from deputize.store.tables.metadata import metadata
from deputize.store.tables.plans import integrations, plans
from deputize.store.tables.types import Json, Moment, Name, Text

legacy_terms = Table(
    "legacy_terms",
    metadata,
    Column("plan_id", ForeignKey(plans.c.id, ondelete="CASCADE"), primary_key=True),
    # Whether callers need the plan's pair of name and password; if not, everybody may call.
    Column("authenticated", Boolean, nullable=False),
    Column("name", Name),
    # Argon2; the password itself is written nowhere.
    Column("hash", Text),
    # The subject of the endpoint's owner, as whom the calls are made. They may be gone.
    Column("owner", Name),
    Column("imported", Moment, nullable=False),
)

# What an integration was before it was switched over, so that it can be undone.
legacy_switches = Table(
    "legacy_switches",
    metadata,
    Column("integration_id", ForeignKey(integrations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", Name, nullable=False),
    # The integration as the switch left it: what has been edited since cannot be undone.
    Column("after", Json, nullable=False),
)

# Legacy integrations whose calls are judged beside as those of somebody else.
shadows = Table(
    "shadows",
    metadata,
    Column("integration_id", ForeignKey(integrations.c.id, ondelete="CASCADE"), primary_key=True),
    # The subject of the person who is to be the initiator.
    Column("subject", Name, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
)

# What was found, counted for each line of each script.
shadow_findings = Table(
    "shadow_findings",
    metadata,
    # The hash of all that follows but the counts.
    Column("id", Name, primary_key=True),
    Column("integration_id", ForeignKey(integrations.c.id, ondelete="CASCADE"), nullable=False),
    Column("subject", Name, nullable=False),
    Column("script", Text, nullable=False),
    Column("script_sha256", Name, nullable=False),
    Column("line", Integer),
    Column("method", Name, nullable=False),
    # The latest one of that line.
    Column("path", Text, nullable=False),
    Column("verdict", Name, nullable=False),
    Column("count", Integer, nullable=False),
    Column("first", Moment, nullable=False),
    Column("last", Moment, nullable=False),
    Column("detail", Json, nullable=False),
)
Index(None, shadow_findings.c.integration_id, shadow_findings.c.script_sha256, shadow_findings.c.line)
