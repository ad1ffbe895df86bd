"""Who may do what to people on the embedded platform: pure decisions about values.

A person has the functions and rights of all their roles together. A right is held on a role, and with
it on everybody who has that role; on ``*`` it is held on everybody, those without a role included.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, Self, TypeAlias

from deputize.domain.decision import Denial, Grant
from deputize.domain.functions import REST
from deputize.domain.person import EVERYBODY, Person, Role
from deputize.domain.standing import Standing

Right = Literal["View", "Use", "Edit", "Delete", "Assign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody who has roles: the one who asks, or the one who is asked about."""

    #: The internal id, which no two accounts share, one after the other either.
    id: str
    name: str
    roles: frozenset[str]

    @classmethod
    def of(cls, person: Person) -> Self:
        """Return *person* as permissions see them."""
        return cls(id=person.id, name=person.target_name, roles=person.roles)


class Authority:
    """What a set of roles may do together."""

    def __init__(self, roles: Iterable[Role]) -> None:
        self._roles = tuple(roles)

    def has(self, *functions: str) -> bool:
        """Whether one of the roles has one of *functions*."""
        return any(name in role.functions for role in self._roles for name in functions)

    def is_any_of(self, names: frozenset[str]) -> bool:
        """Whether one of the roles is among *names*."""
        return any(role.name in names for role in self._roles)

    def may(self, rights: Iterable[Right], on: Iterable[str]) -> bool:
        """Whether one of *rights* is held on one of the roles *on*, or on everybody."""
        wanted, targets = frozenset(rights), (*on, EVERYBODY)
        return any(wanted & role.on.get(target, frozenset()) for role in self._roles for target in targets)


#: What an authority lacks for something; empty when it lacks nothing.
Lacks: TypeAlias = Callable[[Authority], tuple[str, ...]]


class Rules:
    """Decides by the roles that there are at this moment."""

    def __init__(self, roles: Iterable[Role]) -> None:
        self._roles = {role.name: role for role in roles}

    def standing(self, person: Person) -> Standing:
        """Return what *person* is allowed in general."""
        held = [self._roles[name] for name in person.roles if name in self._roles]
        return Standing(
            subject=person.id,
            name=person.target_name,
            active=person.active,
            roles=frozenset(role.name for role in held),
            functions=frozenset[str]().union(*(role.functions for role in held)),
        )

    def see_person(self, actor: Holder, person: Holder) -> Grant | Denial:
        """Decide whether *actor* may read *person*: View or Use on one of their roles, or oneself."""
        if actor.id == person.id:
            return Grant(reason=f"{actor.name} may see themselves")
        return self.decide(
            actor,
            f"see {person.name}",
            lambda authority: _right(authority, ("View", "Use"), person.roles),
        )

    def use_person(self, actor: Holder, person: Holder) -> Grant | Denial:
        """Decide whether *actor* may send something to *person*: Use on one of their roles, or oneself."""
        if actor.id == person.id:
            return Grant(reason=f"{actor.name} may send to themselves")
        return self.decide(
            actor,
            f"send to {person.name}",
            lambda authority: _right(authority, ("Use",), person.roles),
        )

    def create_person(self, actor: Holder, roles: frozenset[str]) -> Grant | Denial:
        """Decide whether *actor* may create somebody with *roles*: Edit and Assign on each of them.

        The function ``rest`` stands for Edit. Somebody without a role takes Edit on everybody.
        """

        def lacks(authority: Authority) -> tuple[str, ...]:
            missing = []
            if not authority.has(REST):
                each = [_right(authority, ("Edit",), {role}) for role in sorted(roles)]
                missing += [need for needs in each or [_right(authority, ("Edit",), ())] for need in needs]
            return (*missing, *_assign(authority, roles))

        return self.decide(actor, "create this person", lacks)

    def change_person(
        self, actor: Holder, person: Holder, roles: frozenset[str] | None = None
    ) -> Grant | Denial:
        """Decide whether *actor* may change *person*: Edit on one of their roles, or the function ``rest``.

        *roles* are those that the person is to have, None to leave them: each one that comes or goes
        takes Assign on it.
        """

        def lacks(authority: Authority) -> tuple[str, ...]:
            edit = () if authority.has(REST) else _right(authority, ("Edit",), person.roles)
            return (*edit, *_assign(authority, frozenset() if roles is None else roles ^ person.roles))

        return self.decide(actor, f"change {person.name}", lacks)

    def supervise_person(self, actor: Holder, person: Holder) -> Grant | Denial:
        """Decide whether *actor* may say who is above *person*: Edit on one of their roles.

        The function ``rest`` is not enough: those above see more of a person than ``rest`` does.
        """
        return self.decide(
            actor,
            f"change who is above {person.name}",
            lambda authority: _right(authority, ("Edit",), person.roles),
        )

    def delete_person(self, actor: Holder, person: Holder) -> Grant | Denial:
        """Decide whether *actor* may delete *person*: Delete on one of their roles."""
        return self.decide(
            actor, f"delete {person.name}", lambda authority: _right(authority, ("Delete",), person.roles)
        )

    def decide(self, actor: Holder, what: str, lacks: Lacks, *, others: Iterable[str] = ()) -> Grant | Denial:
        """Decide whether *actor* may do *what*, by what their roles together lack for it.

        *others* are names of people who may for another reason.
        """
        held = [self._roles[name] for name in sorted(actor.roles) if name in self._roles]
        needs = lacks(Authority(held))
        if not needs:
            return Grant(reason=f"{actor.name} may {what}")
        # A role would pass if having it as well were enough.
        passing = [role.name for role in self._roles.values() if not lacks(Authority([*held, role]))]
        return Denial(
            reason=f"{actor.name} may not {what}: needs {'; '.join(needs)}",
            needs=needs,
            would_pass=(
                *(f"role {name}" for name in sorted(passing)),
                *(f"person {name}" for name in others),
            ),
        )


def _right(authority: Authority, rights: tuple[Right, ...], on: Iterable[str]) -> tuple[str, ...]:
    roles = sorted(on)
    if authority.may(rights, roles):
        return ()
    return (f"{' or '.join(rights)} on {_roles(roles)}",)


def _assign(authority: Authority, roles: frozenset[str]) -> tuple[str, ...]:
    return tuple(need for role in sorted(roles) for need in _right(authority, ("Assign",), (role,)))


def _roles(names: list[str]) -> str:
    return " or ".join(f"role {name}" for name in names) or "everybody (*)"
