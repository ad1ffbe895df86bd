"""A request that is about to become a run, and the decision about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from deputize.activity.entries import Script
from deputize.authorisation import decide_legacy, decide_trigger
from deputize.credentials.authenticators import Accounts
from deputize.denied import Refusal
from deputize.domain.chain import ChainRefused, extend
from deputize.domain.decision import Denial, Grant
from deputize.domain.event import Chain
from deputize.domain.integration import Integration
from deputize.domain.legacy import LegacyTerms
from deputize.domain.plan import Form, Plan
from deputize.domain.principal import Principal
from deputize.domain.run import RunState
from deputize.domain.start import INBOUND, Start
from deputize.domain.stored_run import StoredRun
from deputize.inbound.answers import Authenticated, CallerRefused, unauthenticated
from deputize.inbound.idempotency import IdempotencyKey
from deputize.inbound.legacy import absent, owner_of
from deputize.store import Transaction

#: People that a denial names as those who would be let in.
_MOST_NAMES: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A request that has been read, and its caller."""

    run_id: str
    caller: Authenticated
    start: Start = field(repr=False)
    trace_id: str
    idempotency: IdempotencyKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is to be kept of a candidate: a queued run, or a DENIED one and its *refusal*."""

    run: StoredRun
    plan: Plan
    #: Those that a legacy integration was set off by; None for every other.
    terms: LegacyTerms | None
    refusal: Refusal | None


async def judge(
    store: Transaction, candidate: Candidate, *, accounts: Accounts, default_script: Script
) -> Judged | CallerRefused:
    """Decide about *candidate* by the state of this moment, whatever was so when it was authenticated."""
    caller = candidate.caller
    integration = await store.integrations.get(caller.integration.id)
    plan = None if integration is None else await store.plans.get(integration.plan_id)
    if integration is None or plan is None or not integration.enabled:
        return absent(caller.terms, f'"{caller.integration.name}" has been removed or disabled meanwhile')
    admitted = await (
        _admitted(store, caller, integration, plan, accounts=accounts)
        if caller.terms is None
        else _let_in(store, caller, integration, plan, accounts=accounts)
    )
    if isinstance(admitted, CallerRefused):
        return admitted
    principal, decision = admitted
    script = await script_of(store, integration, default_script)
    if isinstance(script, NotRunnable):
        return absent(caller.terms, script.why)
    chain = extend(caller.chain, integration.id, name=integration.name)
    refusal = _refusal(decision, chain)
    run = StoredRun(
        id=candidate.run_id,
        state=RunState.QUEUED if refusal is None else RunState.DENIED,
        integration_id=integration.id,
        plan_id=plan.id,
        name=integration.name,
        trigger=INBOUND,
        script_sha256=script.sha256,
        script_version_id=integration.script_version_id,
        shown_path=script.name,
        start=candidate.start.model_dump(mode="json"),
        initiator=principal,
        chain=caller.chain if isinstance(chain, ChainRefused) else chain,
        trace_id=candidate.trace_id,
        queued=store.now,
        finished=None if refusal is None else store.now,
    )
    return Judged(run=run, plan=plan, terms=caller.terms, refusal=refusal)


async def _admitted(
    store: Transaction, caller: Authenticated, integration: Integration, plan: Plan, *, accounts: Accounts
) -> tuple[Principal, Grant | Denial] | CallerRefused:
    """Return as whom it runs who has proved who they are, and whether they may set *integration* off."""
    standing = await accounts.standing(store, caller.subject)
    if standing is None or not standing.active or integration.method != caller.integration.method:
        return unauthenticated("the account or the integration's method has changed meanwhile")
    form = None if integration.form_id is None else await store.forms.get(integration.form_id)
    decision = decide_trigger(standing, plan, form, integration)
    if isinstance(decision, Denial):
        names = await listed_names(store, accounts, plan, form)
        decision = decide_trigger(standing, plan, form, integration, names=names)
    return caller.principal, decision


async def _let_in(
    store: Transaction, caller: Authenticated, integration: Integration, plan: Plan, *, accounts: Accounts
) -> tuple[Principal, Grant | Denial] | CallerRefused:
    """Return as whom a legacy *integration* runs for the unknown who were let in by terms that still hold."""
    terms = await store.legacy.terms(integration.plan_id)
    by = caller.terms
    if (
        terms is None
        or by is None
        or not integration.legacy
        or (terms.authenticated, terms.name, terms.hash) != (by.authenticated, by.name, by.hash)
    ):
        return unauthenticated("the integration is not legacy any more, or its terms have changed meanwhile")
    return await owner_of(store, terms, accounts=accounts), decide_legacy(plan, integration)


def _refusal(decision: Grant | Denial, chain: Chain | ChainRefused) -> Refusal | None:
    if isinstance(decision, Denial):
        return Refusal.of(decision)
    return Refusal.of(chain) if isinstance(chain, ChainRefused) else None


@dataclass(frozen=True, slots=True)
class NotRunnable:
    """Why there is no script to be run: a sentence for the operator."""

    why: str


async def script_of(store: Transaction, integration: Integration, default: Script) -> Script | NotRunnable:
    """Return the integration's script, by the name that its file would have, or why there is none."""
    version_id = integration.script_version_id
    if version_id is None and integration.action == "CREATE_EVENT_SIMPLE":
        return default
    version = None if version_id is None else await store.scripts.get(version_id)
    if version is None:
        return NotRunnable(f'"{integration.name}" has no script')
    if not version.runnable:
        return NotRunnable(
            f'the script of "{integration.name}" is in {version.language}, which is not run: save Python'
        )
    return Script(name=integration.name, sha256=version.sha256)


async def listed_names(
    store: Transaction, accounts: Accounts, plan: Plan, form: Form | None
) -> Mapping[str, str]:
    """Return the names of the first people who are listed as having access."""
    listed = plan.access.people if form is None else plan.access.people | form.senders.people
    found = [await accounts.account(store, subject) for subject in sorted(listed)[:_MOST_NAMES]]
    return {account.subject: account.name for account in found if account is not None}
