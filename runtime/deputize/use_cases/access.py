"""Access lists as people write and read them: by names, and kept by subjects."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from deputize.domain.plan import Access
from deputize.errors import did_you_mean
from deputize.store import Transaction
from deputize.use_cases.errors import Fault, Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAccess:
    """Who has access, by names."""

    everybody: bool = False
    roles: Sequence[str] = ()
    users: Sequence[str] = ()


async def access_of(tx: Transaction, named: NamedAccess, *, where: str) -> Access:
    """Return what *named* stands for. *where* is the JSON Pointer to it; names for nobody are faults."""
    roles = {each.name for each in await tx.roles.all()}
    people = {each.target_name: each.id for each in await tx.people.all()}
    faults = [
        Fault(pointer=f"{where}/roles/{index}", detail=f"There is no such role.{did_you_mean(name, roles)}")
        for index, name in enumerate(named.roles)
        if name not in roles
    ]
    faults += [
        Fault(pointer=f"{where}/users/{index}", detail="There is no such user.")
        for index, name in enumerate(named.users)
        if name not in people
    ]
    if faults:
        raise Invalid(*faults)
    return Access(
        everybody=named.everybody,
        roles=frozenset(named.roles),
        people=frozenset(people[name] for name in named.users),
    )


def named(access: Access, names: dict[str, str]) -> NamedAccess:
    """Return *access* by names; *names* are everybody's, and who is gone is left out."""
    return NamedAccess(
        everybody=access.everybody,
        roles=sorted(access.roles),
        users=sorted(names[each] for each in access.people if each in names),
    )


def access_json(access: Access, names: dict[str, str]) -> JsonValue:
    """Return *access* for the audit stream."""
    shown = named(access, names)
    return {"everybody": shown.everybody, "roles": list(shown.roles), "users": list(shown.users)}
