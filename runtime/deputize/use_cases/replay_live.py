"""Replays a run live: what it was given is done again, against the real systems, by a new run.

Theory of operation. One transaction judges by the state of this moment and keeps the new run, its job and
the record of the act, or a DENIED run whose single entry says why; the queue is told after the commit. The
new run has an id of its own, so nothing that the old one has done is taken for done. It runs the script,
and has the endpoints, that the integration has now. Of the old run nothing is changed.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from pydantic import JsonValue

from deputize.activity.entries import Script
from deputize.credentials.authenticators import Accounts
from deputize.denied import Refusal, keep_denied
from deputize.domain.chain import ChainRefused, extend
from deputize.domain.decision import Denial
from deputize.domain.event import Chain
from deputize.domain.run import RunState
from deputize.domain.start import INBOUND, Start, by_request
from deputize.domain.stored_run import StoredRun
from deputize.inbound.answers import Accepted, CallerRefused
from deputize.inbound.idempotency import IdempotencyKey, answered_before, remember
from deputize.inbound.rate import beyond_rate
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import Conflict, NotFound, NotPermitted, NotReplayable
from deputize.use_cases.replay_rule import Replayable, Verdict, judge_replay, replayable
from deputize.use_cases.visibility import is_seen, visible_to

#: Why something is not done about a run.
NO_DEAD_LETTER: Final = "The run is {state} and no dead letter, or somebody has seen to it already."
_REQUEST_ID: Final = "request_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedReplay:
    """Which run is to be replayed, and as whom."""

    run_id: str
    #: As its initiator, and not as who replays it.
    as_initiator: bool = False
    #: Only if it is a dead letter.
    dead_letter: bool = False
    #: The ``Idempotency-Key`` of the request.
    key: str | None = None

    @property
    def idempotency(self) -> IdempotencyKey | None:
        """By what the same request is known when it comes again."""
        if self.key is None:
            return None
        told = json.dumps(["retry" if self.dead_letter else "replay", self.run_id, self.as_initiator])
        return IdempotencyKey(key=self.key, request_hash=hashlib.sha256(told.encode()).hexdigest())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayAccepted:
    """The new run is stored and will be taken up."""

    run_id: str
    replay_of: str
    #: Whether it was accepted before, by a request with the same Idempotency-Key.
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A replay that is asked for, as the rule has it at this moment."""

    found: Replayable
    verdict: Verdict
    #: What led to the integration, itself included if it may be set off once more.
    chain: Chain
    refusal: Refusal | None


class LiveReplay:
    """Replays runs live, for those who may."""

    def __init__(
        self,
        *,
        database: Database,
        accounts: Accounts,
        default_script: Script,
        submit: Callable[[str], None],
    ) -> None:
        """Take what it works with, as ``Intake`` does."""
        self._database = database
        self._accounts = accounts
        self._default_script = default_script
        self._submit = submit

    async def replay(self, actor: Actor, wanted: WantedReplay) -> ReplayAccepted | CallerRefused:
        """Return that the run is replayed, or why the request is not accepted, now or under its key.

        Raises ``NotFound`` for a run that the actor does not see, ``NotReplayable``, ``Conflict`` for one
        that is to be a dead letter and is none, and ``NotPermitted`` once the refusal is kept.
        """
        answer = await self._database.write(lambda tx: self._keep(tx, actor, wanted))
        if isinstance(answer, Refusal):
            return _refused(answer)
        if isinstance(answer, ReplayAccepted) and not answer.again:
            self._submit(answer.run_id)
        return answer

    async def why_not(self, actor: Actor, runs: Sequence[StoredRun]) -> list[str | None]:
        """Return for each of *runs* why it could not be replayed as its initiator now; None: it could."""

        async def work(tx: Transaction) -> list[str | None]:
            return [await self._why_not(tx, actor, each) for each in runs]

        return await self._database.read(work)

    async def _why_not(self, tx: Transaction, actor: Actor, run: StoredRun) -> str | None:
        try:
            judged = await self._judge(tx, actor, run, as_initiator=True)
        except (NotReplayable, NotPermitted) as error:
            return str(error)
        return None if judged.refusal is None else judged.refusal.reason

    async def _judge(self, tx: Transaction, actor: Actor, old: StoredRun, *, as_initiator: bool) -> _Judged:
        """Judge a replay of *old*. Raises ``NotReplayable`` and ``NotPermitted``."""
        found = await replayable(tx, old, default_script=self._default_script)
        verdict = await judge_replay(
            tx, actor, old, found, as_initiator=as_initiator, accounts=self._accounts
        )
        chain = extend(_led_to(old), found.integration.id, name=found.integration.name)
        why = verdict.decision if isinstance(verdict.decision, Denial) else chain
        return _Judged(
            found=found,
            verdict=verdict,
            chain=_led_to(old) if isinstance(chain, ChainRefused) else chain,
            refusal=Refusal.of(why, not_permitted="REPLAY_NOT_PERMITTED")
            if isinstance(why, Denial | ChainRefused)
            else None,
        )

    async def _keep(
        self, tx: Transaction, actor: Actor, wanted: WantedReplay
    ) -> ReplayAccepted | CallerRefused | Refusal:
        old = await _seen(tx, actor, wanted.run_id)
        if wanted.dead_letter and old.given_up is None:
            before = await answered_before(tx, wanted.idempotency, subject=actor.subject)
            if before is None:
                raise Conflict(NO_DEAD_LETTER.format(state=old.state))
            return _again(before, wanted)
        judged = await self._judge(tx, actor, old, as_initiator=wanted.as_initiator)
        found, refusal = judged.found, judged.refusal
        new = _run(tx, actor, old, judged)
        if refusal is None:
            answered = await self._answered(tx, actor, wanted, new, found)
        else:
            answered = await _limited(tx, new, found, denied=True)
        if answered is not None:
            return answered
        if refusal is None:
            # Whatever becomes of it: what fails again is a dead letter of its own.
            was_dead = await tx.runs.see_to(old.id)
            if wanted.dead_letter and not was_dead:
                # Somebody else was quicker, whose change this one has waited for.
                raise Conflict(NO_DEAD_LETTER.format(state=old.state))
            await tx.runs.add(new)
        else:
            await keep_denied(tx, new, refusal, clock=lambda: tx.now)
        detail = {"replay": new.id, "initiator": new.initiator.id, "state": new.state.value}
        await note(tx, actor, "run.replayed", f"run:{old.id}", **detail)
        return refusal or ReplayAccepted(run_id=new.id, replay_of=old.id)

    async def _answered(
        self, tx: Transaction, actor: Actor, wanted: WantedReplay, new: StoredRun, found: Replayable
    ) -> ReplayAccepted | CallerRefused | None:
        """Return the answer that the same request has had, or that of a plan which accepts no more now."""
        key, subject = wanted.idempotency, actor.subject
        answered = await answered_before(tx, key, subject=subject) or await _limited(tx, new, found)
        if answered is None and not await remember(tx, key, subject=subject, run_id=new.id):
            # The same request came twice at once, and the other one was quicker.
            answered = await answered_before(tx, key, subject=subject)
        return None if answered is None else _again(answered, wanted)


def _again(answered: Accepted | CallerRefused, wanted: WantedReplay) -> ReplayAccepted | CallerRefused:
    """Return what the request was *answered* that has come before."""
    if isinstance(answered, CallerRefused):
        return answered
    return ReplayAccepted(run_id=answered.request_id, replay_of=wanted.run_id, again=True)


def _refused(refusal: Refusal) -> CallerRefused:
    """Return the answer to a *refusal* that is kept; raises ``NotPermitted`` for want of a right."""
    if refusal.told == "NOT_PERMITTED":
        raise NotPermitted(Denial(reason=refusal.reason, needs=refusal.needs, would_pass=refusal.would_pass))
    return CallerRefused(code=refusal.told, detail=refusal.reason, operator_detail=refusal.reason)


async def _seen(tx: Transaction, actor: Actor, run_id: str) -> StoredRun:
    visible = await visible_to(tx, await actor.standing(tx))
    run = await tx.runs.get(run_id)
    # Who does not see it is not told that there is one.
    if run is None or not is_seen(run, visible):
        raise NotFound("run", run_id)
    return run


async def _limited(
    tx: Transaction, new: StoredRun, found: Replayable, *, denied: bool = False
) -> CallerRefused | None:
    """Return that the plan accepts no more requests now, to which the replay of one belongs."""
    return await beyond_rate(tx, found.plan, denied=denied) if new.trigger == INBOUND else None


def _led_to(old: StoredRun) -> Chain:
    """Return the integrations that led to the integration of *old*; of a DENIED run, all of its chain."""
    return old.chain if old.state is RunState.DENIED else old.chain[:-1]


def _run(tx: Transaction, actor: Actor, old: StoredRun, judged: _Judged) -> StoredRun:
    found, denied = judged.found, judged.refusal is not None
    run_id, integration = str(uuid4()), found.integration
    return StoredRun(
        id=run_id,
        state=RunState.DENIED if denied else RunState.QUEUED,
        integration_id=integration.id,
        plan_id=found.plan.id,
        name=integration.name,
        trigger=old.trigger,
        script_sha256=found.script.sha256,
        script_version_id=integration.script_version_id,
        shown_path=found.script.name,
        start=_start(old, run_id),
        initiator=judged.verdict.principal,
        event_id=old.event_id,
        replay_of=old.id,
        replayed_by=actor.name,
        chain=judged.chain,
        trace_id=uuid4().hex,
        queued=tx.now,
        finished=tx.now if denied else None,
    )


def _start(old: StoredRun, run_id: str) -> dict[str, JsonValue]:
    """Return what *old* was given, under the id of the new run."""
    start = Start.model_validate(old.start)
    if by_request(start.trigger):
        start = start.model_copy(update={"provided": {**start.provided, _REQUEST_ID: run_id}})
    return start.model_dump(mode="json")
