"""``/roles`` of the REST API."""

from pydantic import BaseModel, ConfigDict

from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.paging import Page
from deputize.platform.embedded.rest.problems import not_one_of
from deputize.platform.embedded.rest.shapes.people import role, role_id


class RoleReference(BaseModel):
    """A role in a body: its id, its name, or both, as answers have them."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str | None = None
    name: str | None = None


async def list_roles(call: Call) -> Answer:
    """Answer with the roles, to anybody."""
    page = Page.asked_for(call.query)
    names = [each.name for each in await call.store.roles.all()]
    return Answer(body=page.of(names, role, path=call.path, query=call.query))


async def role_names(call: Call, asked: list[str | RoleReference], *, field: str) -> frozenset[str]:
    """Return the names of the roles that *field* of a body names; raises a 400 for one that is none."""
    names = [each.name for each in await call.store.roles.all()]
    known = {role_id(name): name for name in names} | {name: name for name in names}
    found = set()
    for each in asked:
        key = each if isinstance(each, str) else each.id or each.name or ""
        if key not in known:
            raise not_one_of(field, key, names)
        found.add(known[key])
    return frozenset(found)
