"""Whether a run that has failed is tried again by itself, and when.

Theory of operation. Only an integration that says so has its failed runs tried again: a retry is a run of its
own that starts the script from its beginning, and only its author knows whether that does harm. What
was refused has not failed, what was interrupted waits for somebody who knows what became of a call, and what
killed one worker after the other is not let at another one: none of these is ever tried again by itself.
"""

from datetime import timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from deputize.domain.run import RunState

#: Ends that a further try may have otherwise.
RETRIED: Final = frozenset({RunState.FAILED, RunState.CANCELED})
#: Ends that nobody wanted, and after which nothing goes on by itself but a retry.
GIVEN_UP: Final = RETRIED | {RunState.POISONED}
#: Codes of errors that the same run meets again, however often it is tried.
LASTING: Final = frozenset({"SCRIPT_REJECTED", "INTEGRATION_GONE", "SCRIPT_DIVERGED", "RETRY_NOT_PERMITTED"})

_DAY: Final = 24 * 60 * 60


class Retries(BaseModel):
    """How often a run is tried, and how long is waited between two tries."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tries: int = Field(ge=2, le=20)
    """Tries in all, the first one included."""
    first_seconds: float = Field(default=10, ge=1, le=_DAY)
    """Seconds before the second try; the wait doubles with each one after it."""
    longest_seconds: float = Field(default=3600, ge=1, le=7 * _DAY)
    """Seconds that are waited at most."""

    @model_validator(mode="after")
    def _is_possible(self) -> "Retries":
        if self.longest_seconds < self.first_seconds:
            raise ValueError(
                f"longest_seconds is {self.longest_seconds:g}, which is less than first_seconds: "
                f"{self.first_seconds:g}"
            )
        return self

    def pause(self, tried: int, *, chance: float) -> timedelta:
        """Return how long is waited after *tried* tries.

        *chance*, from 0 to 1, takes off up to half of it, so that what failed together does not come back
        together.
        """
        seconds = min(self.first_seconds * 2.0 ** (tried - 1), self.longest_seconds)
        return timedelta(seconds=seconds * (1 - chance / 2))
