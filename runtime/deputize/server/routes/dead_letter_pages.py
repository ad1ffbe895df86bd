"""The page of dead letters; retrying and dismissing them, one or those that were chosen."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response

from deputize.errors import Refused
from deputize.inbound.answers import CallerRefused
from deputize.oauth.parameters import Parameters
from deputize.server.callers import Parts
from deputize.server.guests import SentForm, SignedInGuest, guest_pages
from deputize.server.pages.dead_letters import CHOSEN, Ended, dead_letters_page, ended_page
from deputize.server.paging import Paging
from deputize.server.parts import ServerParts
from deputize.server.problems import Misplaced, Problem, problem_of, refused_caller
from deputize.server.run_pages import after_run, place_of
from deputize.server.session_cookies import Guest
from deputize.use_cases.dead_letters import dismiss_dead_letter, see_dead_letters, see_what_is_possible
from deputize.use_cases.replay_live import WantedReplay

router = guest_pages()

_Act = Callable[[str], Awaitable[Ended]]


@router.get("/dead-letters")
async def get_dead_letters(*, request: Request, parts: Parts, guest: SignedInGuest, page: Paging) -> Response:
    """Show the dead letters that one may see, and what one could do about each."""
    database, actor = parts.database, guest.signed_in.actor
    found = await see_dead_letters(database, actor, after=after_run(page), limit=page.limit + 1)
    shown = page.cut(found)
    possible = await see_what_is_possible(database, actor, shown, replays=parts.replays)
    return dead_letters_page(
        request,
        guest,
        letters=list(zip(shown, possible, strict=True)),
        older=page.following(found, place_of(shown)),
        newest=page.after is None,
    )


@router.post("/dead-letters/retries")
async def post_retries(request: Request, parts: Parts, guest: SignedInGuest, form: SentForm) -> Response:
    """Have those that were chosen be done again, each as its initiator."""
    ended = await _each(_chosen(form), _retry(parts, guest))
    return ended_page(request, guest, ended, done="done again")


@router.post("/dead-letters/dismissals")
async def post_dismissals(request: Request, parts: Parts, guest: SignedInGuest, form: SentForm) -> Response:
    """Take those that were chosen off the list."""
    ended = await _each(_chosen(form), _dismissal(parts, guest))
    return ended_page(request, guest, ended, done="dismissed")


@router.post("/dead-letters/{run}/retries")
async def post_retry(request: Request, parts: Parts, guest: SignedInGuest, run: str) -> Response:
    """Have one be done again, as its initiator."""
    return ended_page(request, guest, await _each([run], _retry(parts, guest)), done="done again")


@router.post("/dead-letters/{run}/dismissals")
async def post_dismissal(request: Request, parts: Parts, guest: SignedInGuest, run: str) -> Response:
    """Take one off the list."""
    return ended_page(request, guest, await _each([run], _dismissal(parts, guest)), done="dismissed")


def _chosen(form: Parameters) -> list[str]:
    """Return the ids that were chosen, the oldest first: as they came, so are they done again."""
    chosen = [name.removeprefix(CHOSEN) for name in form if name.startswith(CHOSEN)]
    if not chosen:
        fault = Misplaced(place="parameter", name="run", detail="Choose at least one dead letter.")
        raise Problem("INVALID", "Nothing was done; see below.", faults=[fault])
    return chosen[::-1]


def _retry(parts: ServerParts, guest: Guest) -> _Act:
    async def act(run: str) -> Ended:
        wanted = WantedReplay(run_id=run, as_initiator=True, dead_letter=True)
        answer = await parts.replays.replay(guest.signed_in.actor, wanted)
        if isinstance(answer, CallerRefused):
            raise refused_caller(answer)
        return Ended(run_id=run, new_run=answer.run_id)

    return act


def _dismissal(parts: ServerParts, guest: Guest) -> _Act:
    async def act(run: str) -> Ended:
        await dismiss_dead_letter(parts.database, guest.signed_in.actor, run_id=run)
        return Ended(run_id=run)

    return act


async def _each(runs: Sequence[str], act: _Act) -> list[Ended]:
    """Do something about each of *runs*; one that is refused keeps none of the others."""
    ended = []
    for run in runs:
        try:
            ended.append(await act(run))
        except (Refused, Problem) as error:
            ended.append(Ended(run_id=run, refused=problem_of(error)))
    return ended
