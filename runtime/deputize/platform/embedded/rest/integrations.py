"""``/plans/{id}/integrations`` of the REST API."""

from dataclasses import replace
from http import HTTPStatus
from typing import Final, Literal
from uuid import uuid4

from pydantic import JsonValue

from deputize.domain.integration import Action, CallbackKind, Integration, Method, ScriptVersion
from deputize.domain.plan import Form, Plan
from deputize.errors import shown
from deputize.platform.embedded.rest.administration import note
from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.drafts import Encoded, decoded, next_version, require_sound_script
from deputize.platform.embedded.rest.forms import find_form
from deputize.platform.embedded.rest.paging import Page, as_it_is
from deputize.platform.embedded.rest.plans import developed_plan
from deputize.platform.embedded.rest.problems import Problem, invalid, missing, not_found
from deputize.platform.embedded.rest.shapes import plans as shapes
from deputize.platform.embedded.rest.texts import Body, Key, Line, Name, Reference, key_of

_TYPES = ("INBOUND_WEBHOOK", "OUTBOUND_WEBHOOK")
#: The methods that can be chosen here.
_OFFERED: Final[dict[str, Method]] = {
    shapes.METHODS[method]: method for method in ("url", "basic", "api-key", "oauth")
}

#: What exports say of integrations that accept nobody in particular, or everybody: no method at all.
_NO_CHOICE: Final = (shapes.NO_METHOD, "ANY")


class IntegrationBody(Body):
    """The body of ``POST …/integrations``: with ``id`` a change, without it a new integration.

    What an integration is – inbound or outbound, and set off by what – stays as it was made.
    """

    id: Key | None = None
    name: Name | None = None
    integration_type: Literal["INBOUND_WEBHOOK", "OUTBOUND_WEBHOOK"] | None = None
    operation: Action | None = None
    triggered_by: CallbackKind | None = None
    form: Key | Reference | None = None
    response_choice: Line | None = None
    authentication_type: Literal["URL", "BASIC", "API_KEY", "OAUTH2", "SIGNATURE", "NONE", "ANY"] | None = (
        None
    )
    deployed: bool | None = None
    script: Encoded | None = None

    @property
    def only_disables(self) -> bool:
        """Whether it does nothing but switch an integration off."""
        return self.model_dump(exclude_none=True, by_alias=False).keys() <= {"id", "deployed"} and (
            self.deployed is False
        )


async def list_integrations(call: Call) -> Answer:
    """Answer with the integrations of a plan."""
    page, types = Page.asked_for(call.query), call.listed("integrationType", _TYPES)
    plan = await developed_plan(call)
    wanted = [
        each
        for each in await call.store.integrations.of_plan(plan.id)
        if not types or _TYPES[0 if each.inbound else 1] in types
    ]
    shown = [await _shown(call, each, plan) for each in wanted[page.offset : page.offset + page.limit]]
    return Answer(body=page.holding(shown, as_it_is, total=len(wanted), path=call.path, query=call.query))


async def read_integration(call: Call) -> Answer:
    """Answer with one integration of a plan, by its id or name."""
    plan = await developed_plan(call)
    return Answer(body=await _shown(call, await _find(call, plan, call.part("integration")), plan))


async def write_integration(call: Call) -> Answer:
    """Change the integration that ``id`` names, or make one (200 either way).

    A script that could not run is refused. One that is new is a version of its own: runs under way keep
    theirs. An inbound integration without a method is locked until one is chosen, which ends legacy; none is
    made without one.
    """
    body = call.body(IntegrationBody)
    plan = await developed_plan(call)
    before = None if body.id is None else await _find(call, plan, body.id)
    _refuse_signature(before, body)
    if before is not None:
        _refuse_locked(before, body)
    integration = await _applied(call, body, plan, before or _new(body, plan))
    _refuse_unfit(integration, body)
    await _refuse_taken(call, integration)
    present = await _script(call, integration)
    source = None if body.script is None else decoded(body.script)
    if source is None and body.deployed and present is not None and not present.runnable:
        raise invalid("deployed", "true", f"false: the script is in {present.language}, which is not run")
    if source is None and present is None and integration.action != "CREATE_EVENT_SIMPLE":
        raise missing("script")
    if source is None and present is not None and body.deployed and before is not None and not before.enabled:
        # One that came in by an import may be wrong, and waits to be corrected.
        await require_sound_script(call, integration, present.source)
    if source is not None and (present is None or not present.runnable or present.source != source):
        await require_sound_script(call, integration, source)
        version = await next_version(call, integration.id, source)
        integration = replace(integration, script_version_id=version.id)
    if integration != before:
        await call.store.integrations.put(integration)
        await note(
            call,
            "integration.changed",
            f"integration:{plan.name}/{integration.name}",
            created=before is None,
            method=integration.method,
            enabled=integration.enabled,
            script_version=integration.script_version_id,
            **({"legacy": False} if before is not None and before.legacy and not integration.legacy else {}),
        )
    return Answer(body=await _shown(call, integration, plan))


async def _shown(call: Call, integration: Integration, plan: Plan) -> dict[str, JsonValue]:
    form = None if integration.form_id is None else await call.store.forms.get(integration.form_id)
    return shapes.integration(integration, plan, form=form, script=await _script(call, integration))


async def _find(call: Call, plan: Plan, key: str) -> Integration:
    found = await call.store.integrations.get(key)
    if found is None or found.plan_id != plan.id:
        found = await call.store.integrations.by_name(plan.id, key)
    if found is None:
        raise not_found("integration", key)
    return found


async def _script(call: Call, integration: Integration) -> ScriptVersion | None:
    version_id = integration.script_version_id
    return None if version_id is None else await call.store.scripts.get(version_id)


def _new(body: IntegrationBody, plan: Plan) -> Integration:
    if body.name is None:
        raise missing("name")
    if body.integration_type is None:
        raise missing("integrationType")
    inbound = body.integration_type == "INBOUND_WEBHOOK"
    if not inbound and body.triggered_by is None:
        raise missing("triggeredBy")
    return Integration(
        id=str(uuid4()),
        plan_id=plan.id,
        name=body.name,
        action=(body.operation or "RUN_SCRIPT") if inbound else None,
        callback=None if inbound else body.triggered_by,
    )


async def _applied(call: Call, body: IntegrationBody, plan: Plan, integration: Integration) -> Integration:
    """Return *integration* with what the body sets, but for the script."""
    form: Form | None = None
    if body.form is not None:
        form, _ = await find_form(call, key_of(body.form), plan=plan)
    method = _OFFERED.get(body.authentication_type or "")
    return replace(
        integration if method is None else integration.with_method(method),
        name=body.name or integration.name,
        form_id=integration.form_id if form is None else form.id,
        response_choice=body.response_choice or integration.response_choice,
        enabled=integration.enabled if body.deployed is None else body.deployed,
    )


def _refuse_signature(before: Integration | None, body: IntegrationBody) -> None:
    """Raise the 400 where signed requests are chosen: this API has no words for how they are signed."""
    signed = before is not None and before.method == "signature"
    if body.authentication_type == shapes.METHODS["signature"] and not signed:
        raise invalid(
            "authenticationType",
            shapes.METHODS["signature"],
            "chosen where `signature` says how requests are signed: in deputize.toml or /api/v1/integrations",
        )


def _refuse_locked(before: Integration, body: IntegrationBody) -> None:
    chosen = body.authentication_type in _OFFERED
    if before.unchosen and not chosen and not body.only_disables:
        locked = (
            "is legacy and goes on as it is until a method of authentication"
            if before.legacy
            else "has no method of authentication and is locked until one"
        )
        raise Problem(
            HTTPStatus.CONFLICT,
            f"The integration {shown(before.name)} {locked} is chosen: set authenticationType in the same "
            "request.",
            subcode="integration.method_required",
            arguments=[shown(before.name)],
        )


def _refuse_unfit(integration: Integration, body: IntegrationBody) -> None:
    """Raise the 400 where what the body sets does not go with what the integration is."""
    if integration.inbound and body.authentication_type in _NO_CHOICE:
        offered = ", ".join(_OFFERED)
        raise invalid("authenticationType", str(body.authentication_type), f"one of {offered}: choose one")
    if integration.unchosen and not body.only_disables:
        raise missing("authenticationType")
    if not integration.inbound and body.authentication_type in _OFFERED:
        raise invalid("authenticationType", str(body.authentication_type), "NONE: events set it off")
    if integration.form_id is None and (integration.creates_event or not integration.inbound):
        raise missing("form")
    if integration.response_choice is not None and integration.callback != "RESPONSE":
        raise invalid("responseChoice", integration.response_choice, "left out: no response sets it off")
    if integration.action == "CREATE_EVENT_SIMPLE" and body.script is not None:
        raise invalid("script", "a script", "left out: CREATE_EVENT_SIMPLE posts the request to its form")


async def _refuse_taken(call: Call, integration: Integration) -> None:
    taken = await call.store.integrations.by_name(integration.plan_id, integration.name)
    if taken is not None and taken.id != integration.id:
        raise Problem(
            HTTPStatus.CONFLICT,
            f"The plan has an integration with the name {shown(integration.name)} already. "
            "Choose another name.",
            subcode="integration.name_taken",
            arguments=[shown(integration.name)],
        )
