"""Whatever dies, what was acknowledged happens, is told, and is done once.

The seed decides the order of the faults and their moments: pytest-randomly says it, and takes it with ``-p``.
"""

import random

import pytest
from tests.acceptance.chaos.faults import ALONE, TOGETHER
from tests.acceptance.chaos.storm import storm

#: A busy machine takes several times what one that is at rest does.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def seed():
    return random.randrange(10**6)  # noqa: S311 - so that it can be had again


def test_nothing_is_lost_or_done_twice_by_one_server_on_sqlite(tmp_path, seed):
    outcome = storm(tmp_path, ALONE, seed=seed)

    assert outcome.violations == []
    assert "COMPLETED" in outcome.states
    assert not {"INTERRUPTED", "QUEUED", "RUNNING"} & outcome.states.keys()


def test_nothing_is_lost_or_done_twice_by_many_processes_on_postgresql(tmp_path, seed, own_postgresql):
    outcome = storm(tmp_path, TOGETHER, seed=seed, workers=2, postgresql=own_postgresql)

    assert outcome.violations == []
    assert "COMPLETED" in outcome.states
    assert not {"INTERRUPTED", "QUEUED", "RUNNING"} & outcome.states.keys()
