"""Keeps what becomes of an event: the change, what is told of it later, and what it sets off."""

from dataclasses import replace
from http import HTTPStatus
from typing import Final
from uuid import uuid4

from pydantic import JsonValue

from deputize.domain.event import Audit, Event, EventChange, EventStatus
from deputize.platform.embedded.rest.call import Call
from deputize.platform.embedded.rest.problems import Problem

_AUDITS: Final[dict[EventStatus, str]] = {
    "ACTIVE": "EVENT_RESUMED",
    "SUSPENDED": "EVENT_SUSPENDED",
    "TERMINATED": "EVENT_TERMINATED",
}


async def change_status(call: Call, event: Event, status: EventStatus) -> Event:
    """Change the status of *event* and return what it is then; raises a 409 for one that is TERMINATED."""
    if event.status == status:
        return event
    refuse_terminated(event, f"it cannot become {status}")
    await call.store.events.set_status(event.id, status)
    changed = replace(event, status=status)
    await happened(
        call,
        EventChange(
            kind="STATUS",
            event=changed,
            at=call.now,
            fields={"status": status.lower(), "username": changed.submitter_name},
        ),
        audit=_AUDITS[status],
        detail={},
    )
    return changed


async def happened(call: Call, change: EventChange, *, audit: str, detail: dict[str, JsonValue]) -> Audit:
    """Keep that *change* happened, as an audit of that type, and set off what is bound to it."""
    kept = Audit(id=str(uuid4()), event_id=change.event.id, type=audit, at=change.at, detail=detail)
    await call.store.events.add_audit(kept)
    await call.happened(change)
    return kept


def refuse_terminated(event: Event, consequence: str) -> None:
    """Raise the 409 for an event that is TERMINATED."""
    if event.status == "TERMINATED":
        raise Problem(
            HTTPStatus.CONFLICT,
            f"Event {event.number} is TERMINATED, which is final; {consequence}.",
            subcode="event.terminated",
            arguments=[event.number],
        )
