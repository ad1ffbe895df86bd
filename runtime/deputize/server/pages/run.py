"""The page of one run: who, what, how long, and every entry of its stream."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import HTMLResponse

from deputize.domain.run import RunState
from deputize.domain.stored_run import StoredRun
from deputize.server.pages.entries import Document, ShownEntry, shown
from deputize.server.pages.refusals import ShownRefusal, shown_refusal
from deputize.server.pages.shell import ACTIVITY, INTEGRATIONS, places_for, shell
from deputize.server.pages.states import STATES
from deputize.server.session_cookies import Guest
from deputize.use_cases.explain_refusal import Explained
from deputize.use_cases.see_runs import SeenRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of the time that a run took."""

    name: str
    milliseconds: float
    #: Where it begins and how wide it is, in hundredths of the whole.
    start: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """An entry, and what belongs to it and is shown with it."""

    entry: ShownEntry
    also: Sequence[ShownEntry]
    refusal: ShownRefusal | None


def run_page(
    request: Request,
    guest: Guest,
    *,
    seen: SeenRun,
    entries: Sequence[Document],
    explained: Sequence[Explained],
    lines: Mapping[int, str],
    more_after: int | None,
    begins: bool,
) -> HTMLResponse:
    """Return the page with *entries*; *lines* are those of the script, for who may read it.

    *more_after* is the ``seq`` after which there are more; *begins* says that these are the first ones.
    """
    return shell(
        request,
        guest,
        "run.html",
        place=ACTIVITY,
        run=seen.run,
        state=STATES[seen.run.state],
        replays=seen.replays,
        retries=seen.retries,
        over=seen.run.state not in (RunState.QUEUED, RunState.RUNNING),
        key=str(uuid4()),
        spans=spans_of(seen.run),
        entries=together([shown(each) for each in entries], [shown_refusal(each) for each in explained]),
        lines=lines,
        more_after=more_after,
        begins=begins,
        edits=INTEGRATIONS in places_for(guest.signed_in.standing),
    )


def spans_of(run: StoredRun) -> list[Span]:
    """Return where the time of *run* went: waiting in the queue, in the script, in calls over HTTP."""
    if run.usage is None or run.started is None:
        return []
    parts = {
        "Queue": max(0.0, (run.started - run.queued).total_seconds() * 1000),
        "Script": max(0.0, run.usage.wall_ms - run.usage.http_ms),
        "HTTP": run.usage.http_ms,
    }
    whole, start, spans = sum(parts.values()) or 1.0, 0.0, []
    for name, milliseconds in parts.items():
        width = 100 * milliseconds / whole
        spans.append(Span(name=name, milliseconds=milliseconds, start=round(start, 2), width=round(width, 2)))
        start += width
    return spans


def together(entries: Sequence[ShownEntry], refusals: Sequence[ShownRefusal]) -> list[Together]:
    """Return *entries* in their order, each refusal with the call that was refused, if that is among them."""
    there = {each.document["seq"] for each in entries}
    explained = {each.seq: each for each in refusals}
    found = []
    for each in entries:
        if each.belongs_to in there:
            continue
        also = [other for other in entries if other.belongs_to == each.document["seq"]]
        reasons = [
            explained[seq]
            for seq in (int(str(other.document["seq"])) for other in (each, *also))
            if seq in explained
        ]
        found.append(Together(entry=each, also=also, refusal=reasons[0] if reasons else None))
    return found
