"""A person who signs in with a name and a password, on the page or through a client."""

from typing import Final

from deputize.credentials.authenticators import PasswordAccepted, PasswordExpired, PasswordRefused
from deputize.credentials.password_gate import PasswordGate
from deputize.credentials.passwords import Busy
from deputize.credentials.throttle import Throttled
from deputize.oauth.parameters import Parameters
from deputize.oauth.refusals import Passing, Refusal, invalid_grant, later
from deputize.use_cases.note_login import LoginTrail
from deputize_client import Secret

#: Characters; longer ones are nobody's.
_LONGEST_NAME: Final = 100
_LONGEST_PASSWORD: Final = 1024


async def sign_in(
    form: Parameters, *, gate: PasswordGate, logins: LoginTrail, source: str | None
) -> PasswordAccepted | Refusal:
    """Return whose ``username`` and ``password`` the *form* has. Nobody's cost what somebody's cost."""
    if "username" not in form or "password" not in form:
        return invalid_grant("Send username and password.")
    name, password = form["username"], Secret("password", form["password"])
    if len(name) > _LONGEST_NAME or len(password.reveal()) > _LONGEST_PASSWORD:
        return _NOBODY
    answer = await gate.verify(name, password.reveal(), source=source)
    if isinstance(answer, PasswordAccepted):
        return answer
    if isinstance(answer, PasswordRefused):
        await logins.note("login.failed", name, source=source)
    return _refusal(answer)


def _refusal(answer: PasswordRefused | PasswordExpired | Throttled | Busy) -> Refusal:
    match answer:
        case PasswordRefused():
            return _NOBODY
        case PasswordExpired():
            return invalid_grant("The password has expired. Have it changed.")
        case Throttled(retry_after=seconds):
            why = (
                "There were too many wrong passwords for this account or from this address. Try again later."
            )
            return later(why, Passing(whose="client", retry_after=seconds))
        case Busy(retry_after=seconds):
            why = "Too many passwords wait to be verified. Try again."
            return later(why, Passing(whose="server", retry_after=seconds))


_NOBODY: Final = invalid_grant("The user name or the password is wrong.")
