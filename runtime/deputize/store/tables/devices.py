"""Devices of people."""

from sqlalchemy import Column, ForeignKey, Integer, Table, UniqueConstraint

from deputize.store.tables.metadata import metadata
from deputize.store.tables.people import people
from deputize.store.tables.types import Text

devices = Table(
    "devices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner_id", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("delay", Integer, nullable=False),
    Column("priority_threshold", Text, nullable=False),
    Column("status", Text, nullable=False),
    UniqueConstraint("owner_id", "name"),
)
