"""HTTP bound to one principal: checks a request, attaches the credential last, bounds the answer.

Theory of operation of ``BoundClient.send``: whatever the caller gave is checked first (endpoint,
method, path, headers, size, the secrets that it names), so that a bad request is refused before a
credential is asked for, a name resolved or a byte sent. Then the credential is asked for, anew for every
call. Then the request is built, and the credential put on it only if the built URL has exactly the
endpoint's scheme, host and port. The answer is read within bounds, and any credential or secret of ours
that it echoes is replaced. No exception of the HTTP library leaves this module: such exceptions hold the
request, and with it the credential.

A 401 to a token that was kept from an earlier call throws that token away. The call is made a second
time, with a new token, only where its method promises that twice is as good as once (RFC 9110 §9.2.2):
that a 401 means "nothing was done" is what most servers keep, and nobody guarantees.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import MappingProxyType
from typing import cast

import httpx

from deputize_client.access_tokens import AccessTokens
from deputize_client.authentication import ClientCredentialsAuthentication
from deputize_client.caller_headers import check_collision
from deputize_client.credential_finder import CredentialFinder, Found
from deputize_client.credential_source import CredentialSource, CredentialUnavailable
from deputize_client.credentials import Credential, Secret
from deputize_client.egress import Resolver, system_resolver
from deputize_client.endpoint import Endpoint, origin_of
from deputize_client.errors import CallFailed, failure_from, shown
from deputize_client.limits import ClientLimits
from deputize_client.messages import (
    CallOutcome,
    CredentialMissing,
    Exchange,
    Headers,
    OutboundRequest,
    ReceivedResponse,
    SentRequest,
    TransportFailure,
)
from deputize_client.network import network_to
from deputize_client.preparation import Call, ReadyRequest, prepare
from deputize_client.quiet import quiet
from deputize_client.reading import ACCEPT_ENCODING, charset_of, check_headers, read_body
from deputize_client.redaction import Redactor
from deputize_client.references import GuardedSecret
from deputize_client.refusals import status_message
from deputize_client.transport import SHOWN, BeforeSending, TransportFor

_UNAUTHORIZED = 401
_LOST = "The call was sent before, and its answer is lost. Whether it took effect, the other side knows."
#: Methods that may be sent twice for the effect of once.
_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})


class BoundClient:
    """Makes calls as one principal, and as nobody else.

    Connections are pooled per endpoint and belong to this client alone. *secrets* are those that a
    caller may name; *tokens* supplies the endpoints with OAuth 2 client credentials. *redactor* learns
    every secret that is used. *transport* may replace the network for an endpoint; *resolve* replaces the
    name server and *tls* the trusted authorities; *clock* gives seconds since the epoch. *before_sending* is
    awaited when a connection stands, immediately before a request is written to it. Close it with
    ``aclose``. Raises ``ValueError`` when an endpoint needs *tokens* and there are none.
    """

    def __init__(
        self,
        *,
        endpoints: Mapping[str, Endpoint],
        credentials: CredentialSource,
        limits: ClientLimits,
        redactor: Redactor,
        secrets: Mapping[str, GuardedSecret] = MappingProxyType({}),
        tokens: AccessTokens | None = None,
        transport: TransportFor | None = None,
        resolve: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.time,
        before_sending: BeforeSending | None = None,
    ) -> None:
        self._endpoints = dict(endpoints)
        self._secrets = dict(secrets)
        self._finder = CredentialFinder(credentials=credentials, tokens=tokens)
        for each in self._endpoints.values():
            if isinstance(each.authentication, ClientCredentialsAuthentication) and tokens is None:
                raise ValueError(f"endpoint {each.name!r} needs a source of tokens")
        self._limits = limits
        self._redactor = redactor
        self._transport = transport
        self._resolve = resolve
        self._tls = tls
        self._clock = clock
        self._before_sending = before_sending
        #: What this client itself sends as proof, to be replaced in answers.
        self._ours = Redactor()
        self._clients: dict[str, httpx.AsyncClient] = {}
        self._closed = False

    async def send(self, request: OutboundRequest) -> Exchange:
        """Make one call and return what happened, whatever it was.

        A status is never an exception, nor is a failure of the network or a request that is
        refused. Raises only what the credential source and *before_sending* raise – nothing was sent then –
        and ``RuntimeError`` once closed.
        """
        if self._closed:
            raise RuntimeError("the client is closed")
        started, began = self._clock(), time.monotonic()
        call = Call(request)
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
            resent=call.resent,
        )

    def lost(self, request: OutboundRequest) -> Exchange:
        """Return the exchange of a request that was sent before, and whose answer is lost; send nothing."""
        call = Call(request)
        # One that would be refused now is told as it was asked for.
        with suppress(CallFailed):
            ready = prepare(
                call,
                endpoints=self._endpoints,
                secrets=self._secrets,
                learn=self._learn,
                limits=self._limits,
            )
            headers, _ = self._redactor.redact_headers(ready.readable(ready.headers))
            call.sent = replace(call.sent, headers=headers)
        return Exchange(
            endpoint=shown(request.endpoint),
            sent_as=call.sent_as,
            request=call.sent,
            outcome=TransportFailure(cause="answer_lost", message=_LOST),
            started=self._clock(),
            elapsed_ms=0.0,
        )

    async def aclose(self) -> None:
        """Close every connection; calls made afterwards raise ``RuntimeError``."""
        self._closed = True
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.aclose()

    async def _perform(self, call: Call) -> CallOutcome:
        ready = prepare(
            call, endpoints=self._endpoints, secrets=self._secrets, learn=self._learn, limits=self._limits
        )
        until = time.monotonic() + ready.seconds
        found = await self._credential(ready.endpoint, until)
        if isinstance(found, CredentialMissing):
            return found
        outcome = await self._attempt(call, ready, found, ready.seconds)
        stale = isinstance(outcome, ReceivedResponse) and outcome.status_code == _UNAUTHORIZED
        if found.kept is None or not stale:
            return outcome
        self._finder.discard(ready.endpoint, found.kept)
        if ready.method not in _REPEATABLE:
            return outcome
        renewed = await self._credential(ready.endpoint, until)
        left = until - time.monotonic()
        if isinstance(renewed, CredentialMissing) or left <= 0:
            # The refusal did come, and is what happened.
            return outcome
        call.resent = True
        return await self._attempt(call, ready, renewed, left)

    async def _credential(self, endpoint: Endpoint, until: float) -> Found | CredentialMissing:
        found = await self._finder.find(endpoint, until=until)
        if isinstance(found, CredentialUnavailable):
            reason, _ = self._redactor.redact_text(found.reason)
            return CredentialMissing(reason=reason)
        for secret in found.secrets():
            self._learn(secret)
        return found

    def _learn(self, secret: Secret) -> None:
        self._redactor.register(secret)
        self._ours.register(secret)

    async def _attempt(
        self, call: Call, ready: ReadyRequest, found: Found, seconds: float
    ) -> ReceivedResponse | CredentialMissing:
        """Send the request once, with the credential that was found."""
        endpoint = ready.endpoint
        proof = _proof(endpoint, found.credential)
        if isinstance(proof, CredentialMissing):
            return proof
        check_collision(endpoint, ready.headers, frozenset(name.lower() for name in proof))
        client = self._client(endpoint)
        built = client.build_request(
            ready.method,
            ready.url,
            headers=[(name.encode(), value.encode()) for name, value in ready.headers],
            content=ready.content,
        )
        call.sent = built.extensions[SHOWN] = self._as_sent(built, call.sent, ready, proof)
        if proof:
            if origin_of(built.url) != endpoint.origin:
                raise CallFailed(
                    "egress_denied", f"{endpoint.where}: the request would take a credential elsewhere."
                )
            built.headers.update(proof)
        return await self._timed(client, built, endpoint, seconds)

    def _client(self, endpoint: Endpoint) -> httpx.AsyncClient:
        """Return the endpoint's own client: no cookies, no redirects, nothing of the environment."""
        if endpoint.name not in self._clients:
            transport = None if self._transport is None else self._transport(endpoint)
            if transport is None:
                transport = network_to(
                    endpoint,
                    limits=self._limits,
                    resolve=self._resolve,
                    tls=self._tls,
                    before_sending=self._before_sending,
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
        self, built: httpx.Request, sent: SentRequest, ready: ReadyRequest, proof: Mapping[str, str]
    ) -> SentRequest:
        headers, _ = self._redactor.redact_headers(ready.readable(_decoded(built.headers.raw)))
        mark = f"‹credential: {ready.endpoint.sent_as} → {ready.endpoint.name}›"
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
