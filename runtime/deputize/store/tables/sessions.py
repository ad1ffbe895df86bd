"""Sessions of people who have signed in to the page."""

from sqlalchemy import Column, ForeignKey, Table

from deputize.store.tables.metadata import metadata
from deputize.store.tables.people import people
from deputize.store.tables.types import Moment, Name, Text

sessions = Table(
    "sessions",
    metadata,
    # A keyed hash; the token itself is written nowhere.
    Column("hash", Name, primary_key=True),
    Column("person_id", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("password_changed", Moment),
    Column("source", Text, nullable=False),
    Column("created", Moment, nullable=False, index=True),
    Column("used", Moment, nullable=False, index=True),
)
