"""What the tests of the sandbox share."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from raw_sandbox import RawSandbox, Resident
from unconfined import Unconfined

from deputize_sandbox import Sandbox

#: Scripts are test data: no test is looked for in them.
collect_ignore_glob = ["cases/*", "hostile/*"]


@pytest.fixture(scope="session")
def language() -> Iterator[Unconfined]:
    """Guests without a jail."""
    with Unconfined() as guests:
        yield guests


@pytest.fixture(scope="session")
def raw() -> Iterator[Resident]:
    """A sandbox whose language layer is off: the jail alone has to hold."""
    resident = Resident(RawSandbox())
    yield resident
    resident.close()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Resident]:
    """A sandbox as it is shipped."""
    resident = Resident(Sandbox())
    yield resident
    resident.close()
