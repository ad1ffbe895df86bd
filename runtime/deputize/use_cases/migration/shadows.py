"""Starts, ends and shows shadows: what would become of a legacy integration's calls as somebody else's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from deputize.authorisation import decide_function
from deputize.domain.functions import ADMIN
from deputize.domain.integration import Integration
from deputize.domain.legacy import Shadow, ShadowFinding
from deputize.domain.plan import Plan
from deputize.domain.stored_run import RunFilter
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import Conflict, Fault, Invalid, NotFound, require
from deputize.use_cases.finding import developed_integration, find_integration


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenShadow:
    """A shadow, with what it has found."""

    integration: Integration
    plan: Plan
    shadow: Shadow
    #: The name of whom the calls are judged as; None where that account is no more.
    user: str | None
    #: Runs of the integration since it began.
    runs: int
    found: Sequence[ShadowFinding]


async def start_shadow(
    database: Database, actor: Actor, *, integration_id: str, user: str, days: int | None
) -> SeenShadow:
    """Have the calls of a legacy integration judged as those of *user* as well, from the next run on.

    It lasts for *days*, or until it is ended. What was found for the same user is kept and goes on.
    """

    async def work(tx: Transaction) -> SeenShadow:
        integration, plan = await _administered(tx, actor, integration_id, what="shadow an integration")
        if not integration.legacy:
            raise Conflict(
                f'The integration "{integration.name}" is not legacy: its scripts call as the initiator '
                "already, and there is nothing to compare."
            )
        person = await tx.people.by_name(user)
        if person is None or not person.active:
            raise Invalid(Fault(pointer="/as", detail="There is no active user of this name."))
        before = await tx.legacy.shadow(integration.id)
        until = None if days is None else tx.now + timedelta(days=days)
        if before is None or before.subject != person.id:
            await tx.legacy.delete_findings(integration.id)
            shadow = Shadow(integration_id=integration.id, subject=person.id, since=tx.now, until=until)
        else:
            shadow = replace(before, until=until)
        await tx.legacy.put_shadow(shadow)
        where = f"integration:{plan.name}/{integration.name}"
        ends = None if until is None else until.isoformat()
        await note(tx, actor, "shadow.started", where, user=person.target_name, until=ends)
        return await _seen(tx, integration, plan, shadow)

    return await database.write(work)


async def end_shadow(database: Database, actor: Actor, *, integration_id: str) -> SeenShadow:
    """End the shadow of an integration; what it found stays. One that has ended stays as it is."""

    async def work(tx: Transaction) -> SeenShadow:
        integration, plan = await _administered(tx, actor, integration_id, what="end a shadow")
        shadow = await _shadow(tx, integration)
        if shadow.live(tx.now):
            shadow = replace(shadow, until=tx.now)
            await tx.legacy.put_shadow(shadow)
            await note(tx, actor, "shadow.ended", f"integration:{plan.name}/{integration.name}")
        return await _seen(tx, integration, plan, shadow)

    return await database.write(work)


async def see_shadow(database: Database, actor: Actor, *, integration_id: str) -> SeenShadow:
    """Return the shadow of an integration, ended or not, with what it has found."""

    async def work(tx: Transaction) -> SeenShadow:
        integration, plan = await developed_integration(tx, await actor.standing(tx), integration_id)
        return await _seen(tx, integration, plan, await _shadow(tx, integration))

    return await database.read(work)


async def _administered(
    tx: Transaction, actor: Actor, integration_id: str, *, what: str
) -> tuple[Integration, Plan]:
    require(decide_function(await actor.standing(tx), ADMIN, what=what))
    return await find_integration(tx, integration_id)


async def _shadow(tx: Transaction, integration: Integration) -> Shadow:
    shadow = await tx.legacy.shadow(integration.id)
    if shadow is None:
        raise NotFound("shadow of the integration", integration.name)
    return shadow


async def _seen(tx: Transaction, integration: Integration, plan: Plan, shadow: Shadow) -> SeenShadow:
    person = await tx.people.get(shadow.subject)
    return SeenShadow(
        integration=integration,
        plan=plan,
        shadow=shadow,
        user=None if person is None else person.target_name,
        runs=await tx.runs.matching(
            RunFilter(integration_id=integration.id, since=shadow.since, until=shadow.until)
        ),
        found=await tx.legacy.findings(integration.id),
    )
