"""The rule of live replay: who may replay a run, and as whom it then runs (security model R-02).

Theory of operation. Whoever replays needs at this moment what setting the integration off takes, whatever
was so when the run began, and the replay runs as them. It runs as the run's initiator only for who has the
function ``replay:as-initiator`` besides, and only while that initiator is there, active, and may set the
integration off as well. Nobody has proved to be the initiator of a legacy run, so nobody is made to be it
again. What the access token of the run was not granted, its replay may not do either.
"""

from dataclasses import dataclass

from deputize.activity.entries import Script
from deputize.activity.scheduled_time import ScheduledTime
from deputize.authorisation import decide_function, decide_replay
from deputize.credentials.authenticators import Account, Accounts
from deputize.domain.decision import Denial, Grant
from deputize.domain.functions import REPLAY_AS_INITIATOR
from deputize.domain.integration import Integration
from deputize.domain.plan import Form, Plan
from deputize.domain.principal import Principal
from deputize.domain.run import RunState
from deputize.domain.schedule import Schedule
from deputize.domain.standing import Standing
from deputize.domain.start import INBOUND, SCHEDULE, Start
from deputize.domain.stored_run import StoredRun
from deputize.inbound.candidate import NotRunnable, listed_names, script_of
from deputize.store import Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import NotPermitted, NotReplayable

#: How the initiator of a live replay was found: ``Principal.via``.
REPLAY = "replay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayable:
    """What a run is replayed with: its integration as it is now."""

    integration: Integration
    plan: Plan
    form: Form | None
    script: Script


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """About whom it was decided, and what."""

    #: As whom the replay runs, or would.
    principal: Principal
    decision: Grant | Denial


async def replayable(tx: Transaction, run: StoredRun, *, default_script: Script) -> Replayable:
    """Return what *run* can be replayed with now. Raises ``NotReplayable``, which says why it cannot."""
    if run.state in (RunState.QUEUED, RunState.RUNNING):
        raise NotReplayable(f"The run is {run.state}. Replay it when it has ended.")
    integration = None if run.integration_id is None else await tx.integrations.get(run.integration_id)
    plan = None if integration is None else await tx.plans.get(integration.plan_id)
    if integration is None or plan is None:
        raise NotReplayable(f'The integration "{run.name}" of the run is not there any more.')
    if not integration.enabled:
        raise NotReplayable(f'The integration "{integration.name}" is switched off. Switch it on first.')
    if integration.unchosen and not integration.legacy:
        raise NotReplayable(f'The integration "{integration.name}" has no method. Choose one first.')
    kind = INBOUND if integration.inbound else integration.callback
    if run.trigger != kind and not (integration.inbound and run.trigger == SCHEDULE):
        raise NotReplayable(
            f'The run was set off by {run.trigger}, and "{integration.name}" is set off by {kind} now.'
        )
    script = await script_of(tx, integration, default_script)
    if isinstance(script, NotRunnable):
        raise NotReplayable(f"It cannot be run: {script.why}.")
    form = None if integration.form_id is None else await tx.forms.get(integration.form_id)
    return Replayable(integration=integration, plan=plan, form=form, script=script)


async def judge_replay(
    tx: Transaction,
    actor: Actor,
    run: StoredRun,
    found: Replayable,
    *,
    as_initiator: bool,
    accounts: Accounts,
) -> Verdict:
    """Decide whether *actor* may replay *run*, and as whom. Raises ``NotPermitted`` for who is no user.

    The operator is none, and may all the same have it replayed as its initiator.
    """
    standing = await actor.standing(tx)
    account = await accounts.account(tx, actor.subject)
    if account is None and actor.is_operator and as_initiator:
        own = Principal(id=actor.name, name=actor.name, via=REPLAY, subject=None, scope=run.initiator.scope)
        return await _as_initiator(tx, own, run, found, accounts=accounts)
    if account is None:
        raise NotPermitted(
            Denial(
                reason=f"{actor.name} may not replay runs: a run needs a user as its initiator.",
                needs=("an account",),
                would_pass=(),
            )
        )
    own = _principal(account, run)
    decision = await decide_again(tx, standing, found, accounts=accounts)
    if isinstance(decision, Grant) and as_initiator and not _is_own(run, actor):
        decision = decide_function(
            standing, REPLAY_AS_INITIATOR, what=f"replay a run as {run.initiator.id}, its initiator"
        )
        if isinstance(decision, Grant):
            return await _as_initiator(tx, own, run, found, accounts=accounts)
    return Verdict(principal=own, decision=decision)


async def _as_initiator(
    tx: Transaction, own: Principal, run: StoredRun, found: Replayable, *, accounts: Accounts
) -> Verdict:
    """Decide about the initiator of *run*; a refusal for want of one is *own*, of who has asked."""
    name, subject = run.initiator.id, run.initiator.subject
    if run.legacy:
        denial = Denial(
            reason=f"A legacy run is not replayed as its initiator: nobody has proved to be {name}.",
            needs=("an initiator who has proved who they are",),
            would_pass=(),
        )
        return Verdict(principal=own, decision=denial)
    account = None if subject is None else await accounts.account(tx, subject)
    standing = None if subject is None else await accounts.standing(tx, subject)
    if account is None or standing is None:
        denial = Denial(
            reason=f"The run is not replayed as {name}, its initiator: that account is not active, "
            "or is no more.",
            needs=("an initiator whose account is active",),
            would_pass=(),
        )
        return Verdict(principal=own, decision=denial)
    if run.trigger == SCHEDULE and await consent_to(tx, run) is None:
        denial = Denial(
            reason=f"The run is not replayed as {name}, its initiator: {name} has not consented to its "
            "schedule as it was then, or does not any more.",
            needs=(f"the consent of {name}",),
            would_pass=(),
        )
        return Verdict(principal=own, decision=denial)
    decision = await decide_again(tx, standing, found, accounts=accounts)
    return Verdict(principal=_principal(account, run), decision=decision)


def _is_own(run: StoredRun, actor: Actor) -> bool:
    """Return whether *actor* has proved to be the initiator of *run*."""
    return run.initiator.subject == actor.subject and not run.legacy


async def consent_to(tx: Transaction, run: StoredRun) -> Schedule | None:
    """Return the schedule that set *run* off, while its initiator consents to it as they did then."""
    if run.integration_id is None:
        return None
    time = ScheduledTime.model_validate(Start.model_validate(run.start).provided["schedule"])
    wanted = (time.name, run.initiator.subject, time.consented)
    for each in await tx.schedules.of_integration(run.integration_id):
        if (each.name, each.subject, each.consented) == wanted:
            return each
    return None


async def decide_again(
    tx: Transaction, standing: Standing, found: Replayable, *, accounts: Accounts
) -> Grant | Denial:
    """Decide whether *standing* may have done again what was *found* of a run, and who else may."""
    decision = decide_replay(standing, found.plan, found.form, found.integration)
    if isinstance(decision, Grant):
        return decision
    names = await listed_names(tx, accounts, found.plan, found.form)
    return decide_replay(standing, found.plan, found.form, found.integration, names=names)


def _principal(account: Account, run: StoredRun) -> Principal:
    return Principal(
        id=account.name,
        name=account.display_name,
        via=REPLAY,
        subject=account.subject,
        scope=run.initiator.scope,
    )
