"""One connection of a client whom nobody has vouched for: what it may send, how slowly, and its end.

Theory of operation. uvicorn speaks HTTP; this adds what it leaves to a proxy. A connection is always in
one phase – idle, sending a head, sending a body, or waiting for an answer – and each phase of which the
client decides how long it takes has a time, counted from its beginning, so that a byte a second does not
prolong it. The same goes for an answer that the client does not read. When the answer comes before the
body has been read, closing at once would make the kernel send a reset, which can overtake the answer: so
only our side is closed, and what still comes is dropped for a moment.
"""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Any, Final

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.server import ServerState

from deputize.server.problems import Problem, Problems
from deputize.server.strict_h11 import StrictConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """What a client may take."""

    #: Connections at once; more are answered 503.
    connections: int = 1000
    #: Seconds between two requests.
    idle_seconds: float = 15
    #: Seconds for the head of a request.
    head_seconds: float = 10
    #: Seconds for its body.
    body_seconds: float = 20
    #: Seconds in which a client reads at least ``read_bytes`` of what waits for it.
    unread_seconds: float = 20
    read_bytes: int = 32 * 1024
    #: Seconds for which what is still being sent is dropped after an early answer.
    linger_seconds: float = 2
    #: Bytes of a head.
    head_bytes: int = 16 * 1024


class PublicConfig(uvicorn.Config):
    """uvicorn's settings, with ours."""

    def __init__(self, app: Any, *, limits: ConnectionLimits, problems: Problems) -> None:
        super().__init__(
            app,
            interface="asgi3",
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level=None,
            # It would hold addresses, in which URL keys stand.
            access_log=False,
            server_header=False,
            date_header=False,
            # Who is believed is decided by the application, which knows its proxies.
            proxy_headers=False,
            h11_max_incomplete_event_size=limits.head_bytes,
        )
        self.limits = limits
        self.problems = problems

    def configure_logging(self) -> None:
        """Leave logging alone: it belongs to whoever started the process."""


#: Where the client stands, as h11 says, when nothing more of its request can come.
_SENT_ALL: Final = frozenset({h11.DONE, h11.MUST_CLOSE, h11.CLOSED})


class _Phase(Enum):
    IDLE = "idle"
    HEAD = "head"
    BODY = "body"
    ANSWER = "answer"


class Connection(H11Protocol):
    """A connection, with its times."""

    def __init__(
        self,
        config: PublicConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits = config.limits
        self._problems = config.problems
        self.conn = StrictConnection(h11.SERVER, config.limits.head_bytes)
        # Ours counts from the beginning of a phase.
        self.timeout_keep_alive = math.ceil(config.limits.idle_seconds + config.limits.head_seconds)
        self._phase: tuple[_Phase, object] | None = None
        self._phase_end: asyncio.TimerHandle | None = None
        self._unread_end: asyncio.TimerHandle | None = None
        self._dropping = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn does
        """Begin; a connection too many is told so."""
        super().connection_made(_Closing(transport, self))  # type: ignore[arg-type] # has all that is used of one
        most = self._limits.connections
        if len(self.connections) > most + 1 + most // 4:
            transport.abort()
        elif len(self.connections) > most:
            self._refuse(
                Problem(
                    "TOO_MANY_CONNECTIONS", "Too many connections are open.", headers={"Retry-After": "1"}
                )
            )
        else:
            self._enter_phase()

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        if self._dropping:
            return
        super().data_received(data)
        self._enter_phase()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._enter_phase()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the times with the connection."""
        self._phase = None
        for timer in (self._phase_end, self._unread_end):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Give the client a time to read."""
        super().pause_writing()
        self._expect_reading(self.transport)

    def resume_writing(self) -> None:
        """Count its time no longer."""
        super().resume_writing()
        if self._unread_end is not None:
            self._unread_end.cancel()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, or is ambiguous."""
        self._refuse(Problem("REQUEST_UNREADABLE", "The request does not follow HTTP/1.1 (RFC 9112)."))

    def end_later(self, transport: asyncio.Transport) -> None:
        """Close *transport*: at once when the client has sent all, else when it has had the answer."""
        self._dropping = True
        self._set_phase_end(None)
        unread = transport.get_write_buffer_size()
        if unread:
            self._expect_reading(transport)
        if self.conn.their_state in _SENT_ALL or not transport.can_write_eof():
            transport.close()
            return
        if not unread:
            self._set_phase_end(self._limits.linger_seconds, transport.abort)
        transport.write_eof()
        transport.resume_reading()

    def _refuse(self, problem: Problem) -> None:
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            # Whoever still answers the request is told that nobody listens.
            cycle.disconnected = True
            cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            response = self._problems.answer(problem.closing())
            for event in (
                h11.Response(
                    status_code=response.status_code,
                    headers=response.raw_headers,
                    reason=HTTPStatus(response.status_code).phrase.encode(),
                ),
                h11.Data(data=bytes(response.body)),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _enter_phase(self) -> None:
        phase = (self._present_phase(), self.cycle)
        if self._dropping or phase == self._phase:
            return
        self._phase = phase
        match phase[0]:
            case _Phase.IDLE:
                self._set_phase_end(self._limits.idle_seconds, self.transport.abort)
            case _Phase.HEAD:
                self._set_phase_end(self._limits.head_seconds, self._too_slow)
            case _Phase.BODY:
                self._set_phase_end(self._limits.body_seconds, self._too_slow)
            case _Phase.ANSWER:
                self._set_phase_end(None)

    def _present_phase(self) -> _Phase:
        if self.conn.their_state is h11.IDLE:
            return _Phase.HEAD if self.conn.trailing_data[0] else _Phase.IDLE
        return _Phase.BODY if self.conn.their_state is h11.SEND_BODY else _Phase.ANSWER

    def _set_phase_end(self, seconds: float | None, act: Callable[[], None] | None = None) -> None:
        if self._phase_end is not None:
            self._phase_end.cancel()
        self._phase_end = None
        if seconds is not None and act is not None:
            self._phase_end = self.loop.call_later(seconds, act)

    def _too_slow(self) -> None:
        self._refuse(Problem("TOO_SLOW", "The request did not arrive in time."))

    def _expect_reading(self, transport: asyncio.Transport) -> None:
        """End the connection unless the client goes on reading, and faster than a drip."""
        waiting = transport.get_write_buffer_size()

        def look() -> None:
            if transport.get_write_buffer_size() > waiting - self._limits.read_bytes:
                transport.abort()
            else:
                self._expect_reading(transport)

        if self._unread_end is not None:
            self._unread_end.cancel()
        self._unread_end = self.loop.call_later(self._limits.unread_seconds, look)


class _Closing:
    """A transport that is closed as its connection says."""

    def __init__(self, transport: asyncio.Transport, connection: Connection) -> None:
        self._transport = transport
        self._connection = connection
        self._closing = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def is_closing(self) -> bool:
        """Whether nothing more is to be written."""
        return self._closing or self._transport.is_closing()

    def close(self) -> None:
        """Write no more, and end the connection as soon as the client has had what was written."""
        if not self.is_closing():
            self._closing = True
            self._connection.end_later(self._transport)
