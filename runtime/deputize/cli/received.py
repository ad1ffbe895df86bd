"""What the stand-ins received, for machines and for people."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import JsonValue

from deputize.cli.escape import to_json, visible
from deputize_client import Redactor

if TYPE_CHECKING:
    from deputize.stand_ins import StandInRequest

#: Characters of a body that are shown to a person.
_SHOWN = 500


def received_json(received: Mapping[str, Sequence["StandInRequest"]]) -> dict[str, JsonValue]:
    """Return what came by endpoint; what carries a credential is redacted, as in the activity stream."""
    redactor = Redactor()
    return {
        endpoint: [redactor.redact_json(_request_json(request))[0] for request in requests]
        for endpoint, requests in received.items()
    }


def _request_json(request: "StandInRequest") -> JsonValue:
    return {
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "headers": dict(request.headers),
        "body": request.body,
        "status": request.status,
    }


def received_line(request: "StandInRequest") -> str:
    """Return one request on one line, safe to show."""
    redactor = Redactor()
    query, _ = redactor.redact_text(f"?{request.query}" if request.query else "")
    head = visible(f"{request.method} {request.path}{query}, answered {request.status}")
    if request.route is None:
        head += " (no route for it)"
    if request.body in (None, ""):
        return head
    content, _ = redactor.redact_json(request.body)
    body = visible(content) if isinstance(content, str) else to_json(content)
    return f"{head}  {body}" if len(body) <= _SHOWN else f"{head}  {body[:_SHOWN]}… ({len(body)} characters)"
