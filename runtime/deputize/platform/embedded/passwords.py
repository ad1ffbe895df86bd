"""Whose a name and a password are, on the embedded platform."""

from dataclasses import dataclass
from datetime import datetime

from deputize.credentials.authenticators import (
    PasswordAccepted,
    PasswordAnswer,
    PasswordExpired,
    PasswordRefused,
)
from deputize.credentials.passwords import Busy, Check, Passwords, Verdict
from deputize.platform.embedded.accounts import account_of
from deputize.store import Database, Transaction

#: The id of nobody: whose password is looked for when there is nobody of that name.
_NOBODY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What there is under a name."""

    subject: str
    #: What to verify against; None where no password can be right.
    stored: str | None
    #: When it was set; None where there is none.
    changed: datetime | None
    expired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedPasswords:
    """Implements ``PeopleAuthenticator``: the same queries and one verification, whoever is asked for."""

    database: Database
    passwords: Passwords

    async def verify(self, name: str, password: str) -> PasswordAnswer:
        """Return whose *name* and *password* are; nobody's, unless that person is active."""
        found = await self.database.read(lambda store: _look_up(store, name))
        # What cannot be right is verified against a dummy, and never found among those that were right.
        answer = await self.passwords.verify(password, found.stored)
        if isinstance(answer, Busy):
            return answer
        if answer is Verdict.WRONG or found.changed is None:
            return PasswordRefused()
        person = await self.database.read(lambda store: store.people.get(found.subject))
        if person is None or not person.active:
            return PasswordRefused()
        account = account_of(person)
        if found.expired:
            return PasswordExpired(account=account)
        return PasswordAccepted(account=account, changed=found.changed)

    async def verify_stored(self, name: str, password: str, *, stored: str | None) -> Check:
        """Return whether *password* is the one of the *stored* hash, whoever has the name."""
        # Looked for all the same: the work must not tell where people's own passwords are not asked for.
        await self.database.read(lambda store: _look_up(store, name))
        return await self.passwords.verify(password, stored)


async def _look_up(store: Transaction, name: str) -> _Found:
    standing = await store.people.standing_by_name(name)
    subject = _NOBODY if standing is None else standing.subject
    password = await store.passwords.get(subject)
    active = standing is not None and standing.active
    return _Found(
        subject=subject,
        stored=password.hash if password is not None and active else None,
        changed=None if password is None else password.changed,
        expired=password is not None and password.expires is not None and password.expires <= store.now,
    )
