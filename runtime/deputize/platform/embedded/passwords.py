"""Whose a name and a password are, on the embedded platform."""

from dataclasses import dataclass

from deputize.credentials.authenticators import (
    PasswordAccepted,
    PasswordAnswer,
    PasswordExpired,
    PasswordRefused,
)
from deputize.credentials.passwords import Busy, Passwords, Verdict
from deputize.domain.keys import StoredPassword
from deputize.domain.person import Person
from deputize.platform.embedded.accounts import account_of
from deputize.store import Database, Transaction

#: The id of nobody: whose password is looked for when there is nobody of that name.
_NOBODY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedPasswords:
    """Implements ``PeopleAuthenticator``: one query more or less, and always one verification."""

    database: Database
    passwords: Passwords

    async def verify(self, name: str, password: str) -> PasswordAnswer:
        """Return whose *name* and *password* are; nobody's, unless that person is active."""
        person, stored, expired = await self.database.read(lambda store: _look_up(store, name))
        # What cannot be right is verified against a dummy, and never found among those that were right.
        compared = stored.hash if stored is not None and person is not None and person.active else None
        answer = await self.passwords.verify(password, compared)
        if isinstance(answer, Busy):
            return answer
        if answer is Verdict.WRONG or person is None:
            return PasswordRefused()
        account = account_of(person)
        return PasswordExpired(account=account) if expired else PasswordAccepted(account=account)


async def _look_up(store: Transaction, name: str) -> tuple[Person | None, StoredPassword | None, bool]:
    """Return who has *name*, their password, and whether it has expired."""
    person = await store.people.by_name(name)
    stored = await store.passwords.get(_NOBODY if person is None else person.id)
    expired = stored is not None and stored.expires is not None and stored.expires <= store.now
    return person, stored, expired
