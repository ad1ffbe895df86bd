"""Deletes a schedule; the runs that came of it stay."""

from deputize.authorisation import decide_develop
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import require
from deputize.use_cases.schedules import find_schedule, target


async def delete_schedule(database: Database, actor: Actor, *, schedule_id: str) -> None:
    """Delete the schedule of that id, for who edits its plan."""

    async def work(tx: Transaction) -> None:
        standing = await actor.standing(tx)
        schedule, integration, plan = await find_schedule(tx, schedule_id, hold=True)
        require(decide_develop(standing, plan))
        await tx.schedules.delete(schedule.id)
        await note(tx, actor, "schedule.deleted", target(schedule, integration, plan))

    await database.write(work)
