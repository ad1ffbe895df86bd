"""A sandbox whose language layer is off, and sandboxes that live as long as the tests do."""

import asyncio
import hashlib
import threading
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

from deputize_sandbox import (
    Answer,
    Answered,
    CallHandler,
    CompiledScript,
    GuestCall,
    Outcome,
    Provided,
    Rejected,
    Sandbox,
    SandboxLimits,
    Usage,
)
from deputize_sandbox.supervisor.guest_program import GuestProgram

T = TypeVar("T")

RAW = GuestProgram(loop="raw_loop", rehearsal=None, roots=(str(Path(__file__).parent),))
LIMITS = SandboxLimits(wall_seconds=30.0)


class RawSandbox(Sandbox):
    """Executes plain Python inside the jail: the kernel layer alone has to hold."""

    def _program(self) -> GuestProgram:
        return RAW


class Recorder:
    """Answers every call with what it was, and keeps all of them."""

    def __init__(self) -> None:
        self.calls: list[GuestCall] = []

    async def ask(self, call: GuestCall) -> Answer:
        self.calls.append(call)
        return Answered(dict(call.arguments))

    async def tell(self, call: GuestCall) -> None:
        self.calls.append(call)


def raw_script(sandbox: Sandbox, source: str) -> CompiledScript:
    """Return *source* as what a raw guest takes for compiled code."""
    return CompiledScript(
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        filename="raw.py",
        source=source,
        code=source.encode(),
        parameters=(),
        endpoints=(),
        edition=sandbox.edition,
    )


async def run_raw(
    sandbox: Sandbox,
    source: str,
    *,
    handler: CallHandler | None = None,
    limits: SandboxLimits = LIMITS,
) -> Outcome:
    """Execute *source* as plain Python in a guest."""
    return await sandbox.run(
        raw_script(sandbox, source), provide={}, handler=handler or Recorder(), limits=limits
    )


async def run_script(
    sandbox: Sandbox,
    source: str,
    *,
    handler: CallHandler | None = None,
    limits: SandboxLimits = LIMITS,
    provide: Mapping[str, Any] | None = None,
) -> Outcome:
    """Compile and run *source*; a parameter is of the kind of its name."""
    script = await sandbox.compile(source, filename="script.py")
    assert not isinstance(script, Rejected), script.diagnostics
    values = provide or {}
    given = {each.name: Provided(each.name, values.get(each.name)) for each in script.parameters}
    return await sandbox.run(script, provide=given, handler=handler or Recorder(), limits=limits)


class Resident:
    """A sandbox that stays open in an event loop of its own thread, for tests that need no other."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.do(sandbox.__aenter__())

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Have *work* done in the sandbox's event loop, and return what it gave."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def run(self, source: str, **options: Any) -> Outcome:
        """Run *source*: as plain Python when the language layer is off, else as a script."""
        run = run_raw if isinstance(self.sandbox, RawSandbox) else run_script
        return self.do(run(self.sandbox, source, **options))

    def usage(self, outcome: Outcome) -> Usage:
        """Wait until the guest of *outcome* is reaped, and return what it has used."""

        async def wait() -> Usage:
            return await outcome.usage

        return self.do(wait())

    def close(self) -> None:
        """Close the sandbox and end the thread."""
        self.do(self.sandbox.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
