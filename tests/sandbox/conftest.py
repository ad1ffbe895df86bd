"""What the tests of the sandbox share."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from unconfined import Unconfined  # noqa: E402


@pytest.fixture(scope="session")
def language() -> Iterator[Unconfined]:
    """Guests without a jail."""
    with Unconfined() as guests:
        yield guests
