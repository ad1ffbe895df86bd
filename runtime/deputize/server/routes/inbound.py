"""The way in for requests that set integrations off."""

import re
import time
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from deputize.domain.run import RunState
from deputize.domain.stored_run import StoredRun
from deputize.errors import shown
from deputize.inbound.answers import Accepted, CallerRefused
from deputize.inbound.received import ReceivedRequest
from deputize.server.ascii_json import AsciiJson
from deputize.server.callers import Parts
from deputize.server.parts import ServerParts
from deputize.server.problem_documents import problems_of
from deputize.server.problems import refused_caller
from deputize.server.pulse import either
from deputize.use_cases.run_fault import run_fault

_WAIT: Final = re.compile(r"(?:^|[,;\s])wait\s*=\s*(\d{1,6})(?=$|[,;\s])", re.IGNORECASE)
#: Seconds for which a caller may wait for the end of a run.
_MOST_WAIT: Final = 60
#: Seconds between two looks when nothing beats.
_LOOK_SECONDS: Final = 0.25
_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")
_NO_TRACE: Final = "0" * 32
_UNDER_WAY: Final = frozenset({RunState.QUEUED, RunState.RUNNING})

_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The run has ended within the time that `Prefer: wait=N` gave it.",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["requestId", "state", "result"],
                    "properties": {
                        "requestId": {"type": "string"},
                        "state": {"type": "string"},
                        "result": {},
                        "error": {
                            "type": "object",
                            "description": "Why the run did not come to its own end; left out where it did.",
                            "required": ["code", "message"],
                            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
                        },
                    },
                }
            }
        },
    },
    202: {
        "description": "The request is stored, and its script will be run as the caller.",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["requestId"],
                    "properties": {"requestId": {"type": "string"}},
                }
            }
        },
    },
    **{status: problems_of(status) for status in (400, 401, 403, 404, 409, 413, 415, 422, 429, 503)},
}

router = APIRouter(tags=["Inbound"])


@router.post(
    "/api/integration/1/functions/{integration}/triggers",
    operation_id="triggerIntegration",
    status_code=HTTPStatus.ACCEPTED,
    response_class=JSONResponse,
    responses=_ANSWERS,
    openapi_extra={
        "requestBody": {"content": {"*/*": {"schema": {}}}, "required": False},
        "security": [{"basic": []}, {"urlKey": []}, {"bearer": []}],
    },
)
async def trigger(request: Request, parts: Parts, integration: str) -> Response:
    """Set an inbound integration off. 202 means stored; the script runs afterwards, as the caller."""
    received = ReceivedRequest(
        integration_id=integration,
        headers=tuple(request.headers.items()),
        query=request.scope["query_string"].decode("latin-1"),
        body=await request.body(),
        remote_address=None if request.client is None else request.client.host,
        trace_id=_trace_id(request.headers.get("traceparent", "")),
    )
    taken = await parts.intake.take(received)
    if isinstance(taken, CallerRefused):
        _log(taken, received)
        raise refused_caller(_traced(parts, taken))
    return await _accepted(parts, taken, wait=_wait(request.headers.getlist("prefer")))


async def _accepted(parts: ServerParts, taken: Accepted, *, wait: int | None) -> Response:
    headers = {"Idempotency-Replayed": "true"} if taken.replayed else {}
    if wait is not None:
        headers["Preference-Applied"] = f"wait={wait}"
        run = await _ended(parts, taken.request_id, seconds=wait)
        if run is not None:
            content = {"requestId": run.id, "state": run.state.value, "result": run.result}
            fault = await parts.database.read(lambda tx: run_fault(tx, run))
            if fault is not None:
                content["error"] = fault
            return AsciiJson(content, HTTPStatus.OK, headers=headers)
    return JSONResponse({"requestId": taken.request_id}, HTTPStatus.ACCEPTED, headers=headers)


async def _ended(parts: ServerParts, run_id: str, *, seconds: float) -> StoredRun | None:
    """Return the run of that id once it has ended, or None when it has not in *seconds*."""
    end = time.monotonic() + seconds
    while True:
        beat = parts.pulse.next
        run = await parts.database.read(lambda tx: tx.runs.get(run_id))
        if run is not None and run.state not in _UNDER_WAY:
            return run
        left = end - time.monotonic()
        if left <= 0 or parts.stopping.is_set():
            return None
        await either((beat, parts.stopping), seconds=min(left, _LOOK_SECONDS))


def _traced(parts: ServerParts, refused: CallerRefused) -> CallerRefused:
    if parts.traced is None or refused.explanation is None:
        return refused
    return replace(refused, headers={**refused.headers, **parts.traced(refused.explanation)})


def _log(refused: CallerRefused, request: ReceivedRequest) -> None:
    """Tell the operator why. Without a configuration structlog prints to stdout, which is not ours."""
    if structlog.is_configured():
        structlog.get_logger("deputize").info(
            "inbound.refused",
            code=refused.code,
            integration=shown(request.integration_id),
            why=shown(refused.operator_detail, limit=500),
            run=refused.run_id,
            source=request.remote_address,
        )


def _wait(preferences: list[str]) -> int | None:
    """Return the seconds that ``Prefer`` asks to wait (RFC 7240), as many as may be; None: not at all."""
    found = _WAIT.search(",".join(preferences))
    return None if found is None else min(int(found[1]), _MOST_WAIT)


def _trace_id(header: str) -> str | None:
    """Return the trace that the caller is in (W3C Trace Context); None for none."""
    found = _TRACEPARENT.fullmatch(header.strip())
    return None if found is None or found[1] == _NO_TRACE else found[1]
