"""Starts of forms: by the page and the app, and by messages that a mail gateway hands over."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from deputize.server.callers import Caller, Parts
from deputize.server.documents.events import SentEvent, StartedByEmailDocument, StartedEventDocument
from deputize.server.problems import Problem
from deputize.server.routes.operations import may_answer, operations
from deputize.use_cases.start_by_email import start_by_email
from deputize.use_cases.start_form import start_form

router = operations("Events")

_MESSAGE: Final = "message/rfc822"


@router.post(
    "/forms/{form}/events",
    operation_id="startForm",
    status_code=HTTPStatus.CREATED,
    responses=may_answer(404),
)
async def post_event(parts: Parts, caller: Caller, form: str, body: SentEvent) -> StartedEventDocument:
    """Start the form as the caller, by the page or by the app; what events set off follows."""
    started = await start_form(
        parts.database, caller, starter=parts.forms, form_id=form, content=body.content(), way=body.way
    )
    return StartedEventDocument.of(started)


@router.post(
    "/email",
    operation_id="startByEmail",
    status_code=HTTPStatus.CREATED,
    responses=may_answer(404),
    openapi_extra={
        "requestBody": {"content": {_MESSAGE: {"schema": {"type": "string"}}}, "required": True},
    },
)
async def post_message(
    request: Request,
    response: Response,
    parts: Parts,
    caller: Caller,
    form: Annotated[str | None, Query(max_length=300)] = None,
) -> StartedByEmailDocument:
    """Start a form with a message (RFC 5322), as the user whom it is from. The caller vouches for that.

    The form is the one that the message is addressed to, or `form`: `PLAN/FORM` or an id.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _MESSAGE:
        raise Problem("MEDIA_TYPE_REFUSED", f"Send the message with Content-Type: {_MESSAGE}.")
    started = await start_by_email(
        parts.database, caller, starter=parts.forms, message=await request.body(), form=form
    )
    if started.started.again:
        response.headers["Idempotency-Replayed"] = "true"
    return StartedByEmailDocument.by_email(started)
