"""Performs runs that wait: claimed, loaded, compiled, executed, ended.

Theory of operation: a run is claimed in a transaction of its own, so that nobody else performs it as long as
this attempt counts. From then on it is RUNNING, and there are these ways on. It comes to its own end, which
is kept together with its last entries. It cannot begin (its integration is gone, its script does not
compile): FAILED, with one error that says why. Something is wrong with Deputize: FAILED as well, the error
telling nothing but that, and the log everything but values. The process stops, or dies, or the database is
away for long: the next attempt goes on from the run's journal, on whichever worker claims it – unless a call
was under way that may not be sent twice; then it is INTERRUPTED, and an operator says whether that was sent.
What kills one worker after the other is given up: POISONED. And an attempt that counts no more, since its
worker was taken for dead, just ends.
"""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol
from uuid import uuid4

from deputize.activity.faults import log_fault
from deputize.domain.limits import Limits
from deputize.domain.run import Run, RunState
from deputize.domain.start import Start
from deputize.domain.stored_run import StoredRun
from deputize.errors import Misconfigured, StoreUnavailable
from deputize.execution.keeper import Keeper
from deputize.execution.observer import Observer
from deputize.execution.order import Order
from deputize.execution.parameters import wrong_parameters
from deputize.execution.recall import Diverged, OutcomeUnknown
from deputize.execution.resources import ResourceSource
from deputize.execution.shadow.shadowing import ShadowedRun, Shadowing
from deputize.execution.shadow.tally import Script
from deputize.store import Database, Transaction
from deputize.worker.assignment import Assignment, Shadowed, Unready, load_assignment
from deputize.worker.cut_short import fail, hand_over, interrupt, release_all
from deputize.worker.patience import PATIENCE_SECONDS, patiently
from deputize.worker.store_keeper import Afterwards, AttemptLost, StoreKeeper
from deputize_sandbox import CompiledScript, Rejected


class Compiler(Protocol):
    """Compiles scripts; the sandbox does."""

    async def compile(
        self, source: str, *, filename: str, shared: Mapping[str, str]
    ) -> CompiledScript | Rejected:
        """Compile *source*, which may import *shared* libraries by name, or say what is wrong."""
        ...


class Executor(Protocol):
    """Executes an order; the engine does."""

    async def execute(self, order: Order, *, keeper: Keeper) -> Run:
        """Run *order* to its end, kept by *keeper*."""
        ...


class Following(Protocol):
    """Says what comes after a run that has failed; ``NextTry`` does, which needs packages of the server."""

    async def after(self, tx: Transaction, state: RunState, code: str | None, *, run: StoredRun) -> None:
        """Keep what follows *run*, which has ended in *state* with an error of that *code*."""
        ...

    async def refusal(self, tx: Transaction, run: StoredRun) -> str | None:
        """Return why *run*, which follows another, is not to begin; None: it may."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Implements ``Work`` over the database."""

    #: Under which it takes runs up: another one for every process that ever was.
    name: str = field(default_factory=lambda: str(uuid4()))
    database: Database
    compiler: Compiler
    executor: Executor
    resources: ResourceSource
    limits: Limits
    #: Judges the calls of legacy runs as those of who is to be their initiator; None: nobody does.
    shadowing: Shadowing | None = None
    #: What comes after a run that has failed; None: nothing does.
    next_try: Following | None = None
    #: A run over which so many workers have died is given up.
    most_lost: int = 5

    async def recover(self, worker: str | None = None) -> None:
        """Let go of the runs that *worker*, or any, has left under way, for whoever claims them next."""
        await self.database.write(lambda tx: release_all(tx, worker=worker))

    async def waiting(self, limit: int) -> list[str]:
        """Return the ids of accepted runs that nobody performs, the oldest first."""
        return await self.database.read(lambda tx: tx.runs.waiting(tx.now, limit=limit))

    async def perform(self, run_id: str) -> None:
        """Take the run up and see it to its end; nothing happens when it is not waiting any more.

        Raises ``StoreUnavailable`` when it could not be taken up.
        """
        run = await self.database.write(lambda tx: tx.runs.claim(run_id, worker=self.name, at=tx.now))
        if run is None:
            return
        try:
            await self._perform(run)
        except asyncio.CancelledError:
            await asyncio.shield(self.database.write(lambda tx: hand_over(tx, run)))
            raise
        except Exception as error:
            await self._end(run, _cause(error))

    async def _end(self, run: StoredRun, error: BaseException) -> None:
        """End *run*, of which an attempt ended with *error*."""
        match error:
            case AttemptLost():
                # Its guest has ended with the attempt, and the run is somebody else's.
                log_fault("run.attempt_lost", error, run=run.id, trace_id=run.trace_id)
            case StoreUnavailable():
                log_fault("run.cut_off", error, run=run.id, trace_id=run.trace_id)
                # What came of its calls is in the journal, or it is in doubt: the next attempt knows.
                await patiently(lambda: self.database.write(lambda tx: hand_over(tx, run)))
            case OutcomeUnknown(intents=intents):
                await patiently(lambda: self.database.write(lambda tx: interrupt(tx, run, intents)))
            case Diverged():
                message = f"The script did not do again what it had done before its worker ended. {error}"
                await self._fail(run, Unready(code="SCRIPT_DIVERGED", message=message))
            case _:
                log_fault("run.fault", error, run=run.id, trace_id=run.trace_id)
                message = (
                    "A fault of Deputize ended this run. Its log has the details, under the id of the run."
                )
                await self._fail(run, Unready(code="INTERNAL_ERROR", message=message))

    async def _perform(self, run: StoredRun) -> None:
        order = await self._order(run) if run.lost < self.most_lost else _given_up(run)
        if isinstance(order, Unready):
            await self._fail(run, order)
        elif order.past is not None and (in_doubt := order.past.in_doubt):
            raise OutcomeUnknown(in_doubt)
        else:
            keeper = StoreKeeper(self.database, attempt=run.attempt, afterwards=self._afterwards(run))
            await self.executor.execute(order, keeper=keeper)

    async def _order(self, run: StoredRun) -> Order | Unready:
        if self.next_try is not None and run.retry_of is not None and run.attempts == 1:
            refused = await self.database.read(partial(self.next_try.refusal, run=run))
            if refused is not None:
                return Unready(code="RETRY_NOT_PERMITTED", message=f"It is not tried again. {refused}")
        try:
            assignment = await patiently(
                lambda: self.database.read(lambda tx: load_assignment(tx, run, self.resources)),
                seconds=PATIENCE_SECONDS,
            )
        except Misconfigured as error:
            return Unready(code="MISCONFIGURED", message=str(error))
        if isinstance(assignment, Unready):
            return assignment
        script = await self._compiled(run, assignment)
        if isinstance(script, Unready):
            return script
        past = assignment.past
        resources, limits = assignment.resources, self.limits.changed(assignment.limits)
        return Order(
            run_id=run.id,
            name=run.name,
            script=script,
            start=Start.model_validate(run.start),
            principal=run.initiator,
            limits=limits,
            endpoints=resources.endpoints,
            stand_ins=resources.stand_ins,
            constants=resources.constants,
            secrets=resources.secrets,
            form=assignment.form,
            integration_id=run.integration_id or "",
            chain=run.chain,
            replay_of=run.replay_of,
            replayed_by=run.replayed_by,
            retry_of=run.retry_of,
            tries=run.tries,
            trace_id=run.trace_id,
            observer=self._observer(run, assignment.shadowed, limits),
            seed=None if past is None else past.head.seed,
            past=past,
        )

    def _observer(self, run: StoredRun, shadowed: Shadowed | None, limits: Limits) -> Observer | None:
        if self.shadowing is None or shadowed is None:
            return None
        script = Script(name=run.name, sha256=run.script_sha256)
        over = ShadowedRun(run_id=run.id, initiator=run.initiator, script=script, limits=limits)
        return self.shadowing.over(over, shadowed.shadow, shadowed.principal)

    async def _compiled(self, run: StoredRun, assignment: Assignment) -> CompiledScript | Unready:
        compiled = await self.compiler.compile(
            assignment.source, filename=run.shown_path, shared=assignment.resources.shared
        )
        if isinstance(compiled, Rejected):
            wrong = compiled.diagnostics
        else:
            wrong = wrong_parameters(compiled, trigger=run.trigger, has_form=assignment.form is not None)
            if not wrong:
                return compiled
        lines = [f"{each.file}:{each.line}:{each.column}: {each.code}: {each.message}" for each in wrong]
        return Unready(code="SCRIPT_REJECTED", message="\n".join(lines))

    async def _fail(self, run: StoredRun, why: Unready) -> None:
        def ending(tx: Transaction) -> Awaitable[None]:
            return fail(
                tx,
                run,
                code=why.code,
                message=why.message,
                state=why.state,
                afterwards=self._afterwards(run),
            )

        await patiently(lambda: self.database.write(ending))

    def _afterwards(self, run: StoredRun) -> Afterwards | None:
        return None if self.next_try is None else partial(self.next_try.after, run=run)


def _given_up(run: StoredRun) -> Unready:
    return Unready(
        state="POISONED",
        code="WORKERS_LOST",
        message=(
            f"{run.lost} workers have died while they performed this run, and no other one is risked. "
            "Find out what killed them: the log of the machine they ran on tells, by the time of run.resumed."
            f" When that is mended: deputize runs resume {run.id}."
        ),
    )


def _cause(error: BaseException) -> BaseException:
    """Return the error that is in the innermost of groups: of calls at the same time, the first to fail."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
