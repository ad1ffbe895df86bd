"""Runs scripts in the test's own process and thread, where a debugger can follow them. NOT a sandbox.

Theory of operation: language, script API and broker are those of a guest. What differs is where the script
runs: the thread of the test executes it, and hands each of its calls to the event loop of the runtime, where
the broker answers it as it does a guest's, in the same frames. The code of the script names its real file, so
that debuggers and coverage find it, and it may call ``breakpoint()``. Nothing confines it: no limit of time
or memory is kept, and the encodings are Python's. Whatever of the process a script changes is put back at its
end.
"""

import asyncio
import bdb
import contextvars
import marshal
import os
import pdb  # noqa: F401 - loaded, for ``breakpoint`` to find
import sys
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from functools import cache
from types import CodeType, MappingProxyType
from typing import Any, Final, TypeVar

import pytest

from deputize.testing.put_back import process_put_back
from deputize_guest import wire
from deputize_guest.compile_job import compile_job
from deputize_guest.dialect import modules
from deputize_guest.dialect.code_files import library_file
from deputize_guest.dialect.facade import Facade
from deputize_guest.dialect.remade.time_module import load_zones
from deputize_guest.host_channel import HostChannel
from deputize_guest.run_job import prepare
from deputize_guest.script_traceback import faulted
from deputize_guest.values import to_json
from deputize_sandbox import (
    CallHandler,
    CompiledScript,
    Crashed,
    JailReport,
    LimitReached,
    Outcome,
    OverLimit,
    Provided,
    Rejected,
    SandboxLimits,
    Tier,
    Usage,
)
from deputize_sandbox.compilation import compiled_script, sha256_of
from deputize_sandbox.errors import ProtocolViolation
from deputize_sandbox.outcome import settled
from deputize_sandbox.supervisor.meaning import answer_frame, guest_call, outcome_of
from deputize_sandbox.supervisor.messages import (
    CallMessage,
    CompiledMessage,
    FaultedMessage,
    Message,
    RejectedMessage,
    ReturnedMessage,
    TellMessage,
    read,
)

T = TypeVar("T")

#: Something to be done by the thread of the test.
Job = Callable[[], None]
Clock = Callable[[], datetime]

_HEADER: Final = 4
#: Built-ins that scripts have here and nowhere else.
_MORE: Final = MappingProxyType({"breakpoint": breakpoint})
#: What ends the test and not only the script: its debugger was left, or it was interrupted.
_ENDS_THE_TEST: Final = (KeyboardInterrupt, bdb.BdbQuit, pytest.exit.Exception, pytest.fail.Exception)


class TestEnded(Exception):
    """What happened in a script ends the test: *origin*, to be raised in the test's own thread."""

    #: No test, whatever its name begins with.
    __test__ = False

    def __init__(self, origin: BaseException) -> None:
        super().__init__(repr(origin))
        self.origin = origin


class NotSandboxed:
    """Implements ``Guests`` without a guest: for tests, and for nothing else.

    *hand* gives the test's thread something to do; *locate* returns the real file of a script or library;
    *clock* tells the time that scripts see.
    """

    def __init__(
        self, *, hand: Callable[[Job], None], locate: Callable[[str, str], str], clock: Clock
    ) -> None:
        self._hand = hand
        self._locate = locate
        self._clock = clock

    @property
    def report(self) -> JailReport:
        """No layer at all."""
        return JailReport(tier=Tier.UNCONFINED, layers=())

    async def compile(
        self, source: str, *, filename: str, shared: Mapping[str, str] = MappingProxyType({})
    ) -> CompiledScript | Rejected:
        """Compile *source* as a guest does, with ``breakpoint`` among its built-ins."""
        frame = wire.encode(compile_job({"source": source, "shared": shared}, _facades(), more=_MORE))
        answer = read(frame[_HEADER:])
        if not isinstance(answer, CompiledMessage | RejectedMessage):
            raise TypeError(f"a frame {answer.kind!r} is no answer of the compiler")
        return compiled_script(
            answer,
            source=source,
            filename=filename,
            shared=shared,
            sha256=sha256_of(source),
            edition="in process",
        )

    async def run(
        self,
        script: CompiledScript,
        *,
        provide: Mapping[str, Provided],
        handler: CallHandler,
        limits: SandboxLimits,
        seed: str | None = None,
        now: datetime | None = None,
    ) -> Outcome:
        """Run *script* in the thread of the test, and return how that ended.

        Raises ``TestEnded`` for what ends the test.
        """
        loop = asyncio.get_running_loop()
        link = _Link(loop, handler, clock=self._clock)
        job = {
            "provide": {name: {"kind": each.kind, "value": each.value} for name, each in provide.items()},
            "seed": seed or os.urandom(16).hex(),
            "now": (now or self._clock()).isoformat(),
        }
        files = self._files(script)
        ended: asyncio.Future[bytes] = loop.create_future()

        def work() -> None:
            try:
                frame = _perform(job, script, files, link, limits=limits)
            except _ENDS_THE_TEST as origin:
                loop.call_soon_threadsafe(_fail, ended, TestEnded(origin))
            except Exception as error:
                loop.call_soon_threadsafe(_fail, ended, error)
            else:
                loop.call_soon_threadsafe(_give, ended, frame)

        self._hand(work)
        frame = await ended
        usage = settled(Usage())
        match link.ended:
            case LimitReached(limit=limit, value=value):
                return OverLimit(limit=limit, value=value, usage=usage)
            case ProtocolViolation() as violation:
                return Crashed(code="PROTOCOL_VIOLATION", detail=str(violation), usage=usage)
        final = read(frame[_HEADER:])
        if isinstance(final, ReturnedMessage) and len(frame) - _HEADER > limits.result_bytes:
            return OverLimit(limit="result_bytes", value=limits.result_bytes, usage=usage)
        if not isinstance(final, ReturnedMessage | FaultedMessage):
            return OverLimit(limit="memory_mb", value=limits.memory_mb, usage=usage)
        return outcome_of(final, usage=usage)

    def _files(self, script: CompiledScript) -> dict[str | None, str]:
        """Return the real file of each library, and under None that of the script."""
        files: dict[str | None, str] = {None: self._locate(script.filename, script.source)}
        for name in script.shared:
            files[name] = self._locate(library_file(name), script.libraries[name])
        return files


class _Over(BaseException):
    """Ends a script whose run has ended, past its ``except Exception``."""


class _Link:
    """Carries the frames of one script to the event loop, and the answers back."""

    def __init__(self, loop: asyncio.AbstractEventLoop, handler: CallHandler, *, clock: Clock) -> None:
        self._loop = loop
        self._handler = handler
        self._clock = clock
        self._answer: dict[str, Any] = {}
        #: What has ended the run before the script did.
        self.ended: LimitReached | ProtocolViolation | None = None

    def send(self, frame: bytes) -> None:
        """Have a call answered, or a message taken. Raises what ends the script."""
        if self.ended is None:
            try:
                self._pass_on(read(frame[_HEADER:]))
            except (LimitReached, ProtocolViolation) as end:
                self.ended = end
        if self.ended is not None:
            raise _Over

    def receive(self) -> dict[str, Any]:
        """Return the answer to the last call."""
        return self._answer

    def _pass_on(self, message: Message) -> None:
        match message:
            case CallMessage():
                answer = self._wait(self._handler.ask(guest_call(message)))
                now = answer.now or self._clock().isoformat()
                encoded = wire.encode(answer_frame(message.id, answer, now=now))
                self._answer = wire.decode(encoded[_HEADER:])
            case TellMessage():
                try:
                    self._wait(self._handler.tell(guest_call(message)))
                except ValueError as error:
                    raise ProtocolViolation(f"{message.capability}.{message.method}: {error}") from error

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def _perform(
    job: Mapping[str, Any],
    script: CompiledScript,
    files: Mapping[str | None, str],
    link: _Link,
    *,
    limits: SandboxLimits,
) -> bytes:
    """Execute *script* in this thread and return the frame that says how it ended."""

    def load(library: str | None) -> CodeType:
        code = script.code if library is None else script.shared[library]
        # Made a moment ago, in this very process.
        return _in_file(marshal.loads(code), files[library])  # noqa: S302 - see above

    channel = HostChannel(link, longest=limits.message_bytes, file=files[None])
    told = {file: None if name is None else library_file(name) for name, file in files.items()}
    with process_put_back(recursion=limits.recursion):
        try:
            execute, arguments = prepare(
                job, _facades(), channel, load=load, more=_MORE, interpreter=sys.modules
            )
            # What a script sets for its own context, such as that of decimal, stays in a copy.
            value = contextvars.copy_context().run(lambda: execute(None)["main"](**arguments))
            return wire.encode({"kind": "returned", "value": to_json(value, "main returned")})
        except _ENDS_THE_TEST:
            raise
        except MemoryError:
            return wire.encode({"kind": "out_of_memory"})
        except BaseException as error:
            return wire.encode(faulted(error, told))


def _in_file(code: CodeType, file: str) -> CodeType:
    """Return *code*, and all code in it, as that of *file*."""
    constants = tuple(_in_file(each, file) if isinstance(each, CodeType) else each for each in code.co_consts)
    return code.replace(co_filename=file, co_consts=constants)


@cache
def _facades() -> Mapping[str, Facade]:
    """Return what scripts may import, made once."""
    load_zones()
    return modules.build()


def _give(ended: "asyncio.Future[T]", value: T) -> None:
    if not ended.done():
        ended.set_result(value)


def _fail(ended: "asyncio.Future[T]", error: BaseException) -> None:
    if not ended.done():
        ended.set_exception(error)
