"""The metrics, for whoever watches over the server."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Header
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import PlainTextResponse, Response

from deputize.server.callers import Parts
from deputize.server.problem_documents import problems_of
from deputize.server.problems import Problem

_MAY_ANSWER: Final[dict[int | str, dict[str, Any]]] = {status: problems_of(status) for status in (401, 404)}

router = APIRouter(tags=["Server"])


@router.get("/metrics", operation_id="readMetrics", response_class=PlainTextResponse, responses=_MAY_ANSWER)
async def read_metrics(
    parts: Parts, authorization: Annotated[str | None, Header(include_in_schema=False)] = None
) -> Response:
    """Return the metrics in the text format of Prometheus, to whoever has the token of the settings."""
    metrics = parts.metrics
    if metrics is None:
        raise Problem("NOT_FOUND", "There are no metrics here: DEPUTIZE_METRICS_TOKEN is not set.")
    if not metrics.admits(authorization):
        raise Problem(
            "UNAUTHENTICATED",
            "The metrics are read with the token of DEPUTIZE_METRICS_TOKEN.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return Response(await metrics.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)
