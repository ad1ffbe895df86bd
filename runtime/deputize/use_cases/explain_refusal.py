"""Explains a refusal of a run by what is on record, and by who has now what was missing.

Theory of operation. What was refused, and what it would have taken, stands in the run's stream and is
told as it stands there. Only two things are added: which roles the initiator has at present, and which
people are meant by ``role …`` and ``person …``. Both are looked up; what is on no record is left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from deputize.authorisation import decide_administer
from deputize.domain.decision import Grant
from deputize.domain.functions import ADMIN, PEOPLE, PLANS
from deputize.domain.person import Person, Role
from deputize.domain.stored_run import StoredRun
from deputize.errors import Refused
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.find_run import UnknownRun
from deputize.use_cases.visibility import require_sight

Entry = dict[str, JsonValue]

#: The kinds that say that something was not allowed.
REFUSALS: Final = frozenset({"permission.denied", "credential.rejected", "run.denied"})
#: Who has one of these can change who may do what.
_CHANGING: Final = (PEOPLE, PLANS, ADMIN)


class NotRefused(Refused):
    """The entry is no refusal, and none belongs to it."""

    code = "NOT_REFUSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holders:
    """Who is meant by one part of ``would_pass``."""

    #: As the entry says it: ``role Company Supervisor``.
    who: str
    #: The names of the active people that it stands for now.
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One refusal, with what is known now."""

    run: StoredRun
    entry: Entry
    #: The initiator's roles now; None where they have no account any more, or it is not the actor's to see.
    roles: tuple[str, ...] | None
    holders: tuple[Holders, ...]
    #: Active people with a function by which permissions are changed, each with those functions.
    changers: Mapping[str, tuple[str, ...]]


async def explain_refusals(
    database: Database, actor: Actor, *, run_id: str, seq: int | None = None
) -> list[Explained]:
    """Return the refusals of a run; with *seq* the one that is, or belongs to, that entry.

    Raises ``NotRefused`` for an entry that has none.
    """

    async def work(tx: Transaction) -> list[Explained]:
        standing = await actor.standing(tx)
        run = await tx.runs.get(run_id)
        if run is None:
            raise UnknownRun(f'there is no run "{run_id}".')
        await require_sight(tx, standing, run)
        entries = await tx.entries.of_run(run.id)
        refusals = [each for each in entries if each["kind"] in REFUSALS]
        if seq is not None:
            refusals = [_refusal_at(seq, entries, refusals)]
        sees_people = isinstance(decide_administer(standing, (), what="see users"), Grant)
        people = [each for each in await tx.people.all() if each.active] if sees_people else []
        known = _Known(people=people, roles=await tx.roles.all())
        roles = await _roles(tx, run) if sees_people else None
        return [
            Explained(
                run=run,
                entry=each,
                roles=roles,
                holders=tuple(known.holders(who) for who in _would_pass(each)),
                changers=known.changers(),
            )
            for each in refusals
        ]

    return await database.read(work)


class _Known:
    """The people who may be named, by what they have."""

    def __init__(self, *, people: Sequence[Person], roles: Iterable[Role]) -> None:
        self._people = people
        self._roles = {each.name: each for each in roles}

    def holders(self, who: str) -> Holders:
        kind, _, name = who.partition(" ")
        match kind:
            case "role":
                found = [each.target_name for each in self._people if name in each.roles]
            case "person":
                found = [each.target_name for each in self._people if each.target_name == name]
            case _:
                found = []
        return Holders(who=who, people=tuple(found))

    def changers(self) -> dict[str, tuple[str, ...]]:
        functions = {each.target_name: self._functions(each) for each in self._people}
        return {
            name: tuple(each for each in _CHANGING if each in theirs)
            for name, theirs in functions.items()
            if not theirs.isdisjoint(_CHANGING)
        }

    def _functions(self, person: Person) -> frozenset[str]:
        held = (self._roles[each].functions for each in person.roles if each in self._roles)
        return frozenset[str]().union(*held)


def _refusal_at(seq: int, entries: Sequence[Entry], refusals: Sequence[Entry]) -> Entry:
    for each in refusals:
        if seq in (each["seq"], each.get("exchange")):
            return each
    there = ", ".join(str(each["seq"]) for each in refusals)
    listed = f"Refusals of this run: {there}." if there else "No call of this run was refused."
    kinds = {each["seq"]: each["kind"] for each in entries}
    if seq not in kinds:
        raise NotRefused(f"the run has no entry {seq}; it has {len(entries)}. {listed}")
    raise NotRefused(f"entry {seq} of the run is no refusal, but {kinds[seq]}. {listed}")


def _would_pass(entry: Entry) -> list[str]:
    explain = entry.get("explain")
    would_pass = explain.get("would_pass") if isinstance(explain, Mapping) else None
    return [str(each) for each in would_pass] if isinstance(would_pass, Sequence) else []


async def _roles(tx: Transaction, run: StoredRun) -> tuple[str, ...] | None:
    subject = run.initiator.subject
    person = None if subject is None else await tx.people.get(subject)
    return None if person is None else tuple(sorted(person.roles))
