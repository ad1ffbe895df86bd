"""People, events, plans and what a plan holds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Sorted by code points, as SQLite sorts.
text = sa.String().with_variant(postgresql.VARCHAR(collation="C"), "postgresql")
position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _people()
    _events()
    _plans()


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", text, nullable=False),
        sa.Column("target_name", text, nullable=False),
        sa.Column("first_name", text, nullable=False),
        sa.Column("last_name", text, nullable=False),
        sa.Column("email", text, nullable=False),
        sa.Column("language", text, nullable=False),
        sa.Column("timezone", text, nullable=False),
        sa.Column("status", text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("target_name", name="uq_people_target_name"),
    )
    op.create_table(
        "roles",
        sa.Column("name", text, nullable=False),
        sa.Column("functions", sa.JSON(), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_roles"),
    )
    op.create_table(
        "person_roles",
        sa.Column("person_id", text, nullable=False),
        sa.Column("role", text, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_person_roles_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["role"], ["roles.name"], name="fk_person_roles_role", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "role", name="pk_person_roles"),
    )
    op.create_index("ix_person_roles_role", "person_roles", ["role"])
    op.create_table(
        "passwords",
        sa.Column("person_id", text, nullable=False),
        sa.Column("hash", text, nullable=False),
        sa.Column("changed", text, nullable=False),
        sa.Column("expires", text),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_passwords_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_passwords"),
    )
    op.create_table(
        "tokens",
        sa.Column("hash", text, nullable=False),
        sa.Column("person_id", text, nullable=False),
        sa.Column("run_id", text, nullable=False),
        sa.Column("expires", text, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_tokens_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", name="pk_tokens"),
    )
    op.create_index("ix_tokens_expires", "tokens", ["expires"])
    op.create_index("ix_tokens_person_id", "tokens", ["person_id"])
    op.create_index("ix_tokens_run_id", "tokens", ["run_id"])


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", text, nullable=False),
        sa.Column("number", text, nullable=False),
        sa.Column("submitter_id", text, nullable=False),
        sa.Column("submitter_name", text, nullable=False),
        sa.Column("via", text, nullable=False),
        sa.Column("status", text, nullable=False),
        sa.Column("form", text, nullable=False),
        sa.Column("form_id", text),
        sa.Column("plan_id", text),
        sa.Column("priority", text, nullable=False),
        sa.Column("created", text, nullable=False),
        sa.Column("properties", sa.JSON(), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("request_id", text),
        sa.Column("chain", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.UniqueConstraint("number", name="uq_events_number"),
    )
    op.create_index("ix_events_created_id", "events", ["created", "id"])
    op.create_index("ix_events_request_id", "events", ["request_id"])
    op.create_index("ix_events_submitter_id_created_id", "events", ["submitter_id", "created", "id"])
    op.create_table(
        "counters",
        sa.Column("name", text, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
    op.create_table(
        "annotations",
        sa.Column("position", position, autoincrement=True, nullable=False),
        sa.Column("id", text, nullable=False),
        sa.Column("event_id", text, nullable=False),
        sa.Column("author_id", text, nullable=False),
        sa.Column("author_name", text, nullable=False),
        sa.Column("comment", text, nullable=False),
        sa.Column("created", text, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_annotations_event_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("position", name="pk_annotations"),
        sa.UniqueConstraint("id", name="uq_annotations_id"),
    )
    op.create_index("ix_annotations_event_id", "annotations", ["event_id"])
    op.create_table(
        "event_audits",
        sa.Column("position", position, autoincrement=True, nullable=False),
        sa.Column("id", text, nullable=False),
        sa.Column("event_id", text, nullable=False),
        sa.Column("type", text, nullable=False),
        sa.Column("at", text, nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_event_audits_event_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("position", name="pk_event_audits"),
        sa.UniqueConstraint("id", name="uq_event_audits_id"),
    )
    op.create_index("ix_event_audits_event_id_position", "event_audits", ["event_id", "position"])


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("id", text, nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("access", sa.JSON(), nullable=False),
        sa.Column("requests_per_minute", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
        sa.UniqueConstraint("name", name="uq_plans_name"),
    )
    op.create_table(
        "forms",
        sa.Column("id", text, nullable=False),
        sa.Column("plan_id", text, nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("senders", sa.JSON(), nullable=False),
        sa.Column("start", sa.JSON(), nullable=False),
        sa.Column("response_options", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_forms_plan_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_forms"),
        sa.UniqueConstraint("plan_id", "name", name="uq_forms_plan_id_name"),
    )
    op.create_table(
        "script_versions",
        sa.Column("id", text, nullable=False),
        sa.Column("owner_id", text, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", text, nullable=False),
        sa.Column("source", text, nullable=False),
        sa.Column("author", text, nullable=False),
        sa.Column("created", text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_script_versions"),
        sa.UniqueConstraint("owner_id", "number", name="uq_script_versions_owner_id_number"),
    )
    op.create_table(
        "integrations",
        sa.Column("id", text, nullable=False),
        sa.Column("plan_id", text, nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("action", text),
        sa.Column("callback", text),
        sa.Column("form_id", text),
        sa.Column("response_choice", text),
        sa.Column("method", text),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("script_version_id", text),
        sa.ForeignKeyConstraint(
            ["form_id"], ["forms.id"], name="fk_integrations_form_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name="fk_integrations_plan_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["script_version_id"], ["script_versions.id"], name="fk_integrations_script_version_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_integrations"),
        sa.UniqueConstraint("plan_id", "name", name="uq_integrations_plan_id_name"),
    )
    op.create_index("ix_integrations_form_id_callback", "integrations", ["form_id", "callback"])
    op.create_index("ix_integrations_name", "integrations", ["name"])
    op.create_table(
        "shared_libraries",
        sa.Column("id", text, nullable=False),
        sa.Column("plan_id", text, nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("script_version_id", text, nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name="fk_shared_libraries_plan_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["script_version_id"], ["script_versions.id"], name="fk_shared_libraries_script_version_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_shared_libraries"),
        sa.UniqueConstraint("plan_id", "name", name="uq_shared_libraries_plan_id_name"),
    )
    op.create_table(
        "constants",
        sa.Column("plan_id", text, nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("value", text, nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_constants_plan_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("plan_id", "name", name="pk_constants"),
    )
    op.create_table(
        "endpoints",
        sa.Column("scope", text, nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "name", name="pk_endpoints"),
    )
    op.create_table(
        "secrets",
        sa.Column("scope", text, nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("endpoints", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed", text, nullable=False),
        sa.PrimaryKeyConstraint("scope", "name", name="pk_secrets"),
    )
    op.create_table(
        "applied",
        sa.Column("kind", text, nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("sha256", text, nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name="pk_applied"),
    )
