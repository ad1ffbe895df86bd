"""Notes who signs in, and who fails to, in the audit stream – not every time.

Every request of ``/api/v1`` with a password is a log-in. Noted is the first one of a person from a place
in ten minutes, and so for failures; of these no more than a number in a minute, however many names are
tried. A name that is nobody's is not kept: it may be a password that went into the wrong field. What is
asked of the database does not depend on whether there is such a person.
"""

import time
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from deputize.credentials.counters import Counters
from deputize.credentials.throttle import network_of
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note

Outcome: TypeAlias = Literal["login.succeeded", "login.failed", "login.refused"]

_AGAIN_SECONDS: Final = 600
_MOST_FAILURES: Final = 60
_FAILURES_SECONDS: Final = 60
_FAILURES: Final = "failures"
_NOBODY: Final = "unknown"


class LoginTrail:
    """Notes log-ins, as often as is of use."""

    def __init__(self, database: Database, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._seen = Counters(monotonic)

    async def note(self, outcome: Outcome, name: str, *, source: str | None) -> None:
        """Note that somebody presented a password of *name* from the address *source*."""
        place = network_of(source)
        if not self._is_due(outcome, name, place):
            return

        async def work(tx: Transaction) -> None:
            person = await tx.people.by_name(name)
            known = _NOBODY if person is None else person.target_name
            actor = Actor(subject="", name=_NOBODY if outcome == "login.failed" else known, source=place)
            await note(tx, actor, outcome, f"user:{known}")

        await self._database.write(work)

    def _is_due(self, outcome: Outcome, name: str, place: str) -> bool:
        if self._seen.incr(f"{outcome} {place} {name}", _AGAIN_SECONDS) > 1:
            return False
        if outcome != "login.failed":
            return True
        return self._seen.incr(_FAILURES, _FAILURES_SECONDS) <= _MOST_FAILURES
