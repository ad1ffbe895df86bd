"""An httpx transport over httpcore that connects through the egress check, and whom it trusts."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final, TypeAlias, cast

import certifi
import httpcore
import httpx

from deputize_client.endpoint import Endpoint
from deputize_client.errors import CallFailed

#: What carries the calls to an endpoint in place of the network; None leaves them to the network.
TransportFor: TypeAlias = Callable[[Endpoint], httpx.AsyncBaseTransport | None]

#: Awaited when a request is about to be written; what it raises, the caller is told instead.
BeforeSending: TypeAlias = Callable[[], Awaitable[None]]
#: Where the request that a transport is given has itself as it is shown, a ``SentRequest``.
SHOWN = "deputize_shown"

_CONNECTIONS = 20
#: Less than what common servers keep an idle connection for, so that we are the first to let go.
_KEEPALIVE_SECONDS = 4

#: The more special error stands before its parent.
_ERRORS: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.ReadTimeout, httpx.ReadTimeout),
    (httpcore.WriteTimeout, httpx.WriteTimeout),
    (httpcore.PoolTimeout, httpx.PoolTimeout),
    (httpcore.TimeoutException, httpx.TimeoutException),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.ReadError, httpx.ReadError),
    (httpcore.WriteError, httpx.WriteError),
    (httpcore.NetworkError, httpx.NetworkError),
    (httpcore.LocalProtocolError, httpx.LocalProtocolError),
    (httpcore.RemoteProtocolError, httpx.RemoteProtocolError),
    (httpcore.ProtocolError, httpx.ProtocolError),
    (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol),
)

_HEADERS_TOO_LARGE = 431
#: What httpcore calls the moment in which the connection stands and nothing of the request is written.
_ABOUT_TO_WRITE: Final = "http11.send_request_headers.started"


@lru_cache(maxsize=1)
def default_tls() -> ssl.SSLContext:
    """Return the context of all endpoints: certifi's authorities, names checked, TLS 1.2 or newer.

    Made by hand, because ``ssl.create_default_context`` obeys ``SSLKEYLOGFILE``.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cafile=certifi.where())
    return context


class EndpointTransport(httpx.AsyncBaseTransport):
    """Sends requests over connections of one backend; nothing of the environment is asked.

    *before_sending* is asked once a connection stands, before the first byte of each request.
    """

    def __init__(
        self,
        backend: httpcore.AsyncNetworkBackend,
        *,
        tls: ssl.SSLContext | None,
        where: str,
        before_sending: BeforeSending | None = None,
    ) -> None:
        self._where = where
        self._before_sending = before_sending
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=_CONNECTIONS,
            max_keepalive_connections=_CONNECTIONS,
            keepalive_expiry=_KEEPALIVE_SECONDS,
            http1=True,
            http2=False,
            retries=0,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send *request* and return the answer with its body unread; raises httpx's errors."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        outgoing = httpcore.Request(
            method=request.method,
            url=url,
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions if self._before_sending is None else self._traced(request),
        )
        with _as_httpx(self._where):
            answer = await self._pool.handle_async_request(outgoing)
        return _Answer(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer, self._where),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()

    def _traced(self, request: httpx.Request) -> dict[str, Any]:
        async def trace(event: str, _details: dict[str, Any]) -> None:
            if event == _ABOUT_TO_WRITE and self._before_sending is not None:
                await self._before_sending()

        return {**request.extensions, "trace": trace}


class _Answer(httpx.Response):
    """An answer that the HTTP library never follows: it would judge where a redirect leads."""

    @property
    def has_redirect_location(self) -> bool:
        return False


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response, where: str) -> None:
        self._answer = answer
        self._where = where

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_httpx(self._where):
            async for part in cast("AsyncIterator[bytes]", self._answer.stream):
                yield part

    async def aclose(self) -> None:
        await self._answer.aclose()


@contextmanager
def _as_httpx(where: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # The pool raises "from None", which leaves the parser's error as the context.
        hint = getattr(error.__cause__ or error.__context__, "error_status_hint", None)
        if isinstance(error, httpcore.RemoteProtocolError) and hint == _HEADERS_TOO_LARGE:
            raise CallFailed(
                "too_large", f"{where}: the answer's headers are too long. Ask for less."
            ) from None
        for theirs, ours in _ERRORS:
            if isinstance(error, theirs):
                raise ours("transport failure") from error
        raise
