"""Which outbound integrations a change of an event sets off: a run for each, kept with the change itself.

Theory of operation. Whoever keeps a change keeps these runs in the same transaction, and tells the queue
after the commit: there is no change without its runs, and no run of a change that never was. Each runs as
the submitter of the event – not as the one who responded, commented, wrote the script or owns it – and is
set off whether that person may still do anything or not: what they may is asked when the script calls.
"""

from dataclasses import replace
from uuid import uuid4

from deputize.denied import Refusal, keep_denied
from deputize.domain.callback import callback_payload
from deputize.domain.chain import ChainRefused, extend
from deputize.domain.event import Chain, Event, EventChange
from deputize.domain.integration import Integration, ScriptVersion
from deputize.domain.principal import Principal
from deputize.domain.run import RunState
from deputize.domain.start import Start, read_start
from deputize.domain.stored_run import StoredRun
from deputize.store import Transaction


async def set_off(tx: Transaction, change: EventChange, *, chain: Chain) -> tuple[str, ...]:
    """Keep a run for every integration that *change* sets off; return the ids of those that are queued.

    *chain* is what led to the change: that of the run whose script made it, or else that of the event.
    Where it must not go on, the run that is kept is DENIED, with one entry that says why.
    """
    bound = await _bound_to(tx, change)
    if not bound:
        return ()
    start = read_start(change.kind, callback_payload(change))
    initiator = await _initiator(tx, change.event)
    queued = []
    for integration, script in bound:
        run = _run(integration, script, start=start, initiator=initiator, change=change)
        extended = extend(chain, integration.id, name=integration.name)
        if isinstance(extended, ChainRefused):
            denied = replace(run, state=RunState.DENIED, chain=chain, finished=change.at)
            await keep_denied(tx, denied, Refusal.of(extended), clock=lambda: change.at)
        else:
            await tx.runs.add(replace(run, chain=extended))
            queued.append(run.id)
    return tuple(queued)


async def _bound_to(tx: Transaction, change: EventChange) -> list[tuple[Integration, ScriptVersion]]:
    """Return the integrations that *change* sets off, with their scripts, by name."""
    if change.event.form_id is None:
        return []
    found = []
    for integration in await tx.integrations.on(change.event.form_id, change.kind):
        plan = await tx.plans.get(integration.plan_id)
        if plan is None or not plan.enabled:
            continue
        if integration.response_choice not in (None, change.fields.get("response")):
            continue
        version_id = integration.script_version_id
        script = None if version_id is None else await tx.scripts.get(version_id)
        if script is not None and script.runnable:
            found.append((integration, script))
    return found


async def _initiator(tx: Transaction, event: Event) -> Principal:
    """Return the submitter of *event*, by the name that they have now, or had when they were last here."""
    person = await tx.people.get(event.submitter_id)
    return Principal(
        id=event.submitter_name if person is None else person.target_name,
        name=event.submitter_name if person is None else person.display_name,
        via=event.via,
        subject=event.submitter_id,
        scope=event.scope,
    )


def _run(
    integration: Integration,
    script: ScriptVersion,
    *,
    start: Start,
    initiator: Principal,
    change: EventChange,
) -> StoredRun:
    return StoredRun(
        id=str(uuid4()),
        integration_id=integration.id,
        plan_id=integration.plan_id,
        name=integration.name,
        trigger=change.kind,
        script_sha256=script.sha256,
        script_version_id=script.id,
        shown_path=integration.name,
        start=start.model_dump(mode="json"),
        initiator=initiator,
        event_id=change.event.id,
        trace_id=uuid4().hex,
        queued=change.at,
    )
