"""Shows people with their roles: to who administers them, and everybody themselves."""

from dataclasses import dataclass
from datetime import datetime

from deputize.authorisation import decide_administer, decide_login
from deputize.domain.person import Person, Role
from deputize.domain.standing import Standing
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import require
from deputize.use_cases.finding import find_person


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenUser:
    """A person, and whether they have a password."""

    person: Person
    functions: frozenset[str]
    #: None: there is no password.
    password_changed: datetime | None
    password_expires: datetime | None


async def see_users(database: Database, actor: Actor) -> list[SeenUser]:
    """Return everybody, by name."""

    async def work(tx: Transaction) -> list[SeenUser]:
        standing = await actor.standing(tx)
        require(decide_administer(standing, (), what="see users"))
        roles = await tx.roles.all()
        return [await _seen(tx, each, roles) for each in await tx.people.all()]

    return await database.read(work)


async def see_user(database: Database, actor: Actor, *, user: str) -> SeenUser:
    """Return the person whose id or name is *user*."""

    async def work(tx: Transaction) -> SeenUser:
        standing = await actor.standing(tx)
        person = await tx.people.find(user)
        if person is None or person.id != standing.subject:
            # Who may not see anybody is not told who is there.
            require(decide_administer(standing, (), what="see users"))
            person = await find_person(tx, user)
        return await _seen(tx, person, await tx.roles.all())

    return await database.read(work)


async def see_myself(database: Database, actor: Actor) -> tuple[Standing, SeenUser]:
    """Return what the actor may do in general, and who that is."""

    async def work(tx: Transaction) -> tuple[Standing, SeenUser]:
        standing = await actor.standing(tx)
        require(decide_login(standing, what="sign in"))
        person = await find_person(tx, standing.subject)
        return standing, await _seen(tx, person, await tx.roles.all())

    return await database.read(work)


async def _seen(tx: Transaction, person: Person, roles: list[Role]) -> SeenUser:
    password = await tx.passwords.get(person.id)
    return SeenUser(
        person=person,
        functions=frozenset[str]().union(*(each.functions for each in roles if each.name in person.roles)),
        password_changed=None if password is None else password.changed,
        password_expires=None if password is None else password.expires,
    )
