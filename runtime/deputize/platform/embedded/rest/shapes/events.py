"""Events, what is said of them and what becomes of them, as the REST API shows them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue

from deputize.domain.event import Annotation, Audit, Event
from deputize.domain.recipient import EventRecipient
from deputize.platform.embedded.rest.paging import WHOLE, as_it_is
from deputize.platform.embedded.rest.shapes.references import (
    API,
    event_moment,
    link,
    moment,
    person_reference,
    recipient_reference,
)
from deputize.platform.embedded.rest.trigger_body import LANGUAGE

_RESPONSE_OPTIONS = "responseOptions"


def event(
    each: Event,
    *,
    plan_name: str | None = None,
    embed: frozenset[str] = frozenset(),
    comments: Sequence[Annotation] = (),
    recipients: Sequence[dict[str, JsonValue]] = (),
) -> dict[str, JsonValue]:
    """Return an event; what belongs to it only when embedded.

    Names of texts among its properties have their language behind them, as ``Description#en``.
    """
    shown: dict[str, JsonValue] = {
        **event_reference(each),
        "eventType": "USER",
        "status": each.status,
        "priority": each.priority,
        "created": event_moment(each.created),
        "submitter": person_reference(each.submitter_id, each.submitter_name),
        **{name: value for name, value in each.options.items() if name != _RESPONSE_OPTIONS},
    }
    if each.form:
        shown["form"] = (
            {"name": each.form} if each.form_id is None else {"id": each.form_id, "name": each.form}
        )
    if each.plan_id is not None:
        shown["plan"] = {"id": each.plan_id} if plan_name is None else {"id": each.plan_id, "name": plan_name}
    if each.request_id is not None:
        shown["requestId"] = each.request_id
    if "properties" in embed:
        shown["properties"] = {property_name(each, name): value for name, value in each.properties.items()}
    path = f"{API}/events/{each.id}"
    if "annotations" in embed:
        shown["annotations"] = WHOLE.of(
            comments, lambda one: annotation(one, each), path=f"{path}/annotations"
        )
    if "recipients" in embed:
        shown["recipients"] = WHOLE.of(recipients, as_it_is, path=f"{path}/recipients")
    if _RESPONSE_OPTIONS in embed:
        shown[_RESPONSE_OPTIONS] = WHOLE.of(response_options(each), as_it_is, path=f"{path}/response-options")
    if "messages" in embed:
        # Nobody is sent anything from here: whoever tells people keeps what they were told.
        shown["messages"] = WHOLE.of((), as_it_is, path=f"{path}/messages")
    return shown


def property_name(each: Event, name: str) -> str:
    """Return the name of a property of an event as it is shown."""
    return f"{name}{LANGUAGE}" if isinstance(each.properties[name], str) else name


def response_options(each: Event) -> list[JsonValue]:
    """Return what those who are told of an event may answer."""
    options = each.options.get(_RESPONSE_OPTIONS)
    return options if isinstance(options, list) else []


def event_reference(each: Event) -> dict[str, JsonValue]:
    """Return an event as other objects refer to one."""
    return {"id": each.id, "eventId": each.number, "links": link("events", each.id)}


def annotation(each: Annotation, of: Event) -> dict[str, JsonValue]:
    """Return a comment on the event *of*."""
    return {
        "id": each.id,
        "event": event_reference(of),
        "author": person_reference(each.author_id, each.author_name),
        "comment": each.comment,
        "created": moment(each.created),
    }


def recipient(
    each: EventRecipient, *, delivery_status: str | None, response: str | None, responded: datetime | None
) -> dict[str, JsonValue]:
    """Return somebody whom an event is sent to, and what came of it."""
    shown = recipient_reference(each.type, each.id, each.target_name)
    shown["targeted"] = each.targeted
    if delivery_status is not None:
        shown["deliveryStatus"] = delivery_status
    if response is not None and responded is not None:
        shown["response"] = {"text": response, "received": moment(responded)}
    if each.type == "DEVICE" and each.person_id is not None:
        owner, _, _ = each.target_name.rpartition("|")
        shown["owner"] = person_reference(each.person_id, owner)
    return shown


def audit(each: Audit, of: Event, *, order: int) -> dict[str, JsonValue]:
    """Return one thing that happened to the event *of*; *order* counts them from 1."""
    return {
        "id": each.id,
        "orderId": order,
        "type": each.type,
        "at": moment(each.at),
        "event": event_reference(of),
        **_audited(each, of),
    }


def _audited(each: Audit, of: Event) -> Mapping[str, JsonValue]:
    detail = each.detail
    match each.type:
        case "EVENT_ANNOTATED":
            return {"annotation": {"event": event_reference(of), **detail}}
        case "RESPONSE_RECEIVED":
            return {
                "response": {
                    "response": detail.get("response"),
                    "comment": detail.get("comment"),
                    "received": moment(each.at),
                    "notification": _notification(detail, "RESPONDED"),
                }
            }
        case "NOTIFICATION_DELIVERED" | "NOTIFICATION_FAILED":
            return {"notification": _notification(detail, detail.get("deliveryStatus"))}
        case "EVENT_ESCALATED":
            return {"escalation": dict(detail)}
        case "TARGETED_RECIPIENT_FAILED":
            return {"failure": dict(detail)}
        case _:
            return {"detail": dict(detail)} if detail else {}


def _notification(detail: Mapping[str, JsonValue], status: JsonValue) -> dict[str, JsonValue]:
    return {"deliveryStatus": status, "recipient": detail.get("recipient")}
