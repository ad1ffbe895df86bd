"""Dead letters: runs that failed and nothing tries again by itself."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from deputize.domain.stored_run import RunFilter
from deputize.server.callers import Caller, Parts
from deputize.server.documents.runs import ReplayDocument, Runs
from deputize.server.moments import Moment
from deputize.server.paging import Paging
from deputize.server.replay_answers import key_of, replay_answer
from deputize.server.routes.operations import may_answer, operations
from deputize.server.run_pages import after_run, runs_page
from deputize.use_cases.dead_letters import dismiss_dead_letter, see_dead_letters
from deputize.use_cases.replay_live import WantedReplay

router = operations("Dead letters")

_Words = Annotated[str | None, Query(max_length=200)]


@router.get("/dead-letters", operation_id="listDeadLetters")
async def list_dead_letters(
    *,
    parts: Parts,
    caller: Caller,
    page: Paging,
    response: Response,
    integration: _Words = None,
    initiator: _Words = None,
    since: Moment = None,
    until: Moment = None,
) -> Runs:
    """Return dead letters that the caller may see, the newest first. A live replay of one takes it off."""
    wanted = RunFilter(integration_id=integration, initiator=initiator, since=since, until=until)
    found = await see_dead_letters(
        parts.database, caller, wanted=wanted, after=after_run(page), limit=page.limit + 1
    )
    return runs_page(page, found, response)


@router.post(
    "/dead-letters/{run}/retries",
    operation_id="retryDeadLetter",
    status_code=HTTPStatus.ACCEPTED,
    responses=may_answer(404, 409),
)
async def post_retry(
    *, request: Request, response: Response, parts: Parts, caller: Caller, run: str
) -> ReplayDocument:
    """Have a dead letter be done again: a live replay of it as its initiator. It is none any more then.

    202 means stored. With `Idempotency-Key` the same request again is told of the same new run.
    """
    wanted = WantedReplay(run_id=run, as_initiator=True, dead_letter=True, key=key_of(request))
    return replay_answer(await parts.replays.replay(caller, wanted), response)


@router.delete(
    "/dead-letters/{run}",
    operation_id="dismissDeadLetter",
    status_code=HTTPStatus.NO_CONTENT,
    responses=may_answer(404, 409),
)
async def delete_dead_letter(parts: Parts, caller: Caller, run: str) -> None:
    """Take the run off the list of dead letters; the run itself stays as it is."""
    await dismiss_dead_letter(parts.database, caller, run_id=run)
