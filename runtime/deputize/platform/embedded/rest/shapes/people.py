"""People, roles and sites as the REST API shows them."""

from collections.abc import Sequence

from pydantic import JsonValue

from deputize.domain.person import Person
from deputize.platform.embedded.rest.paging import WHOLE
from deputize.platform.embedded.rest.shapes.references import API, id_of, link, person_reference

_SITE = "Default Site"


def person(
    each: Person, *, embed: frozenset[str] = frozenset(), supervisors: Sequence[Person] = ()
) -> dict[str, JsonValue]:
    """Return a person whole; roles and supervisors only when embedded."""
    shown: dict[str, JsonValue] = {
        **person_reference(each.id, each.target_name),
        "externallyOwned": False,
        "locked": [],
        "firstName": each.first_name,
        "lastName": each.last_name,
        "email": each.email,
        "language": each.language,
        "timezone": each.timezone,
        "webLogin": each.target_name,
        "properties": {},
        "site": site(),
        "status": each.status,
    }
    path = f"{API}/people/{each.id}"
    if "roles" in embed:
        shown["roles"] = WHOLE.of(sorted(each.roles), role, path=f"{path}/roles")
    if "supervisors" in embed:
        shown["supervisors"] = WHOLE.of(supervisors, reference, path=f"{path}/supervisors")
    return shown


def reference(each: Person) -> dict[str, JsonValue]:
    """Return a person as other objects refer to one."""
    return person_reference(each.id, each.target_name)


def role_id(name: str) -> str:
    """Return the id of the role *name*; roles are known by name, so it follows from that."""
    return id_of("role", name)


def role(name: str) -> dict[str, JsonValue]:
    """Return a role; what its holders may do is not shown."""
    return {"id": role_id(name), "name": name}


def site() -> dict[str, JsonValue]:
    """Return the one site that there is."""
    site_id = id_of("site", _SITE)
    return {"id": site_id, "name": _SITE, "links": link("sites", site_id)}
