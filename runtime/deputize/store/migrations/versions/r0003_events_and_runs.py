"""Events, runs, and the streams that tell what happened."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

json = sa.JSON().with_variant(sa.Text(), "sqlite")
position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def text(length: int | None = None) -> sa.types.TypeEngine[str]:
    """Return a type that is sorted by code points, as SQLite sorts."""
    in_postgresql = postgresql.VARCHAR(length, collation="C")
    return sa.String(length).with_variant(in_postgresql, "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _events()
    _runs()
    _streams()


def _events() -> None:
    op.create_table(
        "counters",
        sa.Column("name", text(255), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
    op.create_table(
        "events",
        sa.Column("id", text(255), nullable=False),
        sa.Column("number", text(255), nullable=False),
        sa.Column("submitter_id", text(255), nullable=False),
        sa.Column("submitter_name", text(255), nullable=False),
        sa.Column("scope", json),
        sa.Column("via", text(255), nullable=False),
        sa.Column("status", text(255), nullable=False),
        sa.Column("form", text(255), nullable=False),
        sa.Column("form_id", text(255)),
        sa.Column("plan_id", text(255)),
        sa.Column("priority", text(255), nullable=False),
        sa.Column("created", text(), nullable=False),
        sa.Column("properties", json, nullable=False),
        sa.Column("recipients", json, nullable=False),
        sa.Column("options", json, nullable=False),
        sa.Column("request_id", text(255)),
        sa.Column("chain", json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.UniqueConstraint("number", name="uq_events_number"),
    )
    op.create_index("ix_events_created_id", "events", ["created", "id"])
    op.create_index("ix_events_request_id", "events", ["request_id"])
    op.create_index("ix_events_submitter_id_created_id", "events", ["submitter_id", "created", "id"])
    op.create_table(
        "annotations",
        sa.Column("position", position, autoincrement=True, nullable=False),
        sa.Column("id", text(255), nullable=False),
        sa.Column("event_id", text(255), nullable=False),
        sa.Column("author_id", text(255), nullable=False),
        sa.Column("author_name", text(), nullable=False),
        sa.Column("comment", text(), nullable=False),
        sa.Column("created", text(), nullable=False),
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
        sa.Column("id", text(255), nullable=False),
        sa.Column("event_id", text(255), nullable=False),
        sa.Column("type", text(255), nullable=False),
        sa.Column("at", text(), nullable=False),
        sa.Column("detail", json, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_event_audits_event_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("position", name="pk_event_audits"),
        sa.UniqueConstraint("id", name="uq_event_audits_id"),
    )
    op.create_index("ix_event_audits_event_id_position", "event_audits", ["event_id", "position"])
    op.create_table(
        "event_recipients",
        sa.Column("event_id", text(255), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", text(255), nullable=False),
        sa.Column("id", text(255), nullable=False),
        sa.Column("target_name", text(), nullable=False),
        sa.Column("person_id", text(255)),
        sa.Column("targeted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_event_recipients_event_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "position", name="pk_event_recipients"),
    )


def _runs() -> None:
    op.create_table(
        "idempotency",
        sa.Column("subject", text(255), nullable=False),
        sa.Column("key", text(255), nullable=False),
        sa.Column("request_hash", text(255), nullable=False),
        sa.Column("run_id", text(255), nullable=False),
        sa.Column("created", text(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "key", name="pk_idempotency"),
    )
    op.create_index("ix_idempotency_created", "idempotency", ["created"])
    op.create_table(
        "runs",
        sa.Column("id", text(255), nullable=False),
        sa.Column("state", text(), nullable=False),
        sa.Column("integration_id", text(255)),
        sa.Column("plan_id", text(255)),
        sa.Column("name", text(), nullable=False),
        sa.Column("trigger", text(255), nullable=False),
        sa.Column("script_sha256", text(255), nullable=False),
        sa.Column("script_version_id", text(255)),
        sa.Column("shown_path", text(), nullable=False),
        sa.Column("start", json, nullable=False),
        sa.Column("initiator_subject", text(255)),
        sa.Column("initiator_id", text(255), nullable=False),
        sa.Column("initiator_name", text(), nullable=False),
        sa.Column("initiator_via", text(255), nullable=False),
        sa.Column("initiator_scope", json),
        sa.Column("event_id", text(255)),
        sa.Column("chain", json, nullable=False),
        sa.Column("trace_id", text(255), nullable=False),
        sa.Column("queued", text(), nullable=False),
        sa.Column("started", text()),
        sa.Column("finished", text()),
        sa.Column("result", json),
        sa.Column("error", json),
        sa.Column("usage", json),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_event_id_queued_id", "runs", ["event_id", "queued", "id"])
    op.create_index("ix_runs_finished", "runs", ["finished"])
    op.create_index("ix_runs_initiator_id_queued_id", "runs", ["initiator_id", "queued", "id"])
    op.create_index("ix_runs_initiator_subject_queued_id", "runs", ["initiator_subject", "queued", "id"])
    op.create_index("ix_runs_integration_id_queued_id", "runs", ["integration_id", "queued", "id"])
    op.create_index("ix_runs_plan_id_queued_id", "runs", ["plan_id", "queued", "id"])
    op.create_index("ix_runs_queued_id", "runs", ["queued", "id"])
    op.create_index("ix_runs_state_queued_id", "runs", ["state", "queued", "id"])
    op.create_index("ix_runs_trigger_queued_id", "runs", ["trigger", "queued", "id"])


def _streams() -> None:
    op.create_table(
        "audit",
        sa.Column("position", position, autoincrement=True, nullable=False),
        sa.Column("id", text(255), nullable=False),
        sa.Column("ts", text(), nullable=False),
        sa.Column("actor", text(255), nullable=False),
        sa.Column("action", text(255), nullable=False),
        sa.Column("target", text(600), nullable=False),
        sa.Column("source", text(), nullable=False),
        sa.Column("detail", json, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_audit"),
        sa.UniqueConstraint("id", name="uq_audit_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_action_position", "audit", ["action", "position"])
    op.create_index("ix_audit_actor_position", "audit", ["actor", "position"])
    op.create_index("ix_audit_target_position", "audit", ["target", "position"])
    op.create_index("ix_audit_ts_position", "audit", ["ts", "position"])
    op.create_table(
        "entries",
        sa.Column("position", position, autoincrement=True, nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", text(255), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", text(255), nullable=False),
        sa.Column("ts", text(), nullable=False),
        sa.Column("kind", text(255), nullable=False),
        sa.Column("level", text(255), nullable=False),
        sa.Column("status_code", sa.Integer()),
        sa.Column("integration_id", text(255)),
        sa.Column("plan_id", text(255)),
        sa.Column("initiator_subject", text(255)),
        sa.Column("initiator_id", text(255), nullable=False),
        sa.Column("text", text(), nullable=False),
        sa.Column("document", json, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_entries_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("position", name="pk_entries"),
        sa.UniqueConstraint("id", name="uq_entries_id"),
        sa.UniqueConstraint("run_id", "seq", name="uq_entries_run_id_seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_entries_initiator_id_position", "entries", ["initiator_id", "position"])
    op.create_index("ix_entries_initiator_subject_position", "entries", ["initiator_subject", "position"])
    op.create_index("ix_entries_integration_id_position", "entries", ["integration_id", "position"])
    op.create_index("ix_entries_kind_position", "entries", ["kind", "position"])
    op.create_index("ix_entries_plan_id_position", "entries", ["plan_id", "position"])
    op.create_index("ix_entries_status_code_position", "entries", ["status_code", "position"])
    op.create_index("ix_entries_transaction_id_position", "entries", ["transaction_id", "position"])
    op.create_index("ix_entries_ts_position", "entries", ["ts", "position"])
    op.create_table(
        "journal",
        sa.Column("run_id", text(255), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", json, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_journal_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_journal"),
    )
    _append_only("entries")
    _append_only("journal")
    _append_only("audit")


def _append_only(table: str) -> None:
    name, refusal = f"{table}_append_only", f"{table}: rows are never changed"
    trigger = f"CREATE TRIGGER {name} BEFORE UPDATE ON {table}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"{trigger} BEGIN SELECT RAISE(ABORT, '{refusal}'); END")
        return
    raising = f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
    op.execute(f"{raising} $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$")
    op.execute(f"{trigger} FOR EACH ROW EXECUTE FUNCTION {name}()")
