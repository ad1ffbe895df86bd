"""People and events of the older API: what scripts from before the present one still ask for.

``GET /reapi/2015-04-01/people?targetName=`` and ``GET /reapi/2015-01-01/events?status=&properties=`` answer
with ``total`` and ``records``; the ``href`` of an event takes ``PUT`` with its new status. The rights are
those of the present API.
"""

import re
from typing import Literal

from pydantic import JsonValue

from deputize.domain.event import Event
from deputize.domain.person import Person
from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.event_changes import change_status
from deputize.platform.embedded.rest.event_search import has_all
from deputize.platform.embedded.rest.events import searched_events
from deputize.platform.embedded.rest.finding_events import readable_event, usable_event
from deputize.platform.embedded.rest.paging import Page, as_it_is
from deputize.platform.embedded.rest.people import seen_person, visible_among
from deputize.platform.embedded.rest.problems import invalid
from deputize.platform.embedded.rest.shapes.references import event_moment
from deputize.platform.embedded.rest.texts import Body

_PEOPLE = "/reapi/2015-04-01/people"
_EVENTS = "/reapi/2015-01-01/events"
#: ``properties["sys_id"]``, with quotation marks or without.
_PROPERTY = re.compile(r"""properties\[["']?(.+?)["']?\]""")


class LegacyStatusBody(Body):
    """The body of ``PUT`` on an event's ``href``."""

    status: Literal["ACTIVE", "SUSPENDED", "TERMINATED"]


async def list_people(call: Call) -> Answer:
    """Answer with those whom the actor may see; ``targetName`` asks for one of them by name."""
    page = Page.asked_for(call.query)
    name = call.query.get("targetName")
    visible = [
        each
        for each in visible_among(call, await call.store.people.all())
        if name is None or each.target_name == name
    ]
    return _records(call, page, [_person(each) for each in visible])


async def read_person(call: Call) -> Answer:
    """Answer with one person, by their id or name."""
    return Answer(body=_person(await seen_person(call, call.key)))


async def list_events(call: Call) -> Answer:
    """Answer with the events that the actor may read, by status and properties."""
    page = Page.asked_for(call.query)
    pairs = _pairs(call)
    found = [each for each in await searched_events(call) if has_all(each, pairs)]
    return _records(call, page, [_event(each) for each in found])


async def read_event(call: Call) -> Answer:
    """Answer with one event, by its id or number."""
    event = await readable_event(call, call.key)
    return Answer(body={**_event(event), "properties": dict(event.properties)})


async def write_event(call: Call) -> Answer:
    """Change the status of an event, and answer with it."""
    body = call.body(LegacyStatusBody)
    event = await change_status(call, await usable_event(call, call.key), body.status)
    return Answer(body=_event(event))


def _pairs(call: Call) -> list[tuple[str, str]]:
    """Return the names and values that ``properties["name"]=value`` or ``properties=name=value`` give."""
    pairs = []
    for name, value in call.query.multi_items():
        if name == "properties":
            wanted, separator, held = value.partition("=")
            if not (wanted and separator):
                raise invalid("properties", value, "a name and a value, such as number=INC0010001")
            pairs.append((wanted, held))
        elif (found := _PROPERTY.fullmatch(name)) is not None:
            pairs.append((found[1], value))
    return pairs


def _records(call: Call, page: Page, records: list[dict[str, JsonValue]]) -> Answer:
    whole = page.of(records, as_it_is, path=call.path, query=call.query)
    links = whole["links"]
    following = links.get("next", "") if isinstance(links, dict) else ""
    return Answer(body={"total": whole["total"], "nextRecordsUrl": following, "records": whole["data"]})


def _person(each: Person) -> dict[str, JsonValue]:
    return {
        "href": f"{_PEOPLE}/{each.id}",
        "id": each.id,
        "targetName": each.target_name,
        "firstName": each.first_name,
        "lastName": each.last_name,
        "language": each.language,
        "timezone": each.timezone,
        "webLogin": each.target_name,
        "status": each.status,
    }


def _event(each: Event) -> dict[str, JsonValue]:
    return {
        "href": f"{_EVENTS}/{each.number}",
        "id": each.number,
        "status": each.status,
        "priority": each.priority,
        "submitter": each.submitter_name,
        "created": event_moment(each.created),
        "form": each.form,
    }
