"""Edits an integration: its script, its settings, its method, whether it is enabled."""

from dataclasses import dataclass, field, replace
from typing import Any

from deputize.domain.functions import ADMIN
from deputize.domain.integration import Integration, Method, ScriptVersion
from deputize.domain.plan import Form, Plan
from deputize.domain.signature import SignatureScheme
from deputize.domain.standing import Standing
from deputize.errors import did_you_mean
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.change_plan import UNCHANGED, Unchanged
from deputize.use_cases.errors import Conflict, Fault, Invalid, MethodRequired
from deputize.use_cases.finding import developed_integration
from deputize.use_cases.scripts import Candidate, Checker, candidate_for, next_version, refuse_wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationChange:
    """What is to change; what is None, or unchanged, stays."""

    script: str | None = field(default=None, repr=False)
    #: The number of the version that was edited: if another one is the present one, it is a ``Conflict``.
    edited_version: int | None = None
    method: Method | None = None
    #: How requests are signed, where the method is "signature".
    signature: SignatureScheme | None = None
    enabled: bool | None = None
    #: The name of a form of the plan; None: of no form.
    form: str | Unchanged | None = UNCHANGED
    #: None: every choice.
    response_choice: str | Unchanged | None = UNCHANGED

    @property
    def only_disables(self) -> bool:
        """Whether it does nothing but switch the integration off."""
        return self == IntegrationChange(enabled=False)

    @property
    def only_enables(self) -> bool:
        """Whether it does nothing but switch the integration on."""
        return self == IntegrationChange(enabled=True)


async def edit_integration(
    database: Database, actor: Actor, *, checker: Checker, integration_id: str, change: IntegrationChange
) -> None:
    """Edit the integration of that id. A new script is a new version; runs under way keep theirs.

    Raises ``ScriptRejected`` for a script that could not run, ``MethodRequired`` for an inbound
    integration without a method as long as none is chosen. The method ends legacy, for good.
    """

    async def look(tx: Transaction) -> Candidate | None:
        before, edited = await _edited(tx, actor, integration_id, change)
        # One that came in by an import may be wrong, and waits to be corrected.
        switched_on = edited.enabled and not before.enabled
        if change.script is None and isinstance(change.form, Unchanged) and not switched_on:
            # Nothing that a script could come to be unfit by.
            return None
        source = change.script if change.script is not None else await _source(tx, edited)
        return None if source is None else await candidate_for(tx, edited, source)

    candidate = await database.read(look)
    if candidate is not None:
        await refuse_wrong(checker, candidate)

    # Checking takes its time; what was so before need not be so now.
    await database.write(lambda tx: save_edit(tx, actor, integration_id, change))


async def save_edit(
    tx: Transaction, actor: Actor, integration_id: str, change: IntegrationChange
) -> Integration:
    """Save *change*, whose script has been checked, and return the integration as it is then."""
    before, edited = await _edited(tx, actor, integration_id, change)
    plan = await tx.plans.get(edited.plan_id)
    where = f"{'' if plan is None else plan.name}/{edited.name}"
    present = await _present(tx, before)
    if change.script is not None and not _is_saved(present, change.script):
        version = await next_version(tx, actor, owner_id=edited.id, source=change.script)
        edited = replace(edited, script_version_id=version.id)
    if edited != before:
        await tx.integrations.put(edited)
        await note(tx, actor, "integration.changed", f"integration:{where}", **_detail(before, edited))
    return edited


async def _edited(
    tx: Transaction, actor: Actor, integration_id: str, change: IntegrationChange
) -> tuple[Integration, Integration]:
    """Return the integration as it is and as it is to be, but for the script; judge both by now."""
    standing = await actor.standing(tx)
    before, plan = await developed_integration(tx, standing, integration_id)
    _refuse_locked(standing, before, change)
    await _refuse_overwriting(tx, before, change)
    faults = _faults(before, change)
    faults += _language_faults(await _present(tx, before), change)
    form, form_faults = await _form(tx, plan, before, change)
    faults += form_faults
    chosen = before if change.method is None else before.with_method(change.method)
    edited = replace(
        chosen,
        signature=chosen.signature if change.signature is None else change.signature.kept(),
        enabled=before.enabled if change.enabled is None else change.enabled,
        form_id=None if form is None else form.id,
    )
    if not isinstance(change.response_choice, Unchanged):
        faults += _choice_faults(before, form, change.response_choice)
        edited = replace(edited, response_choice=change.response_choice)
    if faults:
        raise Invalid(*faults)
    return before, edited


def _refuse_locked(standing: Standing, before: Integration, change: IntegrationChange) -> None:
    if not before.unchosen or change.method is not None or change.only_disables:
        return
    if not before.legacy:
        raise MethodRequired(
            f'The integration "{before.name}" has no method of authentication and is locked until one is '
            'chosen: set "method" in the same request.'
        )
    # Whoever may bring legacy integrations in may also let one go on that has been switched off.
    if change.only_enables and standing.has(ADMIN):
        return
    raise MethodRequired(
        f'The integration "{before.name}" is legacy and goes on as it is until a method of authentication is '
        'chosen; until then it is locked. Set "method" in the same request, which ends legacy for good.'
    )


def _language_faults(present: ScriptVersion | None, change: IntegrationChange) -> list[Fault]:
    if not change.enabled or change.script is not None or present is None or present.runnable:
        return []
    detail = f"Its script is in {present.language} and cannot be run. Save it in Python first."
    return [Fault(pointer="/enabled", detail=detail)]


def _faults(before: Integration, change: IntegrationChange) -> list[Fault]:
    faults: list[Fault] = []
    method = change.method or before.method
    if method == "signature" and change.signature is None and before.signature is None:
        faults.append(
            Fault(
                pointer="/signature",
                detail='Missing: say how requests are signed, such as {"preset": "standard-webhooks"}.',
            )
        )
    if method != "signature" and change.signature is not None:
        faults.append(
            Fault(pointer="/signature", detail='It belongs to the method "signature"; choose that with it.')
        )
    if change.method is not None and not before.inbound:
        faults.append(
            Fault(pointer="/method", detail="Events set it off; only inbound integrations have a method.")
        )
    if change.script is not None and before.action == "CREATE_EVENT_SIMPLE":
        faults.append(
            Fault(
                pointer="/script",
                detail="CREATE_EVENT_SIMPLE posts the request to its form and has no script.",
            )
        )
    return faults


async def _form(
    tx: Transaction, plan: Plan, before: Integration, change: IntegrationChange
) -> tuple[Form | None, list[Fault]]:
    if isinstance(change.form, Unchanged):
        return (None if before.form_id is None else await tx.forms.get(before.form_id)), []
    if change.form is None:
        needed = before.creates_event or not before.inbound
        return None, [Fault(pointer="/form", detail="It needs a form.")] if needed else []
    forms = {each.name: each for each in await tx.forms.of_plan(plan.id)}
    if change.form not in forms:
        hint = did_you_mean(change.form, forms)
        return None, [Fault(pointer="/form", detail=f"The plan has no such form.{hint}")]
    return forms[change.form], []


def _choice_faults(before: Integration, form: Form | None, choice: str | None) -> list[Fault]:
    if choice is None:
        return []
    if before.callback != "RESPONSE":
        detail = "Only integrations that responses set off have a choice."
    elif form is not None and form.response_options and choice not in form.response_options:
        detail = f"The form has no such choice.{did_you_mean(choice, form.response_options)}"
    else:
        return []
    return [Fault(pointer="/response_choice", detail=detail)]


async def _refuse_overwriting(tx: Transaction, before: Integration, change: IntegrationChange) -> None:
    present = await _present(tx, before)
    if change.edited_version is None or (present is not None and present.number == change.edited_version):
        return
    number = "none" if present is None else str(present.number)
    raise Conflict(
        f"The script was edited from version {change.edited_version}, and the present one is {number}. "
        "Read it, and save your change on top of it."
    )


async def _present(tx: Transaction, integration: Integration) -> ScriptVersion | None:
    version_id = integration.script_version_id
    return None if version_id is None else await tx.scripts.get(version_id)


async def _source(tx: Transaction, integration: Integration) -> str | None:
    """Return the present source, which a changed setting might make unfit; None where none can be run."""
    present = await _present(tx, integration)
    return None if present is None or not present.runnable else present.source


def _is_saved(present: ScriptVersion | None, source: str) -> bool:
    return present is not None and present.runnable and present.source == source


def _detail(before: Integration, after: Integration) -> dict[str, Any]:
    pairs: dict[str, tuple[object, object]] = {
        "method": (before.method, after.method),
        "legacy": (before.legacy, after.legacy),
        "signature": (before.signature, after.signature),
        "enabled": (before.enabled, after.enabled),
        "form": (before.form_id, after.form_id),
        "response_choice": (before.response_choice, after.response_choice),
        "script_version": (before.script_version_id, after.script_version_id),
    }
    return {name: new for name, (old, new) in pairs.items() if old != new}
