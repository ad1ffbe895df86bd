"""A schedule as people see it: what it does, for whom, and whether it goes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, TypeAlias

from deputize.authorisation import decide_develop, decide_login
from deputize.domain.integration import Integration
from deputize.domain.plan import Plan
from deputize.domain.schedule import Schedule
from deputize.domain.standing import Standing
from deputize.inbound.received import ReceivedRequest
from deputize.store import Transaction
from deputize.use_cases.errors import NotFound, require
from deputize.use_cases.finding import find_integration, names_by_subject

#: UNCONSENTED: the person as whom it would run has not consented, or not to what it is now. RESTING: its
#: integration is switched off, or has no method, and every request would be refused.
ScheduleState: TypeAlias = Literal["ACTIVE", "PAUSED", "UNCONSENTED", "RESTING"]

#: Due times that are shown.
_UPCOMING: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSchedule:
    """A schedule, with the names of what it belongs to."""

    schedule: Schedule
    integration: str
    plan: str
    #: The name of the user as whom it runs.
    user: str
    state: ScheduleState
    #: Whether the script is another one than it was at the consent.
    script_changed: bool
    #: The next due times, or what they would be if it went; none in lists.
    upcoming: tuple[datetime, ...] = ()


async def find_schedule(
    tx: Transaction, schedule_id: str, *, hold: bool = False
) -> tuple[Schedule, Integration, Plan]:
    """Return the schedule of that id, its integration and its plan; with *hold* to change it."""
    schedule = await tx.schedules.get(schedule_id, hold=hold)
    if schedule is None:
        raise NotFound("schedule", schedule_id)
    return schedule, *await find_integration(tx, schedule.integration_id)


async def seen(tx: Transaction, schedule: Schedule, integration: Integration, plan: Plan) -> SeenSchedule:
    """Return *schedule* as people see it, with its next due times."""
    listed = await listed_as(tx, schedule, integration, plan, names=await names_by_subject(tx))
    return replace(listed, upcoming=schedule.times.upcoming(tx.now, number=_UPCOMING))


async def listed_as(
    tx: Transaction, schedule: Schedule, integration: Integration, plan: Plan, *, names: Mapping[str, str]
) -> SeenSchedule:
    """Return *schedule* as lists have it; *names* are everybody's, by subject."""
    return SeenSchedule(
        schedule=schedule,
        integration=integration.name,
        plan=plan.name,
        user=names.get(schedule.subject, schedule.subject),
        state=_state(schedule, integration),
        script_changed=schedule.consented is not None
        and schedule.consented_script != await script_hash(tx, integration),
    )


async def script_hash(tx: Transaction, integration: Integration) -> str | None:
    """Return the hash of the integration's present script; None where the product's own is used."""
    version_id = integration.script_version_id
    version = None if version_id is None else await tx.scripts.get(version_id)
    return None if version is None else version.sha256


def as_request(content_type: str, body: str, *, integration_id: str = "") -> ReceivedRequest:
    """Return what a script is given, as the request that nobody sends."""
    return ReceivedRequest(
        integration_id=integration_id, headers=(("content-type", content_type),), body=body.encode()
    )


def rests(integration: Integration) -> bool:
    """Whether *integration* is set off by nobody now: switched off, without a method, or by events alone."""
    return not integration.enabled or integration.unchosen or not integration.inbound


def require_own_or_developed(standing: Standing, schedule: Schedule, plan: Plan, *, what: str) -> None:
    """Raise ``NotPermitted`` unless it runs as *standing*, who may sign in, or they may edit *plan*."""
    if schedule.subject == standing.subject:
        require(decide_login(standing, what=what))
    else:
        require(decide_develop(standing, plan))


def target(schedule: Schedule, integration: Integration, plan: Plan) -> str:
    """Return what the audit stream calls it."""
    return f"schedule:{plan.name}/{integration.name}/{schedule.name}"


def _state(schedule: Schedule, integration: Integration) -> ScheduleState:
    if not schedule.enabled:
        return "PAUSED"
    if schedule.consented is None:
        return "UNCONSENTED"
    return "RESTING" if rests(integration) else "ACTIVE"
