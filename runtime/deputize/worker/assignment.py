"""What a queued run is to be run with: the version that it was accepted under, the rest as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import JsonValue

from deputize.activity.entries import ErrorCode
from deputize.domain.integration import Integration
from deputize.domain.legacy import Shadow
from deputize.domain.principal import Principal
from deputize.domain.stored_run import StoredRun
from deputize.execution.default_script import default_script
from deputize.execution.order import FormTarget
from deputize.execution.past import Past
from deputize.execution.resources import Resources, ResourceSource
from deputize.execution.shadow.shadowing import VIA
from deputize.store import Transaction
from deputize.worker.past import load_past


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A script before it is compiled, and what belongs to it."""

    source: str = field(repr=False)
    resources: Resources
    form: FormTarget | None
    #: Of the integration, where they differ from those of the deployment.
    limits: Mapping[str, JsonValue]
    #: None: the script has not been started before.
    past: Past | None = None
    #: As whose calls those of the run are judged as well.
    shadowed: "Shadowed | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadowed:
    """A shadow that is over a run, and the person who is to be its initiator."""

    shadow: Shadow
    principal: Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class Unready:
    """Why a run that was accepted cannot begin; *message* is fit to be shown."""

    code: ErrorCode
    message: str
    #: How the run ends.
    state: Literal["FAILED", "POISONED"] = "FAILED"


async def load_assignment(tx: Transaction, run: StoredRun, resources: ResourceSource) -> Assignment | Unready:
    """Return what *run* is to be run with, or why it cannot be.

    The script is the one that was accepted, whatever has been saved since; constants and shared libraries
    are those of the moment at which it is begun, endpoints and secrets those of this one. What was deleted or
    switched off since is not run: whoever did that wanted it to stop. Raises ``Misconfigured`` for what
    cannot be read.
    """
    integration = None if run.integration_id is None else await tx.integrations.get(run.integration_id)
    plan = None if integration is None else await tx.plans.get(integration.plan_id)
    if integration is None or plan is None:
        return _gone(run, "was deleted")
    if not integration.enabled:
        return _gone(run, "was switched off")
    if not plan.enabled:
        return _gone(run, f'was switched off with its plan "{plan.name}"')
    source = await _source(tx, run)
    if isinstance(source, Unready):
        return source
    assignment = Assignment(
        source=source,
        resources=await resources.of_plan(tx, integration.plan_id),
        form=await _form(tx, integration),
        limits=integration.limits,
        shadowed=await _shadowed(tx, run),
    )
    past = await load_past(tx, run)
    return assignment if past is None else await _as_begun(tx, assignment, past)


async def _as_begun(tx: Transaction, assignment: Assignment, past: Past) -> Assignment:
    """Return *assignment* with all that the script can see as it was when it began.

    What its calls are made with, and whether they may be, is of this moment all the same.
    """
    head, present = past.head, assignment.resources
    libraries = {name: await tx.scripts.of_hash(sha256) for name, sha256 in head.libraries.items()}
    kept = {name: each.source for name, each in libraries.items() if each is not None}
    return replace(
        assignment,
        past=past,
        resources=replace(present, constants=head.constants, shared={**present.shared, **kept}),
        form=None if head.form is None else FormTarget(**head.form),
        limits=head.limits,
    )


async def _shadowed(tx: Transaction, run: StoredRun) -> Shadowed | None:
    """Return the shadow over a legacy integration that led to *run*, or is its own."""
    if not run.legacy:
        # A live replay of a legacy run is somebody's own: there is nothing to compare.
        return None
    for shadow in await tx.legacy.shadows():
        if shadow.integration_id not in run.chain or not shadow.live(tx.now):
            continue
        integration = await tx.integrations.get(shadow.integration_id)
        person = await tx.people.get(shadow.subject)
        if integration is not None and integration.legacy and person is not None:
            principal = Principal(id=person.target_name, name=person.display_name, via=VIA, subject=person.id)
            return Shadowed(shadow=shadow, principal=principal)
    return None


async def _source(tx: Transaction, run: StoredRun) -> str | Unready:
    if run.script_version_id is None:
        return default_script().source
    version = await tx.scripts.get(run.script_version_id)
    if version is None:
        return _gone(run, "lost the version of its script that the request was accepted under")
    if not version.runnable:
        return Unready(
            code="SCRIPT_REJECTED",
            message=f'The script of "{run.name}" is in {version.language} and is not run. Save it in Python.',
        )
    return version.source


async def _form(tx: Transaction, integration: Integration) -> FormTarget | None:
    form = None if integration.form_id is None else await tx.forms.get(integration.form_id)
    return None if form is None else FormTarget(plan_id=form.plan_id, form_id=form.id, name=form.name)


def _gone(run: StoredRun, what: str) -> Unready:
    return Unready(
        code="INTEGRATION_GONE",
        message=f'"{run.name}" {what} after the request had been accepted; nothing was started.',
    )
