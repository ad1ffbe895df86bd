"""What the queue does on either store: python -m tests.benchmarks.queue_figures [--rounds N] [--backlog N] [--write].

Real servers and workers on a database of their own, which reaches the disk; times are from outside: from a
request's answer to the first call of its script. Absolute figures belong to the machine. What travels are
ratios to the yardstick: one commit after another, of the same database and in the same run.
"""

import argparse
import asyncio
import os
import platform
import signal
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any, Final

from tests.acceptance.chaos.house import House, house, until
from tests.acceptance.chaos.record import Arrivals
from tests.acceptance.chaos.upstream import upstream
from tests.benchmarks.backlog import accepted, commits_per_second, fill, performed_per_second

from tests.conftest import own_server

#: Where the last figures are kept.
KEPT: Final = Path("docs/queue_figures.md")
#: Runs that each process has under way at once, and each plan: what they are by default.
_CONCURRENCY: Final = 10
#: Runs by which their number in a second is measured.
_RUNS: Final = 400
#: Seconds that each run of the backlog takes.
_LONG: Final = 0.05
#: The call that is held while a worker dies.
_HELD: Final = "0/get"
COMMITS: Final = "yardstick: commits, one after another"
AT_ONCE: Final = "answer → script begins, in the process that answered"
HANDED_OVER: Final = "answer → script begins, at one of 2 workers"
BEHIND: Final = "the same, behind {} runs of another plan"
PERFORMED: Final = "runs of an empty script that wait, {} to perform them"
KILLED: Final = "kill -9 → the script goes on: another worker; on SQLite the next start"
FROZEN: Final = "SIGSTOP → the script goes on at another worker"
#: The page that keeps the figures.
PAGE: Final = """# Figures of the queue

`make chaos` measures them and writes this page; [the server](server.md#when-a-process-ends) says what is promised.

{machine}.

| what | SQLite | PostgreSQL |
|---|---|---|
{rows}

Times are median / 99th percentile of so many (in brackets), from outside: to the moment at which the first call of the
script comes to a server of the same machine. The database reaches the disk. What travels to other machines are the
ratios: the yardstick is one commit after another through the same code and on the same database, minutes before.
On SQLite one process performs all runs. Each process has 10 runs under way at once, and each plan too, but for the
number that are performed in a second.
"""
_SETTINGS: Final = {"DEPUTIZE_PLAN_CONCURRENCY": str(_CONCURRENCY)}


@dataclass(kw_only=True)
class Bench:
    """A deployment that is measured."""

    house: House
    arrivals: Arrivals
    #: Shut while a call is to be held.
    gate: Event
    postgresql: Any = None
    database: str = ""
    _orders: Iterator[int] = field(default_factory=lambda: count(1))

    def order(self) -> int:
        """Place an order and return its number, when it is acknowledged."""
        order = next(self._orders)
        answer = self.house.request("order", {"order": order})
        assert answer.status_code == 202, answer.text
        return order

    def begun(self, order: int, times: int = 1) -> datetime:
        """Return when the script of an order has begun for so many *times*: when its first call came."""

        def came() -> list[datetime]:
            return [each.at for each in self.arrivals.seen if (each.order, each.step) == (order, _HELD)]

        until(lambda: len(came()) >= times)
        return came()[times - 1]

    def start_workers(self, number: int) -> None:
        """Have so many workers."""
        for _ in range(number):
            self.house.workers.append(self.house.new_worker())
            self.house.workers[-1].start()

    def stop_workers(self) -> None:
        """Have none."""
        while self.house.workers:
            self.house.workers.pop().stop()


@contextmanager
def bench(store: str, **options: Any) -> Iterator[Bench]:
    """Have a deployment on *store*."""
    arrivals, gate = Arrivals(), Event()
    gate.set()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="deputize-figures-")))
        server, database, url = None, "", None
        if store == "PostgreSQL":
            server = stack.enter_context(own_server(folder, settings=("listen_addresses=",)))
            database = server.take()
            url = server.url(database)
        address = stack.enter_context(upstream(arrivals, {_HELD: gate}))
        options = {"at_server": _CONCURRENCY, "at_worker": _CONCURRENCY, **_SETTINGS, **options}
        built = stack.enter_context(house(folder, upstream=address, store=url, **options))
        built.issue("pause")
        yield Bench(house=built, arrivals=arrivals, gate=gate, postgresql=server, database=database)


def starts(bench: Bench, *, rounds: int) -> list[float]:
    """Return the seconds from an order's answer to the begin of its script, one order after another."""
    seconds = []
    for _ in range(rounds):
        order = bench.order()
        answered = datetime.now(UTC)
        seconds.append(max((bench.begun(order) - answered).total_seconds(), 0.0))
    return seconds


def take_overs(bench: Bench, *, rounds: int, end: Callable[[Bench, int], None]) -> list[float]:
    """Return the seconds from the *end* of whoever performs a run until its script has begun elsewhere."""
    seconds = []
    bench.house.until_quiet()
    for _ in range(rounds):
        bench.gate.clear()
        order = bench.order()
        bench.begun(order)
        ended = datetime.now(UTC)
        end(bench, order)
        seconds.append((bench.begun(order, 2) - ended).total_seconds())
        bench.gate.set()
        bench.house.until_quiet()
    return seconds


def kill_holder(bench: Bench, order: int) -> None:
    """Kill the worker that has the run, and start another when the run is gone on with."""
    which = _holder(bench)
    bench.house.workers[which].stop(kill=True)
    bench.begun(order, 2)
    bench.house.workers[which] = bench.house.new_worker()
    bench.house.workers[which].start()


def freeze_holder(bench: Bench, order: int) -> None:
    """Have the worker stand still that has the run, until the run is gone on with."""
    holder = bench.house.workers[_holder(bench)]
    holder.signal(signal.SIGSTOP)
    bench.begun(order, 2)
    holder.signal(signal.SIGCONT)


def restart_server(bench: Bench, _order: int) -> None:
    """Kill the only process, and start it again at once."""
    bench.house.kill_server()


def _holder(bench: Bench) -> int:
    [[holder]] = bench.postgresql.ask("SELECT worker FROM runs WHERE worker IS NOT NULL", name=bench.database)
    return [each.told["worker"] for each in bench.house.workers].index(holder)


def on_sqlite(*, rounds: int, backlog: int) -> Iterator[tuple[str, str]]:
    """Yield what is measured of one server on SQLite, and how much it is."""
    with bench("SQLite") as alone:
        commits = asyncio.run(commits_per_second(alone.house))
        yield COMMITS, f"{commits:.0f}/s"
        yield AT_ONCE, _times(starts(alone, rounds=rounds), commits)
        yield KILLED, _times(take_overs(alone, rounds=max(rounds // 5, 3), end=restart_server), commits)
        run = accepted(alone.house, seconds=0)
        alone.house.until_quiet()
        alone.house.server.stop()
        since = asyncio.run(fill(alone.house, run, _RUNS))
        alone.house.server.start()
        alone.house.until_quiet()
        yield PERFORMED.format(1), _rate(asyncio.run(performed_per_second(alone.house, since=since)), commits)
        run = accepted(alone.house, seconds=_LONG)
        alone.house.server.stop()
        asyncio.run(fill(alone.house, run, backlog))
        alone.house.server.start()
        yield BEHIND.format(backlog), _times(starts(alone, rounds=rounds), commits)


def on_postgresql(*, rounds: int, backlog: int) -> Iterator[tuple[str, str]]:
    """Yield what is measured of a server and workers on PostgreSQL, and how much it is."""
    with bench("PostgreSQL") as own:
        commits = asyncio.run(commits_per_second(own.house))
        yield COMMITS, f"{commits:.0f}/s"
        yield AT_ONCE, _times(starts(own, rounds=rounds), commits)
    # As many of one plan as four workers perform, or that limit would be measured.
    with bench("PostgreSQL", at_server=0, DEPUTIZE_PLAN_CONCURRENCY=str(4 * _CONCURRENCY)) as many:
        run = accepted(many.house, seconds=0)
        for number in (1, 2, 4):
            since = asyncio.run(fill(many.house, run, _RUNS))
            many.start_workers(number)
            many.house.until_quiet()
            rate = asyncio.run(performed_per_second(many.house, since=since))
            yield PERFORMED.format(number), _rate(rate, commits)
            many.stop_workers()
    with bench("PostgreSQL", at_server=0) as many:
        many.start_workers(2)
        yield HANDED_OVER, _times(starts(many, rounds=rounds), commits)
        yield KILLED, _times(take_overs(many, rounds=max(rounds // 5, 3), end=kill_holder), commits)
        yield FROZEN, _times(take_overs(many, rounds=max(rounds // 20, 3), end=freeze_holder), commits)
        many.stop_workers()
        run = accepted(many.house, seconds=_LONG)
        asyncio.run(fill(many.house, run, backlog))
        many.start_workers(2)
        yield BEHIND.format(backlog), _times(starts(many, rounds=rounds), commits)


def _times(seconds: list[float], commits: float) -> str:
    """Return median and 99th percentile, and the median in commits."""
    middle, last = (
        statistics.median(seconds),
        sorted(seconds)[min(len(seconds) - 1, len(seconds) * 99 // 100)],
    )
    return f"{middle * 1000:.0f} / {last * 1000:.0f} ms ({len(seconds)}) = {middle * commits:.0f} commits"


def _rate(rate: float, commits: float) -> str:
    return f"{rate:.0f}/s = {rate / commits:.2f} × commits"


def machine() -> str:
    """Return what this was measured on, and how busy that was."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · Python {platform.python_version()} · {platform.system()} "
        f"{platform.release()} · {os.cpu_count()} processors · load {os.getloadavg()[0]:.1f}"
    )


def main(*, rounds: int, backlog: int) -> str:
    """Measure, print each figure as soon as it is known, and return the page that keeps them."""
    began, found = machine(), {}
    print(began, flush=True)
    for store, figures in (("SQLite", on_sqlite), ("PostgreSQL", on_postgresql)):
        for what, figure in figures(rounds=rounds, backlog=backlog):
            print(f"{store:<11} {what:<66} {figure}", flush=True)
            found[what, store] = figure
    rows = [
        f"| {what} | {found.get((what, 'SQLite'), '–')} | {found.get((what, 'PostgreSQL'), '–')} |"
        for what in dict.fromkeys(what for what, _ in found)
    ]
    return PAGE.format(machine=f"{began}, and {os.getloadavg()[0]:.1f} at the end", rows="\n".join(rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100, help="orders by which a time is measured")
    parser.add_argument(
        "--backlog", type=int, default=30_000, help="runs that wait when another plan's is placed"
    )
    parser.add_argument("--write", action="store_true", help=f"keep the figures in {KEPT}")
    arguments = parser.parse_args()
    page = main(rounds=arguments.rounds, backlog=arguments.backlog)
    if arguments.write:
        KEPT.write_text(page, encoding="utf-8")
