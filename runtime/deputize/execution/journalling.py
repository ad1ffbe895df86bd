"""Between what passes here and how the journal has it."""

from datetime import datetime
from hashlib import sha256

from deputize.activity.entries import Explain
from deputize.activity.journal import (
    JournalBody,
    JournalExchange,
    JournalFailure,
    JournalHead,
    JournalRequest,
    JournalResponse,
)
from deputize.execution.order import Order
from deputize_client import CredentialMissing, Endpoint, Exchange, SentRequest, TransportFailure


def head_of(order: Order, platform: Endpoint, *, seed: str, now: datetime) -> JournalHead:
    """Return what a run of *order* begins with, at *now*; *platform* is one of its endpoints."""
    form = order.form
    return JournalHead.model_validate(
        {
            "seed": seed,
            "now": now,
            "constants": dict(order.constants),
            "secrets": {name: sorted(each.endpoints) for name, each in order.secrets.items()},
            "endpoints": {each.name: _place(each) for each in (*order.endpoints.values(), platform)},
            "stand_ins": sorted(order.stand_ins),
            "form": None
            if form is None
            else {"plan_id": form.plan_id, "form_id": form.form_id, "name": form.name},
            "limits": order.limits.model_dump(mode="json"),
            "libraries": {
                name: sha256(order.script.libraries[name].encode("utf-8", "surrogatepass")).hexdigest()
                for name in order.script.shared
            },
        }
    )


def journalled(exchange: Exchange, *, explain: Explain | None) -> JournalExchange:
    """Return how the journal has *exchange*."""
    response, failure, missing = None, None, None
    match exchange.outcome:
        case TransportFailure(cause=cause, message=message):
            failure = JournalFailure(cause=cause, message=message)
        case CredentialMissing(reason=reason):
            missing = reason
        case received:
            response = JournalResponse(
                status_code=received.status_code,
                headers=received.headers,
                body=JournalBody.of(received.content),
            )
    return JournalExchange(
        endpoint=exchange.endpoint,
        sent_as=exchange.sent_as,
        request=_request(exchange.request),
        response=response,
        failure=failure,
        missing=missing,
        started=exchange.started,
        elapsed_ms=round(exchange.elapsed_ms, 3),
        resent=exchange.resent,
        explain=explain,
    )


def _request(sent: SentRequest) -> JournalRequest:
    return JournalRequest(
        method=sent.method,
        url=sent.url,
        headers=sent.headers,
        body=None if sent.body is None else JournalBody.of(sent.body),
    )


def _place(endpoint: Endpoint) -> dict[str, object]:
    return {
        "base_url": endpoint.base_url,
        "sent_as": endpoint.sent_as,
        "methods": None if endpoint.methods is None else sorted(endpoint.methods),
        "paths": None if endpoint.paths is None else list(endpoint.paths),
    }
