"""Shows on what terms the legacy integrations of a plan go on, and how many are left."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from deputize.domain.integration import Integration
from deputize.domain.legacy import LegacyTerms
from deputize.domain.person import Person
from deputize.domain.plan import Plan
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.finding import developed_plan

LegacyWarningCode: TypeAlias = Literal["NO_EFFECT", "NO_TERMS", "OPEN", "NO_OWNER", "OWNER_NOT_ACTIVE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyWarning:
    """Something to know about legacy terms, as a sentence and under a stable code."""

    code: LegacyWarningCode
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTerms:
    """The legacy terms of a plan as people see them: never the hash of the pair's password."""

    plan: Plan
    #: None where none were brought in; legacy integrations of such a plan let nobody in.
    terms: LegacyTerms | None
    #: The endpoint's owner; None where there is none, or where that account is no more.
    owner: Person | None
    #: The plan's integrations that are still legacy, by name.
    left: tuple[Integration, ...]

    @property
    def warnings(self) -> tuple[LegacyWarning, ...]:
        """What there is to know about them."""
        terms, owner = self.terms, self.owner
        if not self.left:
            return (
                LegacyWarning(
                    code="NO_EFFECT",
                    detail="No integration of the plan is legacy: neither an owner of its endpoint nor a "
                    "pair has any effect.",
                ),
            )
        if terms is None:
            detail = "No terms were brought in: nobody is let in. Choose a method for each integration."
            return (LegacyWarning(code="NO_TERMS", detail=detail),)
        found = []
        if not terms.authenticated:
            detail = "Everybody who can reach the server may set these integrations off."
            found.append(LegacyWarning(code="OPEN", detail=detail))
        if owner is None:
            detail = "Nobody owns the endpoint: calls of these integrations to the platform are refused."
            found.append(LegacyWarning(code="NO_OWNER", detail=detail))
        elif not owner.active:
            detail = (
                f"{owner.target_name}, who owns the endpoint, is {owner.status}: calls of these integrations "
                "to the platform are refused."
            )
            found.append(LegacyWarning(code="OWNER_NOT_ACTIVE", detail=detail))
        return tuple(found)


async def see_legacy(database: Database, actor: Actor, *, plan: str) -> SeenTerms:
    """Return the legacy terms of the plan whose id or name is *plan*, to who develops it."""

    async def work(tx: Transaction) -> SeenTerms:
        found = await developed_plan(tx, await actor.standing(tx), plan)
        terms = await tx.legacy.terms(found.id)
        return SeenTerms(
            plan=found,
            terms=terms,
            owner=None if terms is None or terms.owner is None else await tx.people.get(terms.owner),
            left=tuple(await tx.integrations.legacy_of_plan(found.id)),
        )

    return await database.read(work)
