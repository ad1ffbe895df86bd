"""``clock``: the time as the run sees it."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deputize.execution.budget import Budget
from deputize.execution.capabilities.answers import malformed
from deputize_sandbox import Answer, Answered, Failed, GuestCall


class SleepArguments(BaseModel):
    """What a guest may say when it sleeps."""

    model_config = ConfigDict(extra="forbid")

    seconds: float = Field(ge=0, allow_inf_nan=False)


class ClockCapability:
    """Answers ``clock.now()`` and ``clock.sleep(seconds)``; sleeping counts into the wall limit."""

    def __init__(self, *, clock: Callable[[], datetime], budget: Budget) -> None:
        self._clock = clock
        self._budget = budget

    async def ask(self, call: GuestCall) -> Answer:
        """Answer one call; an unknown method or argument is a ``Failed`` answer."""
        self._budget.spend_calls(1)
        if call.method == "now" and not call.arguments:
            return Answered({"iso": self._clock().isoformat()})
        if call.method == "sleep":
            try:
                arguments = SleepArguments.model_validate(call.arguments)
            except ValidationError as error:
                return malformed("clock.sleep", error)
            await asyncio.sleep(arguments.seconds)
            return Answered(None)
        return Failed("LookupError", f"clock has no method {call.method!r}")
