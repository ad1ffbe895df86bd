"""Plans and what they hold, as the REST API shows them: scripts in base64, and never a secret."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

from deputize.domain.endpoint import StoredEndpoint
from deputize.domain.integration import Integration, Method, ScriptVersion, SharedLibrary
from deputize.domain.plan import Form, Plan
from deputize.platform.embedded.rest.shapes.references import id_of, link

#: As the API calls the methods by which callers of integrations are authenticated.
METHODS: Final[Mapping[Method, str]] = {
    "url": "URL",
    "basic": "BASIC",
    "api-key": "API_KEY",
    "oauth": "OAUTH2",
    "signature": "SIGNATURE",
}
NO_METHOD: Final = "NONE"

_ENDPOINT_METHODS: Final = {"none": "NO_AUTH", "basic": "BASIC", "bearer": "BEARER", "oauth2": "OAUTH2"}


def plan(each: Plan) -> dict[str, JsonValue]:
    """Return a plan whole."""
    return {
        **plan_reference(each),
        "planType": "PLAN",
        "enabled": each.enabled,
        "accessibleByAll": each.access.everybody,
        "links": link("plans", each.id),
    }


def plan_reference(each: Plan) -> dict[str, JsonValue]:
    """Return a plan as other objects refer to one."""
    return {"id": each.id, "name": each.name}


def form(each: Form, of: Plan) -> dict[str, JsonValue]:
    """Return a form of the plan *of*."""
    return {
        **form_reference(each),
        "mobileEnabled": "mobile" in each.start,
        "uiEnabled": "ui" in each.start,
        "apiEnabled": "api" in each.start,
        "plan": plan_reference(of),
        "links": link("forms", each.id),
    }


def form_reference(each: Form) -> dict[str, JsonValue]:
    """Return a form as other objects refer to one."""
    return {"id": each.id, "name": each.name}


def response_options(texts: tuple[str, ...]) -> list[JsonValue]:
    """Return what may be answered, numbered."""
    return [{"number": number, "text": text} for number, text in enumerate(texts, 1)]


def integration(
    each: Integration, of: Plan, *, form: Form | None, script: ScriptVersion | None
) -> dict[str, JsonValue]:
    """Return an integration of the plan *of*, with its script."""
    shown: dict[str, JsonValue] = {
        "id": each.id,
        "name": each.name,
        "plan": plan_reference(of),
        "integrationType": "INBOUND_WEBHOOK" if each.inbound else "OUTBOUND_WEBHOOK",
        "operation": each.action or "RUN_SCRIPT",
        "createdBy": "IB",
        "originType": "USER",
        "environment": "HOSTED",
        "authenticationType": NO_METHOD if each.method is None else METHODS[each.method],
        "deployed": each.enabled,
        "links": link("plans", of.id, "integrations", each.id),
    }
    if each.legacy:
        shown["legacy"] = True
    if each.callback is not None:
        shown["triggeredBy"] = each.callback
    if each.response_choice is not None:
        shown["responseChoice"] = each.response_choice
    if form is not None:
        shown["form"] = form_reference(form)
    if script is not None:
        shown["script"] = encoded(script.source)
    return shown


def library(each: SharedLibrary, of: Plan, script: ScriptVersion) -> dict[str, JsonValue]:
    """Return a shared library of the plan *of*, with its script."""
    return {
        "id": each.id,
        "name": each.name,
        "plan": plan_reference(of),
        "script": encoded(script.source),
        "links": link("shared-libraries", each.id),
    }


def constant(name: str, value: str, of: Plan) -> dict[str, JsonValue]:
    """Return a constant of the plan *of*."""
    return {"id": id_of("constant", of.id, name), "name": name, "value": value, "plan": plan_reference(of)}


def endpoint(each: StoredEndpoint, of: Plan) -> dict[str, JsonValue]:
    """Return an endpoint that the plan *of* may call: whom it signs in as, and not with what."""
    auth = each.definition.get("auth")
    auth = auth if isinstance(auth, dict) else {}
    kind = str(auth.get("type", "none"))
    shown: dict[str, JsonValue] = {
        "id": id_of("endpoint", each.scope, each.name),
        "name": each.name,
        "plan": plan_reference(of),
        "url": each.definition.get("base_url"),
        "endpointType": "EXTERNAL",
        "authenticationType": _ENDPOINT_METHODS.get(kind, kind.upper()),
        "trustSelfSigned": False,
        "preemptive": True,
    }
    match kind:
        case "basic":
            shown["authentication"] = {"username": auth.get("user")}
        case "oauth2":
            shown["authentication"] = {
                "oauthTokenUrl": auth.get("token_url"),
                "oauthClientId": auth.get("client_id"),
            }
    return shown


def encoded(source: str) -> str:
    """Return a script as bodies carry it."""
    return b64encode(source.encode()).decode("ascii")
