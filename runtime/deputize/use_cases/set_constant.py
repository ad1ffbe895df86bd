"""Sets and deletes the constants of a plan."""

from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import NotFound
from deputize.use_cases.finding import developed_plan
from deputize.use_cases.names import refuse_unfit_name


async def set_constant(database: Database, actor: Actor, *, plan: str, name: str, value: str) -> None:
    """Give the constant *name* of a plan a value, which the next run has."""
    refuse_unfit_name(name)

    async def work(tx: Transaction) -> None:
        found = await developed_plan(tx, await actor.standing(tx), plan)
        await tx.constants.put(found.id, name, value)
        # A constant may hold what should be a secret; the record says that it changed, and no more.
        await note(tx, actor, "constant.set", f"constant:{found.name}/{name}")

    await database.write(work)


async def delete_constant(database: Database, actor: Actor, *, plan: str, name: str) -> None:
    """Delete the constant *name* of a plan."""

    async def work(tx: Transaction) -> None:
        found = await developed_plan(tx, await actor.standing(tx), plan)
        if not await tx.constants.delete(found.id, name):
            raise NotFound("constant", name)
        await note(tx, actor, "constant.deleted", f"constant:{found.name}/{name}")

    await database.write(work)


async def see_constants(database: Database, actor: Actor, *, plan: str) -> dict[str, str]:
    """Return the constants of a plan, by name."""

    async def work(tx: Transaction) -> dict[str, str]:
        found = await developed_plan(tx, await actor.standing(tx), plan)
        return await tx.constants.of_plan(found.id)

    return await database.read(work)
