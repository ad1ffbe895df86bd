"""Checks a request whole, before a credential is asked for, a name resolved or a byte sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import httpx

from deputize_client.call_checks import check_body, checked_method, checked_seconds
from deputize_client.caller_headers import checked_headers
from deputize_client.credentials import Secret
from deputize_client.endpoint import Endpoint, find_endpoint
from deputize_client.errors import shown
from deputize_client.filling import (
    FilledRequest,
    filled_request,
    references,
    shown_headers,
    shown_request,
    shown_url,
    usable_secrets,
)
from deputize_client.limits import ClientLimits
from deputize_client.messages import Headers, OutboundRequest, SentAs, SentRequest
from deputize_client.paths import join
from deputize_client.references import GuardedSecret


class Call:
    """What is known so far of a call that may fail at any step."""

    __slots__ = ("marked", "request", "resent", "sent", "sent_as")

    def __init__(self, request: OutboundRequest) -> None:
        self.request = request
        #: The request as it is shown: with marks for the secrets in it.
        self.marked = shown_request(request)
        self.sent = SentRequest(
            method=shown(request.method), url=shown(request.path), body=self.marked.content
        )
        self.sent_as: SentAs = "anonymous"
        self.resent = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyRequest:
    """A request that may be sent, but for the credential."""

    endpoint: Endpoint
    method: str
    url: httpx.URL = field(repr=False)
    headers: Headers = field(repr=False)
    content: bytes | None = field(repr=False)
    #: Seconds that the whole call may take.
    seconds: float
    #: Turns headers as they are sent into headers as they are shown.
    readable: Callable[[Headers], Headers] = field(repr=False)


def prepare(
    call: Call,
    *,
    endpoints: Mapping[str, Endpoint],
    secrets: Mapping[str, GuardedSecret],
    learn: Callable[[Secret], None],
    limits: ClientLimits,
) -> ReadyRequest:
    """Return the request of *call*, checked and with its secrets put in; keeps *call* up to date.

    *learn* is told every secret that is put in, before it is. Raises ``CallFailed``.
    """
    request, marked = call.request, call.marked
    endpoint = find_endpoint(request.endpoint, endpoints)
    call.sent_as = endpoint.sent_as
    call.sent = replace(call.sent, url=endpoint.base_url)
    url = join(endpoint, request.path, marked.params)
    # From here on the record of a refusal names the address that was asked for.
    call.sent = replace(call.sent, url=shown_url(str(url), request))
    method = checked_method(endpoint, request.method)
    call.sent = replace(call.sent, method=method)
    seconds = checked_seconds(endpoint, request.timeout, limits=limits)
    filled, wanted = marked, references(request)
    if wanted:
        if call.sent_as == "anonymous":
            # A stored secret is an authority of its own, which the record must not hide.
            call.sent_as = "service"
        usable = usable_secrets(endpoint, wanted, secrets)
        for each in usable.values():
            learn(each)
        filled = filled_request(endpoint, request, usable)
        url = join(endpoint, request.path, filled.params)
    elif marked.content is None:
        # No body, or one that cannot be encoded, which is refused here.
        filled = filled_request(endpoint, request, {})
    headers = _headers(endpoint, filled, request.content_type, limits=limits)
    check_body(endpoint, filled.content, limits=limits)
    return ReadyRequest(
        endpoint=endpoint,
        method=method,
        url=url,
        headers=headers,
        content=filled.content,
        seconds=seconds,
        readable=lambda sent: shown_headers(sent, filled_in=filled, marked=marked),
    )


def _headers(
    endpoint: Endpoint, filled: FilledRequest, content_type: str | None, *, limits: ClientLimits
) -> Headers:
    """Return the caller's headers as they may be sent."""
    given = filled.headers
    if content_type is not None and not any(name.lower() == "content-type" for name, _ in given):
        given = (*given, ("Content-Type", content_type))
    checked = checked_headers(endpoint, given, limits=limits)
    # Only what can be read within bounds is asked for.
    return tuple((name, value) for name, value in checked if name.lower() != "accept-encoding")
