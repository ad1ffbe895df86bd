"""What the operations of ``/api/v1`` have in common."""

from typing import Any, Final

from fastapi import APIRouter

from deputize.server.callers import CallerRoute
from deputize.server.problem_documents import problems_of

PREFIX: Final = "/api/v1"
#: What every operation may answer, besides what it is asked for.
_ALWAYS: Final = (400, 401, 403, 413, 415, 422, 429, 503)


def operations(tag: str) -> APIRouter:
    """Return a router for operations under *tag*, whose callers are known."""
    answers: dict[int | str, dict[str, Any]] = {status: problems_of(status) for status in _ALWAYS}
    return APIRouter(prefix=PREFIX, tags=[tag], route_class=CallerRoute, responses=answers)


def may_answer(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the problems that an operation may answer besides."""
    return {status: problems_of(status) for status in statuses}
