"""Events, and what happened to them."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table

from deputize.store.tables.metadata import metadata
from deputize.store.tables.types import Json, Moment, Name, Position, Text, Words, WordSet

events = Table(
    "events",
    metadata,
    Column("id", Name, primary_key=True),
    # Decimal, as text: the other id by which an event is known.
    Column("number", Name, nullable=False, unique=True),
    # The submitter may be gone; the event stays theirs and nobody else's.
    Column("submitter_id", Name, nullable=False),
    Column("submitter_name", Name, nullable=False),
    Column("scope", WordSet),
    Column("via", Name, nullable=False),
    Column("status", Name, nullable=False),
    Column("form", Name, nullable=False),
    # Form and plan may be gone; what they were stays.
    Column("form_id", Name),
    Column("plan_id", Name),
    Column("priority", Name, nullable=False),
    Column("created", Moment, nullable=False),
    Column("properties", Json, nullable=False),
    Column("recipients", Words, nullable=False),
    Column("options", Json, nullable=False),
    Column("request_id", Name, index=True),
    Column("chain", Words, nullable=False),
)
Index(None, events.c.created, events.c.id)
Index(None, events.c.submitter_id, events.c.created, events.c.id)

# Whom an event is sent to, by the ids of the moment at which it began: they may be gone.
event_recipients = Table(
    "event_recipients",
    metadata,
    Column("event_id", ForeignKey(events.c.id, ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("type", Name, nullable=False),
    Column("id", Name, nullable=False),
    Column("target_name", Text, nullable=False),
    Column("person_id", Name),
    Column("targeted", Boolean, nullable=False),
)

# The last number that was given, of each series.
counters = Table(
    "counters",
    metadata,
    Column("name", Name, primary_key=True),
    Column("value", Integer, nullable=False),
)

annotations = Table(
    "annotations",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=True),
    Column("id", Name, nullable=False, unique=True),
    Column("event_id", ForeignKey(events.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("author_id", Name, nullable=False),
    Column("author_name", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("created", Moment, nullable=False),
)

event_audits = Table(
    "event_audits",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=True),
    Column("id", Name, nullable=False, unique=True),
    Column("event_id", ForeignKey(events.c.id, ondelete="CASCADE"), nullable=False),
    Column("type", Name, nullable=False),
    Column("at", Moment, nullable=False),
    Column("detail", Json, nullable=False),
)
Index(None, event_audits.c.event_id, event_audits.c.position)
