"""``/events`` of the REST API."""

from typing import Literal

from pydantic import JsonValue

from deputize.domain.event import Event
from deputize.platform.embedded.event_permissions import whose_events
from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.event_changes import change_status
from deputize.platform.embedded.rest.event_search import wanted_properties
from deputize.platform.embedded.rest.finding_events import readable_event, usable_event
from deputize.platform.embedded.rest.paging import Page, as_it_is
from deputize.platform.embedded.rest.recipients import shown_recipients
from deputize.platform.embedded.rest.shapes import events as shapes
from deputize.platform.embedded.rest.texts import Body, Key
from deputize.store.events import Wanted

_EMBED = ("properties", "annotations", "recipients", "responseOptions", "messages")
_STATUSES = ("ACTIVE", "SUSPENDED", "TERMINATED")
_PRIORITIES = ("HIGH", "MEDIUM", "LOW")
_SORT_KEYS = ("START_TIME", "PRIORITY")


class StatusBody(Body):
    """The body of ``POST /events``."""

    id: Key
    status: Literal["ACTIVE", "SUSPENDED", "TERMINATED"]


async def list_events(call: Call) -> Answer:
    """Answer with the events that the actor may read; the others are left out, and not counted."""
    page, embed = Page.asked_for(call.query), call.listed("embed", _EMBED)
    by_priority = call.chosen("sortBy", _SORT_KEYS) == "PRIORITY"
    descending = call.chosen("sortOrder", ("DESCENDING", "ASCENDING")) == "DESCENDING"
    wanted, matches = await _wanted(call), wanted_properties(call.query)
    if matches is None:
        total = await call.store.events.matching(**wanted)
        events = await call.store.events.part(
            by_priority=by_priority,
            descending=descending,
            offset=page.offset,
            limit=page.limit,
            **wanted,
        )
    else:
        # Values of any shape are compared as the texts that they are asked for by.
        ordered = await call.store.events.part(by_priority=by_priority, descending=descending, **wanted)
        found = [each for each in ordered if matches(each)]
        total, events = len(found), found[page.offset : page.offset + page.limit]
    plans = {each.id: each.name for each in await call.store.plans.all()}
    shown = [await _shown(call, each, embed, plan_name=plans.get(each.plan_id or "")) for each in events]
    return Answer(body=page.holding(shown, as_it_is, total=total, path=call.path, query=call.query))


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
    """Return the events that the query asks for and that the actor may read, the newest first."""
    wanted, matches = await _wanted(call), wanted_properties(call.query)
    return [each for each in await call.store.events.all(**wanted) if matches is None or matches(each)]


async def _wanted(call: Call) -> Wanted:
    """Return what the query asks for, of what the actor may read."""
    supervised = await call.store.supervisors.supervised_by(call.actor.id)
    return Wanted(
        submitters=whose_events(call.rules, call.holder, supervised=supervised),
        statuses=call.listed("status", _STATUSES),
        priorities=call.listed("priority", _PRIORITIES),
        form=call.query.get("form") or None,
        request_id=call.query.get("requestId"),
        since=call.moment("from"),
        until=call.moment("to"),
    )


async def _shown(
    call: Call, event: Event, embed: frozenset[str], *, plan_name: str | None
) -> dict[str, JsonValue]:
    comments = await call.store.events.annotations(event.id) if "annotations" in embed else ()
    recipients = await shown_recipients(call, event) if "recipients" in embed else ()
    return shapes.event(event, plan_name=plan_name, embed=embed, comments=comments, recipients=recipients)
