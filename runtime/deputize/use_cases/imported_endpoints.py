"""The endpoints of a plan file, as the imported plan is to have them.

Theory of operation. A file comes from somebody else, and whoever imports it may send every secret of the
deployment anywhere. So nothing in a file reaches a secret that is there: an endpoint refers to secrets
under names that end in a piece of the new plan's id, which nobody knew when the file was made. An endpoint
by whose name secrets of the whole deployment are let out is not taken, and no private network is opened.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import JsonValue, ValidationError

from deputize.domain.endpoint import StoredEndpoint
from deputize.domain.plan import Plan
from deputize.errors import shown
from deputize.plan_file.records import EndpointRecord
from deputize.project.sections.endpoints import EndpointSection
from deputize.use_cases.fitting_names import FittingNames, fitting_name
from deputize.use_cases.import_report import ToDo

#: The name by which scripts call the platform, and the type of its record.
_PLATFORM: Final = "platform"
_PLATFORM_TYPE: Final = "XMATTERS"
#: Characters of a plan's id at the end of a secret's name.
_MARK: Final = 8
#: Characters of a secret's name before that.
_LONGEST_SECRET: Final = 150
#: The keys of a definition under which secrets are named.
_REFERENCES: Final = ("password", "token", "client_secret")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedEndpoints:
    """Endpoints as they are to be kept, and what is to be done about them."""

    endpoints: tuple[StoredEndpoint, ...]
    to_do: tuple[ToDo, ...]


def secret_mark(plan_id: str) -> str:
    """Return what the names of an imported plan's secrets end in."""
    return f"-{plan_id[:_MARK]}"


def imported_endpoints(
    records: Collection[EndpointRecord], *, plan: Plan, let_out: Collection[str]
) -> ImportedEndpoints:
    """Return the endpoints of *records* for *plan*.

    *let_out* are the names of endpoints to which secrets of the whole deployment may be sent.
    """
    names = FittingNames("endpoint", plan.name)
    found: list[StoredEndpoint] = []
    to_do: list[ToDo] = []
    for record in records:
        if record.type == _PLATFORM_TYPE:
            # It is there by itself, and acts as whoever sets a script off.
            continue
        name = names.fit(record.name)
        target = f"endpoint:{plan.name}/{name}"
        refusal = _refusal(name, let_out)
        definition, wrong = (None, refusal) if refusal else _definition(record, name, plan)
        if definition is None:
            to_do.append(ToDo(kind="left-out", target=target, detail=wrong))
            continue
        section = EndpointSection.model_validate(definition)
        to_do += _to_do(record, section, plan, name, target)
        found.append(StoredEndpoint(scope=plan.id, name=name, definition=definition))
    return ImportedEndpoints(endpoints=tuple(found), to_do=(*names.to_do, *to_do))


def _refusal(name: str, let_out: Collection[str]) -> str:
    if name == _PLATFORM:
        return "This name is the platform's own. Define the endpoint under another one."
    if name in let_out:
        return (
            "Secrets of the whole deployment may be sent to an endpoint of this name, so that none comes in "
            "by a file. Scripts of the plan call the deployment's own; define another one if it must."
        )
    return ""


def _definition(record: EndpointRecord, name: str, plan: Plan) -> tuple[dict[str, JsonValue] | None, str]:
    """Return the definition that *record* stands for, or why there is none."""
    mark = secret_mark(plan.id)
    definition: dict[str, Any] = {"base_url": record.base_url, "auth": _foreign_auth(record, name, mark)}
    if record.own is not None:
        own = {key: each for key, each in record.own.items() if key not in ("networks", "stand_in")}
        definition = {**own, "auth": _own_auth(record.own.get("auth"), mark)}
    try:
        section = EndpointSection.model_validate(definition)
    except ValidationError as error:
        said = "; ".join(
            f"{'.'.join(str(part) for part in each['loc'])}: {each['msg'].removeprefix('Value error, ')}"
            for each in error.errors(include_url=False, include_input=False, include_context=False)
        )
        return None, f"It cannot be an endpoint here ({shown(said, limit=300)}). Define it anew."
    return section.model_dump(mode="json", exclude_unset=True), ""


def _foreign_auth(record: EndpointRecord, name: str, mark: str) -> dict[str, JsonValue]:
    match record.authentication:
        case "NO_AUTH":
            return {"type": "none"}
        case "BASIC":
            password = _reference(f"{name}-password", mark)
            return {"type": "basic", "user": record.username or "", "password": password}
        case _:
            return {"type": "bearer", "token": _reference(f"{name}-token", mark)}


def _reference(name: str, mark: str) -> dict[str, JsonValue]:
    return {"secret": f"{fitting_name(name)[:_LONGEST_SECRET]}{mark}"}


def _own_auth(auth: JsonValue, mark: str) -> JsonValue:
    """Return *auth* with the plan's mark on every secret that it names, and without networks."""
    if not isinstance(auth, Mapping):
        return {"type": "none"} if auth is None else auth
    marked: dict[str, JsonValue] = {}
    for key, each in auth.items():
        if key in _REFERENCES and isinstance(each, Mapping) and isinstance(each.get("secret"), str):
            marked[key] = _reference(str(each["secret"]), mark)
        elif key != "networks":
            marked[key] = each
    return marked


def _to_do(
    record: EndpointRecord, section: EndpointSection, plan: Plan, name: str, target: str
) -> list[ToDo]:
    to_do = [
        ToDo(
            kind="secret",
            target=target,
            detail=f'It proves itself ({section.auth.type}) with the secret "{secret}", which no file holds. '
            f'Set it: `deputize secret set "{secret}" --plan "{plan.name}" --endpoint "{name}"`.',
        )
        for secret in section.secrets
    ]
    if record.own is None and record.authentication not in ("NO_AUTH", "BASIC"):
        to_do.append(
            ToDo(
                kind="secret",
                target=target,
                detail=f"In the file its authentication is {shown(record.authentication)}, for which a "
                "bearer token stands here. Define it anew where client credentials (oauth2) are meant.",
            )
        )
    if _networks(record.own):
        to_do.append(
            ToDo(
                kind="network",
                target=target,
                detail="In the file private networks are open to it. An import opens none: define it anew "
                "with networks, if that is meant.",
            )
        )
    return to_do


def _networks(own: Mapping[str, JsonValue] | None) -> bool:
    if own is None:
        return False
    auth = own.get("auth")
    return bool(own.get("networks")) or (isinstance(auth, Mapping) and bool(auth.get("networks")))
