"""Groups, their members and their shifts as the REST API shows them."""

from collections.abc import Sequence

from pydantic import JsonValue

from deputize.domain.group import Group, Recurrence, Shift, ShiftMember
from deputize.platform.embedded.rest.paging import WHOLE, as_it_is
from deputize.platform.embedded.rest.shapes.people import site
from deputize.platform.embedded.rest.shapes.references import API, link, moment, recipient_reference

_WEEK = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")


def group(each: Group) -> dict[str, JsonValue]:
    """Return a group whole."""
    return {
        **group_reference(each),
        "status": each.status,
        "externallyOwned": False,
        "allowDuplicates": each.allow_duplicates,
        "useDefaultDevices": each.use_default_devices,
        "observedByAll": each.observed_by_all,
        "description": each.description,
        "site": site(),
    }


def group_reference(each: Group) -> dict[str, JsonValue]:
    """Return a group as other objects refer to one."""
    return {**recipient_reference("GROUP", each.id, each.target_name), "groupType": "ON_CALL"}


def membership(
    each: Group, who: dict[str, JsonValue], *, shifts: Sequence[Shift] | None = None
) -> dict[str, JsonValue]:
    """Return that *who* belongs to a group; with the *shifts* that it is in, where they are asked for."""
    shown: dict[str, JsonValue] = {"group": group_reference(each), "member": who}
    if shifts is not None:
        shown["shifts"] = WHOLE.of(
            shifts, lambda one: shift_reference(one, each), path=f"{API}/groups/{each.id}/shifts"
        )
    return shown


def shift(
    each: Shift, of: Group, *, members: Sequence[dict[str, JsonValue]] | None = None
) -> dict[str, JsonValue]:
    """Return a shift of the group *of*; with its *members* where they are asked for."""
    shown: dict[str, JsonValue] = {
        **shift_reference(each, of),
        "description": each.description,
        "start": moment(each.start),
        "end": moment(each.end),
        "timezone": each.timezone,
        "recurrence": _recurrence(each.recurrence),
    }
    if members is not None:
        path = f"{API}/groups/{of.id}/shifts/{each.id}/members"
        shown["members"] = WHOLE.of(members, as_it_is, path=path)
    return shown


def shift_reference(each: Shift, of: Group) -> dict[str, JsonValue]:
    """Return a shift as other objects refer to one."""
    return {
        "id": each.id,
        "group": group_reference(of),
        "name": each.name,
        "links": link("groups", of.id, "shifts", each.id),
    }


def shift_member(
    each: ShiftMember, who: dict[str, JsonValue], *, within: Shift, of: Group
) -> dict[str, JsonValue]:
    """Return the place of *who* in a shift."""
    return {
        "position": each.position,
        "delay": each.delay,
        "escalationType": each.escalation_type,
        "inRotation": each.in_rotation,
        "recipient": who,
        "shift": shift_reference(within, of),
    }


def _recurrence(each: Recurrence) -> dict[str, JsonValue]:
    end: dict[str, JsonValue] = {"endBy": "NEVER"}
    if each.until is not None:
        end = {"endBy": "DATE", "date": each.until.isoformat()}
    elif each.times is not None:
        end = {"endBy": "REPETITIONS", "repetitions": each.times}
    shown: dict[str, JsonValue] = {
        "frequency": each.frequency,
        "repeatEvery": each.every,
        "end": end,
    }
    if each.frequency == "WEEKLY":
        shown["onDays"] = [day for day in _WEEK if day in each.days or not each.days]
    return shown
