"""People, their roles, and what they prove their identity to the platform with."""

from sqlalchemy import Boolean, Column, ForeignKey, Table

from deputize.store.tables.metadata import metadata
from deputize.store.tables.types import Moment, Name, Rights, Text, WordSet

people = Table(
    "people",
    metadata,
    # Never given twice: whoever takes a deleted person's name is somebody else.
    Column("id", Name, primary_key=True),
    Column("target_name", Name, nullable=False, unique=True),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("language", Name, nullable=False),
    Column("timezone", Name, nullable=False),
    Column("status", Name, nullable=False),
    Column("vouched", Boolean, nullable=False),
)

roles = Table(
    "roles",
    metadata,
    Column("name", Name, primary_key=True),
    Column("functions", WordSet, nullable=False),
    # Rights by role name, or by "*".
    Column("rights", Rights, nullable=False),
)

person_roles = Table(
    "person_roles",
    metadata,
    Column("person_id", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("role", ForeignKey(roles.c.name, ondelete="CASCADE"), primary_key=True, index=True),
)

# Who is above whom.
person_supervisors = Table(
    "person_supervisors",
    metadata,
    Column("person_id", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("supervisor_id", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True, index=True),
)

passwords = Table(
    "passwords",
    metadata,
    Column("person_id", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    # Argon2; the password itself is written nowhere.
    Column("hash", Text, nullable=False),
    Column("changed", Moment, nullable=False),
    Column("expires", Moment),
)

tokens = Table(
    "tokens",
    metadata,
    # The SHA-256 of a token; the token itself is written nowhere.
    Column("hash", Name, primary_key=True),
    Column("person_id", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("run_id", Name, nullable=False, index=True),
    Column("scope", WordSet),
    Column("expires", Moment, nullable=False, index=True),
)
