"""``/people`` of the REST API."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Literal
from uuid import uuid4

from pydantic import Field, JsonValue

from deputize.domain.decision import Grant
from deputize.domain.functions import ADMIN, PEOPLE
from deputize.domain.person import Person
from deputize.errors import shown
from deputize.platform.embedded.permissions import Holder
from deputize.platform.embedded.rest.administration import note
from deputize.platform.embedded.rest.call import NOTHING_THERE, Answer, Call
from deputize.platform.embedded.rest.paging import Page
from deputize.platform.embedded.rest.problems import Problem, missing, not_found
from deputize.platform.embedded.rest.roles import RoleReference, role_names
from deputize.platform.embedded.rest.shapes import people as shapes
from deputize.platform.embedded.rest.texts import Body, Line, Name, Reference, key_of

_EMBED = ("roles", "supervisors")


class PersonBody(Body):
    """The body of ``POST /people``: with ``id`` a change, without it a new person.

    Fields that are left out stay as they are.
    """

    id: Name | None = None
    target_name: Name | None = None
    first_name: Line | None = None
    last_name: Line | None = None
    email: Line | None = None
    language: Line | None = None
    timezone: Line | None = None
    status: Literal["ACTIVE", "INACTIVE"] | None = None
    roles: list[str | RoleReference] | None = Field(default=None, max_length=1000)
    supervisors: list[str | Reference] | None = Field(default=None, max_length=1000)

    def applied_to(self, person: Person, roles: frozenset[str] | None) -> Person:
        """Return *person* with what the body sets; *roles* None leaves the roles."""
        values = self.model_dump(exclude={"id", "roles", "supervisors"}, exclude_none=True, by_alias=False)
        changed = replace(person, **values)
        return changed if roles is None else replace(changed, roles=roles)


async def list_people(call: Call) -> Answer:
    """Answer with those whom the actor may see; the others are left out, and not counted."""
    page, embed = Page.asked_for(call.query), call.listed("embed", _EMBED)
    words = call.query.get("search", "").casefold().split()
    everybody = await call.store.people.all()
    visible = [
        each
        for each in visible_among(call, everybody)
        if all(word in f"{each.target_name} {each.display_name}".casefold() for word in words)
    ]
    above = await call.store.supervisors.all() if "supervisors" in embed else {}
    by_id = {each.id: each for each in everybody}
    return Answer(
        body=page.of(
            visible,
            lambda each: shapes.person(
                each, embed=embed, supervisors=[by_id[key] for key in sorted(above.get(each.id, ()))]
            ),
            path=call.path,
            query=call.query,
        )
    )


async def read_person(call: Call) -> Answer:
    """Answer with one person: 404 when there is none, 403 when the actor may not see them."""
    embed = call.listed("embed", _EMBED)
    person = await seen_person(call, call.key)
    supervisors = await _supervisors(call, person) if "supervisors" in embed else ()
    return Answer(body=shapes.person(person, embed=embed, supervisors=supervisors))


async def list_supervisors(call: Call) -> Answer:
    """Answer with those who are above a person."""
    page = Page.asked_for(call.query)
    person = await seen_person(call, call.key)
    supervisors = await _supervisors(call, person)
    return Answer(body=page.of(supervisors, shapes.reference, path=call.path, query=call.query))


async def write_person(call: Call) -> Answer:
    """Change the person that ``id`` names (200), or create one (201)."""
    body = call.body(PersonBody)
    roles = None if body.roles is None else await role_names(call, body.roles, field="roles")
    if body.id is not None:
        person = await find_person(call, body.id)
        call.require(call.rules.change_person(call.holder, Holder.of(person), roles))
        changed = body.applied_to(person, roles)
        return await _keep(call, person, replace(changed, vouched=_vouched(call, person, changed)), body)
    if body.target_name is None:
        raise missing("targetName")
    call.require(call.rules.create_person(call.holder, roles or frozenset()))
    new = Person(id=str(uuid4()), target_name=body.target_name)
    return await _keep(call, None, body.applied_to(new, roles), body)


async def delete_person(call: Call) -> Answer:
    """Delete a person and answer with who that was; 204 when there is none."""
    person = await call.store.people.find(call.key)
    if person is None:
        return NOTHING_THERE
    call.require(call.rules.delete_person(call.holder, Holder.of(person)))
    body = as_seen(call, person)
    await call.store.people.delete(person.id)
    await note(call, "user.deleted", f"user:{person.target_name}", id=person.id)
    return Answer(body=body)


def visible_among(call: Call, people: Sequence[Person]) -> list[Person]:
    """Return those of *people* whom the actor may see, in their order."""
    # People with the same roles are seen by the same right: one decision serves for all of them.
    decided: dict[frozenset[str], bool] = {}
    visible = []
    for each in people:
        if each.id == call.actor.id:
            visible.append(each)
            continue
        if each.roles not in decided:
            decision = call.rules.see_person(call.holder, Holder.of(each))
            decided[each.roles] = isinstance(decision, Grant)
        if decided[each.roles]:
            visible.append(each)
    return visible


async def find_person(call: Call, key: str) -> Person:
    """Return the person whose id or name is *key*; raises the 404."""
    person = await call.store.people.find(key)
    if person is None:
        raise not_found("person", key)
    return person


async def seen_person(call: Call, key: str) -> Person:
    """Return the person whose id or name is *key*; raises the 404, and the 403 for one not to be seen."""
    person = await find_person(call, key)
    call.require(call.rules.see_person(call.holder, Holder.of(person)))
    return person


async def people_named(call: Call, given: Sequence[str | Reference]) -> list[Person]:
    """Return the people that a body names; raises the 404 for one who is not there."""
    return [await find_person(call, key_of(each)) for each in given]


def as_seen(call: Call, person: Person) -> dict[str, JsonValue]:
    """Return *person*, whole only for who may see them: to change somebody is not to read them."""
    if isinstance(call.rules.see_person(call.holder, Holder.of(person)), Grant):
        return shapes.person(person)
    return shapes.reference(person)


def _vouched(call: Call, before: Person, after: Person) -> bool:
    """Whether it is vouched for who *after* is: whoever may only edit people may not say so of others."""
    if (after.target_name, after.email) == (before.target_name, before.email):
        return before.vouched
    return call.actor.id == before.id or call.standing.has(PEOPLE) or call.standing.has(ADMIN)


async def _supervisors(call: Call, person: Person) -> list[Person]:
    ids = await call.store.supervisors.of_person(person.id)
    found = [await call.store.people.get(each) for each in ids]
    return sorted((each for each in found if each is not None), key=lambda each: each.target_name)


async def _keep(call: Call, before: Person | None, person: Person, body: PersonBody) -> Answer:
    taken = await call.store.people.by_name(person.target_name)
    if taken is not None and taken.id != person.id:
        raise Problem(
            HTTPStatus.CONFLICT,
            f"The name {shown(person.target_name)} is taken. Choose another targetName.",
            subcode="person.name_taken",
            arguments=[shown(person.target_name)],
        )
    await call.store.people.put(person)
    if not person.active:
        # Enabled again, they let their clients in anew.
        await call.store.oauth.revoke_grants_of(person.id, call.now)
    supervisors: list[Person] | None = None
    if body.supervisors is not None:
        given = await people_named(call, body.supervisors)
        above = {each.id for each in given}
        if above != await call.store.supervisors.of_person(person.id):
            call.require(call.rules.supervise_person(call.holder, Holder.of(person)))
            supervisors = given
        await call.store.supervisors.put(person.id, above)
    await _note(call, before, person, supervisors)
    status = HTTPStatus.CREATED if before is None else HTTPStatus.OK
    return Answer(body=as_seen(call, person), status=status)


async def _note(
    call: Call, before: Person | None, after: Person, supervisors: Sequence[Person] | None
) -> None:
    """Write into the audit stream what was given or taken; a new last name is of no interest there.

    *supervisors* are those who are above from now on; None where nobody came or went.
    """
    held: frozenset[str] = frozenset() if before is None else before.roles
    detail: dict[str, JsonValue] = {"id": after.id}
    if after.roles != held:
        detail["roles_added"] = [*sorted(after.roles - held)]
        detail["roles_removed"] = [*sorted(held - after.roles)]
    if before is not None and before.status != after.status:
        detail["status"] = after.status
    if before is not None and before.target_name != after.target_name:
        detail["name_before"] = before.target_name
    if after.email != ("" if before is None else before.email):
        # Messages from that address are taken for this person's.
        detail["email"] = after.email
    if supervisors is not None:
        detail["supervisors"] = [*sorted(each.target_name for each in supervisors)]
    if before is None:
        await note(call, "user.created", f"user:{after.target_name}", **detail)
    elif len(detail) > 1:
        await note(call, "user.changed", f"user:{after.target_name}", **detail)
