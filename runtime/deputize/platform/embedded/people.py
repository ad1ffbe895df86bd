"""``/people`` and ``/roles`` of the REST API."""

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints
from pydantic.alias_generators import to_camel

from deputize.domain.decision import Grant
from deputize.domain.person import Person
from deputize.platform.embedded import representations
from deputize.platform.embedded.call import Answer, Call
from deputize.platform.embedded.paging import Page
from deputize.platform.embedded.permissions import Holder
from deputize.platform.embedded.problems import Problem, missing, not_found, not_one_of, shown

_EMBED = ("roles",)

#: No slash, which a path could not name, and no control character.
_Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^/\x00-\x1f\x7f]+$")]
_Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class RoleReference(BaseModel):
    """A role in a body: its id, its name, or both, as answers have them."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str | None = None
    name: str | None = None


class PersonBody(BaseModel):
    """The body of ``POST /people``: with ``id`` a change, without it a new person.

    Fields that are left out stay as they are. Unknown ones are ignored, as bodies are often answers
    that have been edited.
    """

    model_config = ConfigDict(extra="ignore", strict=True, alias_generator=to_camel)

    id: _Name | None = None
    target_name: _Name | None = None
    first_name: _Text | None = None
    last_name: _Text | None = None
    email: _Text | None = None
    language: _Text | None = None
    timezone: _Text | None = None
    status: Literal["ACTIVE", "INACTIVE"] | None = None
    roles: list[str | RoleReference] | None = Field(default=None, max_length=1000)

    def applied_to(self, person: Person, roles: frozenset[str] | None) -> Person:
        """Return *person* with what the body sets; *roles* None leaves the roles."""
        values = self.model_dump(exclude={"id", "roles"}, exclude_none=True, by_alias=False)
        changed = replace(person, **values)
        return changed if roles is None else replace(changed, roles=roles)


async def list_people(call: Call) -> Answer:
    """Answer with those whom the actor may see; the others are left out, and not counted."""
    query = call.request.query_params
    page, embed = Page.asked_for(query), call.listed("embed", _EMBED)
    words = query.get("search", "").casefold().split()
    visible = [
        each
        for each in await _visible(call)
        if all(word in f"{each.target_name} {each.display_name}".casefold() for word in words)
    ]
    return Answer(
        body=page.of(
            visible,
            lambda each: representations.person(each, embed=embed),
            path=call.request.url.path,
            query=query,
        )
    )


async def read_person(call: Call) -> Answer:
    """Answer with one person: 404 when there is none, 403 when the actor may not see them."""
    embed = call.listed("embed", _EMBED)
    person = await _find(call, call.key)
    call.require(call.rules.see_person(call.holder, Holder.of(person)))
    return Answer(body=representations.person(person, embed=embed))


async def write_person(call: Call) -> Answer:
    """Change the person that ``id`` names (200), or create one (201)."""
    body = call.body(PersonBody)
    roles = None if body.roles is None else await _roles(call, body.roles)
    if body.id is not None:
        person = await _find(call, body.id)
        call.require(call.rules.change_person(call.holder, Holder.of(person), roles))
        return await _keep(call, body.applied_to(person, roles), HTTPStatus.OK)
    if body.target_name is None:
        raise missing("targetName")
    call.require(call.rules.create_person(call.holder, roles or frozenset()))
    new = Person(id=str(uuid4()), target_name=body.target_name)
    return await _keep(call, body.applied_to(new, roles), HTTPStatus.CREATED)


async def delete_person(call: Call) -> Answer:
    """Delete a person and answer with who that was."""
    person = await _find(call, call.key)
    call.require(call.rules.delete_person(call.holder, Holder.of(person)))
    body = _as_seen(call, person)
    await call.store.people.delete(person.id)
    return Answer(body=body)


async def list_roles(call: Call) -> Answer:
    """Answer with the roles, to anybody."""
    query = call.request.query_params
    names = [role.name for role in await call.store.roles.all()]
    return Answer(
        body=Page.asked_for(query).of(names, representations.role, path=call.request.url.path, query=query)
    )


async def _visible(call: Call) -> list[Person]:
    # People with the same roles are seen by the same right: one decision serves for all of them.
    decided: dict[frozenset[str], bool] = {}
    visible = []
    for each in await call.store.people.all():
        if each.id == call.actor.id:
            visible.append(each)
            continue
        if each.roles not in decided:
            decision = call.rules.see_person(call.holder, Holder.of(each))
            decided[each.roles] = isinstance(decision, Grant)
        if decided[each.roles]:
            visible.append(each)
    return visible


async def _find(call: Call, key: str) -> Person:
    person = await call.store.people.find(key)
    if person is None:
        raise not_found("person", key)
    return person


async def _roles(call: Call, asked: list[str | RoleReference]) -> frozenset[str]:
    names = [role.name for role in await call.store.roles.all()]
    known = {representations.role_id(name): name for name in names} | {name: name for name in names}
    found = set()
    for each in asked:
        key = each if isinstance(each, str) else each.id or each.name or ""
        if key not in known:
            raise not_one_of("roles", key, names)
        found.add(known[key])
    return frozenset(found)


async def _keep(call: Call, person: Person, status: HTTPStatus) -> Answer:
    taken = await call.store.people.by_name(person.target_name)
    if taken is not None and taken.id != person.id:
        raise Problem(
            HTTPStatus.CONFLICT,
            f"The name {shown(person.target_name)} is taken. Choose another targetName.",
            subcode="person.name_taken",
            arguments=[shown(person.target_name)],
        )
    await call.store.people.put(person)
    return Answer(body=_as_seen(call, person), status=status)


def _as_seen(call: Call, person: Person) -> dict[str, JsonValue]:
    """Return *person*, whole only for who may see them: to change somebody is not to read them."""
    if isinstance(call.rules.see_person(call.holder, Holder.of(person)), Grant):
        return representations.person(person)
    return representations.person_reference(person.id, person.target_name)
