"""Changes a person's roles and whether they are active."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from deputize.authorisation import decide_administer
from deputize.domain.person import Person, Role
from deputize.errors import did_you_mean
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import Conflict, Fault, Invalid, require
from deputize.use_cases.finding import find_person


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChange:
    """What is to change; what is None stays."""

    roles: Sequence[str] | None = None
    status: Literal["ACTIVE", "INACTIVE"] | None = None


async def change_user(database: Database, actor: Actor, *, user: str, change: UserChange) -> None:
    """Change the person whose id or name is *user*; it counts from the next request on.

    Nobody gives what they do not have, and nobody locks themselves out.
    """

    async def work(tx: Transaction) -> None:
        standing = await actor.standing(tx)
        # Before anybody is looked for: who may not administer is not told who is there.
        require(decide_administer(standing, (), what="change users"))
        person = await find_person(tx, user)
        known = {each.name: each for each in await tx.roles.all()}
        if change.roles is not None:
            _refuse_unknown(change.roles, known)
        changed = _changed(person, change)
        over = _functions(person, known) | _functions(changed, known)
        require(decide_administer(standing, over, what="change this user"))
        if person.id == standing.subject and not changed.active:
            raise Conflict("Nobody disables themselves. Have somebody else do it.")
        if changed != person:
            await tx.people.put(changed)
            if not changed.active:
                await tx.oauth.revoke_grants_of(person.id, tx.now)
            await note(tx, actor, "user.changed", f"user:{person.target_name}", **_detail(person, changed))

    await database.write(work)


def _changed(person: Person, change: UserChange) -> Person:
    roles = person.roles if change.roles is None else frozenset(change.roles)
    return replace(person, roles=roles, status=change.status or person.status)


def _functions(person: Person, known: dict[str, Role]) -> frozenset[str]:
    return frozenset[str]().union(*(known[each].functions for each in person.roles if each in known))


def _refuse_unknown(roles: Sequence[str], known: dict[str, Role]) -> None:
    faults = [
        Fault(pointer=f"/roles/{index}", detail=f"There is no such role.{did_you_mean(role, sorted(known))}")
        for index, role in enumerate(roles)
        if role not in known
    ]
    if faults:
        raise Invalid(*faults)


def _detail(before: Person, after: Person) -> dict[str, Any]:
    detail: dict[str, Any] = {}
    if after.roles != before.roles:
        detail["roles_added"] = sorted(after.roles - before.roles)
        detail["roles_removed"] = sorted(before.roles - after.roles)
    if after.status != before.status:
        detail["status"] = after.status
    return detail
