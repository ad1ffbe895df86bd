"""One guest, seen from outside: its socket, its end, and the way to kill it."""

import asyncio
import os
import signal
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from deputize_sandbox.errors import ProtocolViolation
from deputize_sandbox.limits import SandboxLimits
from deputize_sandbox.outcome import Usage
from deputize_sandbox.supervisor.frames import FrameCutter

_CHUNK: Final = 64 * 1024
#: Reading stops while so many frames, or bytes in them, wait to be handled.
_WAITING_FRAMES: Final = 64
_WAITING_BYTES: Final = 256 * 1024
#: Before its job a guest says one short sentence.
_FIRST_FRAME: Final = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a guest ended, as the kernel told the zygote."""

    #: None: it ended together with the zygote, or never began.
    status: int | None
    usage: Usage
    #: Why it never began.
    refused: str | None = None

    @property
    def signal(self) -> int | None:
        """The number of the signal that ended the guest, if one did."""
        return os.WTERMSIG(self.status) if self.status is not None and os.WIFSIGNALED(self.status) else None

    @property
    def exit_code(self) -> int | None:
        """The guest's own exit code, if it left by itself."""
        return os.WEXITSTATUS(self.status) if self.status is not None and os.WIFEXITED(self.status) else None

    def describe(self) -> str:
        """Return how the guest ended, for people; nothing of this machine is in it."""
        if self.status is None:
            return "ended with the process that forks guests"
        if self.signal is not None:
            try:
                return f"was ended by {signal.Signals(self.signal).name}"
            except ValueError:
                return f"was ended by signal {self.signal}"
        return f"left with exit code {self.exit_code}"


class GuestProcess:
    """A jailed process that serves one job.

    Frames are read as they come and wait in a short queue; while that is full nothing more is read, so that
    a guest which writes without end waits in its own ``write``. *kill* ends the guest whether it agrees or
    not.
    """

    __slots__ = (
        "_cutter", "_ending", "_fault", "_frames", "_interrupt", "_limit", "_loop", "_mourners", "_paused",
        "_queued", "_reading", "_socket", "_waiter", "at_end", "cpu_seconds", "kill", "on_end", "usage",
    )  # fmt: skip

    def __init__(
        self,
        ours: socket.socket,
        loop: asyncio.AbstractEventLoop,
        *,
        kill: Callable[[], None],
        limit: Callable[[SandboxLimits], bytes],
    ) -> None:
        #: Ends the guest.
        self.kill = kill
        self._limit = limit
        #: The guest has closed its end, or cannot be believed any more.
        self.at_end = False
        #: What the guest had used before it got its job.
        self.cpu_seconds = 0.0
        #: What its job has used; known when the guest is reaped.
        self.usage: asyncio.Future[Usage] = loop.create_future()
        #: Called once, when the guest is reaped.
        self.on_end: Callable[[], None] | None = None
        self._socket = ours
        self._loop = loop
        self._cutter = FrameCutter(_FIRST_FRAME)
        self._frames: deque[bytes] = deque()
        self._queued = 0
        self._fault: ProtocolViolation | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._interrupt: Callable[[], None] | None = None
        self._ending: Ending | None = None
        self._mourners: list[asyncio.Future[Ending]] = []
        self._paused = False
        self._reading = True
        # By number: asyncio would describe the socket, at length, for an error that it catches.
        loop.add_reader(ours.fileno(), self._readable)

    @property
    def ending(self) -> Ending | None:
        """How the guest ended, once it is reaped."""
        return self._ending

    def ended(self, ending: Ending) -> None:
        """Take how the guest ended; nothing of it is left."""
        self._ending = ending
        spent = max(0.0, ending.usage.cpu_seconds - self.cpu_seconds)
        self.usage.set_result(Usage(cpu_seconds=spent, max_rss_kb=ending.usage.max_rss_kb))
        for mourner in self._mourners:
            if not mourner.done():
                mourner.set_result(ending)
        if self.on_end is not None:
            self.on_end()

    async def wait(self) -> Ending:
        """Wait until the guest is reaped, and return how it ended."""
        if self._ending is None:
            mourner: asyncio.Future[Ending] = self._loop.create_future()
            self._mourners.append(mourner)
            return await mourner
        return self._ending

    def post(self, data: bytes) -> None:
        """Write a little that the guest will read when it is there: it fits into an empty socket.

        Of a guest that will not be there any more its end tells.
        """
        with suppress(OSError):
            self._socket.send(data)

    async def send(self, data: bytes) -> None:
        """Write to the guest; waits while the guest does not read. A closed socket is no error here."""
        try:
            sent = self._socket.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            # Its end will be read, after what it still had to say.
            return
        if sent < len(data):
            with suppress(OSError):
                await self._loop.sock_sendall(self._socket, memoryview(data)[sent:])

    async def receive(self) -> bytes | None:
        """Return the next frame, or None at the end. Raises ProtocolViolation."""
        while (frame := self.take()) is None:
            if self.at_end:
                return None
            if self._paused:
                self._resume()
                continue
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return frame

    def take(self) -> bytes | None:
        """Return the next frame if it is there. Raises ProtocolViolation."""
        if not self._frames:
            if self._fault is not None:
                raise self._fault
            return None
        frame = self._frames.popleft()
        self._queued -= len(frame)
        return frame

    async def begin(self, job: bytes, limits: SandboxLimits) -> None:
        """Give the guest its job, and from now on allow what *limits* say."""
        self._cutter.limit = limits.message_bytes
        await self.send(self._limit(limits) + job)

    def interrupt_by(self, interrupt: Callable[[], None] | None) -> None:
        """Call *interrupt* when the guest says something, or ends, while nothing is awaited from it."""
        self._interrupt = interrupt
        if interrupt is not None and (self._frames or self.at_end or self._fault):
            interrupt()

    @property
    def has_said_more(self) -> bool:
        """Whether anything waits that was not taken by ``receive``."""
        return bool(self._frames or self._cutter.pending or self._fault)

    def leave(self) -> None:
        """Say no more and hear no more."""
        self._stop_reading()
        self._socket.close()

    def discard(self) -> None:
        """Kill the guest and forget it."""
        self.kill()
        self.leave()

    def _readable(self) -> None:
        try:
            data = self._socket.recv(_CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if data:
            self._cutter.feed(data)
            self._cut()
        else:
            self._finish()
        if self._waiter is not None:
            if not self._waiter.done():
                self._waiter.set_result(None)
        elif self._interrupt is not None:
            self._interrupt()

    def _cut(self) -> None:
        frames = self._frames
        try:
            while len(frames) < _WAITING_FRAMES and self._queued < _WAITING_BYTES:
                frame = self._cutter.cut()
                if frame is None:
                    return
                frames.append(frame)
                self._queued += len(frame)
        except ProtocolViolation as violation:
            self._fault = violation
            self._finish()
            return
        self._paused = True
        self._stop_reading()

    def _resume(self) -> None:
        self._paused = False
        self._cut()
        if not self._paused and not self.at_end:
            self._reading = True
            self._loop.add_reader(self._socket.fileno(), self._readable)

    def _finish(self) -> None:
        self.at_end = True
        self._stop_reading()

    def _stop_reading(self) -> None:
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._socket.fileno())
