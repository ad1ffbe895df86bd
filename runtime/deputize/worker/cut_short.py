"""The ends of runs that did not come to their own: interrupted, or never begun."""

from collections.abc import Sequence
from typing import Literal

from deputize.activity.entries import (
    CallInDoubt,
    ErrorCode,
    ErrorEntry,
    Initiator,
    RunFinished,
    RunInterrupted,
    Script,
)
from deputize.activity.journal import CallIntent
from deputize.activity.stream import ActivityStream
from deputize.domain.run import RunState
from deputize.domain.stored_run import StoredRun
from deputize.store import Transaction
from deputize.worker.store_keeper import Afterwards, append_new
from deputize_client import Redactor


async def release_all(tx: Transaction, *, worker: str | None) -> None:
    """Let go of every run that *worker*, or any, has left under way, and of what it called with."""
    for run in await tx.runs.release(worker=worker):
        await tx.tokens.delete_of_run(run.id)


async def hand_over(tx: Transaction, run: StoredRun) -> None:
    """Let go of *run* because the process is about to end; whoever comes goes on with it."""
    if await tx.runs.hand_over(run.attempt):
        await tx.tokens.delete_of_run(run.id)


async def interrupt(tx: Transaction, run: StoredRun, intents: Sequence[CallIntent]) -> None:
    """End *run*, of which nobody knows whether the calls of *intents* were sent, which may not be twice."""
    if not await tx.runs.finish(run.id, state=RunState.INTERRUPTED, at=tx.now, by=run.attempt):
        return
    await tx.calls.doubt(run.id, intents)
    in_doubt = await tx.calls.in_doubt(run.id)
    told = [
        CallInDoubt(
            call=number,
            endpoint=each.endpoint,
            method=each.method,
            path=each.path,
            body=each.body,
            line=each.line,
        ).model_dump(mode="json")
        for number, each in enumerate(in_doubt, start=1)
    ]
    stream = await _stream(tx, run)
    stream.append(RunInterrupted, reason=_reason(run, in_doubt), calls=list(told))
    await append_new(tx, run.id, stream.entries)


async def fail(
    tx: Transaction,
    run: StoredRun,
    *,
    code: ErrorCode,
    message: str,
    state: Literal["FAILED", "POISONED"] = "FAILED",
    afterwards: Afterwards | None = None,
) -> None:
    """End *run* with one error, as FAILED or in another *state*; one that has ended stays as it is.

    What the run did until then is counted by its entries. A run that is POISONED may be resumed, and keeps
    its calls for that.
    """
    written = await tx.entries.of_run(run.id)
    exchanges = [each for each in written if each["kind"] == "http.exchange"]
    refusals = sum(each["kind"] == "permission.denied" for each in written)
    stream = await _stream(tx, run)
    error = stream.append(ErrorEntry, code=code, type=code, message=message)
    wall_ms = 0.0 if run.started is None else (tx.now - run.started).total_seconds() * 1000
    http_ms = sum(float(str(each["elapsed_ms"])) for each in exchanges)
    stream.append(
        RunFinished,
        level="error",
        state=state,
        calls=len(exchanges),
        refusals=refusals,
        wall_ms=round(wall_ms, 3),
        http_ms=round(http_ms, 3),
        script_ms=round(max(wall_ms - http_ms, 0.0), 3),
    )
    ended = await tx.runs.finish(
        run.id,
        state=RunState(state),
        at=tx.now,
        by=run.attempt,
        error=error.model_dump(mode="json"),
        calls=len(exchanges),
        refusals=refusals,
    )
    if ended:
        await append_new(tx, run.id, stream.entries)
        if state == "FAILED":
            await tx.calls.forget(run.id)
        if afterwards is not None:
            await afterwards(tx, RunState(state), code)


def _reason(run: StoredRun, in_doubt: Sequence[CallIntent]) -> str:
    if len(in_doubt) == 1:
        return (
            f"Its worker ended while the call {in_doubt[0].named} was under way. Whether it was sent is not "
            "known, and it is not sent a second time. Look there, then say which: "
            f"deputize runs resume {run.id} --sent, or --not-sent."
        )
    calls = "; ".join(f"{number}. {each.named}" for number, each in enumerate(in_doubt, start=1))
    return (
        f"Its worker ended while {len(in_doubt)} calls were under way: {calls}. Whether they were sent is "
        "not known, and none is sent a second time. Look there, then say of each which, by its number: "
        f"deputize runs resume {run.id} --sent 1 --not-sent 2, and so on."
    )


async def _stream(tx: Transaction, run: StoredRun) -> ActivityStream:
    """Return the writer of what follows the entries that *run* has."""
    return ActivityStream(
        run=run.id,
        initiator=Initiator(id=run.initiator.id, via=run.initiator.via),
        script=Script(name=run.name, sha256=run.script_sha256),
        redactor=Redactor(),
        clock=lambda: tx.now,
        trace_id=run.trace_id,
        after=await tx.entries.last_seq(run.id),
    )
