"""What passes between a script and whoever answers its calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Provided:
    """What a parameter of ``main`` is given: the guest makes an object of *kind* from *value*."""

    kind: str
    value: JsonValue = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestCall:
    """A call of a script. Bounded and JSON; beyond that, every field is the guest's claim."""

    capability: str
    method: str
    arguments: Mapping[str, JsonValue]
    #: The line of the script that called.
    line: int | None


@dataclass(frozen=True, slots=True)
class Answered:
    """The call's result. *now* is the time that the script's clock shows from here on, as ISO text."""

    value: JsonValue
    now: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The call raises in the script: a built-in exception, or ``HttpError`` with *cause*."""

    type: str
    message: str
    cause: str | None = None
    now: str | None = None


Answer: TypeAlias = Answered | Failed


class LimitReached(Exception):
    """Raised by a handler: the run has used up *limit*, whose setting is *value*, and ends OverLimit."""

    def __init__(self, limit: str, value: float) -> None:
        super().__init__(f"{limit} = {value:g}")
        self.limit = limit
        self.value = value


class CallHandler(Protocol):
    """Answers the calls of one run, one at a time. Both may raise LimitReached."""

    async def ask(self, call: GuestCall) -> Answer:
        """Answer *call*. Cancelled when the run ends first."""
        ...

    async def tell(self, call: GuestCall) -> None:
        """Take a message that wants no answer. A ValueError ends the run as a broken protocol."""
        ...
