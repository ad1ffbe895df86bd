"""Find the times of the next week in which nobody of a group is on call, and report them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from deputize.script import Callback, Clock, Http, HttpError, Initiator, Log

#: Another form than the one whose events set this script off: that one would set it off again.
REPORT = "/api/xm/1/plans/on_call/forms/gap_report/triggers"


@dataclass
class Shift:
    start: datetime
    end: datetime
    members: int


def main(callback: Callback, http: Http, clock: Clock, initiator: Initiator, log: Log) -> list[str]:
    if callback.status.lower() != "active":
        return []
    groups = [name.strip() for name in callback.event_properties["Which groups?"].split(",")]
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    since, until = today + timedelta(days=1), today + timedelta(days=8)

    lines = []
    for group in groups:
        try:
            shifts = read_shifts(http, group, since, until)
        except HttpError as error:
            log.warning("cannot read the shifts of a group", group=group, error=str(error))
            lines.append(f"Group {group} could not be checked")
            continue
        for start, end in gaps(shifts, since, until):
            lines.append(f"Group {group} has a gap between {shown(start)} and {shown(end)}")
        for shift in shifts:
            if shift.members == 0:
                times = f"{shown(shift.start)} and {shown(shift.end)}"
                lines.append(f"Group {group} has a shift with no members between {times}")

    if lines:
        # Whoever asked is the initiator: an outbound script runs as the one who started the event.
        report = {
            "properties": {"Text": "".join(f"{line}<br>" for line in lines)},
            "recipients": [{"id": initiator.id}],
        }
        http.post(REPORT, json=report).raise_for_status()
    return lines


def read_shifts(http: Http, group: str, since: datetime, until: datetime) -> list[Shift]:
    """Return the shifts of *group*, by their start. Raises HttpError when they cannot be read."""
    search = {"groups": group, "from": iso(since), "to": iso(until), "membersPerShift": "3"}
    shifts = []
    for page in http.pages("/api/xm/1/on-call", params=search):
        for item in page.raise_for_status().json()["data"]:
            start, end = datetime.fromisoformat(item["start"]), datetime.fromisoformat(item["end"])
            shifts.append(Shift(start, end, item["members"]["count"]))
    return sorted(shifts, key=lambda shift: shift.start)


def gaps(shifts: list[Shift], since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the start and the end of each time that no shift covers."""
    covered = since
    for shift in shifts:
        if shift.start > covered:
            yield covered, shift.start
        covered = max(covered, shift.end)
    if covered < until:
        yield covered, until


def iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
