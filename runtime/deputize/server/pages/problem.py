"""The page that says why something could not be answered, or is not allowed."""

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from deputize.server.edge.addresses import path_of
from deputize.server.pages.rendering import own_page
from deputize.server.problem_types import PROBLEM_TYPES
from deputize.server.problems import Problem
from deputize.server.session_cookies import theme_of

#: Below these everything is answered to programs, whatever they accept.
_OF_PROGRAMS: Final = ("/api/", "/oauth2/", "/reapi/", "/.well-known/", "/errors/")


def wants_page(request: Request) -> bool:
    """Return whether *request* is made by a browser for somebody who looks at it."""
    return "text/html" in request.headers.get("accept", "") and not path_of(request.scope).startswith(
        _OF_PROGRAMS
    )


def problem_page(request: Request, problem: Problem) -> HTMLResponse:
    """Return the page for *problem*, with its status and code."""
    kind = PROBLEM_TYPES[problem.code]
    answered = own_page(
        "problem.html",
        status=kind.status,
        at=request.scope.get("root_path", ""),
        theme=theme_of(request),
        title=kind.title,
        why=problem.detail,
        what_to_do=kind.explanation,
        code=problem.code,
        needs=_texts(problem, "needs"),
        would_pass=_texts(problem, "would_pass"),
        faults=[each.detail for each in problem.faults],
    )
    answered.headers.update(problem.headers or {})
    return answered


def _texts(problem: Problem, name: str) -> Sequence[str]:
    found = problem.more.get(name)
    return [str(each) for each in found] if isinstance(found, list) else []
