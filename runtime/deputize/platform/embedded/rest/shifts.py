"""``/groups/{id}/shifts`` of the REST API, and who is in each."""

from datetime import UTC, date, timedelta
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, Field, JsonValue, field_validator

from deputize.domain.group import Day, Frequency, Group, Recurrence, Shift, ShiftMember
from deputize.domain.on_call import EARLIEST, LATEST
from deputize.errors import shown
from deputize.platform.embedded.rest.call import NOTHING_THERE, Answer, Call
from deputize.platform.embedded.rest.groups import changed_group, seen_group
from deputize.platform.embedded.rest.members import member_named
from deputize.platform.embedded.rest.paging import Page, as_it_is
from deputize.platform.embedded.rest.problems import Problem, invalid, missing, not_found
from deputize.platform.embedded.rest.shapes import groups as shapes
from deputize.platform.embedded.rest.shapes.recipients import whom as shape
from deputize.platform.embedded.rest.shapes.references import moment
from deputize.platform.embedded.rest.texts import Body, Key, Line, Name, Reference, key_of
from deputize.platform.embedded.whom import whom_of

_EMBED = ("members",)
_LONGEST = timedelta(days=366)
_TIMES = Field(ge=1, le=10_000)
_MINUTES = Field(ge=0, le=10_080)


class EndBody(Body):
    """When a shift begins for the last time."""

    end_by: Literal["NEVER", "DATE", "REPETITIONS"] = "NEVER"
    date: str | None = None
    repetitions: Annotated[int, _TIMES] | None = None


class RecurrenceBody(Body):
    """When a shift begins again."""

    frequency: Frequency
    repeat_every: Annotated[int, Field(ge=1, le=1000)] = 1
    on_days: frozenset[Day] = Field(default=frozenset(), strict=False)
    end: EndBody = EndBody()


class ShiftBody(Body):
    """The body of ``POST /groups/{id}/shifts``: with ``id`` a change, without it a new shift."""

    id: Key | None = None
    name: Name | None = None
    description: Line | None = None
    start: AwareDatetime | None = Field(default=None, strict=False)
    end: AwareDatetime | None = Field(default=None, strict=False)
    timezone: Line | None = None
    recurrence: RecurrenceBody | None = None

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (ValueError, OSError, ZoneInfoNotFoundError):
                raise ValueError("the IANA name of a time zone, such as Europe/Vienna") from None
        return value


class ShiftMemberBody(Body):
    """The body of ``POST …/shifts/{id}/members``."""

    recipient: Key | Reference
    position: Annotated[int, Field(ge=1, le=10_000)] | None = None
    delay: Annotated[int, _MINUTES] = 0
    escalation_type: Literal["None", "Peer", "Management"] = "None"
    in_rotation: bool = False


async def list_shifts(call: Call) -> Answer:
    """Answer with the shifts of a group."""
    page, embed = Page.asked_for(call.query), call.listed("embed", _EMBED)
    group = await seen_group(call)
    found = []
    for each in await call.store.shifts.of_group(group.id):
        members = await _members(call, each, group) if "members" in embed else None
        found.append(shapes.shift(each, group, members=members))
    return Answer(body=page.of(found, as_it_is, path=call.path, query=call.query))


async def read_shift(call: Call) -> Answer:
    """Answer with one shift."""
    embed = call.listed("embed", _EMBED)
    group = await seen_group(call)
    shift = await _find(call, group, call.part("shift"))
    members = await _members(call, shift, group) if "members" in embed else None
    return Answer(body=shapes.shift(shift, group, members=members))


async def write_shift(call: Call) -> Answer:
    """Change the shift that ``id`` names (200), or add one to a group (201)."""
    body = call.body(ShiftBody)
    group = await changed_group(call)
    if body.id is not None:
        shift = _applied(body, await _find(call, group, body.id))
        await _keep(call, shift)
        return Answer(body=shapes.shift(shift, group))
    for name in ("name", "start", "end"):
        if getattr(body, name) is None:
            raise missing(name)
    shift = _applied(body, _new(call, group))
    await _keep(call, shift)
    return Answer(body=shapes.shift(shift, group), status=HTTPStatus.CREATED)


async def delete_shift(call: Call) -> Answer:
    """Remove a shift and answer with what it was; 204 when there is none."""
    group = await changed_group(call)
    shift = await call.store.shifts.find(group.id, call.part("shift"))
    if shift is None:
        return NOTHING_THERE
    await call.store.shifts.delete(shift.id)
    return Answer(body=shapes.shift(shift, group))


async def list_shift_members(call: Call) -> Answer:
    """Answer with who is in a shift, by position."""
    page = Page.asked_for(call.query)
    group = await seen_group(call)
    shift = await _find(call, group, call.part("shift"))
    members = await _members(call, shift, group)
    return Answer(body=page.of(members, as_it_is, path=call.path, query=call.query))


async def add_shift_member(call: Call) -> Answer:
    """Put a member of the group into a shift: in a position, or after everybody who is in it."""
    body = call.body(ShiftMemberBody)
    group = await changed_group(call)
    shift = await _find(call, group, call.part("shift"))
    found = await member_named(call, group, key_of(body.recipient))
    if found is None:
        raise not_found("member of the group", key_of(body.recipient))
    member, whom = found
    inside = [each.member.id for each in await call.store.shifts.members(shift.id)]
    if member.id in inside and not group.allow_duplicates:
        raise Problem(
            HTTPStatus.CONFLICT,
            f"{shown(whom.target_name)} is in this shift already, and the group does not allow duplicates.",
            subcode="shift.duplicate_member",
            arguments=[shown(whom.target_name)],
        )
    new = ShiftMember(
        member=member,
        position=body.position or await call.store.shifts.next_position(shift.id),
        delay=body.delay,
        escalation_type=body.escalation_type,
        in_rotation=body.in_rotation,
    )
    await call.store.shifts.put_member(shift.id, new)
    return Answer(body=shapes.shift_member(new, shape(whom), within=shift, of=group))


async def remove_shift_member(call: Call) -> Answer:
    """Take a member out of a shift and answer with who that was; 204 for nobody."""
    group = await changed_group(call)
    shift = await _find(call, group, call.part("shift"))
    found = await member_named(call, group, call.part("member"))
    if found is None or not await call.store.shifts.remove_member(shift.id, found[0].id):
        return NOTHING_THERE
    return Answer(body=shape(found[1]))


async def _find(call: Call, group: Group, key: str) -> Shift:
    shift = await call.store.shifts.find(group.id, key)
    if shift is None:
        raise not_found("shift", key)
    return shift


async def _members(call: Call, shift: Shift, group: Group) -> list[dict[str, JsonValue]]:
    found = []
    for each in await call.store.shifts.members(shift.id):
        whom = await whom_of(call.store, each.member)
        if whom is not None:
            found.append(shapes.shift_member(each, shape(whom), within=shift, of=group))
    return found


def _new(call: Call, group: Group) -> Shift:
    """Return what a new shift has that is not said."""
    return Shift(
        id=str(uuid4()),
        group_id=group.id,
        name="",
        start=call.now,
        end=call.now,
        recurrence=Recurrence(frequency="ONCE"),
    )


def _applied(body: ShiftBody, shift: Shift) -> Shift:
    """Return *shift* with what the body sets; raises a 400 where that makes no shift."""
    start, end = body.start or shift.start, body.end or shift.end
    if not EARLIEST <= start <= LATEST:
        raise invalid("start", start.isoformat(), f"from {moment(EARLIEST)} to {moment(LATEST)}")
    if not start < end <= start + _LONGEST:
        raise invalid("end", end.isoformat(), "after the start, and within a year of it")
    return Shift(
        id=shift.id,
        group_id=shift.group_id,
        name=body.name or shift.name,
        description=shift.description if body.description is None else body.description,
        start=start.astimezone(UTC),
        end=end.astimezone(UTC),
        timezone=body.timezone or shift.timezone,
        recurrence=shift.recurrence if body.recurrence is None else _recurrence(body.recurrence),
    )


def _recurrence(body: RecurrenceBody) -> Recurrence:
    until, times = None, None
    match body.end.end_by:
        case "DATE":
            until = _date(body.end.date)
        case "REPETITIONS":
            if body.end.repetitions is None:
                raise missing("recurrence.end.repetitions")
            times = body.end.repetitions
    return Recurrence(
        frequency=body.frequency, every=body.repeat_every, days=body.on_days, until=until, times=times
    )


def _date(text: str | None) -> date:
    if text is None:
        raise missing("recurrence.end.date")
    try:
        # As a day, or as a moment of that day.
        return date.fromisoformat(text[:10])
    except ValueError:
        raise invalid("recurrence.end.date", text, "a day such as 2018-04-17") from None


async def _keep(call: Call, shift: Shift) -> None:
    taken = await call.store.shifts.find(shift.group_id, shift.name)
    if taken is not None and taken.id != shift.id:
        raise Problem(
            HTTPStatus.CONFLICT,
            f"The group has a shift with the name {shown(shift.name)} already. Choose another name.",
            subcode="shift.name_taken",
            arguments=[shown(shift.name)],
        )
    await call.store.shifts.put(shift)
