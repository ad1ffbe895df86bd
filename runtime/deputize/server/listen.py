"""Listens for the public: opens the port, and at the end lets requests under way finish."""

import asyncio
import resource
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Final

from starlette.types import ASGIApp

from deputize.errors import Misconfigured
from deputize.loopback import BareServer
from deputize.server.connection import ConnectionLimits, PublicConfig
from deputize.server.problems import Problems

#: Descriptors that the rest of the process may need.
_OTHER_DESCRIPTORS: Final = 128
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
#: By which address one reaches a listener on every address.
_OWN: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not listened on


class PortUnavailable(Misconfigured):
    """The address cannot be listened on."""

    code = "PORT_UNAVAILABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicListener:
    """Where the server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """``http://HOST:PORT``, without a slash at the end; this machine's own where it listens on all."""
        host = _OWN.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


@asynccontextmanager
async def listen(
    app: ASGIApp,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    stopping: asyncio.Event,
    grace_seconds: float = 10,
    limits: ConnectionLimits | None = None,
    problems: Problems | None = None,
) -> AsyncIterator[PublicListener]:
    """Serve *app* while the context lasts; port 0 is one of the moment.

    On leaving, *stopping* is set, which ends streams without an end; nothing is accepted any more, and
    requests under way have *grace_seconds*. Raises ``PortUnavailable``.
    """
    with _listening_socket(host, port) as listening:
        config = PublicConfig(
            app, limits=_fitting(limits or ConnectionLimits()), problems=problems or Problems()
        )
        server = BareServer(config)
        await server.start(listening)
        try:
            yield PublicListener(host=host, port=listening.getsockname()[1])
        finally:
            stopping.set()
            await server.stop(grace_seconds)


@contextmanager
def until_signalled(stopping: asyncio.Event) -> Iterator[None]:
    """Set *stopping* when the process is told to end (TERM, INT) while the context lasts."""
    loop = asyncio.get_running_loop()
    for each in _SIGNALS:
        loop.add_signal_handler(each, stopping.set)
    try:
        yield
    finally:
        for each in _SIGNALS:
            loop.remove_signal_handler(each)


def _listening_socket(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
        )[0]
        # With its protocol named, asyncio switches off Nagle's algorithm, which costs 40 ms an answer.
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        raise PortUnavailable(
            f"Cannot listen on {host}, port {port}: {error.strerror}. "
            "Choose another --port, or another address in DEPUTIZE_HOST."
        ) from error
    return listening


def _fitting(limits: ConnectionLimits) -> ConnectionLimits:
    """Return *limits* with no more connections than this process may have descriptors for."""
    descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    # A quarter more is open while those that are too many are told so.
    room = max(1, (descriptors - _OTHER_DESCRIPTORS) * 4 // 5)
    return replace(limits, connections=min(limits.connections, room))
