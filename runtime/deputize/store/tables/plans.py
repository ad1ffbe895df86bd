"""Plans, and what each holds: forms, integrations, scripts, endpoints, constants, secrets."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, UniqueConstraint

from deputize.store.tables.metadata import metadata
from deputize.store.tables.types import Admitted, Json, Moment, Name, Text, Words, WordSet

plans = Table(
    "plans",
    metadata,
    Column("id", Name, primary_key=True),
    Column("name", Name, nullable=False, unique=True),
    Column("enabled", Boolean, nullable=False),
    Column("access", Admitted, nullable=False),
    Column("requests_per_minute", Integer),
)

forms = Table(
    "forms",
    metadata,
    Column("id", Name, primary_key=True),
    Column("plan_id", ForeignKey(plans.c.id, ondelete="CASCADE"), nullable=False),
    Column("name", Name, nullable=False),
    Column("senders", Admitted, nullable=False),
    Column("start", WordSet, nullable=False),
    Column("response_options", Words, nullable=False),
    UniqueConstraint("plan_id", "name"),
)

# The texts of integrations' scripts and of shared libraries: added, never changed, and left when
# their owner goes, because runs refer to them.
script_versions = Table(
    "script_versions",
    metadata,
    Column("id", Name, primary_key=True),
    Column("owner_id", Name, nullable=False),
    Column("number", Integer, nullable=False),
    Column("sha256", Name, nullable=False, index=True),
    Column("source", Text, nullable=False),
    Column("author", Name, nullable=False),
    Column("created", Moment, nullable=False),
    Column("language", Name, nullable=False),
    UniqueConstraint("owner_id", "number"),
)

integrations = Table(
    "integrations",
    metadata,
    Column("id", Name, primary_key=True),
    Column("plan_id", ForeignKey(plans.c.id, ondelete="CASCADE"), nullable=False),
    Column("name", Name, nullable=False, index=True),
    Column("action", Name),
    Column("callback", Name),
    Column("form_id", ForeignKey(forms.c.id, ondelete="SET NULL")),
    Column("response_choice", Text),
    Column("method", Name),
    Column("legacy", Boolean, nullable=False),
    Column("signature", Json),
    Column("enabled", Boolean, nullable=False),
    Column("script_version_id", ForeignKey(script_versions.c.id)),
    Column("limits", Json, nullable=False),
    Column("retries", Json),
    UniqueConstraint("plan_id", "name"),
)
# What a change of an event sets off.
Index(None, integrations.c.form_id, integrations.c.callback)

shared_libraries = Table(
    "shared_libraries",
    metadata,
    Column("id", Name, primary_key=True),
    Column("plan_id", ForeignKey(plans.c.id, ondelete="CASCADE"), nullable=False),
    Column("name", Name, nullable=False),
    Column("script_version_id", ForeignKey(script_versions.c.id), nullable=False),
    UniqueConstraint("plan_id", "name"),
)

constants = Table(
    "constants",
    metadata,
    Column("plan_id", ForeignKey(plans.c.id, ondelete="CASCADE"), primary_key=True),
    Column("name", Name, primary_key=True),
    Column("value", Text, nullable=False),
)

# A scope is the id of a plan, or "*" for every plan.
endpoints = Table(
    "endpoints",
    metadata,
    Column("scope", Name, primary_key=True),
    Column("name", Name, primary_key=True),
    Column("definition", Json, nullable=False),
)

secrets = Table(
    "secrets",
    metadata,
    Column("scope", Name, primary_key=True),
    Column("name", Name, primary_key=True),
    Column("endpoints", WordSet, nullable=False),
    # Encrypted under a key that is not in the database.
    Column("sealed", LargeBinary, nullable=False),
    Column("changed", Moment, nullable=False),
)

# The hash of each part of a project's file that was put here, so that a change of it is seen.
applied = Table(
    "applied",
    metadata,
    Column("kind", Name, primary_key=True),
    Column("name", Name, primary_key=True),
    Column("sha256", Name, nullable=False),
)
