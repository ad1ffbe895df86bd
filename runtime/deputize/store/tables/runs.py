"""Runs, and the requests that asked for them and may come again."""

from sqlalchemy import Column, Index, Integer, Table, literal_column, or_

from deputize.store.tables.metadata import metadata
from deputize.store.tables.types import Json, Moment, Name, State, Text, Usage, Words, WordSet

# Refers to no other table: integrations, plans and people go, their runs stay.
runs = Table(
    "runs",
    metadata,
    Column("id", Name, primary_key=True),
    Column("state", State, nullable=False),
    Column("integration_id", Name),
    Column("plan_id", Name),
    Column("name", Text, nullable=False),
    Column("trigger", Name, nullable=False),
    Column("script_sha256", Name, nullable=False),
    Column("script_version_id", Name),
    Column("shown_path", Text, nullable=False),
    Column("start", Json, nullable=False),
    Column("initiator_subject", Name),
    Column("initiator_id", Name, nullable=False),
    Column("initiator_name", Text, nullable=False),
    Column("initiator_via", Name, nullable=False),
    Column("initiator_scope", WordSet),
    Column("event_id", Name),
    # The run that it replays may have been forgotten since.
    Column("replay_of", Name),
    Column("replayed_by", Name),
    # The same.
    Column("retry_of", Name),
    Column("tries", Integer, nullable=False, server_default="1"),
    Column("chain", Words, nullable=False),
    Column("trace_id", Name, nullable=False),
    Column("queued", Moment, nullable=False),
    Column("due", Moment),
    Column("started", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("worker", Name),
    Column("lost", Integer, nullable=False, server_default="0"),
    Column("finished", Moment),
    Column("result", Json),
    Column("error", Json),
    Column("usage", Usage),
    Column("calls", Integer, nullable=False),
    Column("refusals", Integer, nullable=False),
    Column("given_up", Moment),
    Column("given_up_because", Text),
)
# Each way to list runs, the newest first.
Index(None, runs.c.queued, runs.c.id)
for _column in (
    runs.c.state,
    runs.c.integration_id,
    runs.c.plan_id,
    runs.c.trigger,
    runs.c.initiator_subject,
    runs.c.initiator_id,
    runs.c.event_id,
    runs.c.replay_of,
):
    Index(None, _column, runs.c.queued, runs.c.id)
# Few runs are retries or dead letters: these have indexes of their own, and the others no part in them.
for _name, _only, _columns in (
    ("retry_of_queued_id", runs.c.retry_of.is_not(None), (runs.c.retry_of,)),
    ("dead_letters", runs.c.given_up.is_not(None), ()),
    ("dead_letters_of_integration", runs.c.given_up.is_not(None), (runs.c.integration_id,)),
    ("dead_letters_of_plan", runs.c.given_up.is_not(None), (runs.c.plan_id,)),
    ("dead_letters_of_subject", runs.c.given_up.is_not(None), (runs.c.initiator_subject,)),
    ("dead_letters_of_initiator", runs.c.given_up.is_not(None), (runs.c.initiator_id,)),
):
    Index(f"ix_runs_{_name}", *_columns, runs.c.queued, runs.c.id, sqlite_where=_only, postgresql_where=_only)
#: That something of a run was refused. An index is used for a condition that is written as its own.
REFUSED = or_(runs.c.refusals > literal_column("0"), runs.c.state == literal_column("'DENIED'"))
Index("ix_runs_refused", runs.c.queued, runs.c.id, sqlite_where=REFUSED, postgresql_where=REFUSED)
# What a worker has under way.
Index(None, runs.c.worker)
# What is too old to be kept.
Index(None, runs.c.finished)

idempotency = Table(
    "idempotency",
    metadata,
    Column("subject", Name, primary_key=True),
    Column("key", Name, primary_key=True),
    Column("request_hash", Name, nullable=False),
    Column("run_id", Name, nullable=False),
    Column("created", Moment, nullable=False, index=True),
)
