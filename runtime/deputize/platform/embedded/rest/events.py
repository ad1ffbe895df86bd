"""``/events`` of the REST API."""

from collections.abc import Callable
from typing import Any, Literal

from pydantic import JsonValue

from deputize.domain.decision import Grant
from deputize.domain.event import Event
from deputize.domain.functions import EVENTS
from deputize.platform.embedded.event_permissions import read_event as may_read
from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.event_changes import change_status
from deputize.platform.embedded.rest.event_search import wanted_properties
from deputize.platform.embedded.rest.finding_events import readable_event, usable_event
from deputize.platform.embedded.rest.paging import Page, as_it_is
from deputize.platform.embedded.rest.recipients import shown_recipients
from deputize.platform.embedded.rest.shapes import events as shapes
from deputize.platform.embedded.rest.texts import Body, Key

_EMBED = ("properties", "annotations", "recipients", "responseOptions", "messages")
_STATUSES = ("ACTIVE", "SUSPENDED", "TERMINATED")
_PRIORITIES = ("HIGH", "MEDIUM", "LOW")
_SORTED_BY: dict[str, Callable[[Event], Any]] = {
    "START_TIME": lambda each: (each.created, int(each.number)),
    "PRIORITY": lambda each: (-_PRIORITIES.index(each.priority), each.created, int(each.number)),
}


class StatusBody(Body):
    """The body of ``POST /events``."""

    id: Key
    status: Literal["ACTIVE", "SUSPENDED", "TERMINATED"]


async def list_events(call: Call) -> Answer:
    """Answer with the events that the actor may read; the others are left out, and not counted."""
    page, embed = Page.asked_for(call.query), call.listed("embed", _EMBED)
    sort_by = call.chosen("sortBy", tuple(_SORTED_BY))
    descending = call.chosen("sortOrder", ("DESCENDING", "ASCENDING")) == "DESCENDING"
    events = sorted(await searched_events(call), key=_SORTED_BY[sort_by], reverse=descending)
    plans = {each.id: each.name for each in await call.store.plans.all()}
    shown = [
        await _shown(call, each, embed, plan_name=plans.get(each.plan_id or ""))
        for each in events[page.offset : page.offset + page.limit]
    ]
    return Answer(body=page.holding(shown, as_it_is, total=len(events), path=call.path, query=call.query))


async def read_event(call: Call) -> Answer:
    """Answer with one event: 404 when there is none, 403 when the actor may not read it."""
    embed = call.listed("embed", _EMBED)
    event = await readable_event(call, call.key)
    plan = None if event.plan_id is None else await call.store.plans.get(event.plan_id)
    return Answer(body=await _shown(call, event, embed, plan_name=None if plan is None else plan.name))


async def write_event(call: Call) -> Answer:
    """Change the status of the event that ``id`` names; TERMINATED is final (409)."""
    body = call.body(StatusBody)
    event = await change_status(call, await usable_event(call, body.id), body.status)
    return Answer(body=shapes.event(event))


async def searched_events(call: Call) -> list[Event]:
    """Return the events that the query asks for and that the actor may read."""
    statuses, priorities = call.listed("status", _STATUSES), call.listed("priority", _PRIORITIES)
    wanted = wanted_properties(call.query)
    supervised = await call.store.supervisors.supervised_by(call.actor.id)
    found = await call.store.events.all(
        # What nobody but its submitter and their supervisors may read is not fetched for others.
        submitters=None if call.standing.has(EVENTS) else {call.actor.id, *supervised},
        statuses=statuses,
        priorities=priorities,
        form=call.query.get("form") or None,
        request_id=call.query.get("requestId"),
        since=call.moment("from"),
        until=call.moment("to"),
    )
    # Whether an event may be read depends on its submitter alone.
    decided: dict[str, bool] = {}
    visible = []
    for each in found:
        if each.submitter_id not in decided:
            decision = may_read(call.rules, call.holder, each, supervised=supervised)
            decided[each.submitter_id] = isinstance(decision, Grant)
        if decided[each.submitter_id] and wanted(each):
            visible.append(each)
    return visible


async def _shown(
    call: Call, event: Event, embed: frozenset[str], *, plan_name: str | None
) -> dict[str, JsonValue]:
    comments = await call.store.events.annotations(event.id) if "annotations" in embed else ()
    recipients = await shown_recipients(call, event) if "recipients" in embed else ()
    return shapes.event(event, plan_name=plan_name, embed=embed, comments=comments, recipients=recipients)
