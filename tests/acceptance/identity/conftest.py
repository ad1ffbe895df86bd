"""A deployment on each store, for the state machine of identities."""

import asyncio
import sys
from pathlib import Path

import pytest

from deputize.store import Database

sys.path.insert(0, str(Path(__file__).parent))
# A failed comparison shows both sides, though it stands in no test.
pytest.register_assert_rewrite("identity_changes", "identity_deployment", "identity_legacy")


@pytest.fixture
def loop():
    """An event loop that outlives the examples of a test."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def open_database(loop, database_url, clock):
    """A database that is open in that loop, on one store and then on the other."""
    database = Database(database_url, clock=clock)
    loop.run(database.open())
    yield database
    loop.run(database.close())
