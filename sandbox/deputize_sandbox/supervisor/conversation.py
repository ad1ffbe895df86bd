"""One job of one guest, from its first byte to its end: what is said, answered, and cut off.

Theory of operation: the conversation takes one frame after another. While a call is being answered the
guest has nothing to say; if it speaks all the same, or ends, the answer is broken off. That and the wall
clock are one ``asyncio.timeout``: to interrupt is to let it fire now. The first final frame is the end of
the job: nothing is read after it, so that nothing said later can change what was said. The guest's own end
is not waited for, a fifth of a short run; what it has used is known when it is reaped.
"""

import asyncio
import signal
from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeAlias

from deputize_sandbox.capability import CallHandler, LimitReached
from deputize_sandbox.compilation import Compilation
from deputize_sandbox.errors import GuestUnavailable, ProtocolViolation
from deputize_sandbox.limits import SandboxLimits
from deputize_sandbox.outcome import CrashCode, Crashed, Outcome, OverLimit
from deputize_sandbox.supervisor.frames import ResultTooLong, encode
from deputize_sandbox.supervisor.guest_process import Ending, GuestProcess
from deputize_sandbox.supervisor.meaning import answer_frame, guest_call, outcome_of
from deputize_sandbox.supervisor.messages import (
    CallMessage,
    CompiledMessage,
    FaultedMessage,
    Message,
    OutOfMemory,
    RejectedMessage,
    ReturnedMessage,
    TellMessage,
    UnconfinedMessage,
    read,
)
from deputize_sandbox.supervisor.pool import Pool

#: The kernel enforces by counting ticks what it reports exactly, and on a busy machine the two are far apart.
#: A guest that nobody of ours has killed, and that has used so much of its limit, has reached it.
_MUCH: Final = 0.5
_OUT_OF_TURN: Final = "a frame while a call was being answered"

Clock: TypeAlias = Callable[[], datetime]


class Conversation:
    """Leads one guest through one job."""

    def __init__(
        self,
        guest: GuestProcess,
        *,
        handler: CallHandler,
        limits: SandboxLimits,
        clock: Clock,
        pool: Pool,
    ) -> None:
        self._guest = guest
        self._pool = pool
        self._handler = handler
        self._limits = limits
        self._clock = clock
        self._calls = 0
        self._said = 0
        self._interrupted = False
        self._watch = asyncio.timeout(limits.wall_seconds)

    async def run(self, job: bytes) -> Outcome:
        """Lead through a run. The guest does nothing any more when this returns or raises."""
        usage = self._guest.usage
        match await self._hold(job, (ReturnedMessage, FaultedMessage)):
            case ReturnedMessage() | FaultedMessage() as final:
                return outcome_of(final, usage=usage)
            case OverLimit() | Crashed() as outcome:
                return outcome
        raise AssertionError("a final frame of another kind passed")

    async def compile(self, job: bytes) -> Compilation:
        """Lead through a compilation. The guest does nothing any more when this returns or raises."""
        match await self._hold(job, (CompiledMessage, RejectedMessage)):
            case CompiledMessage() | RejectedMessage() | OverLimit() | Crashed() as compilation:
                return compilation
        raise AssertionError("a final frame of another kind passed")

    async def _hold(self, job: bytes, finals: tuple[type[Message], ...]) -> Message | OverLimit | Crashed:
        guest, limits = self._guest, self._limits
        try:
            async with self._watch:
                await guest.begin(job, limits)
                final = await self._converse(finals)
                if final is None:
                    return self._unfinished(await guest.wait())
                return final
        except TimeoutError:
            if not self._watch.expired():
                # The handler's own.
                guest.kill()
                raise
            return await self._cut_off()
        except LimitReached as reached:
            return self._over(reached.limit, reached.value)
        except ResultTooLong:
            return self._over("result_bytes", limits.result_bytes)
        except ProtocolViolation as violation:
            return self._crashed("PROTOCOL_VIOLATION", str(violation))
        except BaseException:
            # Cancelled, or a fault of the handler: nobody waits for this guest any more.
            guest.kill()
            raise
        finally:
            self._pool.finished(guest)

    async def _converse(self, finals: tuple[type[Message], ...]) -> Message | OverLimit | Crashed | None:
        """Take frames until a final one, or the end."""
        guest = self._guest
        while (frame := await guest.receive()) is not None:
            self._said += len(frame)
            if self._said > self._limits.said_bytes:
                return self._over("said_bytes", self._limits.said_bytes)
            match message := read(frame):
                case CallMessage():
                    await self._answer(message)
                case TellMessage():
                    await self._take(message)
                case OutOfMemory():
                    return self._over("memory_mb", self._limits.memory_mb)
                case UnconfinedMessage(layer=layer, detail=detail):
                    # A script may claim it as well: so it is an end of this run, and no fault of the host.
                    return self._crashed("GUEST_CRASHED", f"the guest was not confined: {layer} ({detail})")
                case _ if isinstance(message, finals):
                    if isinstance(message, ReturnedMessage) and len(frame) > self._limits.result_bytes:
                        raise ResultTooLong(f"a result of {len(frame)} bytes")
                    if guest.has_said_more:
                        raise ProtocolViolation("something was said after the final frame")
                    return message
                case _:
                    raise ProtocolViolation(f"a frame {message.kind!r} that does not belong here")
        return None

    async def _answer(self, call: CallMessage) -> None:
        self._calls += 1
        if call.id != self._calls:
            raise ProtocolViolation(f"call {self._calls} came with another number")
        if self._guest.has_said_more:
            raise ProtocolViolation(_OUT_OF_TURN)
        self._guest.interrupt_by(self._interrupt)
        self._pool.pause()
        try:
            answer = await self._handler.ask(guest_call(call))
        finally:
            self._pool.resume()
            self._guest.interrupt_by(None)
        now = answer.now or self._clock().isoformat()
        await self._guest.send(encode(answer_frame(call.id, answer, now=now)))

    async def _take(self, tell: TellMessage) -> None:
        try:
            await self._handler.tell(guest_call(tell))
        except ValueError as error:
            raise ProtocolViolation(f"{tell.capability}.{tell.method}: {error}") from error

    def _interrupt(self) -> None:
        """Break off the answer: the guest has ended, or says what it may not say now."""
        self._guest.interrupt_by(None)
        if not self._watch.expired():
            self._interrupted = True
            self._watch.reschedule(asyncio.get_running_loop().time())

    def _unfinished(
        self, ending: Ending, remark: str = ", without saying how it went"
    ) -> OverLimit | Crashed:
        """Return what it means that a guest ended without a final frame."""
        if ending.refused is not None:
            raise GuestUnavailable(f"a guest could not be forked: {ending.refused}")
        killed = ending.signal in (signal.SIGKILL, signal.SIGXCPU)
        if killed and ending.usage.cpu_seconds >= self._limits.cpu_seconds * _MUCH:
            return self._over("cpu_seconds", self._limits.cpu_seconds)
        return self._crashed("GUEST_CRASHED", f"the guest {ending.describe()}{remark}")

    async def _cut_off(self) -> OverLimit | Crashed:
        """Return the outcome after the watch has fired."""
        if not self._interrupted:
            return self._over("wall_seconds", self._limits.wall_seconds)
        if self._guest.has_said_more:
            return self._crashed("PROTOCOL_VIOLATION", _OUT_OF_TURN)
        return self._unfinished(await self._guest.wait(), " while a call was being answered")

    def _over(self, limit: str, value: float) -> OverLimit:
        self._guest.kill()
        return OverLimit(limit=limit, value=value, usage=self._guest.usage)

    def _crashed(self, code: CrashCode, detail: str) -> Crashed:
        self._guest.kill()
        return Crashed(code=code, detail=detail, usage=self._guest.usage)
