"""Serves an application over HTTP on 127.0.0.1, inside the running event loop."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

HOST = "127.0.0.1"

#: Seconds that requests under way are given when the server stops.
_GRACE_SECONDS = 1.0
#: Seconds that a request has to notice that it is cancelled.
_CANCEL_SECONDS = 1.0
_LOGGERS = ("uvicorn.error", "uvicorn.access")

_ours: ContextVar[bool] = ContextVar("deputize_loopback", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Where an application is served."""

    port: int

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``, without a slash at the end."""
        return f"http://{HOST}:{self.port}"


@asynccontextmanager
async def serve(app: ASGIApp) -> AsyncIterator[Listener]:
    """Serve *app* on a port of the moment while the context lasts.

    Installs no signal handler and configures no logging; errors of *app* are logged by uvicorn.
    On leaving, requests under way have a second to end; nothing listens afterwards.
    """
    # With its protocol named, asyncio switches off Nagle's algorithm, which costs 40 ms an answer.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind((HOST, 0))
        server = BareServer(_Config(app))
        with _quiet():
            # Whatever answers a connection later runs in a copy of this context.
            await server.start(listening)
        try:
            yield Listener(port=listening.getsockname()[1])
        finally:
            await server.stop(_GRACE_SECONDS)


class _Config(uvicorn.Config):
    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            app,
            interface="asgi3",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level=None,
            server_header=False,
            date_header=False,
            # Nobody stands between a loopback client and us who could speak for another one.
            proxy_headers=False,
        )

    def configure_logging(self) -> None:
        """Leave logging alone: it belongs to the application, which may run under uvicorn itself."""


class BareServer(uvicorn.Server):
    """uvicorn without its signal handlers, and without its main loop, which looks ten times a second."""

    async def start(self, listening: socket.socket) -> None:
        """Answer whoever connects to *listening*."""
        self.config.load()
        self.lifespan = self.config.lifespan_class(self.config)
        await self.startup(sockets=[listening])

    async def stop(self, grace_seconds: float) -> None:
        """Accept nothing any more, and end what has not ended within *grace_seconds*."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if tasks := set(self.server_state.tasks):
            _, late = await asyncio.wait(tasks, timeout=grace_seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=_CANCEL_SECONDS)
        for connection in list(self.server_state.connections):
            # A client that does not read what it asked for must not keep us.
            if connection.transport is not None:
                connection.transport.abort()
        # Lost connections are told so in the next round of the loop.
        await asyncio.sleep(0)
        for server in self.servers:
            await server.wait_closed()


class _NotOurs(logging.Filter):
    """Drops what uvicorn says of our listeners below a warning, and their access log."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not _ours.get() or record.levelno >= logging.WARNING


_FILTER = _NotOurs()


@contextmanager
def _quiet() -> Iterator[None]:
    for name in _LOGGERS:
        # Adding a filter that is there already changes nothing.
        logging.getLogger(name).addFilter(_FILTER)
    token = _ours.set(True)
    try:
        yield
    finally:
        _ours.reset(token)
