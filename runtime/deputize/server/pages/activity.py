"""The page of runs: its filters, its table, and what it says when there is nothing in it."""

from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse

from deputize.domain.start import TRIGGERS
from deputize.domain.stored_run import StoredRun
from deputize.server.activity_query import REFUSED, RESULTS, SPANS, ActivityQuery
from deputize.server.pages.rendering import fragment
from deputize.server.pages.shell import ACTIVITY, shell, surroundings
from deputize.server.pages.states import STATES
from deputize.server.session_cookies import Guest
from deputize.use_cases.see_integrations import NamedIntegration

_SPANS = {"15m": "15 minutes", "1h": "hour", "24h": "24 hours", "7d": "7 days"}
_RESULTS = {
    REFUSED: "Something refused",
    **{state.value: shown.word for state, shown in STATES.items()},
}


def activity_page(
    request: Request,
    guest: Guest,
    *,
    query: ActivityQuery,
    runs: Sequence[StoredRun],
    integrations: Sequence[NamedIntegration],
    older: str | None,
    place: str | None,
) -> HTMLResponse:
    """Return the page with *runs*; *older* leads on; the first page is followed from *place*."""
    return shell(
        request,
        guest,
        "activity.html",
        place=ACTIVITY,
        query=query,
        runs=runs,
        integrations=integrations,
        older=older,
        newest=place is not None,
        live=None if place is None else urlencode({**query.given, "after": place}),
        filters=urlencode(query.given),
        results=[(each, _RESULTS[each]) for each in RESULTS],
        spans=[(each, _SPANS[each]) for each in SPANS],
        triggers=TRIGGERS,
        states=STATES,
    )


def run_rows(request: Request, guest: Guest, runs: Sequence[StoredRun]) -> str:
    """Return the rows of *runs*, as they stand on the page."""
    return fragment("runs.html", **surroundings(request, guest), runs=runs, states=STATES)
