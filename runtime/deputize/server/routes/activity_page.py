"""The page of runs, the newest first."""

from functools import partial
from typing import Annotated

from fastapi import Header, Query
from starlette.requests import Request
from starlette.responses import Response

from deputize.domain.stored_entry import EntryFilter
from deputize.server.activity_query import Asked
from deputize.server.callers import Parts
from deputize.server.feed import SSE, Feed, Follower, read_place, write_place
from deputize.server.guests import SignedInGuest, guest_pages
from deputize.server.live_runs import LiveRuns
from deputize.server.pages.activity import activity_page, run_rows
from deputize.server.paging import Paging
from deputize.server.run_pages import after_run, place_of
from deputize.use_cases.see_integrations import see_integration_names
from deputize.use_cases.see_runs import end_of_activity, see_runs

router = guest_pages()


@router.get("/")
async def get_activity(
    *, request: Request, parts: Parts, guest: SignedInGuest, page: Paging, query: Asked
) -> Response:
    """Show the runs that one may see, filtered as the address says."""
    actor = guest.signed_in.actor
    # Taken before anything is read: what is written meanwhile comes twice rather than not at all.
    place = await end_of_activity(parts.database, actor)
    wanted = query.wanted(parts.clock())
    found = await see_runs(parts.database, actor, wanted=wanted, after=after_run(page), limit=page.limit + 1)
    shown = page.cut(found)
    return activity_page(
        request,
        guest,
        query=query,
        runs=shown,
        integrations=await see_integration_names(parts.database, actor),
        older=page.following(found, place_of(shown)),
        place=write_place(place) if page.after is None else None,
    )


@router.get("/live")
async def follow_runs(
    *,
    request: Request,
    parts: Parts,
    guest: SignedInGuest,
    query: Asked,
    after: Annotated[str, Query(description="The place in the feed at which the page was made.")],
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Follow the runs that one may see, filtered as the address says, as rows of the page."""
    feed: Feed = request.app.state.feed
    actor = guest.signed_in.actor
    # Those of the feed whose runs can be among them at all; the rest is looked up.
    wanted = EntryFilter(integration_id=query.integration or None, initiator=query.initiator or None)
    follower = Follower(actor=actor, wanted=wanted, after=read_place(last_event_id or after))
    live = LiveRuns(
        parts=parts, signed_in=guest.signed_in, query=query, rows=partial(run_rows, request, guest)
    )
    return feed.begin_with(live.events(feed, follower), kind=SSE)
