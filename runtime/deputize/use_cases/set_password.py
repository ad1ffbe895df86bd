"""Sets somebody's password: one's own, or that of a person whom one administers."""

from datetime import timedelta
from typing import Final, Protocol

from deputize.authorisation import decide_administer, decide_login
from deputize.credentials.passwords import Busy
from deputize.domain.keys import StoredPassword
from deputize.domain.person import Person
from deputize.domain.standing import Standing
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import Fault, Invalid, TooBusy, require
from deputize.use_cases.finding import find_person

SHORTEST: Final = 8
LONGEST: Final = 1024


class PasswordHasher(Protocol):
    """Hashes passwords, a bounded number at a time."""

    async def hash(self, password: str) -> str | Busy:
        """Return what is stored for *password*."""
        ...


async def set_password(
    database: Database,
    actor: Actor,
    *,
    hasher: PasswordHasher,
    user: str,
    password: str,
    lifetime: timedelta | None = None,
) -> None:
    """Set the password of the person whose id or name is *user*; the old one is no good at once.

    It expires after *lifetime*, if that is given. All that was granted to clients ends; keys are untouched.
    """

    async def look(tx: Transaction) -> Person:
        return await _whom(tx, await actor.standing(tx), user)

    person = await database.read(look)
    _refuse_unfit(password, person.target_name)
    hashed = await hasher.hash(password)
    if isinstance(hashed, Busy):
        raise TooBusy(hashed.retry_after)

    async def work(tx: Transaction) -> None:
        # Hashing takes its time; what was allowed before need not be now.
        person = await look(tx)
        await tx.passwords.put(
            StoredPassword(
                person_id=person.id,
                hash=hashed,
                changed=tx.now,
                expires=None if lifetime is None else tx.now + lifetime,
            )
        )
        # What was let in with the old password ends with it.
        await tx.oauth.revoke_grants_of(person.id, tx.now)
        await note(tx, actor, "password.set", f"user:{person.target_name}")

    await database.write(work)


async def _whom(tx: Transaction, standing: Standing, user: str) -> Person:
    """Return the person whose id or name is *user*, whose password *standing* may change."""
    own = await tx.people.get(standing.subject)
    if own is not None and user in (own.id, own.target_name):
        require(decide_login(standing, what="change a password"))
        return own
    what = "change the password of others"
    # Before anybody is looked for: who may not administer is not told who is there.
    require(decide_administer(standing, (), what=what))
    person = await find_person(tx, user)
    theirs = await tx.people.standing(person.id)
    require(decide_administer(standing, () if theirs is None else theirs.functions, what=what))
    return person


def _refuse_unfit(password: str, name: str) -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        problem = f"A password has {SHORTEST} to {LONGEST} characters."
    elif any(each < " " or each == "\x7f" for each in password):
        problem = "A password has no control characters: HTTP Basic cannot carry them."
    elif password.casefold() == name.casefold():
        problem = "A password is not the user's name."
    else:
        return
    raise Invalid(Fault(pointer="/password", detail=problem))
