"""The one way in for passwords, for requests and for the log-in page: throttled, then verified."""

from dataclasses import dataclass
from typing import TypeAlias

from deputize.credentials.authenticators import (
    PasswordAccepted,
    PasswordAnswer,
    PasswordExpired,
    PasswordRefused,
    PeopleAuthenticator,
)
from deputize.credentials.throttle import Throttle, Throttled

GateAnswer: TypeAlias = PasswordAnswer | Throttled


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordGate:
    """Asks *people* whose a password is, as often as *throttle* allows."""

    people: PeopleAuthenticator
    throttle: Throttle

    async def verify(self, name: str, password: str, *, source: str | None) -> GateAnswer:
        """Return whose *name* and *password*, presented from the address *source*, are."""
        throttled = self.throttle.check(name, source)
        if throttled is not None:
            return throttled
        answer = await self.people.verify(name, password)
        match answer:
            case PasswordRefused():
                self.throttle.failed(name, source)
            case PasswordAccepted() | PasswordExpired():
                self.throttle.succeeded(name, source)
        return answer
