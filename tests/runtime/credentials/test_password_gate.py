"""Passwords are verified as often as the throttle allows."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from deputize.credentials.authenticators import (
    Account,
    PasswordAccepted,
    PasswordExpired,
    PasswordRefused,
)
from deputize.credentials.password_gate import PasswordGate
from deputize.credentials.passwords import Busy
from deputize.credentials.throttle import Throttle, Throttled

pytestmark = pytest.mark.anyio
ROB = Account(subject="1", name="rob", display_name="Rob")
CHANGED = datetime(2026, 11, 25, tzinfo=UTC)


@dataclass
class People:
    """Knows what it has been told."""

    answer: object = field(default_factory=PasswordRefused)
    asked: int = 0

    async def verify(self, name, password):
        self.asked += 1
        return self.answer


@pytest.fixture
def people():
    return People()


@pytest.fixture
def gate(people, seconds):
    return PasswordGate(people=people, throttle=Throttle(monotonic=seconds))


async def attempts(gate, times):
    return [await gate.verify("rob", "guess", source="192.0.2.1") for _ in range(times)]


async def test_a_throttled_attempt_is_not_looked_at(gate, people):
    answers = await attempts(gate, 120)

    assert answers[:20] == [PasswordRefused()] * 20
    assert answers[20:] == [Throttled(retry_after=300, of="account and source")] * 100
    assert people.asked == 20


@pytest.mark.parametrize(
    "right", [PasswordAccepted(account=ROB, changed=CHANGED), PasswordExpired(account=ROB)]
)
async def test_a_right_password_begins_a_new_row(gate, people, right):
    await attempts(gate, 19)
    people.answer = right
    assert await attempts(gate, 1) == [right]
    people.answer = PasswordRefused()

    assert await attempts(gate, 20) == [PasswordRefused()] * 20


async def test_an_attempt_that_found_no_room_is_no_failure(gate, people):
    people.answer = Busy(retry_after=2)

    assert await attempts(gate, 50) == [Busy(retry_after=2)] * 50
