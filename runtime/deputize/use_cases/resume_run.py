"""Has a run be gone on with that was interrupted, by somebody who knows what became of its last call."""

from deputize.authorisation import decide_develop
from deputize.domain.calls import Known
from deputize.domain.decision import Denial
from deputize.domain.functions import ADMIN
from deputize.domain.run import RunState
from deputize.domain.stored_run import StoredRun
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import Conflict, NotFound, NotPermitted, require
from deputize.use_cases.visibility import require_sight


async def resume_run(database: Database, actor: Actor, *, run_id: str, call: Known) -> StoredRun:
    """Have the run of that id be gone on with; its *call* that was under way was ``sent``, or ``not sent``.

    Not sent, it is sent now. Sent, it is not sent again, and the script is told that the answer is lost.
    The queue finds it within a moment. Raises ``NotFound``, ``NotPermitted`` for one who may not edit the
    run's plan, and ``Conflict`` for a run that is not INTERRUPTED or has nothing left to go on from.
    """

    async def work(tx: Transaction) -> StoredRun:
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
                    reason=f"{standing.name} may not resume this run: its plan is gone.",
                    needs=("function admin",),
                    would_pass=(),
                )
            )
        if run.state is not RunState.INTERRUPTED:
            raise Conflict(f"The run is {run.state}. Only one that is INTERRUPTED can be resumed.")
        if not await tx.calls.settle(run.id, call):
            raise Conflict("Nothing is kept of the call that was under way, so the run cannot go on.")
        await note(tx, actor, "run.resumed", f"run:{run.id}", call=call)
        resumed = await tx.runs.resume(run.id)
        return run if resumed is None else resumed

    return await database.write(work)
