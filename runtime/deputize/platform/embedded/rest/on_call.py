"""``/on-call`` and ``/on-call-summary`` of the REST API: who is told when something happens."""

from datetime import datetime, timedelta

from pydantic import JsonValue

from deputize.domain.decision import Grant
from deputize.domain.group import Group, Shift
from deputize.domain.on_call import EARLIEST, LATEST, Occurrence, occurrences
from deputize.platform.embedded.group_permissions import see_group
from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.groups import find_group
from deputize.platform.embedded.rest.paging import DEFAULT_LIMIT, MOST, Page, as_it_is, whole_number
from deputize.platform.embedded.rest.problems import invalid
from deputize.platform.embedded.rest.shapes.groups import group_reference, shift_reference
from deputize.platform.embedded.rest.shapes.recipients import whom as shape
from deputize.platform.embedded.rest.shapes.references import API, moment
from deputize.platform.embedded.whom import whom_of

_EMBED = ("shift", "members.owner")
_WEEK = timedelta(days=7)
_LONGEST = timedelta(days=366)


async def list_on_call(call: Call) -> Answer:
    """Answer with every time that a shift of the groups is on between ``from`` and ``to``, by group.

    ``at`` asks for one moment, which is now unless something else is said. A group that the actor may not
    see is a 403; without ``groups`` those that they see are looked at.
    """
    page, embed = Page.asked_for(call.query), call.listed("embed", _EMBED)
    most = whole_number(call.query, "membersPerShift", default=DEFAULT_LIMIT, least=1, most=MOST)
    since, until = _span(call)
    found = [
        (group, each)
        for group in await _groups(call)
        for each in await _occurrences(call, group, since, until)
    ]
    shown = []
    members: dict[str, dict[str, JsonValue]] = {}
    for group, each in found[page.offset : page.offset + page.limit]:
        if each.shift.id not in members:
            members[each.shift.id] = await _members(call, each.shift, most, owner="members.owner" in embed)
        shown.append(_shown(group, each, members[each.shift.id], shift="shift" in embed))
    return Answer(body=page.holding(shown, as_it_is, total=len(found), path=call.path, query=call.query))


async def summarise(call: Call) -> Answer:
    """Answer with a bare list: who is on call now, or ``at`` a moment, in the order of escalation."""
    at = _moment(call, "at") or call.now
    summary: list[JsonValue] = []
    for group in await _groups(call):
        for each in await _occurrences(call, group, at, at):
            delay = 0
            for member in await call.store.shifts.members(each.shift.id):
                whom = await whom_of(call.store, member.member)
                delay += member.delay
                if whom is not None and whom.active:
                    summary.append(
                        {
                            "group": group_reference(group),
                            "shift": shift_reference(each.shift, group),
                            "recipient": shape(whom),
                            "delay": delay,
                            "escalationLevel": member.position,
                        }
                    )
    return Answer(body=summary[:MOST])


async def _groups(call: Call) -> list[Group]:
    """Return the groups that are asked for, in that order; all that the actor sees where none is."""
    named = [key for key in call.query.get("groups", "").split(",") if key]
    if not named:
        return [
            each
            for each in await call.store.groups.all()
            if isinstance(see_group(call.rules, call.holder, each), Grant)
        ]
    found = [await find_group(call, key) for key in named]
    for each in found:
        call.require(see_group(call.rules, call.holder, each))
    return found


async def _occurrences(call: Call, group: Group, since: datetime, until: datetime) -> list[Occurrence]:
    found = [
        each
        for shift in await call.store.shifts.of_group(group.id)
        for each in occurrences(shift, since, until)
    ]
    return sorted(found, key=lambda each: (each.start, each.shift.name))


async def _members(call: Call, shift: Shift, most: int, *, owner: bool) -> dict[str, JsonValue]:
    shown: list[dict[str, JsonValue]] = []
    for each in await call.store.shifts.members(shift.id):
        whom = await whom_of(call.store, each.member)
        if whom is not None:
            shown.append(
                {
                    "position": each.position,
                    "delay": each.delay,
                    "escalationType": each.escalation_type,
                    "member": shape(whom, owner=owner),
                }
            )
    path = f"{API}/groups/{shift.group_id}/shifts/{shift.id}/members"
    return Page(limit=most).of(shown, as_it_is, path=path)


def _shown(
    group: Group, each: Occurrence, members: dict[str, JsonValue], *, shift: bool
) -> dict[str, JsonValue]:
    shown: dict[str, JsonValue] = {
        "group": group_reference(group),
        "members": members,
        "start": moment(each.start),
        "end": moment(each.end),
    }
    if shift:
        shown["shift"] = shift_reference(each.shift, group)
    return shown


def _span(call: Call) -> tuple[datetime, datetime]:
    at, since, until = (_moment(call, name) for name in ("at", "from", "to"))
    if at is not None:
        return at, at
    if since is None and until is None:
        return call.now, call.now
    since = since or call.now
    until = until or since + _WEEK
    if not since <= until <= since + _LONGEST:
        raise invalid("to", moment(until), "after from, and within a year of it")
    return since, until


def _moment(call: Call, name: str) -> datetime | None:
    given = call.moment(name)
    if given is not None and not EARLIEST <= given <= LATEST:
        raise invalid(name, moment(given), f"from {moment(EARLIEST)} to {moment(LATEST)}")
    return given
