"""``/groups/{id}/members`` of the REST API."""

from typing import get_args
from uuid import uuid4

from deputize.domain.group import Group, Member, Shift
from deputize.domain.recipient import RecipientType
from deputize.platform.embedded.rest.call import NOTHING_THERE, Answer, Call
from deputize.platform.embedded.rest.groups import changed_group, seen_group
from deputize.platform.embedded.rest.paging import Page
from deputize.platform.embedded.rest.problems import invalid, not_found
from deputize.platform.embedded.rest.shapes.groups import membership
from deputize.platform.embedded.rest.shapes.recipients import whom as shape
from deputize.platform.embedded.rest.texts import Body, Key
from deputize.platform.embedded.whom import Whom, find_whom, whom_of

_EMBED = ("shifts",)


class MemberBody(Body):
    """The body of ``POST /groups/{id}/members``."""

    id: Key
    recipient_type: RecipientType | None = None


async def list_members(call: Call) -> Answer:
    """Answer with who belongs to a group: by name only, as a group shows its members to who sees it."""
    page, embed = Page.asked_for(call.query), call.listed("embed", _EMBED)
    group = await seen_group(call)
    members = [(each, await whom_of(call.store, each)) for each in await call.store.groups.members(group.id)]
    known = [(each, whom) for each, whom in members if whom is not None]
    shifts = await shifts_of_members(call, group) if "shifts" in embed else {}
    return Answer(
        body=page.of(
            known,
            lambda each: membership(
                group,
                shape(each[1]),
                shifts=shifts.get(each[0].id, []) if "shifts" in embed else None,
            ),
            path=call.path,
            query=call.query,
        )
    )


async def add_member(call: Call) -> Answer:
    """Add a person, device or group to a group, and answer with who that is; once is enough."""
    body = call.body(MemberBody)
    group = await changed_group(call)
    whom = await find_whom(call.store, body.id, type=body.recipient_type)
    if whom is None:
        raise not_found("recipient", body.id)
    if whom.group is not None and await _leads_to(call, whom.group, group):
        raise invalid("id", whom.target_name, "a group that does not have this one among its members")
    if await call.store.groups.member(group.id, whom.id) is None:
        await call.store.groups.add_member(
            Member(id=str(uuid4()), group_id=group.id, type=whom.type, recipient_id=whom.id)
        )
    return Answer(body=shape(whom))


async def remove_member(call: Call) -> Answer:
    """Remove a member from a group and its shifts, and answer with who that was; 204 for nobody."""
    group = await changed_group(call)
    found = await member_named(call, group, call.part("member"))
    if found is None:
        return NOTHING_THERE
    member, whom = found
    await call.store.groups.remove_member(member.id)
    return Answer(body=shape(whom))


async def member_named(call: Call, group: Group, key: str) -> tuple[Member, Whom] | None:
    """Return the member of *group* whose id or name is *key*."""
    for kind in get_args(RecipientType):
        whom = await find_whom(call.store, key, type=kind)
        member = None if whom is None else await call.store.groups.member(group.id, whom.id)
        if whom is not None and member is not None:
            return member, whom
    return None


async def shifts_of_members(call: Call, group: Group) -> dict[str, list[Shift]]:
    """Return the shifts of *group* in which each of its members is, by the member's own id."""
    found: dict[str, list[Shift]] = {}
    for shift in await call.store.shifts.of_group(group.id):
        for each in {one.member.id for one in await call.store.shifts.members(shift.id)}:
            found.setdefault(each, []).append(shift)
    return found


async def _leads_to(call: Call, group: Group, wanted: Group) -> bool:
    """Whether *wanted* is *group*, or stands anywhere below it."""
    seen: set[str] = set()
    waiting = [group.id]
    while waiting:
        group_id = waiting.pop()
        if group_id == wanted.id:
            return True
        if group_id not in seen:
            seen.add(group_id)
            members = await call.store.groups.members(group_id)
            waiting += [each.recipient_id for each in members if each.type == "GROUP"]
    return False
