"""One job of one guest, from its first byte to its end: what is said, answered, and cut off.

Theory of operation: the conversation takes one frame after another. While a call is being answered the
guest has nothing to say; if it speaks all the same, or ends, the answer is broken off. That and the wall
clock are one ``asyncio.timeout``: to interrupt is to let it fire now. The first final frame decides, and
only together with its silent end: a guest that says anything after it, or does not leave by itself with 0,
has lied about being finished.
"""

import asyncio
import signal
import struct
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, TypeAlias

from deputize_sandbox.capability import Answer, Answered, CallHandler, GuestCall, LimitReached
from deputize_sandbox.errors import ProtocolViolation
from deputize_sandbox.limits import MIB, SandboxLimits
from deputize_sandbox.outcome import Crashed, Faulted, Outcome, OverLimit, Returned, ScriptFrame, Usage
from deputize_sandbox.supervisor.frames import ResultTooLong, encode
from deputize_sandbox.supervisor.guest_process import Ending, GuestProcess
from deputize_sandbox.supervisor.messages import (
    CallMessage,
    CompiledMessage,
    FaultedMessage,
    Message,
    OutOfMemory,
    RejectedMessage,
    ReturnedMessage,
    TellMessage,
    read,
)
from deputize_sandbox.supervisor.pool import Pool

#: Bytes of memory and CPU seconds, before the job; see the other side.
LIMITS: Final = struct.Struct("<QQ")
#: The kernel enforces in ticks what it reports exactly: so near to its limit a guest has reached it.
_NEARLY: Final = 0.9

Clock: TypeAlias = Callable[[], datetime]
Compilation: TypeAlias = CompiledMessage | RejectedMessage | OverLimit | Crashed


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
        self._interrupted = False
        self._watch = asyncio.timeout(limits.wall_seconds)

    async def run(self, job: Mapping[str, object]) -> Outcome:
        """Lead through a run. The guest is dead when this returns or raises."""
        match await self._hold(job, (ReturnedMessage, FaultedMessage)):
            case ReturnedMessage(value=value), usage:
                return Returned(value=value, usage=usage)
            case FaultedMessage() as faulted, usage:
                return Faulted(
                    type=faulted.type,
                    message=faulted.message,
                    traceback=tuple(
                        ScriptFrame(
                            line=each.line,
                            function=each.function,
                            column=each.column,
                            end_column=each.end_column,
                        )
                        for each in faulted.traceback
                    ),
                    usage=usage,
                )
            case OverLimit() | Crashed() as outcome:
                return outcome
        raise AssertionError("a final frame of another kind passed")

    async def compile(self, job: Mapping[str, object]) -> Compilation:
        """Lead through a compilation. The guest is dead when this returns or raises."""
        match await self._hold(job, (CompiledMessage, RejectedMessage)):
            case (CompiledMessage() | RejectedMessage()) as message, _:
                return message
            case OverLimit() | Crashed() as outcome:
                return outcome
        raise AssertionError("a final frame of another kind passed")

    async def _hold(
        self, job: Mapping[str, object], finals: tuple[type[Message], ...]
    ) -> tuple[Message, Usage] | OverLimit | Crashed:
        guest = self._guest
        try:
            async with self._watch:
                guest.begin(message_bytes=self._limits.message_bytes)
                await guest.send(
                    LIMITS.pack(self._limits.memory_mb * MIB, self._limits.cpu_seconds) + encode(job)
                )
                await guest.wait_confined()
                final = await self._converse(finals)
                return self._judge(final, await guest.wait())
        except TimeoutError:
            if not self._watch.expired():
                raise
            return await self._cut_off()
        except LimitReached as reached:
            return OverLimit(limit=reached.limit, value=reached.value, usage=await self._end())
        except ResultTooLong:
            return OverLimit(limit="result_bytes", value=self._limits.result_bytes, usage=await self._end())
        except ProtocolViolation as violation:
            return await self._violated(str(violation))
        finally:
            guest.close()

    async def _converse(self, finals: tuple[type[Message], ...]) -> Message | None:
        """Take frames until a final one, or the end."""
        guest = self._guest
        while (frame := await guest.receive()) is not None:
            message = read(frame)
            match message:
                case CallMessage():
                    await self._answer(message)
                case TellMessage():
                    await self._take(message)
                case OutOfMemory():
                    return message
                case _ if isinstance(message, finals):
                    if isinstance(message, ReturnedMessage) and len(frame) > self._limits.result_bytes:
                        raise ResultTooLong(f"a result of {len(frame)} bytes")
                    return message
                case _:
                    raise ProtocolViolation(f"a frame {message.kind!r} that does not belong here")
        return None

    async def _answer(self, call: CallMessage) -> None:
        self._calls += 1
        if call.id != self._calls:
            raise ProtocolViolation(f"call {self._calls} came with another number")
        self._guest.interrupt_by(self._interrupt)
        self._pool.pause()
        try:
            answer = await self._handler.ask(_guest_call(call))
        finally:
            self._pool.resume()
        self._guest.interrupt_by(None)
        await self._guest.send(encode(self._frame(call.id, answer)))

    def _frame(self, number: int, answer: Answer) -> dict[str, object]:
        now = answer.now or self._clock().isoformat()
        if isinstance(answer, Answered):
            return {"id": number, "value": answer.value, "now": now}
        failed = {"type": answer.type, "message": answer.message, "cause": answer.cause}
        return {"id": number, "failed": failed, "now": now}

    async def _take(self, tell: TellMessage) -> None:
        try:
            await self._handler.tell(_guest_call(tell))
        except ValueError as error:
            raise ProtocolViolation(f"{tell.capability}.{tell.method}: {error}") from error

    def _interrupt(self) -> None:
        """Break off the answer: the guest has ended, or says what it may not say now."""
        self._guest.interrupt_by(None)
        self._interrupted = True
        self._watch.reschedule(asyncio.get_running_loop().time())

    def _judge(self, final: Message | None, ending: Ending) -> tuple[Message, Usage] | OverLimit | Crashed:
        """Return what a guest's last frame and its end amount to."""
        usage = self._usage(ending)
        if isinstance(final, OutOfMemory):
            return OverLimit(limit="memory_mb", value=self._limits.memory_mb, usage=usage)
        if final is None:
            return self._unfinished(ending, ", without saying how the script ended")
        if self._guest.has_said_more:
            detail = "something was said after the final frame"
            return Crashed(code="PROTOCOL_VIOLATION", detail=detail, usage=usage)
        if ending.exit_code != 0:
            return self._unfinished(ending, "")
        return final, usage

    def _unfinished(self, ending: Ending, remark: str) -> OverLimit | Crashed:
        """Return what it means that a guest did not leave as it should."""
        usage = self._usage(ending)
        killed = ending.signal in (signal.SIGKILL, signal.SIGXCPU)
        if killed and ending.usage.cpu_seconds >= self._limits.cpu_seconds * _NEARLY:
            return OverLimit(limit="cpu_seconds", value=self._limits.cpu_seconds, usage=usage)
        detail = f"the guest {ending.describe()}{remark}"
        return Crashed(code="GUEST_CRASHED", detail=detail, usage=usage)

    async def _cut_off(self) -> OverLimit | Crashed:
        """Return the outcome after the watch has fired."""
        if not self._interrupted:
            return OverLimit(limit="wall_seconds", value=self._limits.wall_seconds, usage=await self._end())
        if self._guest.has_said_more:
            return await self._violated("a frame while a call was being answered")
        return self._unfinished(await self._guest.wait(), " while a call was being answered")

    async def _violated(self, detail: str) -> Crashed:
        return Crashed(code="PROTOCOL_VIOLATION", detail=detail, usage=await self._end())

    async def _end(self) -> Usage:
        """Kill the guest and return what it has used."""
        self._guest.kill()
        return self._usage(await self._guest.wait())

    def _usage(self, ending: Ending) -> Usage:
        spent = max(0.0, ending.usage.cpu_seconds - self._guest.cpu_seconds)
        return Usage(cpu_seconds=spent, max_rss_kb=ending.usage.max_rss_kb)


def _guest_call(message: CallMessage | TellMessage) -> GuestCall:
    return GuestCall(
        capability=message.capability,
        method=message.method,
        arguments=message.arguments,
        line=message.line,
    )
