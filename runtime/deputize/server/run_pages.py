"""Pages of lists of runs."""

from collections.abc import Sequence
from datetime import datetime

from starlette.responses import Response

from deputize.domain.stored_run import RunCursor, StoredRun
from deputize.server.documents.runs import Runs, RunSummary
from deputize.server.paging import Page


def after_run(page: Page) -> RunCursor | None:
    """Return the place after which a *page* of runs begins."""
    if page.after is None:
        return None
    queued, run_id = page.after
    return RunCursor(queued=datetime.fromisoformat(str(queued)), id=str(run_id))


def runs_page(page: Page, found: Sequence[StoredRun], response: Response) -> Runs:
    """Return a *page* of the runs *found*, which are one more than it where there is another page."""
    shown = page.cut(found)
    response.headers.update(page.headers(found, place_of(shown)))
    return Runs(data=[RunSummary.of(each) for each in shown])


def place_of(shown: Sequence[StoredRun]) -> list[str | int] | None:
    """Return the place of the last one of the runs *shown*, as cursors have it."""
    return [shown[-1].queued.isoformat(), shown[-1].id] if shown else None
