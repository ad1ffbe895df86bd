"""Defines what sets an integration off by itself, and changes that; it goes when its user has consented."""

import re
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import uuid4
from zoneinfo import available_timezones

from deputize.authorisation import decide_develop
from deputize.domain.cron import Cron, NotCron
from deputize.domain.integration import Integration
from deputize.domain.person import Person
from deputize.domain.schedule import Schedule, time_zone
from deputize.errors import did_you_mean
from deputize.inbound.content import Unreadable, read_content
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import Conflict, Fault, Invalid, MethodRequired, require
from deputize.use_cases.finding import developed_integration
from deputize.use_cases.schedules import SeenSchedule, as_request, find_schedule, seen, target

_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?")
_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9.+_-]{0,99}/[a-z0-9][a-z0-9.+_-]{0,99}")
_MOST_BYTES: Final = 256 * 1024
#: Schedules of one integration.
_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSchedule:
    """What is to be defined."""

    name: str
    cron: str
    timezone: str = "UTC"
    #: The name of the user as whom it runs.
    user: str
    content_type: str = "application/json"
    body: str = field(default="{}", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleChange:
    """What is to change; what is None stays. All but *enabled* withdraws the consent."""

    cron: str | None = None
    timezone: str | None = None
    user: str | None = None
    content_type: str | None = None
    body: str | None = field(default=None, repr=False)
    enabled: bool | None = None


async def create_schedule(
    database: Database, actor: Actor, *, integration_id: str, new: NewSchedule
) -> SeenSchedule:
    """Define a schedule of the integration of that id, for who edits its plan.

    It does nothing until the user has consented. Raises ``Invalid``; ``Conflict`` for a name that is taken
    and for an integration that events set off; ``MethodRequired`` for one that is locked.
    """

    async def work(tx: Transaction) -> SeenSchedule:
        integration, plan = await developed_integration(tx, await actor.standing(tx), integration_id)
        _refuse_unfit(integration)
        # Two at once would each look without the other.
        await tx.plans.hold(plan.id)
        person, faults = await _person(tx, new.user)
        faults += _name_faults(new.name) + _faults(new.cron, new.timezone, new.content_type, new.body)
        if faults or person is None:
            raise Invalid(*faults)
        await _refuse_taken(tx, integration, new.name)
        schedule = Schedule(
            id=str(uuid4()),
            integration_id=integration.id,
            name=new.name,
            cron=" ".join(new.cron.split()),
            timezone=new.timezone,
            subject=person.id,
            content_type=new.content_type,
            body=new.body,
            created=tx.now,
            defined_by=actor.name,
        )
        await tx.schedules.put(schedule)
        await note(
            tx,
            actor,
            "schedule.created",
            target(schedule, integration, plan),
            cron=schedule.cron,
            timezone=schedule.timezone,
            user=person.target_name,
            digest=schedule.digest,
        )
        return await seen(tx, schedule, integration, plan)

    return await database.write(work)


async def change_schedule(
    database: Database, actor: Actor, *, schedule_id: str, change: ScheduleChange
) -> SeenSchedule:
    """Change a schedule, for who edits its plan; other terms are to be consented to anew."""

    async def work(tx: Transaction) -> SeenSchedule:
        standing = await actor.standing(tx)
        before, integration, plan = await find_schedule(tx, schedule_id, hold=True)
        require(decide_develop(standing, plan))
        person, faults = None, list[Fault]()
        if change.user is not None:
            person, faults = await _person(tx, change.user)
        changed = replace(
            before,
            cron=before.cron if change.cron is None else " ".join(change.cron.split()),
            timezone=before.timezone if change.timezone is None else change.timezone,
            subject=before.subject if person is None else person.id,
            content_type=before.content_type if change.content_type is None else change.content_type,
            body=before.body if change.body is None else change.body,
            enabled=before.enabled if change.enabled is None else change.enabled,
        )
        faults += _faults(changed.cron, changed.timezone, changed.content_type, changed.body)
        if faults:
            raise Invalid(*faults)
        if changed != before:
            if changed.digest != before.digest:
                changed = replace(changed, consented=None, consented_script=None)
            changed = replace(changed, due=changed.next_due(tx.now))
            await tx.schedules.put(changed)
            detail = _detail(before, changed, person)
            await note(tx, actor, "schedule.changed", target(changed, integration, plan), **detail)
        return await seen(tx, changed, integration, plan)

    return await database.write(work)


def _refuse_unfit(integration: Integration) -> None:
    if not integration.inbound:
        raise Conflict(
            f'The integration "{integration.name}" has no schedules: it is outbound, '
            "and what happens to the events of its form sets it off."
        )
    if integration.unchosen:
        raise MethodRequired(
            f'The integration "{integration.name}" has no method of authentication and is locked until one '
            "is chosen. Choose one first."
        )


async def _refuse_taken(tx: Transaction, integration: Integration, name: str) -> None:
    there = await tx.schedules.of_integration(integration.id)
    if any(each.name == name for each in there):
        raise Conflict(f'The integration "{integration.name}" has a schedule "{name}" already.')
    if len(there) >= _MOST:
        raise Conflict(
            f'The integration "{integration.name}" has {len(there)} schedules, which is as many as may be.'
        )


async def _person(tx: Transaction, name: str) -> tuple[Person | None, list[Fault]]:
    person = await tx.people.by_name(name)
    if person is None or not person.active:
        return None, [Fault(pointer="/as", detail="There is no active user of this name.")]
    return person, []


def _name_faults(name: str) -> list[Fault]:
    if _NAME.fullmatch(name):
        return []
    detail = "A name is 1 to 63 of a-z, 0-9, - and _, and begins and ends with a letter or digit."
    return [Fault(pointer="/name", detail=detail)]


def _faults(cron: str, timezone: str, content_type: str, body: str) -> list[Fault]:
    faults: list[Fault] = []
    read = Cron.read(cron)
    if isinstance(read, NotCron):
        faults.append(Fault(pointer="/cron", detail=read.why))
    if time_zone(timezone) is None:
        hint = did_you_mean(timezone, available_timezones())
        detail = f"It is no IANA name of a time zone, such as Europe/Vienna or UTC.{hint}"
        faults.append(Fault(pointer="/timezone", detail=detail))
    return faults + _payload_faults(content_type, body)


def _payload_faults(content_type: str, body: str) -> list[Fault]:
    if _TYPE.fullmatch(content_type) is None:
        detail = "It is a media type without parameters, such as application/json; the charset is UTF-8."
        return [Fault(pointer="/content_type", detail=detail)]
    try:
        data = body.encode()
    except UnicodeEncodeError:
        return [Fault(pointer="/body", detail="It has half of a surrogate pair, which is no text.")]
    if len(data) > _MOST_BYTES:
        return [Fault(pointer="/body", detail=f"It has at most {_MOST_BYTES // 1024} KiB.")]
    content = read_content(as_request(content_type, body))
    if isinstance(content, Unreadable):
        return [Fault(pointer="/body", detail=content.why)]
    if content_type.endswith(("/json", "+json")) and content.payload is None and body.strip() != "null":
        return [Fault(pointer="/body", detail="It is not JSON, as its content_type says.")]
    return []


def _detail(before: Schedule, after: Schedule, person: Person | None) -> dict[str, Any]:
    pairs: dict[str, tuple[object, object]] = {
        "cron": (before.cron, after.cron),
        "timezone": (before.timezone, after.timezone),
        "enabled": (before.enabled, after.enabled),
        "digest": (before.digest, after.digest),
    }
    detail = {name: new for name, (old, new) in pairs.items() if old != new}
    if person is not None and before.subject != after.subject:
        detail["user"] = person.target_name
    if before.consented is not None and after.consented is None:
        detail["consent_withdrawn"] = True
    return detail
