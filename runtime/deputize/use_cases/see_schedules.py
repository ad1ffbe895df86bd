"""Shows schedules: those of plans that one edits, and those that run as oneself."""

from deputize.authorisation import decide_login
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import require
from deputize.use_cases.finding import find_integration, find_person, may_develop, names_by_subject
from deputize.use_cases.schedules import (
    SeenSchedule,
    find_schedule,
    listed_as,
    require_own_or_developed,
    seen,
)


async def see_schedules(
    database: Database, actor: Actor, *, integration_id: str | None = None, user: str | None = None
) -> list[SeenSchedule]:
    """Return schedules, by name: of one integration, of one user, of both, or all that the actor sees."""

    async def work(tx: Transaction) -> list[SeenSchedule]:
        standing = await actor.standing(tx)
        require(decide_login(standing, what="see schedules"))
        if integration_id is not None:
            await find_integration(tx, integration_id)
        subject = None if user is None else (await find_person(tx, user)).id
        integrations = {each.id: each for each in await tx.integrations.all()}
        plans = {each.id: each for each in await tx.plans.all()}
        edited = {each.id for each in plans.values() if may_develop(standing, each)}
        names = await names_by_subject(tx)
        found: list[SeenSchedule] = []
        for each in await tx.schedules.all():
            integration = integrations[each.integration_id]
            wanted = integration_id in (None, integration.id) and subject in (None, each.subject)
            if wanted and (each.subject == standing.subject or integration.plan_id in edited):
                plan = plans[integration.plan_id]
                found.append(await listed_as(tx, each, integration, plan, names=names))
        return found

    return await database.read(work)


async def see_schedule(database: Database, actor: Actor, *, schedule_id: str) -> SeenSchedule:
    """Return the schedule of that id, to whom it runs as and to who edits its plan."""

    async def work(tx: Transaction) -> SeenSchedule:
        standing = await actor.standing(tx)
        schedule, integration, plan = await find_schedule(tx, schedule_id)
        require_own_or_developed(standing, schedule, plan, what="see a schedule")
        return await seen(tx, schedule, integration, plan)

    return await database.read(work)
