"""Between what passes here and how the journal has it."""

from datetime import datetime
from hashlib import sha256
from typing import cast

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
from deputize_client import (
    CredentialMissing,
    Endpoint,
    Exchange,
    ReceivedResponse,
    SentRequest,
    TransportCause,
    TransportFailure,
    charset_of,
    status_message,
)


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


def read_back(recorded: JournalExchange) -> Exchange:
    """Return the exchange that *recorded* is the record of."""
    request = recorded.request
    return Exchange(
        endpoint=recorded.endpoint,
        sent_as=recorded.sent_as,
        request=SentRequest(
            method=request.method,
            url=request.url,
            headers=request.headers,
            body=None if request.body is None else request.body.content,
        ),
        outcome=_outcome(recorded),
        started=recorded.started,
        elapsed_ms=recorded.elapsed_ms,
        resent=recorded.resent,
    )


def _outcome(recorded: JournalExchange) -> ReceivedResponse | TransportFailure | CredentialMissing:
    if recorded.failure is not None:
        cause = cast("TransportCause", recorded.failure.cause)
        return TransportFailure(cause=cause, message=recorded.failure.message)
    if recorded.missing is not None or recorded.response is None:
        return CredentialMissing(reason=recorded.missing or "No credential could be had.")
    answer, content = recorded.response, recorded.response.body.content
    kind = next((value for name, value in answer.headers if name.lower() == "content-type"), "")
    return ReceivedResponse(
        status_code=answer.status_code,
        status_message=status_message(answer.status_code),
        headers=answer.headers,
        content=content,
        text=content.decode(charset_of(kind), "replace"),
    )


def _request(sent: SentRequest) -> JournalRequest:
    return JournalRequest(
        method=sent.method,
        url=sent.url,
        headers=sent.headers,
        body=None if sent.body is None else JournalBody.of(sent.body),
    )


def _place(endpoint: Endpoint) -> dict[str, object]:
    place: dict[str, object] = {
        "base_url": endpoint.base_url,
        "sent_as": endpoint.sent_as,
        "methods": None if endpoint.methods is None else sorted(endpoint.methods),
        "paths": None if endpoint.paths is None else list(endpoint.paths),
    }
    # Left out where it is not so, as it was before there was any.
    return {**place, "idempotency": "key"} if endpoint.knows_idempotency_keys else place
