"""``/groups`` of the REST API."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Literal
from uuid import uuid4

from pydantic import Field, JsonValue

from deputize.domain.decision import Grant
from deputize.domain.group import DEFAULT_SHIFT, Group, Shift
from deputize.errors import shown
from deputize.platform.embedded.group_permissions import (
    change_group,
    create_group,
    govern_group,
    see_group,
)
from deputize.platform.embedded.group_permissions import delete_group as may_delete
from deputize.platform.embedded.rest.administration import note
from deputize.platform.embedded.rest.call import NOTHING_THERE, Answer, Call
from deputize.platform.embedded.rest.paging import Page
from deputize.platform.embedded.rest.people import people_named
from deputize.platform.embedded.rest.problems import Problem, missing, not_found
from deputize.platform.embedded.rest.roles import RoleReference, role_names
from deputize.platform.embedded.rest.shapes import groups as shapes
from deputize.platform.embedded.rest.shapes import people as people_shapes
from deputize.platform.embedded.rest.texts import Body, Key, Line, Name, Reference

_DAY = timedelta(days=1)


class GroupBody(Body):
    """The body of ``POST /groups``: with ``id`` a change, without it a new group.

    Fields that are left out stay as they are.
    """

    id: Key | None = None
    target_name: Name | None = None
    description: Line | None = None
    status: Literal["ACTIVE", "INACTIVE"] | None = None
    allow_duplicates: bool | None = None
    use_default_devices: bool | None = None
    observed_by_all: bool | None = None
    observers: list[str | RoleReference] | None = Field(default=None, max_length=1000)
    supervisors: list[str | Reference] | None = Field(default=None, max_length=1000)


async def list_groups(call: Call) -> Answer:
    """Answer with the groups that the actor may see; the others are left out, and not counted."""
    page = Page.asked_for(call.query)
    words = call.query.get("search", "").casefold().split()
    visible = [
        each
        for each in await call.store.groups.all()
        if isinstance(see_group(call.rules, call.holder, each), Grant)
        and all(word in f"{each.target_name} {each.description}".casefold() for word in words)
    ]
    return Answer(body=page.of(visible, shapes.group, path=call.path, query=call.query))


async def read_group(call: Call) -> Answer:
    """Answer with one group: 404 when there is none, 403 when the actor may not see it."""
    return Answer(body=shapes.group(await seen_group(call)))


async def list_supervisors(call: Call) -> Answer:
    """Answer with those who may change a group."""
    page = Page.asked_for(call.query)
    group = await seen_group(call)
    found = [await call.store.people.get(each) for each in group.supervisors]
    people = sorted((each for each in found if each is not None), key=lambda each: each.target_name)
    return Answer(body=page.of(people, people_shapes.reference, path=call.path, query=call.query))


async def write_group(call: Call) -> Answer:
    """Change the group that ``id`` names (200), or create one with a shift that never ends (201)."""
    body = call.body(GroupBody)
    if body.id is not None:
        before = await find_group(call, body.id)
        call.require(change_group(call.rules, call.holder, before))
        group = await _applied(call, body, before)
        governed = _governed(before) != _governed(group)
        if governed:
            call.require(govern_group(call.rules, call.holder, before))
        await _keep(call, group)
        if governed or before.status != group.status:
            await _note(call, "group.changed", group)
        return Answer(body=_as_seen(call, group))
    if body.target_name is None:
        raise missing("targetName")
    call.require(create_group(call.rules, call.holder))
    group = await _applied(call, body, Group(id=str(uuid4()), target_name=body.target_name))
    await _keep(call, group)
    await call.store.shifts.put(_default_shift(call, group))
    await _note(call, "group.created", group)
    return Answer(body=_as_seen(call, group), status=HTTPStatus.CREATED)


async def delete_group(call: Call) -> Answer:
    """Delete a group and answer with what it was; 204 when there is none."""
    group = await call.store.groups.find(call.key)
    if group is None:
        return NOTHING_THERE
    call.require(may_delete(call.rules, call.holder, group))
    await call.store.groups.delete(group.id)
    await _note(call, "group.deleted", group)
    return Answer(body=_as_seen(call, group))


async def find_group(call: Call, key: str) -> Group:
    """Return the group whose id or name is *key*; raises the 404."""
    group = await call.store.groups.find(key)
    if group is None:
        raise not_found("group", key)
    return group


async def seen_group(call: Call) -> Group:
    """Return the group in the path; raises the 404, and the 403 for one not to be seen."""
    group = await find_group(call, call.key)
    call.require(see_group(call.rules, call.holder, group))
    return group


async def changed_group(call: Call) -> Group:
    """Return the group in the path; raises the 404, and the 403 for one not to be changed."""
    group = await find_group(call, call.key)
    call.require(change_group(call.rules, call.holder, group))
    return group


async def _applied(call: Call, body: GroupBody, group: Group) -> Group:
    """Return *group* with what the body sets."""
    values = body.model_dump(exclude={"id", "observers", "supervisors"}, exclude_none=True, by_alias=False)
    changed = replace(group, **values)
    if body.observers is not None:
        changed = replace(changed, observers=await role_names(call, body.observers, field="observers"))
    if body.supervisors is not None:
        above = await people_named(call, body.supervisors)
        changed = replace(changed, supervisors=frozenset(each.id for each in above))
    return changed


def _governed(group: Group) -> Sequence[object]:
    """Return what of a group says who sees and who changes it."""
    return group.observed_by_all, group.observers, group.supervisors


async def _keep(call: Call, group: Group) -> None:
    taken = await call.store.groups.by_name(group.target_name)
    if taken is not None and taken.id != group.id:
        raise Problem(
            HTTPStatus.CONFLICT,
            f"The name {shown(group.target_name)} is taken. Choose another targetName.",
            subcode="group.name_taken",
            arguments=[shown(group.target_name)],
        )
    await call.store.groups.put(group)


async def _note(
    call: Call, action: Literal["group.created", "group.changed", "group.deleted"], group: Group
) -> None:
    """Write into the audit stream who sees and who changes a group now; on-call lists are no permission."""
    above = [await call.store.people.get(each) for each in sorted(group.supervisors)]
    await note(
        call,
        action,
        f"group:{group.target_name}",
        id=group.id,
        status=group.status,
        observed_by_all=group.observed_by_all,
        observers=[*sorted(group.observers)],
        supervisors=[*sorted(each.target_name for each in above if each is not None)],
    )


def _default_shift(call: Call, group: Group) -> Shift:
    midnight = call.now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Shift(
        id=str(uuid4()),
        group_id=group.id,
        name=DEFAULT_SHIFT,
        start=midnight,
        end=midnight + _DAY,
    )


def _as_seen(call: Call, group: Group) -> dict[str, JsonValue]:
    """Return *group*, whole only for who may see it: to change it is not to read it."""
    if isinstance(see_group(call.rules, call.holder, group), Grant):
        return shapes.group(group)
    return shapes.group_reference(group)
