"""Time of a run beside a plain Python process that does the same, in one interleaved run.

Usage: python tests/benchmarks/run_cost.py [ROUNDS]

Prints medians, spread and paired ratios; absolute times belong to the machine, ratios travel.
"""

import asyncio
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

from deputize_sandbox import (
    Answer,
    Answered,
    CompiledScript,
    GuestCall,
    Provided,
    Returned,
    Sandbox,
    SandboxLimits,
)

TRIVIAL = "def main():\n    return 42\n"
TEN_CALLS = "def main(clock):\n    for n in range(10):\n        clock.sleep(n)\n    return 10\n"

PLAIN_TRIVIAL = "print(42)"
PLAIN_TEN_CALLS = """
import sys
for n in range(10):
    sys.stdout.write('{"sleep": %d}\\n' % n); sys.stdout.flush()
    sys.stdin.readline()
"""


class Nothing:
    """Answers every call at once."""

    async def ask(self, call: GuestCall) -> Answer:
        """Answer with nothing."""
        return Answered(None)

    async def tell(self, call: GuestCall) -> None:
        """Do nothing."""


async def in_sandbox(sandbox: Sandbox, script: CompiledScript) -> None:
    """Run *script* in a fresh guest."""
    provide = {each.name: Provided(each.name) for each in script.parameters}
    outcome = await sandbox.run(script, provide=provide, handler=Nothing(), limits=SandboxLimits())
    assert isinstance(outcome, Returned), outcome


def in_plain_process(program: str, *, calls: int) -> None:
    """Run *program* in a new interpreter, answering its calls."""
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(calls):
            process.stdout.readline()
            process.stdin.write(b"{}\n")
            process.stdin.flush()
        process.stdout.read()


async def timed(action: Callable[[], Awaitable[None]]) -> float:
    """Return how long *action* took, in milliseconds."""
    began = time.perf_counter()
    await action()
    return (time.perf_counter() - began) * 1000


def show(name: str, ours: list[float], plain: list[float]) -> None:
    """Print one line of figures."""
    ratio = statistics.median(mine / theirs for mine, theirs in zip(ours, plain, strict=True))

    def figure(values: list[float]) -> str:
        quartiles = statistics.quantiles(values, n=4)
        return f"{quartiles[1]:7.2f} ms [{quartiles[0]:.2f} … {quartiles[2]:.2f}]"

    print(f"{name:<16} {figure(ours):<32} {figure(plain):<32} {ratio:6.3f}")


async def main(rounds: int) -> None:
    """Measure and print."""
    print(
        f"Python {platform.python_version()} · {platform.system()} {platform.release()} · "
        f"{os.cpu_count()} processors · load {os.getloadavg()[0]:.2f} · {rounds} interleaved rounds"
    )
    print(f"{'':<16} {'Deputize, median [quartiles]':<32} {'python -I -S':<32} paired ratio")
    async with Sandbox() as sandbox:
        for name, source, program, calls in (
            ("trivial run", TRIVIAL, PLAIN_TRIVIAL, 0),
            ("ten host calls", TEN_CALLS, PLAIN_TEN_CALLS, 10),
        ):
            script = await sandbox.compile(source, filename="benchmark.py")
            assert isinstance(script, CompiledScript), script
            ours, plain = [], []

            async def sandboxed(script: CompiledScript = script) -> None:
                await in_sandbox(sandbox, script)

            async def process(program: str = program, calls: int = calls) -> None:
                in_plain_process(program, calls=calls)

            await sandboxed()
            for _ in range(rounds):
                ours.append(await timed(sandboxed))
                plain.append(await timed(process))
            show(name, ours, plain)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
