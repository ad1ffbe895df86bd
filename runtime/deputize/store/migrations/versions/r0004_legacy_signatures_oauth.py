"""Legacy integrations, signed requests, and OAuth."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

json = sa.JSON().with_variant(sa.Text(), "sqlite")


def text(length: int | None = None) -> sa.types.TypeEngine[str]:
    """Return a type that is sorted by code points, as SQLite sorts."""
    in_postgresql = postgresql.VARCHAR(length, collation="C")
    return sa.String(length).with_variant(in_postgresql, "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _legacy()
    _signatures()
    _oauth()


def _legacy() -> None:
    op.create_table(
        "legacy_terms",
        sa.Column("plan_id", text(255), nullable=False),
        sa.Column("authenticated", sa.Boolean(), nullable=False),
        sa.Column("name", text(255)),
        sa.Column("hash", text()),
        sa.Column("owner", text(255)),
        sa.Column("imported", text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name="fk_legacy_terms_plan_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", name="pk_legacy_terms"),
    )
    op.create_table(
        "legacy_switches",
        sa.Column("integration_id", text(255), nullable=False),
        sa.Column("at", text(), nullable=False),
        sa.Column("by", text(255), nullable=False),
        sa.Column("after", json, nullable=False),
        sa.ForeignKeyConstraint(
            ["integration_id"],
            ["integrations.id"],
            name="fk_legacy_switches_integration_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("integration_id", name="pk_legacy_switches"),
    )
    op.create_table(
        "shadow_findings",
        sa.Column("id", text(255), nullable=False),
        sa.Column("integration_id", text(255), nullable=False),
        sa.Column("subject", text(255), nullable=False),
        sa.Column("script", text(), nullable=False),
        sa.Column("script_sha256", text(255), nullable=False),
        sa.Column("line", sa.Integer()),
        sa.Column("method", text(255), nullable=False),
        sa.Column("path", text(), nullable=False),
        sa.Column("verdict", text(255), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first", text(), nullable=False),
        sa.Column("last", text(), nullable=False),
        sa.Column("detail", json, nullable=False),
        sa.ForeignKeyConstraint(
            ["integration_id"],
            ["integrations.id"],
            name="fk_shadow_findings_integration_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_shadow_findings"),
    )
    op.create_index(
        "ix_shadow_findings_integration_id_script_sha256_line",
        "shadow_findings",
        ["integration_id", "script_sha256", "line"],
    )
    op.create_table(
        "shadows",
        sa.Column("integration_id", text(255), nullable=False),
        sa.Column("subject", text(255), nullable=False),
        sa.Column("since", text(), nullable=False),
        sa.Column("until", text()),
        sa.ForeignKeyConstraint(
            ["integration_id"], ["integrations.id"], name="fk_shadows_integration_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("integration_id", name="pk_shadows"),
    )


def _signatures() -> None:
    op.create_table(
        "seen_signatures",
        sa.Column("integration_id", text(255), nullable=False),
        sa.Column("hash", text(255), nullable=False),
        sa.Column("run_id", text(255), nullable=False),
        sa.Column("seen", text(), nullable=False),
        sa.Column("expires", text()),
        sa.ForeignKeyConstraint(
            ["integration_id"],
            ["integrations.id"],
            name="fk_seen_signatures_integration_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("integration_id", "hash", name="pk_seen_signatures"),
    )
    op.create_index("ix_seen_signatures_expires", "seen_signatures", ["expires"])
    op.create_table(
        "signing_secrets",
        sa.Column("id", text(255), nullable=False),
        sa.Column("integration_id", text(255), nullable=False),
        sa.Column("subject", text(255), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created", text(), nullable=False),
        sa.Column("issued_by", text(255), nullable=False),
        sa.Column("ends", text()),
        sa.Column("last_used", text()),
        sa.ForeignKeyConstraint(
            ["integration_id"],
            ["integrations.id"],
            name="fk_signing_secrets_integration_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_signing_secrets"),
    )
    op.create_index(
        "ix_signing_secrets_integration_id_subject", "signing_secrets", ["integration_id", "subject"]
    )
    op.create_index("ix_signing_secrets_subject", "signing_secrets", ["subject"])


def _oauth() -> None:
    op.create_table(
        "oauth_clients",
        sa.Column("id", text(255), nullable=False),
        sa.Column("name", text(), nullable=False),
        sa.Column("redirect_uris", json, nullable=False),
        sa.Column("grants", json, nullable=False),
        sa.Column("scope", json, nullable=False),
        sa.Column("secret_hash", text(255)),
        sa.Column("mobile", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created", text(), nullable=False),
        sa.Column("created_by", text(255), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_oauth_clients"),
    )
    op.create_table(
        "oauth_revoked_tokens",
        sa.Column("jti", text(255), nullable=False),
        sa.Column("expires", text(), nullable=False),
        sa.PrimaryKeyConstraint("jti", name="pk_oauth_revoked_tokens"),
    )
    op.create_index("ix_oauth_revoked_tokens_expires", "oauth_revoked_tokens", ["expires"])
    op.create_table(
        "oauth_signing_keys",
        sa.Column("id", text(255), nullable=False),
        sa.Column("public", json, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created", text(), nullable=False),
        sa.Column("retired", text()),
        sa.PrimaryKeyConstraint("id", name="pk_oauth_signing_keys"),
    )
    op.create_table(
        "oauth_cutoffs",
        sa.Column("person_id", text(255), nullable=False),
        sa.Column("before", text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_oauth_cutoffs_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_oauth_cutoffs"),
    )
    op.create_table(
        "oauth_grants",
        sa.Column("id", text(255), nullable=False),
        sa.Column("client_id", text(255), nullable=False),
        sa.Column("person_id", text(255), nullable=False),
        sa.Column("scope", json, nullable=False),
        sa.Column("created", text(), nullable=False),
        sa.Column("revoked", text()),
        sa.Column("ends", text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["oauth_clients.id"], name="fk_oauth_grants_client_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_oauth_grants_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_oauth_grants"),
    )
    op.create_index("ix_oauth_grants_client_id", "oauth_grants", ["client_id"])
    op.create_index("ix_oauth_grants_ends", "oauth_grants", ["ends"])
    op.create_index("ix_oauth_grants_person_id", "oauth_grants", ["person_id"])
    op.create_table(
        "oauth_codes",
        sa.Column("hash", text(255), nullable=False),
        sa.Column("grant_id", text(255), nullable=False),
        sa.Column("redirect_uri", text(), nullable=False),
        sa.Column("challenge", text(255), nullable=False),
        sa.Column("expires", text(), nullable=False),
        sa.Column("used", text()),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["oauth_grants.id"], name="fk_oauth_codes_grant_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", name="pk_oauth_codes"),
    )
    op.create_index("ix_oauth_codes_expires", "oauth_codes", ["expires"])
    op.create_index("ix_oauth_codes_grant_id", "oauth_codes", ["grant_id"])
    op.create_table(
        "oauth_refresh_tokens",
        sa.Column("hash", text(255), nullable=False),
        sa.Column("grant_id", text(255), nullable=False),
        sa.Column("issued", text(), nullable=False),
        sa.Column("expires", text(), nullable=False),
        sa.Column("used", text()),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["oauth_grants.id"], name="fk_oauth_refresh_tokens_grant_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", name="pk_oauth_refresh_tokens"),
    )
    op.create_index("ix_oauth_refresh_tokens_expires", "oauth_refresh_tokens", ["expires"])
    op.create_index("ix_oauth_refresh_tokens_grant_id", "oauth_refresh_tokens", ["grant_id"])
