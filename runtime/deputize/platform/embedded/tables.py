"""The tables of the embedded platform."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, MetaData, String, Table, Text

metadata = MetaData()

people = Table(
    "people",
    metadata,
    # Never given twice: whoever takes a deleted person's name is somebody else.
    Column("id", String, primary_key=True),
    Column("target_name", String, nullable=False, unique=True),
    Column("first_name", String, nullable=False),
    Column("last_name", String, nullable=False),
    Column("email", String, nullable=False),
    Column("language", String, nullable=False),
    Column("timezone", String, nullable=False),
    Column("status", String, nullable=False),
)

roles = Table(
    "roles",
    metadata,
    Column("name", String, primary_key=True),
    Column("functions", JSON, nullable=False),
    # Rights by role name, or by "*".
    Column("rights", JSON, nullable=False),
)

person_roles = Table(
    "person_roles",
    metadata,
    Column("person_id", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("role", ForeignKey(roles.c.name), primary_key=True),
)

events = Table(
    "events",
    metadata,
    Column("id", String, primary_key=True),
    # Decimal, as text: the other id by which an event is known.
    Column("number", String, nullable=False, unique=True),
    # The submitter may be gone; the event stays theirs and nobody else's.
    Column("submitter_id", String, nullable=False),
    Column("submitter_name", String, nullable=False),
    Column("status", String, nullable=False),
    Column("form", String, nullable=False),
    # ISO 8601 in UTC, as every time here.
    Column("created", String, nullable=False),
    Column("properties", JSON, nullable=False),
    Column("recipients", JSON, nullable=False),
)

annotations = Table(
    "annotations",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("event_id", ForeignKey(events.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("author_id", String, nullable=False),
    Column("author_name", String, nullable=False),
    Column("comment", Text, nullable=False),
    Column("created", String, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    # The SHA-256 of a token; the token itself is written nowhere.
    Column("hash", String, primary_key=True),
    Column("person_id", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column("run_id", String, nullable=False, index=True),
    Column("expires", String, nullable=False, index=True),
)
