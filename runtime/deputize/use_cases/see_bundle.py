"""Gives a run as a bundle to who may see the run."""

from deputize.bundle.file import Bundle
from deputize.bundle.make import gather
from deputize.execution.resources import ResourceSource
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import NotFound
from deputize.use_cases.visibility import require_sight, visible_to


async def see_bundle(database: Database, actor: Actor, *, run_id: str, resources: ResourceSource) -> Bundle:
    """Return the run of that id as a bundle, without a secret; that it was taken is noted.

    *resources* knows the secrets of the run's plan, none of which may be in it. Raises ``NotRecorded`` for a
    run whose script was never started, and ``SecretInBundle``.
    """

    async def work(tx: Transaction) -> Bundle:
        standing = await actor.standing(tx)
        await visible_to(tx, standing)
        run = await tx.runs.get(run_id)
        if run is None:
            raise NotFound("run", run_id)
        await require_sight(tx, standing, run)
        known = await resources.of_plan(tx, run.plan_id)
        bundle = await gather(tx, run, secrets=known.known_secrets())
        await note(tx, actor, "bundle.taken", f"run:{run.id}", redacted=len(bundle.redacted))
        return bundle

    return await database.write(work)
