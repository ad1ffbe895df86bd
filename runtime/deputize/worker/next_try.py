"""What comes after a run that has failed: its next try, or it is a dead letter.

Theory of operation. Decided in the transaction that ends the run, so there is no failed run that is neither
tried again nor listed as given up. A retry is a run of its own, for the same initiator and with what the
failed one was given, which nobody takes up before its time. It runs the script that the integration has now.
Whether the initiator may set the integration off is asked anew, as it was asked of the request, and once more
when its time has come: who has lost that right since is not made to run anything, however often it was to be
tried.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

from pydantic import ValidationError

from deputize.activity.entries import Script
from deputize.authorisation import decide_legacy
from deputize.credentials.authenticators import Accounts
from deputize.domain.decision import Denial
from deputize.domain.principal import Principal
from deputize.domain.retries import GIVEN_UP, LASTING, RETRIED, Retries
from deputize.domain.run import RunState
from deputize.domain.start import SCHEDULE
from deputize.domain.stored_run import StoredRun
from deputize.inbound.legacy import owner_of
from deputize.store import Transaction
from deputize.use_cases.errors import NotReplayable
from deputize.use_cases.replay_rule import REPLAY, Replayable, consent_to, decide_again, replayable

_NO_CONSENT: Final = (
    "The schedule is paused or gone, or its user does not consent any more to what it was then."
)


@dataclass(frozen=True, slots=True)
class _GivenUp:
    """Why a run is not tried again by itself: a sentence for a person."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTry:
    """Has what has failed be tried again, where its integration says so."""

    accounts: Accounts
    default_script: Script
    #: Of numbers from 0 to 1.
    chance: Callable[[], float] = random.random

    async def after(self, tx: Transaction, state: RunState, code: str | None, *, run: StoredRun) -> None:
        """Keep the next try of *run*, which has ended in *state* with an error of that *code*, or give it up.

        Nothing happens after an end that is none of a failure.
        """
        if state not in GIVEN_UP or run.integration_id is None:
            return
        following = await self._following(tx, run, state, code)
        if isinstance(following, StoredRun):
            await tx.runs.add(following)
        else:
            await tx.runs.give_up(run.id, at=tx.now, because=following.because)

    async def _following(
        self, tx: Transaction, run: StoredRun, state: RunState, code: str | None
    ) -> StoredRun | _GivenUp:
        retries = await _retries(tx, run, state, code)
        if isinstance(retries, _GivenUp):
            return retries
        judged = await self._judged(tx, replace(run, state=state, worker=None))
        if isinstance(judged, _GivenUp):
            return judged
        found, initiator = judged
        pause = retries.pause(run.tries, chance=self.chance())
        return StoredRun(
            id=str(uuid4()),
            integration_id=run.integration_id,
            plan_id=found.plan.id,
            name=found.integration.name,
            trigger=run.trigger,
            script_sha256=found.script.sha256,
            script_version_id=found.integration.script_version_id,
            shown_path=found.script.name,
            start=run.start,
            initiator=initiator,
            event_id=run.event_id,
            replay_of=run.replay_of,
            replayed_by=run.replayed_by,
            retry_of=run.id,
            tries=run.tries + 1,
            chain=run.chain,
            trace_id=run.trace_id,
            queued=tx.now,
            due=tx.now + pause,
        )

    async def refusal(self, tx: Transaction, run: StoredRun) -> str | None:
        """Return why *run*, which is a retry and about to begin, is not to: a sentence; None: it may.

        It has waited, and what was so when it was made need not be so any more.
        """
        retries = await _retries_of(tx, run)
        if isinstance(retries, _GivenUp):
            return retries.because
        judged = await self._judged(tx, replace(run, state=RunState.FAILED, worker=None))
        return judged.because if isinstance(judged, _GivenUp) else None

    async def _judged(self, tx: Transaction, run: StoredRun) -> tuple[Replayable, Principal] | _GivenUp:
        """Return with what and as whom *run*, which has ended, is tried again, by what is so now."""
        try:
            found = await replayable(tx, run, default_script=self.default_script)
        except NotReplayable as error:
            return _GivenUp(str(error))
        initiator = await self._initiator(tx, run, found)
        return _GivenUp(initiator.reason) if isinstance(initiator, Denial) else (found, initiator)

    async def _initiator(self, tx: Transaction, run: StoredRun, found: Replayable) -> Principal | Denial:
        """Return as whom *run* is tried again: as its initiator, who may set it off now as at first."""
        if run.legacy:
            return await self._owner(tx, found)
        if run.initiator.via == SCHEDULE:
            schedule = await consent_to(tx, run)
            if schedule is None or not schedule.enabled:
                return _denial(_NO_CONSENT)
        replayed = run.initiator.via == REPLAY
        if not found.integration.inbound and not replayed:
            # A change of an event sets off whatever its submitter may do: see outbound.py.
            enabled = found.plan.enabled
            return run.initiator if enabled else _denial(f'The plan "{found.plan.name}" is switched off.')
        subject = run.initiator.subject
        standing = None if subject is None else await self.accounts.standing(tx, subject)
        if standing is None or not standing.active:
            return _denial(f"The account of {run.initiator.id} is not active, or is no more.")
        decision = await decide_again(tx, standing, found, accounts=self.accounts)
        return decision if isinstance(decision, Denial) else run.initiator

    async def _owner(self, tx: Transaction, found: Replayable) -> Principal | Denial:
        """Return as whom a legacy run is tried again: as the owner of its plan's endpoint."""
        terms = await tx.legacy.terms(found.plan.id)
        if terms is None or not found.integration.legacy:
            return _denial(f'The integration "{found.integration.name}" is not legacy any more.')
        decision = decide_legacy(found.plan, found.integration)
        return decision if isinstance(decision, Denial) else await owner_of(tx, terms, accounts=self.accounts)


async def _retries(tx: Transaction, run: StoredRun, state: RunState, code: str | None) -> Retries | _GivenUp:
    """Return how *run* is tried again that has ended in *state*, or why it is not."""
    retries = await _retries_of(tx, run)
    if isinstance(retries, _GivenUp):
        return retries
    if state not in RETRIED:
        return _GivenUp(f"What ends {state} is not tried again by itself.")
    if code in LASTING:
        return _GivenUp(f"{code}: another try would end the same.")
    if run.tries >= retries.tries:
        return _GivenUp(f"Try {run.tries} of {retries.tries} has failed.")
    return retries


async def _retries_of(tx: Transaction, run: StoredRun) -> Retries | _GivenUp:
    """Return what the integration of *run* says of retries."""
    integration = None if run.integration_id is None else await tx.integrations.get(run.integration_id)
    if integration is None or integration.retries is None:
        return _GivenUp("Its integration does not have failed runs tried again.")
    try:
        return Retries.model_validate(integration.retries)
    except ValidationError:
        # Whoever ends a run is not kept from it by what another version has written.
        return _GivenUp("What its integration says of retries cannot be read.")


def _denial(reason: str) -> Denial:
    return Denial(reason=reason, needs=(), would_pass=())
