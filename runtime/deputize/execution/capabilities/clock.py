"""``clock``: the time as the run sees it."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deputize.execution.budget import Budget
from deputize.execution.capabilities.answers import malformed
from deputize_sandbox import Answer, Answered, Failed, GuestCall, LimitReached

#: Waits for so many seconds.
Sleep = Callable[[float], Awaitable[None]]


class SleepArguments(BaseModel):
    """What a guest may say when it sleeps."""

    model_config = ConfigDict(extra="forbid")

    seconds: float = Field(ge=0, allow_inf_nan=False)


class ClockCapability:
    """Answers ``clock.now()`` and ``clock.sleep(seconds)``; sleeping counts into the wall limit."""

    def __init__(self, *, clock: Callable[[], datetime], sleep: Sleep, budget: Budget) -> None:
        self._clock = clock
        self._sleep = sleep
        self._budget = budget
        self._slept = 0.0

    async def ask(self, call: GuestCall) -> Answer:
        """Answer one call; an unknown method or argument is a ``Failed`` answer.

        Raises ``LimitReached`` when the run has slept its time away, as it may where nobody waits for real.
        """
        self._budget.spend_calls(1)
        if call.method == "now" and not call.arguments:
            now = self._clock().isoformat()
            return Answered({"iso": now}, now=now)
        if call.method == "sleep":
            try:
                arguments = SleepArguments.model_validate(call.arguments)
            except ValidationError as error:
                return malformed("clock.sleep", error)
            await self._sleep(arguments.seconds)
            self._slept += arguments.seconds
            if self._slept >= self._budget.limits.wall_seconds:
                raise LimitReached("wall_seconds", self._budget.limits.wall_seconds)
            return Answered(None)
        return Failed("LookupError", f"clock has no method {call.method!r}")
