"""Lets people use the REST API with their own name and password, through the one gate for passwords."""

from dataclasses import dataclass
from http import HTTPStatus

from deputize.credentials.authenticators import PasswordAccepted, PasswordExpired, PasswordRefused
from deputize.credentials.password_gate import PasswordGate
from deputize.credentials.passwords import Busy
from deputize.credentials.throttle import Throttled
from deputize.platform.embedded.rest.problems import Problem, unauthorized


@dataclass(frozen=True, slots=True, kw_only=True)
class GatedPasswords:
    """Implements ``PasswordCheck``."""

    gate: PasswordGate

    async def subject(self, name: str, password: str, *, source: str | None) -> str:
        """Return the id of whose *name* and *password* they are; raises 401, 429 or 503."""
        match await self.gate.verify(name, password, source=source):
            case PasswordAccepted(account=account):
                return account.subject
            case PasswordExpired():
                raise unauthorized("The password has expired. Have it changed.")
            case PasswordRefused():
                raise unauthorized()
            case Throttled(retry_after=seconds):
                raise _later(
                    HTTPStatus.TOO_MANY_REQUESTS,
                    "There were too many wrong passwords for this account or from this address.",
                    seconds,
                )
            case Busy(retry_after=seconds):
                raise _later(
                    HTTPStatus.SERVICE_UNAVAILABLE, "Too many passwords wait to be verified.", seconds
                )


def _later(status: HTTPStatus, message: str, seconds: int) -> Problem:
    return Problem(
        status, f"{message} Try again in {seconds} seconds.", headers={"Retry-After": str(seconds)}
    )
