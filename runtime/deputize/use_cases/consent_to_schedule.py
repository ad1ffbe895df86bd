"""Consents to a schedule, as the very user as whom it runs, and takes that back."""

from dataclasses import replace

from deputize.authorisation import decide_login
from deputize.domain.decision import Denial
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import Conflict, NotPermitted, require
from deputize.use_cases.finding import names_by_subject
from deputize.use_cases.schedules import (
    SeenSchedule,
    find_schedule,
    require_own_or_developed,
    script_hash,
    seen,
    target,
)


async def consent_to_schedule(
    database: Database, actor: Actor, *, schedule_id: str, digest: str
) -> SeenSchedule:
    """Let the schedule of that id run as the actor, in whose name nobody else consents: no operator either.

    *digest* is that of the terms which were shown. Raises ``Conflict`` where they are others by now.
    """

    async def work(tx: Transaction) -> SeenSchedule:
        standing = await actor.standing(tx)
        before, integration, plan = await find_schedule(tx, schedule_id, hold=True)
        require_own_or_developed(standing, before, plan, what="see schedules")
        if before.subject != actor.subject:
            name = (await names_by_subject(tx)).get(before.subject, before.subject)
            raise NotPermitted(
                Denial(
                    reason=f"{actor.name} may not consent to this schedule: only {name}, as whom it runs.",
                    needs=(f"being {name}",),
                    would_pass=(f"person {name}",),
                )
            )
        require(decide_login(standing, what="consent to a schedule"))
        if digest != before.digest:
            raise Conflict("The schedule is not as it was shown. Read it again, and consent to that.")
        consented = replace(before, consented=tx.now, consented_script=await script_hash(tx, integration))
        consented = replace(consented, due=consented.next_due(tx.now))
        await tx.schedules.put(consented)
        await note(tx, actor, "schedule.consented", target(before, integration, plan), digest=before.digest)
        return await seen(tx, consented, integration, plan)

    return await database.write(work)


async def withdraw_consent(database: Database, actor: Actor, *, schedule_id: str) -> SeenSchedule:
    """Take the consent to a schedule back, for the user as whom it runs and for who edits its plan.

    Runs that have been accepted go on.
    """

    async def work(tx: Transaction) -> SeenSchedule:
        standing = await actor.standing(tx)
        before, integration, plan = await find_schedule(tx, schedule_id, hold=True)
        require_own_or_developed(standing, before, plan, what="withdraw a consent")
        withdrawn = replace(before, consented=None, consented_script=None, due=None)
        if withdrawn != before:
            await tx.schedules.put(withdrawn)
            await note(tx, actor, "schedule.withdrawn", target(before, integration, plan))
        return await seen(tx, withdrawn, integration, plan)

    return await database.write(work)
