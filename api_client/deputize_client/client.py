"""HTTP bound to one principal: checks a request, attaches the credential last, bounds the answer.

Theory of operation of ``BoundClient.send``: whatever the caller gave is checked first (endpoint,
method, path, headers, size), so that a bad request is refused before a credential is asked for, a name
resolved or a byte sent. Then the credential is asked for, anew for every call. Then the request is
built, and the credential put on it only if the built URL has exactly the endpoint's scheme, host and
port. The answer is read within bounds, and any credential of ours that it echoes is replaced. No
exception of the HTTP library leaves this module: such exceptions hold the request, and with it the
credential.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import cast

import httpx

from deputize_client.call_checks import check_body, checked_method, checked_seconds
from deputize_client.caller_headers import check_collision, checked_headers
from deputize_client.credential_source import CredentialSource, CredentialUnavailable
from deputize_client.credentials import Credential, MissingSecret
from deputize_client.egress import PinnedBackend, Resolver, system_resolver
from deputize_client.endpoint import AsInitiator, Endpoint, find_endpoint, origin_of
from deputize_client.errors import CallFailed, failure_from, shown
from deputize_client.limits import ClientLimits
from deputize_client.messages import (
    CallOutcome,
    CredentialMissing,
    Exchange,
    Headers,
    OutboundRequest,
    ReceivedResponse,
    SentAs,
    SentRequest,
    TransportFailure,
)
from deputize_client.paths import join
from deputize_client.quiet import quiet
from deputize_client.reading import ACCEPT_ENCODING, charset_of, check_headers, read_body
from deputize_client.redaction import Redactor
from deputize_client.refusals import status_message
from deputize_client.transport import EndpointTransport, default_tls


class BoundClient:
    """Makes calls as one principal, and as nobody else.

    Connections are pooled per endpoint and belong to this client alone. *redactor* learns every
    secret that is used. *transport* replaces the network, *resolve* the name server and *tls* the
    trusted authorities; *clock* gives seconds since the epoch. Close it with ``aclose``.
    """

    def __init__(
        self,
        *,
        endpoints: Mapping[str, Endpoint],
        credentials: CredentialSource,
        limits: ClientLimits,
        redactor: Redactor,
        transport: httpx.AsyncBaseTransport | None = None,
        resolve: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._endpoints = dict(endpoints)
        self._credentials = credentials
        self._limits = limits
        self._redactor = redactor
        self._transport = transport
        self._resolve = resolve
        self._tls = tls
        self._clock = clock
        #: What this client itself sends as proof, to be replaced in answers.
        self._ours = Redactor()
        self._clients: dict[str, httpx.AsyncClient] = {}
        self._closed = False

    async def send(self, request: OutboundRequest) -> Exchange:
        """Make one call and return what happened, whatever it was.

        A status is never an exception, nor is a failure of the network or a request that is
        refused. Raises only what the credential source raises, and ``RuntimeError`` once closed.
        """
        if self._closed:
            raise RuntimeError("the client is closed")
        started, began = self._clock(), time.monotonic()
        call = _Call(
            request=request,
            sent=SentRequest(method=shown(request.method), url=shown(request.path), body=request.content),
        )
        try:
            outcome: CallOutcome = await self._perform(call)
        except CallFailed as failure:
            message, _ = self._redactor.redact_text(failure.message)
            outcome = TransportFailure(cause=failure.cause, message=message[:1].upper() + message[1:])
        return Exchange(
            endpoint=shown(request.endpoint),
            sent_as=call.sent_as,
            request=call.sent,
            outcome=outcome,
            started=started,
            elapsed_ms=(time.monotonic() - began) * 1000,
        )

    async def aclose(self) -> None:
        """Close every connection; calls made afterwards raise ``RuntimeError``."""
        self._closed = True
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.aclose()

    async def _perform(self, call: "_Call") -> CallOutcome:
        request = call.request
        endpoint = find_endpoint(request.endpoint, self._endpoints)
        call.sent_as = endpoint.sent_as
        call.sent = replace(call.sent, url=endpoint.base_url)
        method = checked_method(endpoint, request.method)
        seconds = checked_seconds(endpoint, request.timeout, limits=self._limits)
        url = join(endpoint, request.path, request.params)
        call.sent = replace(call.sent, method=method, url=str(url))
        headers = self._headers(endpoint, request)
        check_body(endpoint, request.content, limits=self._limits)
        credential = await self._credential(endpoint)
        if isinstance(credential, CredentialMissing):
            return credential
        proof = _proof(endpoint, credential)
        if isinstance(proof, CredentialMissing):
            return proof
        check_collision(endpoint, headers, frozenset(name.lower() for name in proof))
        client = self._client(endpoint)
        built = client.build_request(
            method,
            url,
            headers=[(name.encode(), value.encode()) for name, value in headers],
            content=request.content,
        )
        call.sent = self._as_sent(built, call.sent, endpoint, proof)
        if proof:
            if origin_of(built.url) != endpoint.origin:
                raise CallFailed(
                    "egress_denied", f"{endpoint.where}: the request would take a credential elsewhere."
                )
            built.headers.update(proof)
        return await self._timed(client, built, endpoint, seconds)

    def _headers(self, endpoint: Endpoint, request: OutboundRequest) -> Headers:
        """Return the caller's headers as they may be sent."""
        given = request.headers
        if request.content_type is not None and not any(n.lower() == "content-type" for n, _ in given):
            given = (*given, ("Content-Type", request.content_type))
        checked = checked_headers(endpoint, given, limits=self._limits)
        # Only what can be read within bounds is asked for.
        return tuple((name, value) for name, value in checked if name.lower() != "accept-encoding")

    async def _credential(self, endpoint: Endpoint) -> Credential | CredentialMissing | None:
        if isinstance(endpoint.authentication, AsInitiator):
            fetched = await self._credentials.credential(endpoint)
            if isinstance(fetched, CredentialUnavailable):
                reason, _ = self._redactor.redact_text(fetched.reason)
                return CredentialMissing(reason=reason)
            credential: Credential = fetched
        else:
            stored = endpoint.stored_credential()
            if stored is None:
                return None
            if isinstance(stored, MissingSecret):
                return CredentialMissing(
                    reason=f"Endpoint {endpoint.name!r} needs the secret {stored.name!r},"
                    f" which is not set. Set {stored.setting}."
                )
            credential = stored
        for secret in credential.secrets():
            self._redactor.register(secret)
            self._ours.register(secret)
        return credential

    def _client(self, endpoint: Endpoint) -> httpx.AsyncClient:
        """Return the endpoint's own client: no cookies, no redirects, nothing of the environment."""
        if endpoint.name not in self._clients:
            transport = self._transport
            if transport is None:
                encrypted = endpoint.origin[0] == "https"
                transport = EndpointTransport(
                    PinnedBackend(endpoint, limits=self._limits, resolve=self._resolve),
                    tls=(self._tls or default_tls()) if encrypted else None,
                    where=endpoint.where,
                )
            self._clients[endpoint.name] = httpx.AsyncClient(
                transport=transport,
                headers={"User-Agent": "deputize", "Accept-Encoding": ACCEPT_ENCODING},
                cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
                follow_redirects=False,
                trust_env=False,
                # The connection keeps the limits of its parts, and `_timed` the whole.
                timeout=None,  # noqa: S113 - see the line above
            )
        return self._clients[endpoint.name]

    def _as_sent(
        self, built: httpx.Request, sent: SentRequest, endpoint: Endpoint, proof: Mapping[str, str]
    ) -> SentRequest:
        headers, _ = self._redactor.redact_headers(_decoded(built.headers.raw))
        mark = f"‹credential: {endpoint.sent_as} → {endpoint.name}›"
        return replace(sent, headers=(*headers, *((name, mark) for name in proof)))

    async def _timed(
        self, client: httpx.AsyncClient, built: httpx.Request, endpoint: Endpoint, seconds: float
    ) -> ReceivedResponse:
        with quiet():
            try:
                async with asyncio.timeout(seconds) as total:
                    return await self._exchange(client, built, endpoint.where)
            except TimeoutError:
                if not total.expired():
                    raise
                raise CallFailed(
                    "timeout", f"{endpoint.where}: the call took longer than {seconds:g} s. Ask for less."
                ) from None
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise failure_from(error, where=endpoint.where) from None

    async def _exchange(
        self, client: httpx.AsyncClient, built: httpx.Request, where: str
    ) -> ReceivedResponse:
        response = await client.send(built, stream=True, auth=None, follow_redirects=False)
        try:
            check_headers(response.headers.raw, limits=self._limits, where=where)
            content = await read_body(
                cast("AsyncIterable[bytes]", response.stream),
                encoding=response.headers.get("content-encoding", ""),
                limits=self._limits,
                where=where,
            )
        finally:
            await response.aclose()
        content, text = self._without_ours(content, charset_of(response.headers.get("content-type", "")))
        return ReceivedResponse(
            status_code=response.status_code,
            status_message=status_message(response.status_code),
            headers=tuple(
                (name, self._ours.redact_values(value)[0]) for name, value in _decoded(response.headers.raw)
            ),
            content=content,
            text=text,
        )

    def _without_ours(self, content: bytes, charset: str) -> tuple[bytes, str]:
        """Return the body and its text without credentials of ours that the answer echoed."""
        text, echoed = self._ours.redact_values(content.decode(charset, "replace"))
        if echoed:
            content = text.encode(charset, "replace")
        # Also where the stated charset is not that of the echo.
        content, echoed = self._ours.redact_bytes(content)
        return content, content.decode(charset, "replace") if echoed else text


@dataclass(slots=True)
class _Call:
    """What is known so far of a call that may fail at any step."""

    request: OutboundRequest
    sent: SentRequest
    sent_as: SentAs = "anonymous"


def _proof(endpoint: Endpoint, credential: Credential | None) -> Mapping[str, str] | CredentialMissing:
    """Return the headers that prove who is calling; a credential that no header can hold is missing."""
    headers = {} if credential is None else dict(credential.headers())
    if all(value.isascii() and value.isprintable() for pair in headers.items() for value in pair):
        return headers
    return CredentialMissing(
        reason=f"The credential for endpoint {endpoint.name!r} holds characters that no header can carry."
        " Correct the secret."
    )


def _decoded(raw: Iterable[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), _decoded_value(value)) for name, value in raw)


def _decoded_value(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
