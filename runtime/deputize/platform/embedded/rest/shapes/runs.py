"""Runs as the REST API shows them: what set an integration off, and what came of it."""

import json
from collections.abc import Mapping

from pydantic import JsonValue

from deputize.domain.integration import Integration
from deputize.domain.start import Start, by_request
from deputize.domain.stored_run import StoredRun
from deputize.platform.embedded.rest.shapes.references import moment, person_reference


def log(each: StoredRun, of: Integration) -> dict[str, JsonValue]:
    """Return a run of the integration *of* as an entry of its log. No credential is ever kept with a run."""
    start = Start.model_validate(each.start)
    inbound: Mapping[str, JsonValue] = start.provided if by_request(start.trigger) else {}
    body = inbound.get("body") if inbound else json.dumps(start.payload, ensure_ascii=False)
    return {
        "id": each.id,
        "integration": {"id": of.id, "plan": {"id": of.plan_id}},
        "status": each.state.value,
        "completed": None if each.finished is None else moment(each.finished),
        "requestMethod": start.method,
        "requestHeaders": dict(start.headers),
        "requestParameters": inbound.get("parameters", {}),
        "requestBody": body,
        "remoteAddress": inbound.get("remote_address"),
        "requestId": each.id,
        "by": person_reference(each.initiator.subject or "", each.initiator.id),
    }
