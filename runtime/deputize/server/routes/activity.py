"""The activity of all runs: listed, and followed as it is written."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Header, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from deputize.domain.stored_entry import EntryFilter
from deputize.server.ascii_json import AsciiJson
from deputize.server.callers import Caller, Parts
from deputize.server.documents.runs import Activity
from deputize.server.feed import NDJSON, SSE, Feed, Follower, read_place
from deputize.server.moments import Moment
from deputize.server.paging import Paging
from deputize.server.routes.operations import operations
from deputize.use_cases.see_runs import end_of_activity, see_activity

router = operations("Activity")

_Words = Annotated[str | None, Query(max_length=200)]
_STREAMS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The entries, as they are written.",
        "content": {SSE: {"schema": {"type": "string"}}, NDJSON: {"schema": {"type": "string"}}},
    }
}


def _wanted(
    *,
    integration: _Words = None,
    initiator: _Words = None,
    kind: _Words = None,
    status_code: Annotated[int | None, Query(alias="statusCode", ge=100, le=599)] = None,
    text: _Words = None,
    since: Moment = None,
    until: Moment = None,
) -> EntryFilter:
    return EntryFilter(
        integration_id=integration,
        initiator=initiator,
        kind=kind,
        status_code=status_code,
        text=text,
        since=since,
        until=until,
    )


Wanted = Annotated[EntryFilter, Depends(_wanted)]


@router.get("/activity", operation_id="listActivity", response_model=Activity)
async def list_activity(parts: Parts, caller: Caller, page: Paging, wanted: Wanted) -> Response:
    """Return entries of every run that the caller may see, the newest first."""
    before = None if page.after is None else int(page.after[0])
    found = await see_activity(parts.database, caller, wanted=wanted, before=before, limit=page.limit + 1)
    shown = page.cut(found)
    headers = page.headers(found, [shown[-1].position] if shown else None)
    return AsciiJson({"data": [dict(each.document) for each in shown]}, headers=headers)


@router.get(
    "/activity/stream", operation_id="followActivity", response_class=StreamingResponse, responses=_STREAMS
)
async def follow_activity(
    *,
    request: Request,
    parts: Parts,
    caller: Caller,
    wanted: Wanted,
    form: Annotated[Literal["sse", "ndjson"], Query(alias="format")] = "sse",
    last_event_id: Annotated[
        str | None, Header(description="The id of the last event that came; what was written since follows.")
    ] = None,
) -> Response:
    """Follow the entries of every run that the caller may see, from now on or after ``Last-Event-ID``."""
    feed: Feed = request.app.state.feed
    place = await end_of_activity(parts.database, caller) if not last_event_id else read_place(last_event_id)
    follower = Follower(actor=caller, wanted=wanted, after=place)
    return feed.begin(follower, kind=NDJSON if form == "ndjson" else SSE)
