"""What does not need to know who asks: whether the server lives, whether it is ready, what codes mean."""

import asyncio
from typing import Any, Final, Literal

from fastapi import APIRouter
from pydantic import JsonValue
from starlette.requests import Request

from deputize.server.callers import Parts
from deputize.server.documents.document import Document
from deputize.server.problem_documents import problems_of
from deputize.server.problem_types import PROBLEM_TYPES
from deputize.server.problems import Problem
from deputize.server.readiness import Readiness

#: Seconds in which each part has to answer.
_PATIENCE: Final = 2.0

_NOT_READY: dict[int | str, dict[str, Any]] = {503: problems_of(503)}
_UNKNOWN: dict[int | str, dict[str, Any]] = {404: problems_of(404)}

router = APIRouter(tags=["Server"])


class Alive(Document):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Ready(Document):
    """The server can do its work."""

    status: Literal["ready"] = "ready"


class ErrorCode(Document):
    """What a code of problem documents means."""

    code: str
    status: int
    title: str
    explanation: str


@router.get("/healthz", operation_id="isAlive")
async def is_alive() -> Alive:
    """Say that the process answers."""
    return Alive()


@router.get("/readyz", operation_id="isReady", responses=_NOT_READY)
async def is_ready(request: Request, parts: Parts) -> Ready:
    """Say whether requests can be accepted and scripts run: the database keeps them, the sandbox is up."""
    readiness: Readiness = request.app.state.readiness
    checks: dict[str, JsonValue] = {
        "accepting": not parts.stopping.is_set(),
        "database": await _in_time(readiness.writes()),
        "sandbox": await _in_time(parts.sandbox_ready()),
    }
    if not all(checks.values()):
        raise Problem(
            "NOT_READY",
            "A part that is needed does not answer.",
            headers={"Retry-After": "2"},
            more={"checks": checks},
        )
    return Ready()


@router.get("/errors/{code}", operation_id="explainCode", responses=_UNKNOWN)
async def explain_code(code: str) -> ErrorCode:
    """Say what a code of problem documents means, and what to do."""
    kind = PROBLEM_TYPES.get(code)
    if kind is None:
        raise Problem("NOT_FOUND", "There is no such code.")
    return ErrorCode(code=code, status=kind.status, title=kind.title, explanation=kind.explanation)


async def _in_time(answer: Any) -> bool:
    try:
        return bool(await asyncio.wait_for(answer, _PATIENCE))
    except TimeoutError:
        return False
