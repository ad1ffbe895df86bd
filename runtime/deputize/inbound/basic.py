"""HTTP Basic with a person's own name and password."""

from deputize.credentials.authenticators import PasswordAccepted, PasswordExpired, PasswordRefused
from deputize.credentials.password_gate import PasswordGate
from deputize.credentials.passwords import Busy
from deputize.credentials.throttle import Throttled
from deputize.inbound.answers import CallerRefused, busy, expired, throttled, unauthenticated
from deputize.inbound.identified import Identified
from deputize.inbound.presented import PresentedPassword


async def identify(
    presented: PresentedPassword, *, gate: PasswordGate, source: str | None
) -> Identified | CallerRefused:
    """Return whose name and password they are, or the answer, which is the same for whoever they are not."""
    answer = await gate.verify(presented.name, presented.password.reveal(), source=source)
    match answer:
        case PasswordAccepted(account=account, changed=changed):
            return Identified(
                account=account, via="basic", methods=frozenset({"basic"}), password_changed=changed
            )
        case PasswordExpired():
            return expired()
        case PasswordRefused():
            return unauthenticated("a name and password that are nobody's")
        case Throttled():
            return throttled(answer)
        case Busy():
            return busy(answer)
