"""The client of a run that is run against a bundle: routes answer, then the record, then the real system.

Theory of operation. Two clients: one with the secrets of tests, whose transport asks the routes and the
record, and one with real secrets over the real network. The second is made when a call is to be really sent,
so that nothing real – neither a secret nor a token – is asked for while the record has an answer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

import httpx
from respx.models import PassThrough

from deputize.domain.decision import Denial
from deputize.execution.recorder import PLATFORM
from deputize.platform.embedded.rest.app import TRACE_HEADER
from deputize.testing.mocks import EndpointMocks
from deputize.testing.tape import Tape
from deputize_client import (
    Client,
    ClientLimits,
    Endpoint,
    Exchange,
    OutboundRequest,
    SentRequest,
    TokenSource,
    TransportFailure,
)
from deputize_client.errors import CallFailed
from deputize_client.messages import ReceivedResponse
from deputize_client.network import network_to
from deputize_client.transport import SHOWN, EndpointTransport

#: Of the connection that the answer came over; the HTTP library adds what an answer needs.
_OF_THE_CONNECTION = frozenset(
    {"connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding", TRACE_HEADER}
)


class NothingRecorded(Exception):
    """Neither a route nor the record answers a call that may be really sent."""


class TapedClient:
    """Implements ``Client``: a call that *recorded* has no answer to is made by what *open_live* returns."""

    def __init__(
        self,
        recorded: Client,
        *,
        open_live: Callable[[], Awaitable[Client]],
        live_tokens: TokenSource,
        tape: Tape,
    ) -> None:
        self._recorded = recorded
        self._open_live = open_live
        self._live_tokens = live_tokens
        self._tape = tape
        self._opening = asyncio.Lock()
        self._live: Client | None = None

    async def send(self, request: OutboundRequest) -> Exchange:
        """Make one call and return what happened, whatever it was."""
        try:
            return await self._recorded.send(request)
        except NothingRecorded:
            live = await self._opened()
        exchange = await live.send(request)
        self._tape.sent.append(exchange)
        return exchange

    def lost(self, request: OutboundRequest) -> Exchange:
        """Return the exchange of a request that was sent before, and whose answer is lost."""
        return self._recorded.lost(request)

    async def aclose(self) -> None:
        """Close both, and forget the tokens of service accounts."""
        await self._recorded.aclose()
        await self._live_tokens.aclose()
        if self._live is not None:
            await self._live.aclose()

    async def _opened(self) -> Client:
        async with self._opening:
            if self._live is None:
                self._live = await self._open_live()
        return self._live


class TapedTransport(httpx.AsyncBaseTransport):
    """Carries the calls to *endpoint* to its routes, or else to the record."""

    def __init__(self, endpoint: Endpoint, *, tape: Tape, mocks: EndpointMocks) -> None:
        self._endpoint = endpoint
        self._tape = tape
        self._mocks = mocks
        self._network: EndpointTransport | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer *request*. Raises ``NothingRecorded``, ``CallFailed``, and what a route raises."""
        await request.aread()
        made = cast("SentRequest", request.extensions[SHOWN])
        lets_through = not self._mocks.has_routes_of(self._endpoint)
        try:
            routed = await self._mocks.routed(self._endpoint, request)
        except PassThrough:
            routed, lets_through = None, True
        if routed is not None:
            self._tape.by_routes.append(f"{request.method} {self._endpoint.name} {request.url.path}")
            return routed
        found = self._tape.take(self._endpoint, made)
        if found is not None:
            return await self._answer(found, request)
        if self._endpoint.name == PLATFORM and not self._tape.of_user and lets_through:
            return await self._platform().handle_async_request(request)
        if self._tape.may_send:
            raise NothingRecorded
        why = self._tape.why_unanswered(self._endpoint, made)
        raise self._mocks.unmocked(self._endpoint, request, record=why)

    async def aclose(self) -> None:
        """Close every connection."""
        if self._network is not None:
            await self._network.aclose()

    async def _answer(self, exchange: Exchange, request: httpx.Request) -> httpx.Response:
        if isinstance(exchange.outcome, TransportFailure):
            raise CallFailed(exchange.outcome.cause, exchange.outcome.message)
        received = cast("ReceivedResponse", exchange.outcome)
        response = httpx.Response(
            received.status_code,
            headers=[
                (name.encode("latin-1", "replace"), value.encode())
                for name, value in received.headers
                if name.lower() not in _OF_THE_CONNECTION
            ],
            content=received.content,
        )
        explain = self._tape.explanation(exchange)
        if explain is not None and self._mocks.explain is not None:
            denial = Denial(reason="recorded", needs=explain.needs, would_pass=explain.would_pass)
            response.headers.update(await self._mocks.explain(denial, request))
        return response

    def _platform(self) -> EndpointTransport:
        if self._network is None:
            self._network = network_to(self._endpoint, limits=ClientLimits())
        return self._network
