"""Has a run be gone on with that was interrupted or given up, by somebody who has looked into it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from deputize.activity.journal import CallIntent
from deputize.domain.calls import Known, KnownOfCalls
from deputize.domain.run import RunState
from deputize.domain.stored_run import RunFilter, StoredRun
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import CallNotSettled, Conflict
from deputize.use_cases.visibility import developed_run

#: Nothing is said of any call.
NOTHING: Final[Mapping[int, Known]] = MappingProxyType({})


async def resume_run(
    database: Database, actor: Actor, *, run_id: str, calls: KnownOfCalls = NOTHING
) -> StoredRun:
    """Have the run of that id be gone on with; its *calls* under way were ``sent``, or ``not sent``.

    Not sent, a call is sent now. Sent, it is not sent again, and the script is told that the answer is lost.
    Of a run that is POISONED nothing is said: where calls were under way it will be INTERRUPTED. The queue
    finds it within a moment. Raises ``NotFound``, ``NotPermitted`` for one who may not edit the run's plan,
    ``CallNotSettled`` unless *calls* says it of each, and ``Conflict`` for a run in any other state, for
    calls that it does not have, and for one that has nothing left to go on from.
    """

    async def work(tx: Transaction) -> StoredRun:
        run = await developed_run(tx, actor, run_id, to="resume")
        if run.state is RunState.INTERRUPTED:
            in_doubt = await tx.calls.in_doubt(run.id)
            known = _known(run, in_doubt, calls)
            await tx.calls.settle(run.id, [(in_doubt[number - 1], each) for number, each in known.items()])
        elif run.state is RunState.POISONED:
            known = {}
            if calls:
                raise Conflict("The run is POISONED: nothing need be said of its calls. Resume it without.")
            if replays := await tx.runs.page(RunFilter(replay_of=run.id), limit=1):
                raise Conflict(f"The run was done again already, by run {replays[0].id}.")
        else:
            raise Conflict(
                f"The run is {run.state}. Only one that is INTERRUPTED or POISONED can be resumed."
            )
        resumed = await tx.runs.resume(run.id)
        if resumed is None:
            raise Conflict("Somebody has resumed the run at this moment.")
        told = {str(number): each for number, each in known.items()}
        await note(tx, actor, "run.resumed", f"run:{run.id}", state=run.state, calls=told)
        return resumed

    return await database.write(work)


def _known(run: StoredRun, in_doubt: Sequence[CallIntent], said: KnownOfCalls) -> dict[int, Known]:
    """Return what is *said* of each call of the *run* that is *in_doubt*, by its number."""
    if not in_doubt:
        raise Conflict("Nothing is kept of the call that was under way, so the run cannot go on.")
    calls = {number: f"{number}. {each.named}" for number, each in enumerate(in_doubt, start=1)}
    if isinstance(said, str):
        if len(calls) > 1:
            raise _not_settled(run, list(calls.values()))
        return {1: said}
    if strange := sorted(said.keys() - calls.keys()):
        raise Conflict(
            f"No call {strange[0]} of the run was under way. These were: {'; '.join(calls.values())}."
        )
    if left := [text for number, text in calls.items() if number not in said]:
        raise _not_settled(run, left)
    return dict(said)


def _not_settled(run: StoredRun, left: Sequence[str]) -> CallNotSettled:
    return CallNotSettled(
        f"Say of each call of the run {run.id} that was under way whether it was sent. Sent, it is not sent "
        "again, and the script is told that its answer is lost; not sent, it is sent now. Left are: "
        f"{'; '.join(left)}."
    )
