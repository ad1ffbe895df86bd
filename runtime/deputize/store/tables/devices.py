"""Devices of people."""

from sqlalchemy import Column, ForeignKey, Integer, Table, UniqueConstraint

from deputize.store.tables.metadata import metadata
from deputize.store.tables.people import people
from deputize.store.tables.types import Name, Text

devices = Table(
    "devices",
    metadata,
    Column("id", Name, primary_key=True),
    Column("owner_id", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column("name", Name, nullable=False),
    Column("type", Name, nullable=False),
    Column("address", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("delay", Integer, nullable=False),
    Column("priority_threshold", Name, nullable=False),
    Column("status", Name, nullable=False),
    UniqueConstraint("owner_id", "name"),
)
