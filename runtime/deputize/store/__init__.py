"""The database: SQLite or PostgreSQL, every table and every query."""

from deputize.store.database import Database
from deputize.store.memory_copy import MemoryCopy
from deputize.store.transaction import Transaction

__all__ = ["Database", "MemoryCopy", "Transaction"]
