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
from deputize.credentials.passwords import Check, Verdict
from deputize.credentials.throttle import Throttle, Throttled

GateAnswer: TypeAlias = PasswordAnswer | Throttled
PairAnswer: TypeAlias = Check | Throttled


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

    async def verify_pair(
        self, name: str, password: str, *, stored: str | None, source: str | None
    ) -> PairAnswer:
        """Return whether *password* is the one of the *stored* hash, for a *name* that is not a person's.

        A failure counts as one of whoever has the name, so that no address is told from another by how long
        it lets somebody guess; a success ends nothing of theirs.
        """
        throttled = self.throttle.check(name, source)
        if throttled is not None:
            return throttled
        answer = await self.people.verify_stored(name, password, stored=stored)
        if answer is Verdict.WRONG:
            self.throttle.failed(name, source)
        return answer
