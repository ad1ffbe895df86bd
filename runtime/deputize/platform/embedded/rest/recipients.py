"""``/events/{id}/recipients`` of the REST API: whom an event is sent to, and what came of it."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import JsonValue

from deputize.domain.event import Audit, Event
from deputize.domain.recipient import EventRecipient
from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.finding_events import readable_event
from deputize.platform.embedded.rest.paging import Page, as_it_is
from deputize.platform.embedded.rest.shapes import events as shapes

_TOLD = ("NOTIFICATION_DELIVERED", "NOTIFICATION_FAILED")
_RESPONDED = "RESPONSE_RECEIVED"


async def list_recipients(call: Call) -> Answer:
    """Answer with whom an event is sent to.

    With ``targeted=true`` those whom its sender named, groups among them; else the people and devices that
    were named or are on call in such a group.
    """
    page = Page.asked_for(call.query)
    event = await readable_event(call, call.key)
    return Answer(
        body=page.of(await shown_recipients(call, event), as_it_is, path=call.path, query=call.query)
    )


async def shown_recipients(call: Call, event: Event) -> list[dict[str, JsonValue]]:
    """Return whom *event* is sent to, as the query parameter ``targeted`` says."""
    targeted = call.chosen("targeted", ("false", "true")) == "true"
    happened = await call.store.events.audits(event.id, types=(*_TOLD, _RESPONDED))
    return [
        _shown(each, happened)
        for each in await call.store.recipients.of_event(event.id)
        if (each.targeted if targeted else each.type != "GROUP")
    ]


def _shown(recipient: EventRecipient, happened: Sequence[Audit]) -> dict[str, JsonValue]:
    status: str | None = None
    response: str | None = None
    responded: datetime | None = None
    for each in happened:
        if not _concerns(each, recipient):
            continue
        if each.type == _RESPONDED:
            status, response, responded = "RESPONDED", str(each.detail["response"]), each.at
        elif response is None:
            status = str(each.detail["deliveryStatus"])
    return shapes.recipient(recipient, delivery_status=status, response=response, responded=responded)


def _concerns(audit: Audit, recipient: EventRecipient) -> bool:
    """Whether it was *recipient* who was told or answered: a person by any of their devices."""
    if recipient.person_id is None or audit.detail["personId"] != recipient.person_id:
        return False
    return recipient.type == "PERSON" or audit.detail["device"] == recipient.target_name.rpartition("|")[2]
