"""``/events`` and their annotations in the REST API."""

import json
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, JsonValue, StringConstraints

from deputize.domain.decision import Denial, Grant
from deputize.domain.event import Annotation, Event
from deputize.platform.embedded import representations
from deputize.platform.embedded.call import Answer, Call
from deputize.platform.embedded.paging import Page
from deputize.platform.embedded.permissions import Holder
from deputize.platform.embedded.problems import Problem, invalid, not_found

_EMBED = ("properties", "annotations", "recipients")
_STATUSES = ("ACTIVE", "SUSPENDED", "TERMINATED")


class StatusBody(BaseModel):
    """The body of ``POST /events``."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    status: Literal["ACTIVE", "SUSPENDED", "TERMINATED"]


class CommentBody(BaseModel):
    """The body of ``POST /events/{id}/annotations``; the author is whoever asks."""

    model_config = ConfigDict(extra="ignore", strict=True)

    comment: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]


async def list_events(call: Call) -> Answer:
    """Answer with the events that the actor may use; the others are left out, and not counted."""
    query = call.request.query_params
    page, embed = Page.asked_for(query), call.listed("embed", _EMBED)
    statuses, properties = call.listed("status", _STATUSES), _properties(call)
    # Whether an event may be used depends on its submitter alone.
    decided: dict[str, bool] = {}
    visible = []
    for each in await call.store.events.all():
        if each.submitter_id not in decided:
            decided[each.submitter_id] = isinstance(_judged(call, each), Grant)
        if (
            decided[each.submitter_id]
            and (not statuses or each.status in statuses)
            and all(_has(each, name, value) for name, value in properties)
        ):
            visible.append(each)
    comments = {}
    if "annotations" in embed:
        for each in visible[page.offset : page.offset + page.limit]:
            comments[each.id] = await call.store.events.annotations(each.id)
    return Answer(
        body=page.of(
            visible,
            lambda each: representations.event(each, embed=embed, comments=comments.get(each.id, ())),
            path=call.request.url.path,
            query=query,
        )
    )


async def read_event(call: Call) -> Answer:
    """Answer with one event: 404 when there is none, 403 when the actor may not use it."""
    embed = call.listed("embed", _EMBED)
    event = await _usable(call, call.key)
    comments = await call.store.events.annotations(event.id) if "annotations" in embed else ()
    return Answer(body=representations.event(event, embed=embed, comments=comments))


async def write_event(call: Call) -> Answer:
    """Change the status of the event that ``id`` names; TERMINATED is final (409)."""
    body = call.body(StatusBody)
    event = await _usable(call, body.id)
    if event.status == "TERMINATED" and body.status != "TERMINATED":
        raise Problem(
            HTTPStatus.CONFLICT,
            f"Event {event.number} is TERMINATED, which is final; it cannot become {body.status}.",
            subcode="event.terminated",
            arguments=[event.number, body.status],
        )
    await call.store.events.set_status(event.id, body.status)
    return Answer(body=representations.event(await _usable(call, event.id)))


async def list_annotations(call: Call) -> Answer:
    """Answer with the comments on an event, the oldest first."""
    query = call.request.query_params
    page, event = Page.asked_for(query), await _usable(call, call.key)
    return Answer(
        body=page.of(
            await call.store.events.annotations(event.id),
            lambda each: representations.annotation(each, event),
            path=call.request.url.path,
            query=query,
        )
    )


async def write_annotation(call: Call) -> Answer:
    """Comment on an event (201)."""
    body = call.body(CommentBody)
    event = await _usable(call, call.key)
    new = Annotation(
        id=str(uuid4()),
        author_id=call.actor.id,
        author_name=call.actor.target_name,
        comment=body.comment,
        created=call.now,
    )
    await call.store.events.add_annotation(event.id, new)
    return Answer(body=representations.annotation(new, event), status=HTTPStatus.CREATED)


async def _usable(call: Call, key: str) -> Event:
    event = await call.store.events.get(key)
    if event is None:
        raise not_found("event", key)
    call.require(_judged(call, event))
    return event


def _judged(call: Call, event: Event) -> Grant | Denial:
    return call.rules.use_event(call.holder, number=event.number, submitter=Holder.submitter_of(event))


def _properties(call: Call) -> list[tuple[str, str]]:
    """Return the names and values that ``propertyName`` and ``propertyValue`` pair, comma-separated."""
    given = [call.request.query_params.get(each) for each in ("propertyName", "propertyValue")]
    if given == [None, None]:
        return []
    names, values = ([] if each is None else each.split(",") for each in given)
    if len(names) != len(values):
        raise invalid(
            "propertyValue",
            given[1] or "",
            f"one value for each propertyName, of which there are {len(names)}",
        )
    return list(zip(names, values, strict=True))


def _has(event: Event, name: str, value: str) -> bool:
    if name not in event.properties:
        return False
    held = event.properties[name]
    return any(_text(each) == value for each in (held if isinstance(held, list) else [held]))


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value)
