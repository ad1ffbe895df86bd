"""``clock`` against a guest that says whatever it likes."""

import asyncio

import pytest

from deputize.domain.limits import Limits
from deputize.execution.budget import Budget
from deputize.execution.capabilities.clock import ClockCapability
from deputize_sandbox import Answered, Failed

pytestmark = pytest.mark.anyio


@pytest.fixture
def capability(clock):
    return ClockCapability(clock=clock, sleep=asyncio.sleep, budget=Budget(Limits()))


async def test_the_time_is_the_clocks(capability, guest_call):
    now = "2018-04-17T20:02:47.476000+00:00"

    assert await capability.ask(guest_call("clock", "now", {})) == Answered({"iso": now}, now=now)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"seconds": -1}, "clock.sleep: seconds: Input should be greater than or equal to 0"),
        (
            {"seconds": "soon"},
            "clock.sleep: seconds: Input should be a valid number, unable to parse string as a number",
        ),
        ({}, "clock.sleep: seconds: Field required"),
        ({"seconds": 0, "for": "dana"}, "clock.sleep: for: Extra inputs are not permitted"),
    ],
)
async def test_a_malformed_sleep_is_the_scripts_own_error(capability, guest_call, arguments, said):
    assert await capability.ask(guest_call("clock", "sleep", arguments)) == Failed("ValueError", said)


@pytest.mark.parametrize(("method", "arguments"), [("stop", {}), ("now", {"zone": "UTC"})])
async def test_an_unknown_method_is_the_scripts_own_error(capability, guest_call, method, arguments):
    assert await capability.ask(guest_call("clock", method, arguments)) == Failed(
        "LookupError", f"clock has no method {method!r}"
    )
