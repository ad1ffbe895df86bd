"""``/events/{id}/annotations`` of the REST API."""

from http import HTTPStatus
from typing import Annotated
from uuid import uuid4

from pydantic import StringConstraints

from deputize.domain.event import Annotation, Event, EventChange
from deputize.domain.person import Person
from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.event_changes import happened
from deputize.platform.embedded.rest.finding_events import readable_event, usable_event
from deputize.platform.embedded.rest.paging import Page
from deputize.platform.embedded.rest.problems import not_found
from deputize.platform.embedded.rest.shapes import events as shapes
from deputize.platform.embedded.rest.shapes.references import person_reference
from deputize.platform.embedded.rest.texts import Body
from deputize.platform.embedded.rest.trigger_body import MOST_CHARACTERS

Comment = Annotated[str, StringConstraints(min_length=1, max_length=MOST_CHARACTERS)]


class CommentBody(Body):
    """The body of ``POST /events/{id}/annotations``; the author is whoever asks."""

    comment: Comment


async def list_annotations(call: Call) -> Answer:
    """Answer with the comments on an event, the oldest first."""
    page, event = Page.asked_for(call.query), await readable_event(call, call.key)
    return Answer(
        body=page.of(
            await call.store.events.annotations(event.id),
            lambda each: shapes.annotation(each, event),
            path=call.path,
            query=call.query,
        )
    )


async def read_annotation(call: Call) -> Answer:
    """Answer with one comment on an event."""
    event = await readable_event(call, call.key)
    key = call.part("annotation")
    found = await call.store.events.annotation(event.id, key)
    if found is None:
        raise not_found("annotation", key)
    return Answer(body=shapes.annotation(found, event))


async def write_annotation(call: Call) -> Answer:
    """Comment on an event (201)."""
    body = call.body(CommentBody)
    event = await usable_event(call, call.key)
    new = await annotate(call, event, author=call.actor, comment=body.comment)
    return Answer(body=shapes.annotation(new, event), status=HTTPStatus.CREATED)


async def annotate(call: Call, event: Event, *, author: Person, comment: str) -> Annotation:
    """Keep a comment on *event*, and set off what is bound to it."""
    new = Annotation(
        id=str(uuid4()),
        author_id=author.id,
        author_name=author.target_name,
        comment=comment,
        created=call.now,
    )
    await call.store.events.add_annotation(event.id, new)
    await happened(
        call,
        EventChange(
            kind="ANNOTATION",
            event=event,
            at=call.now,
            fields={
                "author": {
                    "targetName": author.target_name,
                    "firstName": author.first_name,
                    "lastName": author.last_name,
                },
                "comment": comment,
            },
        ),
        audit="EVENT_ANNOTATED",
        detail={
            "id": new.id,
            "author": person_reference(author.id, author.target_name),
            "comment": comment,
        },
    )
    return new
