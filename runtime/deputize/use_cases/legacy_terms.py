"""The terms on which a plan's legacy integrations go on: as whom they call, and who may call them.

They come with an import that keeps legacy integrations, and an administrator may change them for as long
as one is left. Afterwards they have no effect on anything, and are shown as such.
"""

from dataclasses import replace
from typing import Final

from deputize.authorisation import decide_function
from deputize.credentials.passwords import Busy
from deputize.domain.functions import ADMIN
from deputize.domain.legacy import LegacyTerms
from deputize.domain.plan import Plan
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import Conflict, Fault, Invalid, TooBusy, require
from deputize.use_cases.finding import find_plan
from deputize.use_cases.set_password import SHORTEST, PasswordHasher

#: What HTTP Basic is read up to; a longer name or password could never be presented.
_LONGEST_NAME: Final = 100
_LONGEST_PASSWORD: Final = 1024
#: What the names of API keys begin with, which are another credential.
_KEY_ID: Final = "dpk_"


async def set_owner(database: Database, actor: Actor, *, plan: str, owner: str | None) -> None:
    """Have the plan's legacy integrations call as the user *owner* from the next request on.

    None: as nobody, so that their calls are refused. Raises ``Conflict`` when it would have no effect.
    """

    async def work(tx: Transaction) -> None:
        found, terms = await _effective(tx, actor, plan)
        person = None if owner is None else await tx.people.by_name(owner)
        if owner is not None and (person is None or not person.active):
            raise Invalid(Fault(pointer="/owner", detail="There is no active user of this name."))
        changed = replace(terms, owner=None if person is None else person.id)
        if changed != terms:
            await put_terms(tx, actor, found, changed)

    await database.write(work)


async def set_pair(
    database: Database, actor: Actor, *, hasher: PasswordHasher, plan: str, name: str, password: str
) -> None:
    """Give the plan another pair of *name* and *password*; the old one is no good at once.

    Raises ``Conflict`` when it would have no effect: no legacy integration is left, or all are open.
    """

    async def look(tx: Transaction) -> tuple[Plan, LegacyTerms]:
        found, terms = await _effective(tx, actor, plan)
        if not terms.authenticated:
            raise Conflict(
                f'The legacy integrations of the plan "{found.name}" ask nobody for a name and password, so '
                "that a pair has no effect. Choose a method for each to have its callers authenticated."
            )
        return found, terms

    await database.read(look)
    refuse_unfit_pair(name, password, shortest=SHORTEST)
    hashed = await hasher.hash(password)
    if isinstance(hashed, Busy):
        raise TooBusy(hashed.retry_after)

    async def work(tx: Transaction) -> None:
        # Hashing takes its time; what was allowed before need not be now.
        found, terms = await look(tx)
        await put_terms(tx, actor, found, replace(terms, name=name, hash=hashed))

    await database.write(work)


async def put_terms(tx: Transaction, actor: Actor, plan: Plan, terms: LegacyTerms) -> None:
    """Keep *terms* over those of *plan*, or as its first, and note it; nobody is asked whether they may."""
    owner = None if terms.owner is None else await tx.people.get(terms.owner)
    await tx.legacy.put_terms(terms)
    await note(
        tx,
        actor,
        "legacy.changed",
        f"plan:{plan.name}",
        authenticated=terms.authenticated,
        pair=terms.name,
        owner=None if owner is None else owner.target_name,
    )


def refuse_unfit_pair(name: str, password: str, *, shortest: int = 1) -> None:
    """Raise ``Invalid`` for a pair that HTTP Basic could not carry, or a password below *shortest*."""
    faults = []
    if not 0 < len(name) <= _LONGEST_NAME:
        faults.append(Fault(pointer="/name", detail=f"A name has 1 to {_LONGEST_NAME} characters."))
    elif ":" in name or _has_controls(name):
        faults.append(
            Fault(
                pointer="/name",
                detail="A name has no colon and no control characters: HTTP Basic cannot carry them.",
            )
        )
    elif name.startswith(_KEY_ID):
        faults.append(Fault(pointer="/name", detail=f'A name does not begin with "{_KEY_ID}": API keys do.'))
    if not shortest <= len(password) <= _LONGEST_PASSWORD:
        faults.append(
            Fault(
                pointer="/password",
                detail=f"A password has {shortest} to {_LONGEST_PASSWORD} characters.",
            )
        )
    elif _has_controls(password):
        faults.append(
            Fault(
                pointer="/password",
                detail="A password has no control characters: HTTP Basic cannot carry them.",
            )
        )
    if faults:
        raise Invalid(*faults)


async def _effective(tx: Transaction, actor: Actor, plan: str) -> tuple[Plan, LegacyTerms]:
    """Return the plan and its terms, which the actor may change and which have an effect."""
    require(decide_function(await actor.standing(tx), ADMIN, what="change the terms of legacy integrations"))
    found = await find_plan(tx, plan)
    if not await tx.integrations.legacy_of_plan(found.id):
        raise Conflict(
            f'No integration of the plan "{found.name}" is legacy, so that neither the owner of its endpoint '
            "nor its pair has any effect. Nothing was changed."
        )
    terms = await tx.legacy.terms(found.id)
    if terms is None:
        raise Conflict(
            f'The plan "{found.name}" has no legacy terms on record, so that its legacy integrations let '
            "nobody in. Choose a method for each."
        )
    return found, terms


def _has_controls(text: str) -> bool:
    return any(each < " " or each == "\x7f" for each in text)
