"""Whose runs somebody sees: their own; of plans that they edit, everybody's; as administrator, all."""

from deputize.authorisation import decide_develop, decide_login
from deputize.domain.decision import Denial
from deputize.domain.functions import ADMIN
from deputize.domain.standing import Standing
from deputize.domain.stored_run import EVERYTHING, StoredRun, Visible
from deputize.store import Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import NotFound, NotPermitted, require
from deputize.use_cases.finding import may_develop


async def visible_to(tx: Transaction, standing: Standing) -> Visible:
    """Return whose runs and entries *standing* sees now."""
    require(decide_login(standing, what="see runs"))
    if standing.has(ADMIN):
        return EVERYTHING
    plans = [each.id for each in await tx.plans.all() if may_develop(standing, each)]
    return Visible(plans=frozenset(plans), subject=standing.subject)


def is_seen(run: StoredRun, visible: Visible) -> bool:
    """Return whether *run* is among what is *visible*."""
    return visible.plans is None or run.plan_id in visible.plans or run.initiator.subject == visible.subject


async def require_sight(tx: Transaction, standing: Standing, run: StoredRun) -> None:
    """Raise ``NotPermitted`` when *standing* does not see *run*."""
    if is_seen(run, await visible_to(tx, standing)):
        return
    raise NotPermitted(
        Denial(
            reason=f"{standing.name} may not see this run: it was set off by somebody else.",
            needs=("being its initiator", "function developer and access to its plan"),
            would_pass=(),
        )
    )


async def developed_run(tx: Transaction, actor: Actor, run_id: str, *, to: str) -> StoredRun:
    """Return the run of that id, which *actor* may *to* do something about: who edits its plan.

    Raises ``NotFound`` and ``NotPermitted``.
    """
    standing = await actor.standing(tx)
    run = await tx.runs.get(run_id)
    if run is None:
        raise NotFound("run", run_id)
    await require_sight(tx, standing, run)
    plan = None if run.plan_id is None else await tx.plans.get(run.plan_id)
    if plan is not None:
        require(decide_develop(standing, plan))
    elif not standing.has(ADMIN):
        raise NotPermitted(
            Denial(
                reason=f"{standing.name} may not {to} this run: its plan is gone.",
                needs=("function admin",),
                would_pass=(),
            )
        )
    return run
