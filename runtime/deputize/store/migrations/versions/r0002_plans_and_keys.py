"""Plans, what each holds, and keys to integrations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

json = sa.JSON().with_variant(sa.Text(), "sqlite")


def text(length: int | None = None) -> sa.types.TypeEngine[str]:
    """Return a type that is sorted by code points, as SQLite sorts."""
    in_postgresql = postgresql.VARCHAR(length, collation="C")
    return sa.String(length).with_variant(in_postgresql, "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _plans()
    _keys()


def _plans() -> None:
    op.create_table(
        "applied",
        sa.Column("kind", text(255), nullable=False),
        sa.Column("name", text(255), nullable=False),
        sa.Column("sha256", text(255), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name="pk_applied"),
    )
    op.create_table(
        "endpoints",
        sa.Column("scope", text(255), nullable=False),
        sa.Column("name", text(255), nullable=False),
        sa.Column("definition", json, nullable=False),
        sa.PrimaryKeyConstraint("scope", "name", name="pk_endpoints"),
    )
    op.create_table(
        "plans",
        sa.Column("id", text(255), nullable=False),
        sa.Column("name", text(255), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("access", json, nullable=False),
        sa.Column("requests_per_minute", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
        sa.UniqueConstraint("name", name="uq_plans_name"),
    )
    op.create_table(
        "script_versions",
        sa.Column("id", text(255), nullable=False),
        sa.Column("owner_id", text(255), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", text(255), nullable=False),
        sa.Column("source", text(), nullable=False),
        sa.Column("author", text(255), nullable=False),
        sa.Column("created", text(), nullable=False),
        sa.Column("language", text(255), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_script_versions"),
        sa.UniqueConstraint("owner_id", "number", name="uq_script_versions_owner_id_number"),
    )
    op.create_index("ix_script_versions_sha256", "script_versions", ["sha256"])
    op.create_table(
        "secrets",
        sa.Column("scope", text(255), nullable=False),
        sa.Column("name", text(255), nullable=False),
        sa.Column("endpoints", json, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed", text(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "name", name="pk_secrets"),
    )
    op.create_table(
        "constants",
        sa.Column("plan_id", text(255), nullable=False),
        sa.Column("name", text(255), nullable=False),
        sa.Column("value", text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_constants_plan_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("plan_id", "name", name="pk_constants"),
    )
    op.create_table(
        "forms",
        sa.Column("id", text(255), nullable=False),
        sa.Column("plan_id", text(255), nullable=False),
        sa.Column("name", text(255), nullable=False),
        sa.Column("senders", json, nullable=False),
        sa.Column("start", json, nullable=False),
        sa.Column("response_options", json, nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_forms_plan_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_forms"),
        sa.UniqueConstraint("plan_id", "name", name="uq_forms_plan_id_name"),
    )
    op.create_table(
        "shared_libraries",
        sa.Column("id", text(255), nullable=False),
        sa.Column("plan_id", text(255), nullable=False),
        sa.Column("name", text(255), nullable=False),
        sa.Column("script_version_id", text(255), nullable=False),
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
        "integrations",
        sa.Column("id", text(255), nullable=False),
        sa.Column("plan_id", text(255), nullable=False),
        sa.Column("name", text(255), nullable=False),
        sa.Column("action", text(255)),
        sa.Column("callback", text(255)),
        sa.Column("form_id", text(255)),
        sa.Column("response_choice", text()),
        sa.Column("method", text(255)),
        sa.Column("legacy", sa.Boolean(), nullable=False),
        sa.Column("signature", json),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("script_version_id", text(255)),
        sa.Column("limits", json, nullable=False),
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


def _keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", text(255), nullable=False),
        sa.Column("subject", text(255), nullable=False),
        sa.Column("created", text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("subject", name="uq_api_keys_subject"),
    )
    op.create_table(
        "api_secrets",
        sa.Column("id", text(255), nullable=False),
        sa.Column("integration_id", text(255), nullable=False),
        sa.Column("subject", text(255), nullable=False),
        sa.Column("hash", text(255), nullable=False),
        sa.Column("created", text(), nullable=False),
        sa.Column("issued_by", text(255), nullable=False),
        sa.Column("ends", text()),
        sa.Column("last_used", text()),
        sa.ForeignKeyConstraint(
            ["integration_id"], ["integrations.id"], name="fk_api_secrets_integration_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["subject"], ["api_keys.subject"], name="fk_api_secrets_subject", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_api_secrets"),
    )
    op.create_index("ix_api_secrets_integration_id_subject", "api_secrets", ["integration_id", "subject"])
    op.create_index("ix_api_secrets_subject", "api_secrets", ["subject"])
    op.create_table(
        "url_keys",
        sa.Column("id", text(255), nullable=False),
        sa.Column("hash", text(255), nullable=False),
        sa.Column("integration_id", text(255), nullable=False),
        sa.Column("subject", text(255), nullable=False),
        sa.Column("created", text(), nullable=False),
        sa.Column("issued_by", text(255), nullable=False),
        sa.Column("ends", text()),
        sa.Column("last_used", text()),
        sa.ForeignKeyConstraint(
            ["integration_id"], ["integrations.id"], name="fk_url_keys_integration_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_url_keys"),
        sa.UniqueConstraint("hash", name="uq_url_keys_hash"),
    )
    op.create_index("ix_url_keys_integration_id_subject", "url_keys", ["integration_id", "subject"])
    op.create_index("ix_url_keys_subject", "url_keys", ["subject"])
