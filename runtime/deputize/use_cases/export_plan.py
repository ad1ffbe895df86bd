"""Exports a plan: its structure, without a secret, a key or a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import JsonValue

from deputize.domain.endpoint import StoredEndpoint
from deputize.domain.integration import Integration, Method, ScriptVersion
from deputize.domain.plan import Access, Form, Plan
from deputize.plan_file import PlanFile, write_plan_file
from deputize.plan_file.records import (
    ConstantRecord,
    EndpointRecord,
    FormRecord,
    IntegrationRecord,
    LibraryRecord,
    OwnAccess,
    OwnForm,
    OwnPlan,
    OwnScript,
    PlanRecord,
    ResponseRecord,
)
from deputize.project.sections.endpoints import BasicAuth, EndpointSection
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.finding import developed_plan
from deputize.use_cases.imported_endpoints import secret_mark

#: The format's words for methods. One that is not chosen yet is ANY, which an import has chosen anew;
#: NONE is said of legacy integrations alone.
_AUTH_TYPES: Final[Mapping[Method | None, str]] = {
    "url": "URL",
    "basic": "BASIC",
    "api-key": "API_KEY",
    "oauth": "OAUTH2",
    "signature": "SIGNATURE",
    None: "ANY",
}
_LEGACY: Final = "NONE"
_AUTHENTICATION: Final[Mapping[str, str]] = {"none": "NO_AUTH", "basic": "BASIC"}
_OTHER_AUTHENTICATION: Final = "OAUTH2"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedPlan:
    """A plan as a file."""

    #: The plan's name.
    name: str
    data: bytes = field(repr=False)


async def export_plan(database: Database, actor: Actor, *, plan: str) -> ExportedPlan:
    """Return the plan whose id or name is *plan* as a file, to who develops it."""

    async def work(tx: Transaction) -> PlanFile:
        found = await developed_plan(tx, await actor.standing(tx), plan)
        return await _file(tx, found)

    file = await database.read(work)
    return ExportedPlan(name=file.plan.name, data=write_plan_file(file))


async def _file(tx: Transaction, plan: Plan) -> PlanFile:
    forms = await tx.forms.of_plan(plan.id)
    constants = await tx.constants.of_plan(plan.id)
    integrations = [
        _integration(each, await _version(tx, each)) for each in await tx.integrations.of_plan(plan.id)
    ]
    own = OwnPlan(access=_access(plan.access), requests_per_minute=plan.requests_per_minute)
    return PlanFile(
        plan=PlanRecord(name=plan.name, active=plan.enabled, own=own),
        forms=tuple(_form(each, order) for order, each in enumerate(forms)),
        integrations=tuple(integrations),
        endpoints=tuple(_endpoint(each, plan) for each in await tx.endpoints.in_scope(plan.id)),
        constants=tuple(ConstantRecord(name=name, value=value) for name, value in constants.items()),
        libraries=await _libraries(tx, plan),
    )


async def _version(tx: Transaction, integration: Integration) -> ScriptVersion | None:
    version_id = integration.script_version_id
    return None if version_id is None else await tx.scripts.get(version_id)


async def _libraries(tx: Transaction, plan: Plan) -> tuple[LibraryRecord, ...]:
    found = [
        (each.name, await tx.scripts.get(each.script_version_id))
        for each in await tx.libraries.of_plan(plan.id)
    ]
    return tuple(
        LibraryRecord(name=name, script=version.source, own=OwnScript(language=version.language))
        for name, version in found
        if version is not None
    )


def _access(access: Access) -> OwnAccess:
    return OwnAccess(everybody=access.everybody, roles=sorted(access.roles), people=len(access.people))


def _form(form: Form, order: int) -> FormRecord:
    return FormRecord(
        id=form.id,
        name=form.name,
        ui="ui" in form.start,
        api="api" in form.start,
        mobile="mobile" in form.start,
        email="email" in form.start,
        order=order,
        responses=[
            ResponseRecord(text=text, order=number) for number, text in enumerate(form.response_options)
        ],
        own=OwnForm(senders=_access(form.senders)),
    )


def _integration(integration: Integration, version: ScriptVersion | None) -> IntegrationRecord:
    auth_type = None
    if integration.inbound:
        auth_type = _LEGACY if integration.legacy else _AUTH_TYPES[integration.method]
    return IntegrationRecord(
        id=integration.id,
        name=integration.name,
        type="INBOUND_WEBHOOK" if integration.inbound else "OUTBOUND_WEBHOOK",
        action=integration.action or "RUN_SCRIPT",
        triggered_by=integration.callback,
        deployed=integration.enabled,
        form=integration.form_id,
        response_choice=integration.response_choice,
        script="" if version is None else version.source,
        auth_type=auth_type,
        created_by="IB",
        own=OwnScript(
            language="python" if version is None else version.language,
            limits=dict(integration.limits),
            retries=None if integration.retries is None else dict(integration.retries),
        ),
    )


def _endpoint(endpoint: StoredEndpoint, plan: Plan) -> EndpointRecord:
    section = EndpointSection.model_validate(endpoint.definition)
    definition = section.model_dump(mode="json", exclude_unset=True, exclude={"stand_in"})
    return EndpointRecord(
        name=endpoint.name,
        base_url=section.base_url,
        authentication=_AUTHENTICATION.get(section.auth.type, _OTHER_AUTHENTICATION),
        username=section.auth.user if isinstance(section.auth, BasicAuth) else None,
        own=_unmarked(definition, secret_mark(plan.id)),
    )


def _unmarked(definition: dict[str, Any], mark: str) -> dict[str, JsonValue]:
    """Return *definition* with its secrets under the names that they had before an import marked them."""
    auth = definition.get("auth")
    if not isinstance(auth, dict):
        return definition
    plain = {
        key: {"secret": each["secret"].removesuffix(mark)}
        if isinstance(each, dict) and "secret" in each
        else each
        for key, each in auth.items()
    }
    return {**definition, "auth": plain}
