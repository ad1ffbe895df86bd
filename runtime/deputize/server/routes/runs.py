"""Runs, each with its activity."""

from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from deputize.bundle.file import Bundle
from deputize.domain.run import RunState
from deputize.domain.stored_run import RunFilter
from deputize.server.activity_lines import BATCH, activity_lines
from deputize.server.ascii_json import AsciiJson
from deputize.server.callers import Caller, Parts
from deputize.server.documents.runs import (
    Activity,
    ReplayDocument,
    RunDocument,
    Runs,
    RunSummary,
    SentReplay,
    SentResumption,
)
from deputize.server.feed import NDJSON
from deputize.server.moments import Moment
from deputize.server.paging import Paging
from deputize.server.replay_answers import key_of, replay_answer
from deputize.server.routes.operations import may_answer, operations
from deputize.server.run_pages import after_run, runs_page
from deputize.use_cases.replay_live import WantedReplay
from deputize.use_cases.resume_run import NOTHING, resume_run
from deputize.use_cases.see_bundle import see_bundle
from deputize.use_cases.see_runs import see_run, see_run_activity, see_runs

router = operations("Runs")

_LINES: dict[int | str, dict[str, Any]] = {200: {"content": {NDJSON: {"schema": {"type": "string"}}}}}

_Words = Annotated[str | None, Query(max_length=200)]


@router.get("/runs", operation_id="listRuns")
async def list_runs(
    *,
    parts: Parts,
    caller: Caller,
    page: Paging,
    response: Response,
    integration: _Words = None,
    initiator: _Words = None,
    state: RunState | None = None,
    trigger: _Words = None,
    event: _Words = None,
    replay_of: _Words = None,
    retry_of: _Words = None,
    since: Moment = None,
    until: Moment = None,
) -> Runs:
    """Return runs that the caller may see, the newest first."""
    wanted = RunFilter(
        integration_id=integration,
        initiator=initiator,
        state=state,
        trigger=trigger,
        event_id=event,
        replay_of=replay_of,
        retry_of=retry_of,
        since=since,
        until=until,
    )
    found = await see_runs(parts.database, caller, wanted=wanted, after=after_run(page), limit=page.limit + 1)
    return runs_page(page, found, response)


@router.get("/runs/{run}", operation_id="getRun", response_model=RunDocument, responses=may_answer(404))
async def get_run(parts: Parts, caller: Caller, run: str) -> Response:
    """Return the run of that id with its result, what was refused to it, and its live replays."""
    return AsciiJson(RunDocument.seen(await see_run(parts.database, caller, run_id=run)))


@router.get(
    "/runs/{run}/activity",
    operation_id="listActivityOfRun",
    response_model=Activity,
    responses={**may_answer(404), **_LINES},
)
async def list_activity(
    parts: Parts,
    caller: Caller,
    page: Paging,
    run: str,
    form: Annotated[Literal["json", "ndjson"], Query(alias="format")] = "json",
) -> Response:
    """Return the run's activity in its order: a page of it, or all of it, an entry to a line."""
    after_seq = 0 if page.after is None else int(page.after[0])
    if form == "ndjson":
        first = await see_run_activity(parts.database, caller, run_id=run, after_seq=after_seq, limit=BATCH)
        return StreamingResponse(activity_lines(parts, caller, run, first), media_type=NDJSON)
    found = await see_run_activity(
        parts.database, caller, run_id=run, after_seq=after_seq, limit=page.limit + 1
    )
    shown = page.cut(found)
    place: list[str | int] | None = [int(str(shown[-1]["seq"]))] if shown else None
    return AsciiJson({"data": list(shown)}, headers=page.headers(found, place))


@router.get("/runs/{run}/bundle", operation_id="getBundleOfRun", responses=may_answer(404, 409))
async def get_bundle(parts: Parts, caller: Caller, run: str) -> Bundle:
    """Return the run as a bundle: all that it takes to replay it, without a secret. That it was is noted."""
    return await see_bundle(parts.database, caller, run_id=run, resources=parts.resources)


@router.post(
    "/runs/{run}/resumption", operation_id="resumeRun", status_code=202, responses=may_answer(404, 409)
)
async def post_resumption(
    parts: Parts, caller: Caller, run: str, body: SentResumption | None = None
) -> RunSummary:
    """Go on with a run that is INTERRUPTED, by what is known of its calls, or that is POISONED."""
    known = NOTHING if body is None else body.known
    return RunSummary.of(await resume_run(parts.database, caller, run_id=run, calls=known))


@router.post(
    "/runs/{run}/replays",
    operation_id="replayRun",
    status_code=HTTPStatus.ACCEPTED,
    responses=may_answer(404, 409),
)
async def post_replay(
    *,
    request: Request,
    response: Response,
    parts: Parts,
    caller: Caller,
    run: str,
    body: SentReplay | None = None,
) -> ReplayDocument:
    """Replay the run live: a new run does the same again, against the real systems, as the caller.

    202 means stored. With `Idempotency-Key` the same request again is told of the same new run.
    """
    as_initiator = body is not None and body.as_initiator
    wanted = WantedReplay(run_id=run, as_initiator=as_initiator, key=key_of(request))
    return replay_answer(await parts.replays.replay(caller, wanted), response)
