"""What becomes of an event beyond its status: responses, deliveries, escalations, failures.

These calls are this platform's own. A response, and whether something was delivered, may be recorded by the
recipient themself; all of it by whoever has the function ``events``, such as the service that tells people.
Whoever records it, what it sets off runs as the submitter of the event.
"""

from http import HTTPStatus
from typing import Annotated

from pydantic import JsonValue, StringConstraints

from deputize.domain.device import SEPARATOR
from deputize.domain.event import Audit, Event, EventChange
from deputize.domain.person import Person
from deputize.errors import shown
from deputize.platform.embedded.event_permissions import answer_event, record_event
from deputize.platform.embedded.rest.annotations import Comment, annotate
from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.event_changes import happened, refuse_terminated
from deputize.platform.embedded.rest.finding_events import find_event
from deputize.platform.embedded.rest.problems import Problem, not_one_of
from deputize.platform.embedded.rest.shapes import events as shapes
from deputize.platform.embedded.rest.shapes.references import person_reference
from deputize.platform.embedded.rest.texts import Body, Key, Line, Name, Reference, key_of
from deputize.platform.embedded.whom import Whom, find_whom

_Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class ResponseBody(Body):
    """The body of ``POST /events/{id}/responses``; without a recipient it is the actor who responds."""

    response: _Text
    recipient: Key | Reference | None = None
    device: Name | None = None
    comment: Comment | None = None


class DeliveryBody(Body):
    """The body of ``POST /events/{id}/deliveries``; ``DELIVERED``, or why it was not."""

    delivery_status: _Text
    recipient: Key | Reference | None = None
    device: Name | None = None
    message: _Text | None = None


class EscalationBody(Body):
    """The body of ``POST /events/{id}/escalations``."""

    group: Line | None = None
    shift: Line | None = None
    recipient: Line | None = None
    reason: _Text | None = None


class FailureBody(Body):
    """The body of ``POST /events/{id}/failures``: somebody who was targeted could not be reached."""

    recipient: Key
    reason: _Text | None = None


async def record_response(call: Call) -> Answer:
    """Keep what a recipient answered (201); a comment is one on the event as well."""
    body = call.body(ResponseBody)
    event = await find_event(call, call.key)
    person, device = await _recipient(call, event, body.recipient, body.device)
    refuse_terminated(event, "nobody can respond any more")
    response = _choice(event, body.response)
    kept = await happened(
        call,
        EventChange(
            kind="RESPONSE",
            event=event,
            at=call.now,
            fields={
                "recipient": person.target_name,
                "response": response,
                "device": device,
                "annotation": body.comment,
            },
        ),
        audit="RESPONSE_RECEIVED",
        detail={**_told(person, device), "response": response, "comment": body.comment},
    )
    if body.comment is not None:
        await annotate(call, event, author=person, comment=body.comment)
    return await _recorded(call, event, kept)


async def record_delivery(call: Call) -> Answer:
    """Keep whether a recipient was told (201)."""
    body = call.body(DeliveryBody)
    event = await find_event(call, call.key)
    person, device = await _recipient(call, event, body.recipient, body.device)
    owned = None if device is None else await call.store.devices.by_name(person.id, device)
    delivered = body.delivery_status == "DELIVERED"
    kept = await happened(
        call,
        EventChange(
            kind="DELIVERYSTATUS",
            event=event,
            at=call.now,
            fields={
                "deliveryStatus": body.delivery_status,
                "device": device,
                "deviceId": None if owned is None else owned.id,
                "recipient": person.target_name,
                "message": body.message,
                "eventType": "USER",
            },
        ),
        audit="NOTIFICATION_DELIVERED" if delivered else "NOTIFICATION_FAILED",
        detail={
            **_told(person, device),
            "deliveryStatus": body.delivery_status,
            "message": body.message,
        },
    )
    return await _recorded(call, event, kept)


async def record_escalation(call: Call) -> Answer:
    """Keep that an event went to the next in line (201)."""
    body = call.body(EscalationBody)
    event = await find_event(call, call.key)
    call.require(record_event(call.rules, call.holder, event))
    fields: dict[str, JsonValue] = {
        "group": body.group,
        "shift": body.shift,
        "reason": body.reason,
        "recipient": body.recipient,
    }
    kept = await happened(
        call,
        EventChange(kind="ESCALATION", event=event, at=call.now, fields=fields),
        audit="EVENT_ESCALATED",
        detail=fields,
    )
    return await _recorded(call, event, kept)


async def record_failure(call: Call) -> Answer:
    """Keep that somebody who was targeted could not be reached (201)."""
    body = call.body(FailureBody)
    event = await find_event(call, call.key)
    call.require(record_event(call.rules, call.holder, event))
    fields: dict[str, JsonValue] = {"recipient": body.recipient, "reason": body.reason}
    kept = await happened(
        call,
        EventChange(kind="TARGETEDRECIPIENTFAILURE", event=event, at=call.now, fields=fields),
        audit="TARGETED_RECIPIENT_FAILED",
        detail=fields,
    )
    return await _recorded(call, event, kept)


async def _recipient(
    call: Call, event: Event, given: str | Reference | None, device: str | None
) -> tuple[Person, str | None]:
    """Return the person who was told, and by which device.

    Raises the 403 where the actor may not say so, the 400 for one to whom the event was not sent.
    """
    key = call.actor.id if given is None else key_of(given)
    whom = await find_whom(call.store, key, type="DEVICE" if SEPARATOR in key else "PERSON")
    recipient_id = "" if whom is None or whom.person is None else whom.person.id
    name = shown(key) if whom is None else whom.target_name
    call.require(answer_event(call.rules, call.holder, event, recipient_id=recipient_id, recipient=name))
    told = {each.person_id for each in await call.store.recipients.of_event(event.id)}
    if whom is None or whom.person is None or whom.person.id not in told:
        raise Problem(
            HTTPStatus.BAD_REQUEST,
            f"Event {event.number} was not sent to {name}. Name one of its recipients.",
            subcode="event.not_a_recipient",
            arguments=[event.number, name],
        )
    return whom.person, _device_name(whom, device)


def _device_name(whom: Whom, device: str | None) -> str | None:
    return device if whom.device is None else whom.device.name


def _choice(event: Event, response: str) -> str:
    """Return the response as the event offers it; raises the 400 for one that it does not offer."""
    offered = [
        str(each["text"])
        for each in shapes.response_options(event)
        if isinstance(each, dict) and "text" in each
    ]
    for each in offered:
        if each.casefold() == response.casefold():
            return each
    if offered:
        raise not_one_of("response", response, offered)
    return response


def _told(person: Person, device: str | None) -> dict[str, JsonValue]:
    return {
        "recipient": person_reference(person.id, person.target_name),
        "personId": person.id,
        "device": device,
    }


async def _recorded(call: Call, event: Event, kept: Audit) -> Answer:
    order = len(await call.store.events.audits(event.id))
    return Answer(body=shapes.audit(kept, event, order=order), status=HTTPStatus.CREATED)
