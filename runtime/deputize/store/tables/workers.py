"""The workers that perform runs."""

from sqlalchemy import BigInteger, Column, Integer, Table

from deputize.store.tables.metadata import metadata
from deputize.store.tables.types import Moment, Name, Text

workers = Table(
    "workers",
    metadata,
    Column("name", Name, primary_key=True),
    Column("host", Text, nullable=False),
    Column("process", Integer, nullable=False),
    Column("started", Moment, nullable=False),
    Column("beats", BigInteger, nullable=False),
)
