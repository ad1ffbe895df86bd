"""The systems that are measured side by side; each does a task once and gives its result."""

import json
import shutil
import subprocess
import sys
from types import TracebackType
from typing import Any, Protocol, Self

from RestrictedPython import compile_restricted, safe_builtins
from RestrictedPython.Eval import default_guarded_getitem, default_guarded_getiter
from RestrictedPython.Guards import (
    full_write_guard,
    guarded_iter_unpack_sequence,
    guarded_unpack_sequence,
    safer_getattr,
)
from tasks import Task

from deputize_sandbox import (
    Answer,
    Answered,
    CompiledScript,
    GuestCall,
    PoolSize,
    Provided,
    Returned,
    Sandbox,
    SandboxLimits,
)

_SCRIPT = "\ndef main(payload, clock):\n    return work(payload, clock.sleep)\n"
#: A plain process reads its payload, and one line for each answer.
_PROGRAM = """
import json, sys
def call(n):
    sys.stdout.write(json.dumps({"call": n}) + "\\n")
    sys.stdout.flush()
    return json.loads(sys.stdin.readline())
print(json.dumps({"result": work(json.loads(sys.stdin.readline()), call)}))
"""
_PAYLOAD_FREE = """
import sys
def call(n):
    sys.stdout.write('{"call": %d}\\n' % n)
    sys.stdout.flush()
    sys.stdin.readline()
print('{"result": %r}' % work(None, call))
"""


class System(Protocol):
    """One of the systems."""

    name: str

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    async def prepare(self, task: Task) -> None:
        """Do what is done once for a script, however often it runs."""

    async def ready(self) -> None:
        """Come to rest, outside the time that is measured."""

    async def do(self, task: Task) -> Any:
        """Do *task* and return its result."""


class Idle:
    """What most systems need not do."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        return None

    async def prepare(self, task: Task) -> None:
        return None

    async def ready(self) -> None:
        return None


class Nothing:
    """A host that does nothing: answers every call at once."""

    async def ask(self, call: GuestCall) -> Answer:
        return Answered(None)

    async def tell(self, call: GuestCall) -> None:
        return None


class Deputize:
    """Ours, through its public API: parked guests, or guests that are forked when they are needed."""

    def __init__(self, *, parked: int) -> None:
        self.name = "Deputize, parked" if parked else "Deputize, on demand"
        self.sandbox = Sandbox(size=PoolSize(parked=parked))
        self.scripts: dict[str, CompiledScript] = {}

    async def __aenter__(self) -> Self:
        await self.sandbox.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.sandbox.__aexit__(kind, error, traceback)

    async def prepare(self, task: Task) -> None:
        script = await self.sandbox.compile(task.source + _SCRIPT, filename="task.py")
        assert isinstance(script, CompiledScript), script
        self.scripts[task.name] = script

    async def ready(self) -> None:
        await self.sandbox.ready()

    async def do(self, task: Task) -> Any:
        provide = {"payload": Provided("payload", task.payload), "clock": Provided("clock")}
        outcome = await self.sandbox.run(
            self.scripts[task.name], provide=provide, handler=Nothing(), limits=SandboxLimits()
        )
        assert isinstance(outcome, Returned), outcome
        return outcome.value


class PlainProcess(Idle):
    """A new interpreter for each run, ``python -I -S``, confined by nothing or by *wrapper*."""

    def __init__(self, name: str = "python -I -S", wrapper: tuple[str, ...] = ()) -> None:
        self.name = name
        self.wrapper = wrapper

    async def do(self, task: Task) -> Any:
        return self._converse(task)

    def _converse(self, task: Task) -> Any:
        program = task.source + (_PAYLOAD_FREE if task.payload is None else _PROGRAM)
        command = [*self.wrapper, sys.executable, "-I", "-S", "-c", program]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            if task.payload is not None:
                process.stdin.write(json.dumps(task.payload).encode() + b"\n")
                process.stdin.flush()
            for _ in range(task.calls):
                process.stdout.readline()
                process.stdin.write(b"null\n")
                process.stdin.flush()
            return json.loads(process.stdout.readline())["result"]


class StockRestricted(Idle):
    """RestrictedPython with its own guards, in this process: no boundary at all."""

    name = "RestrictedPython, in process"

    def __init__(self) -> None:
        self.code: dict[str, Any] = {}

    async def prepare(self, task: Task) -> None:
        self.code[task.name] = compile_restricted(task.source, "<task>", "exec")

    async def do(self, task: Task) -> Any:
        names = {
            "__builtins__": {**safe_builtins, "sorted": sorted, "sum": sum},
            "_getattr_": safer_getattr,
            "_getitem_": default_guarded_getitem,
            "_getiter_": default_guarded_getiter,
            "_iter_unpack_sequence_": guarded_iter_unpack_sequence,
            "_unpack_sequence_": guarded_unpack_sequence,
            "_write_": full_write_guard,
        }
        exec(self.code[task.name], names)  # noqa: S102 - our own tasks
        return names["work"](task.payload, lambda n: None)


class MontySingleUse(Idle):
    """Monty, a Python interpreter in Rust: a worker process for each run, started ahead."""

    name = "Monty, single use"

    def __init__(self) -> None:
        import pydantic_monty

        self.pool = pydantic_monty.Monty(min_processes=2, max_checkouts_per_worker=1)

    async def __aenter__(self) -> Self:
        self.pool.__enter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.pool.__exit__(kind, error, traceback)

    async def do(self, task: Task) -> Any:
        with self.pool.checkout() as session:
            return session.feed_run(
                task.source + "\nwork(payload, call)\n",
                inputs={"payload": task.payload},
                external_lookup={"call": lambda n: None},
            )


def present() -> list[System]:
    """Return the systems that this machine has; the first is ours, the second what it is compared with."""
    systems: list[System] = [Deputize(parked=4), PlainProcess(), Deputize(parked=0), StockRestricted()]
    bubblewrap = shutil.which("bwrap")
    if bubblewrap:
        wrapper = (bubblewrap, "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/", "/")
        systems.append(PlainProcess("bubblewrap + python", wrapper))
    try:
        systems.append(MontySingleUse())
    except ImportError:
        print("(pydantic-monty is not installed: `make bench` installs it)")
    return systems
