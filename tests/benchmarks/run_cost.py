"""What a run costs: time, processor time and memory, beside other ways to run a script.

Usage: python tests/benchmarks/run_cost.py [ROUNDS]

The systems take turns in one run, so that whatever else this machine does falls on all of them. Times are
medians; absolute ones belong to the machine, ratios travel.
"""

import asyncio
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

from systems import Deputize, PlainProcess, System, present
from tasks import TASKS, Task

from deputize_sandbox import PoolSize, Sandbox

#: Runs of a system before the next has its turn: the first finds the caches full of another's.
IN_A_ROW = 3
#: Seconds between the systems.
REST = 0.02
#: Guests that are alive at once when their memory is measured.
CROWD = 200
#: Runs at once under saturation, for each processor.
CROWDED = 4


async def timed(action: Callable[[], Awaitable[object]]) -> float:
    """Return how long *action* took, in milliseconds."""
    began = time.perf_counter()
    await action()
    return (time.perf_counter() - began) * 1000


def percentile(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


async def latency(systems: list[System], task: Task, rounds: int) -> None:
    """Print how long *task* takes, one run at a time, each system at rest before its turn."""
    able: list[System] = []
    for system in systems:
        await system.prepare(task)
        result = await system.do(task)
        assert result == task.result, f"{system.name}: {result}"
        able.append(system)
    times: dict[str, list[float]] = {system.name: [] for system in able}
    for turn in range(rounds):
        # Whoever comes first has the colder caches: they take turns.
        for system in able[turn % len(able) :] + able[: turn % len(able)]:
            # What the one before has left to do, such as a worker that it starts anew, is not ours to wait for.
            await asyncio.sleep(REST)
            for _ in range(IN_A_ROW):
                await system.ready()
                times[system.name].append(await timed(lambda system=system: system.do(task)))
    plain = statistics.median(times[PlainProcess().name])
    print(f"\n{task.name:<30} {'p50':>9} {'p90':>9} {'p99':>9}   of python -I -S")
    for name, each in times.items():
        middle = statistics.median(each)
        share = f"1/{plain / middle:.1f}" if middle < plain else f"{middle / plain:.1f} ×"
        print(
            f"  {name:<28} {middle:6.2f} ms {percentile(each, 90):6.2f} ms {percentile(each, 99):6.2f} ms   {share}"
        )


def processor_seconds(zygote: int | None) -> float:
    """Return the processor time of this process, of its children that ended, and of a zygote and its guests."""
    own, ended = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    total = own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime
    if zygote is not None:
        fields = Path(f"/proc/{zygote}/stat").read_text().rpartition(")")[2].split()
        total += sum(int(each) for each in fields[11:15]) / os.sysconf("SC_CLK_TCK")
    return total


async def throughput(systems: list[System], task: Task, runs: int) -> None:
    """Print what *task* costs in processor time when there is always more to do."""
    print(f"\n{task.name + ', saturated':<30} {'CPU/run':>9} {'runs/s and core':>16}   × python -I -S")
    plain = 0.0
    for system in sorted(systems, key=lambda each: not isinstance(each, PlainProcess)):
        # Of others the processor time cannot be told: their processes are nobody's children that we know.
        if not isinstance(system, Deputize | PlainProcess) or getattr(system, "wrapper", ()):
            continue
        await system.prepare(task)
        zygote = system.sandbox.zygote if isinstance(system, Deputize) else None
        slots = asyncio.Semaphore(CROWDED * (os.cpu_count() or 1))
        number = runs if zygote else runs // 10

        async def one(system: System = system, slots: asyncio.Semaphore = slots) -> None:
            async with slots:
                await system.do(task)

        before = processor_seconds(zygote)
        await asyncio.gather(*(one() for _ in range(number)))
        spent = (processor_seconds(zygote) - before) / number
        plain = plain or spent
        print(f"  {system.name:<28} {spent * 1000:6.2f} ms {1 / spent:16.0f}   {plain / spent:.1f}")


#: An interpreter that has imported what most scripts use forks children that end at once. What a process
#: for each run costs at the least, whatever is done in it, and without any wall.
FLOOR = """
import collections, ctypes, dataclasses, datetime, decimal, enum, gc, json, os, re, resource, sys
call = ctypes.PyDLL(None).syscall
gc.collect(); gc.freeze()
def spent():
    return sum(getattr(resource.getrusage(who), part) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
               for part in ("ru_utime", "ru_stime"))
before = spent()
for _ in range(RUNS):
    pid = call(57)
    if pid == 0:
        call(231, 0)
    os.waitpid(pid, 0)
print((spent() - before) / RUNS)
"""


def floor(runs: int) -> None:
    """Print what a fork of an interpreter and the end of the child cost, beside the start of one."""
    program = f"RUNS = {runs}\n{FLOOR}"
    forked = float(
        subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, check=True).stdout
    )
    before = processor_seconds(None)
    for _ in range(runs // 10):
        subprocess.run([sys.executable, "-I", "-S", "-c", "pass"], check=True)
    plain = (processor_seconds(None) - before) / (runs // 10)
    print(
        f"\nfloor: fork of a warm interpreter, and the child's end: {forked * 1000:.2f} ms CPU "
        f"= 1/{plain / forked:.1f} of python -I -S ({plain * 1000:.2f} ms)"
    )


async def steadiness(system: Deputize, task: Task, seconds: float) -> None:
    """Print the spread of times when runs come one by one, at a third of what one processor could do."""
    await system.prepare(task)
    times: list[float] = []
    pause = 0.006
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        times.append(await timed(lambda: system.do(task)))
        await asyncio.sleep(pause)
    print(
        f"\nsteady load, {len(times)} runs: p50 {statistics.median(times):.2f} ms, "
        f"p99 {percentile(times, 99):.2f} ms = {percentile(times, 99) / statistics.median(times):.1f} × p50"
    )


async def memory() -> None:
    """Print what a parked guest takes of the memory, its share of shared pages included."""
    if os.geteuid() != 0:
        print("\nmemory of a parked guest: only root may look into one")
        return
    async with Sandbox(size=PoolSize(parked=CROWD)) as sandbox:
        await sandbox.ready()
        shares = proportional_of_children(sandbox.zygote)
    print(
        f"\nmemory of a parked guest, {len(shares)} alive: median PSS {statistics.median(shares) / 1024:.2f} MB"
    )


def proportional_of_children(pid: int | None) -> list[int]:
    """Return the PSS of each child of a process, in KiB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [
        int(line.split()[1])
        for child in children
        for line in Path(f"/proc/{child}/smaps_rollup").read_text().splitlines()
        if line.startswith("Pss:")
    ]


async def main(rounds: int) -> None:
    """Measure and print."""
    print(
        f"Python {platform.python_version()} · {platform.system()} {platform.release()} · "
        f"{os.cpu_count()} processors · load {os.getloadavg()[0]:.2f} · {rounds} interleaved rounds"
    )
    async with AsyncExitStack() as stack:
        systems = present()
        for system in systems:
            await stack.enter_async_context(system)
        for task in TASKS:
            await latency(systems, task, rounds)
        for task in TASKS[:2]:
            await throughput(systems, task, rounds * 5)
        floor(rounds * 5)
        ours = systems[0]
        assert isinstance(ours, Deputize)
        await steadiness(ours, TASKS[0], seconds=3)
    await memory()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
