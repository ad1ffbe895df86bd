"""The page of a run, and what can be taken from it."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from deputize.bundle.file import SUFFIX
from deputize.domain.stored_run import StoredRun
from deputize.inbound.answers import CallerRefused
from deputize.server.activity_lines import BATCH, activity_lines
from deputize.server.callers import Parts
from deputize.server.feed import NDJSON
from deputize.server.guests import SentForm, SignedInGuest, guest_pages
from deputize.server.pages.run import run_page
from deputize.server.parts import ServerParts
from deputize.server.problems import refused_caller
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import NotFound, NotPermitted
from deputize.use_cases.explain_refusal import REFUSALS, Explained, explain_refusals
from deputize.use_cases.replay_live import WantedReplay
from deputize.use_cases.see_bundle import see_bundle
from deputize.use_cases.see_integrations import see_versions
from deputize.use_cases.see_runs import Entry, see_run, see_run_activity

#: Entries of a page.
_ENTRIES: Final = 200
_MOST_ENTRIES: Final = 10**9

router = guest_pages()

_Seq = Annotated[int, Query(ge=0, le=_MOST_ENTRIES)]


@router.get("/runs/{run}")
async def get_run_page(
    *, request: Request, parts: Parts, guest: SignedInGuest, run: str, after: _Seq = 0
) -> Response:
    """Show the run of that id with its entries, those *after* a ``seq``."""
    database, actor = parts.database, guest.signed_in.actor
    seen = await see_run(database, actor, run_id=run)
    entries = await see_run_activity(database, actor, run_id=run, after_seq=after, limit=_ENTRIES + 1)
    shown = entries[:_ENTRIES]
    return run_page(
        request,
        guest,
        seen=seen,
        entries=shown,
        explained=await _explained(parts, actor, run, shown),
        lines=await _lines(parts, actor, seen.run),
        more_after=int(str(shown[-1]["seq"])) if len(entries) > _ENTRIES else None,
        begins=after == 0,
    )


@router.get("/runs/{run}/entries/{seq}")
async def get_entry(
    request: Request, run: str, seq: Annotated[int, Path(ge=1, le=_MOST_ENTRIES)]
) -> Response:
    """Lead to one entry, on whichever page of its run it stands."""
    before = (seq - 1) // _ENTRIES * _ENTRIES
    place = (
        f"{request.scope.get('root_path', '')}/runs/{run}{f'?after={before}' if before else ''}#entry-{seq}"
    )
    return RedirectResponse(place, HTTPStatus.SEE_OTHER)


@router.get("/runs/{run}/activity")
async def get_activity(parts: Parts, guest: SignedInGuest, run: str) -> Response:
    """Return the run's activity as a file, an entry to a line."""
    actor = guest.signed_in.actor
    first = await see_run_activity(parts.database, actor, run_id=run, after_seq=0, limit=BATCH)
    lines = activity_lines(parts, actor, run, first)
    return StreamingResponse(lines, media_type=NDJSON, headers=_as_file(run, ".ndjson"))


@router.get("/runs/{run}/bundle")
async def get_bundle(parts: Parts, guest: SignedInGuest, run: str) -> Response:
    """Return the run as a bundle, as a file. That it was is noted."""
    bundle = await see_bundle(parts.database, guest.signed_in.actor, run_id=run, resources=parts.resources)
    return Response(bundle.text(), media_type="application/json", headers=_as_file(run, SUFFIX))


@router.post("/runs/{run}/replays")
async def post_replay(
    *, request: Request, parts: Parts, guest: SignedInGuest, form: SentForm, run: str
) -> Response:
    """Replay the run live as whoever has signed in, and lead to the new run."""
    wanted = WantedReplay(run_id=run, key=form.get("key"))
    accepted = await parts.replays.replay(guest.signed_in.actor, wanted)
    if isinstance(accepted, CallerRefused):
        raise refused_caller(accepted)
    place = f"{request.scope.get('root_path', '')}/runs/{accepted.run_id}"
    return RedirectResponse(place, HTTPStatus.SEE_OTHER)


async def _explained(
    parts: ServerParts, actor: Actor, run: str, entries: Sequence[Entry]
) -> Sequence[Explained]:
    if not any(each["kind"] in REFUSALS for each in entries):
        return ()
    return await explain_refusals(parts.database, actor, run_id=run)


async def _lines(parts: ServerParts, actor: Actor, run: StoredRun) -> dict[int, str]:
    """Return the lines of the version that *run* had, by number; none for who may not read them."""
    if run.integration_id is None or run.script_version_id is None:
        return {}
    try:
        versions = await see_versions(parts.database, actor, integration_id=run.integration_id)
    except (NotFound, NotPermitted):
        return {}
    source = next((each.source for each in versions if each.id == run.script_version_id), "")
    return dict(enumerate(source.splitlines(), 1))


def _as_file(run: str, suffix: str) -> dict[str, str]:
    # Ids that lead here are those of runs: hexadecimal digits and hyphens.
    return {"Content-Disposition": f'attachment; filename="{run}{suffix}"'}
