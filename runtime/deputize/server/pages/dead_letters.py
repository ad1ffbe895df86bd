"""The page of dead letters, and the one that says what came of an act about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse

from deputize.domain.stored_run import StoredRun
from deputize.server.pages.shell import DEAD_LETTERS, shell
from deputize.server.pages.states import STATES
from deputize.server.problem_types import PROBLEM_TYPES
from deputize.server.problems import Problem
from deputize.server.session_cookies import Guest
from deputize.use_cases.dead_letters import Possible

#: What the box of a dead letter is called in the form: this, and its id.
CHOSEN = "run-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What came of an act about one dead letter."""

    run_id: str
    #: The run that does it again, if that was the act.
    new_run: str | None = None
    #: Why nothing was done; None: it was.
    refused: Problem | None = None


def dead_letters_page(
    request: Request,
    guest: Guest,
    *,
    letters: Sequence[tuple[StoredRun, Possible]],
    older: str | None,
    newest: bool,
) -> HTMLResponse:
    """Return the page with *letters*; *older* leads on; *newest* says that these are the first ones."""
    return shell(
        request,
        guest,
        "dead_letters.html",
        place=DEAD_LETTERS,
        letters=letters,
        older=older,
        newest=newest,
        chosen=CHOSEN,
        states=STATES,
    )


def ended_page(request: Request, guest: Guest, ended: Sequence[Ended], *, done: str) -> HTMLResponse:
    """Return the page of what was *done*, and of what was not; a refusal, if nothing was."""
    refused = [each.refused for each in ended if each.refused is not None]
    status = PROBLEM_TYPES[refused[0].code].status if len(refused) == len(ended) else HTTPStatus.OK
    return shell(
        request,
        guest,
        "dead_letters_ended.html",
        place=DEAD_LETTERS,
        status=HTTPStatus(status),
        done=done,
        ended=[each for each in ended if each.refused is None],
        refused=[each for each in ended if each.refused is not None],
    )
