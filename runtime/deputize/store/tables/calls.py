"""The calls of runs that have not ended: what was meant to be sent, and what came of it."""

from sqlalchemy import Column, ForeignKey, Integer, Table

from deputize.store.tables.metadata import metadata
from deputize.store.tables.runs import runs
from deputize.store.tables.types import Json, Name

calls = Table(
    "calls",
    metadata,
    Column("run_id", ForeignKey(runs.c.id, ondelete="CASCADE"), primary_key=True),
    Column("fingerprint", Name, primary_key=True),
    # 1, 2, 3, … among the calls of that fingerprint.
    Column("occurrence", Integer, primary_key=True),
    Column("attempt", Integer, nullable=False),
    Column("intent", Json, nullable=False),
    Column("outcome", Json),
    # What an operator knows of a call whose outcome nobody does.
    Column("known", Name),
)
