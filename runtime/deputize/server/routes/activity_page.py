"""The page of runs, the newest first."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from deputize.domain.stored_run import RunCursor
from deputize.server.activity_query import Asked
from deputize.server.callers import Parts
from deputize.server.guests import SignedInGuest, guest_pages
from deputize.server.pages.activity import activity_page
from deputize.server.paging import Paging
from deputize.use_cases.see_integrations import see_integration_names
from deputize.use_cases.see_runs import see_runs

router = guest_pages()


@router.get("/")
async def get_activity(
    *, request: Request, parts: Parts, guest: SignedInGuest, page: Paging, query: Asked
) -> Response:
    """Show the runs that one may see, filtered as the address says."""
    actor, after = guest.signed_in.actor, None
    if page.after is not None:
        queued, run_id = page.after
        after = RunCursor(queued=datetime.fromisoformat(str(queued)), id=str(run_id))
    wanted = query.wanted(parts.clock())
    found = await see_runs(parts.database, actor, wanted=wanted, after=after, limit=page.limit + 1)
    shown = page.cut(found)
    return activity_page(
        request,
        guest,
        query=query,
        runs=shown,
        integrations=await see_integration_names(parts.database, actor),
        older=page.following(found, [shown[-1].queued.isoformat(), shown[-1].id] if shown else None),
        newest=page.after is None,
    )
