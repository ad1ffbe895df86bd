"""A script that a debugger can follow ends as it does in the sandbox: the language is the same."""

import asyncio
import csv
import decimal
import json
import os
import random
import sys
import threading
import time
from datetime import UTC, datetime
from queue import SimpleQueue

import pytest
from footers import read_footer, scripts
from unconfined import STOCK, stock_answer

from deputize.testing.in_process import NotSandboxed, TestEnded
from deputize_sandbox import (
    Answered,
    Crashed,
    Faulted,
    LimitReached,
    OverLimit,
    Provided,
    Rejected,
    Returned,
    SandboxLimits,
)

LIMITS = SandboxLimits(wall_seconds=30.0)
NOW = datetime(2024, 5, 1, 10, tzinfo=UTC)


class Recorder:
    """Answers as a host does for whom all is well, and keeps what is logged."""

    def __init__(self):
        self.logged = []

    async def ask(self, call):
        answer = stock_answer(
            {"capability": call.capability, "method": call.method, "arguments": call.arguments}
        )
        return Answered(answer["value"])

    async def tell(self, call):
        self.logged.append(call.arguments["message"])


class Desk:
    """Runs scripts in this very thread, with a loop in another to answer them."""

    def __init__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._jobs = SimpleQueue()
        self._guests = NotSandboxed(
            hand=self._jobs.put, locate=lambda name, source: f"/scripts/{name}", clock=lambda: NOW
        )

    def close(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, source, handler, *, limits=LIMITS, shared=None):
        future = asyncio.run_coroutine_threadsafe(
            self._run(source, handler, limits, shared or {}), self._loop
        )
        future.add_done_callback(lambda _: self._jobs.put(None))
        while (job := self._jobs.get()) is not None:
            job()
        return future.result()

    async def _run(self, source, handler, limits, shared):
        script = await self._guests.compile(source, filename="script.py", shared=shared)
        if isinstance(script, Rejected):
            return script
        provide = {
            each.name: Provided(each.name, STOCK.get(each.name))
            for each in script.parameters
            if each.name in STOCK
        }
        return await self._guests.run(
            script, provide=provide, handler=handler, limits=limits, seed="seed", now=NOW
        )


@pytest.fixture(scope="module")
def desk():
    desk = Desk()
    yield desk
    desk.close()


def end_of(outcome):
    match outcome:
        case Returned(value=value):
            return f"returned {json.dumps(value, ensure_ascii=False)}"
        case Faulted(type=kind, message=message):
            return f"faulted {kind}: {message}"
        case Rejected(diagnostics=found):
            return "rejected " + "; ".join(f"{each.line}:{each.column} {each.code}" for each in found)


@pytest.mark.parametrize("script", scripts("cases"), ids=lambda script: script.stem)
def test_a_script_ends_as_its_footer_says(desk, script):
    footer, handler = read_footer(script), Recorder()
    outcome = desk.run(script.read_text(), handler)

    assert end_of(outcome) == footer.ends
    assert tuple(handler.logged) == footer.logs


def test_a_breakpoint_stops_in_the_real_file_at_the_line_of_the_script(desk, monkeypatch):
    stops = []

    def stop():
        frame = sys._getframe(1)
        stops.append((frame.f_code.co_filename, frame.f_lineno, frame.f_locals["number"]))

    monkeypatch.setattr(sys, "breakpointhook", stop)
    outcome = desk.run("def main():\n    number = 7\n    breakpoint()\n    return number\n", Recorder())

    assert end_of(outcome) == "returned 7"
    assert stops == [("/scripts/script.py", 3, 7)]


def test_a_shared_library_is_in_its_own_file(desk):
    outcome = desk.run(
        "from shared import sums\ndef main():\n    return sums.half(0)\n",
        Recorder(),
        shared={"sums": "def half(number):\n    return 1 / number\n"},
    )

    assert end_of(outcome) == "faulted ZeroDivisionError: division by zero"
    assert [(frame.file, frame.line) for frame in outcome.traceback] == [(None, 3), ("shared/sums.py", 2)]


@pytest.mark.parametrize(
    "origin", [KeyboardInterrupt(), pytest.exit.Exception("quit")], ids=["ctrl-c", "quit"]
)
def test_what_ends_the_test_passes_the_script(desk, monkeypatch, origin):
    def stop():
        raise origin

    monkeypatch.setattr(sys, "breakpointhook", stop)
    with pytest.raises(TestEnded) as caught:
        desk.run("def main():\n    breakpoint()\n", Recorder())

    assert caught.value.origin is origin


def test_a_limit_of_the_broker_ends_a_script_that_catches_everything(desk):
    class Full(Recorder):
        async def ask(self, call):
            raise LimitReached("calls", 3)

    source = """
def main(http):
    for _ in range(3):
        try:
            http.get("/x")
        except:
            pass
    return "went on"
"""
    outcome = desk.run(source, Full())

    assert outcome == OverLimit(limit="calls", value=3, usage=outcome.usage)


def test_a_result_that_is_too_long_is_over_the_limit(desk):
    limits = SandboxLimits(result_bytes=100)
    outcome = desk.run("def main():\n    return 'x' * 200\n", Recorder(), limits=limits)

    assert outcome == OverLimit(limit="result_bytes", value=100, usage=outcome.usage)


def test_what_the_broker_does_not_take_breaks_the_protocol(desk):
    class Strict(Recorder):
        async def tell(self, call):
            raise ValueError("no such level")

    outcome = desk.run("def main(log):\n    log.info('x')\n", Strict())

    assert outcome == Crashed(
        code="PROTOCOL_VIOLATION", detail="log.info: no such level", usage=outcome.usage
    )


def test_the_process_is_put_back_as_it_was(desk):
    before = _process()
    outcome = desk.run(
        """
import csv
import decimal
import random
from dataclasses import dataclass

def main():
    @dataclass
    class Pair:
        left: "int"
    csv.register_dialect("mine", delimiter="|")
    decimal.setcontext(decimal.Context(prec=3))
    random.seed(1)
    return [random.random() < 1, Pair(1).left]
""",
        Recorder(),
    )

    assert end_of(outcome) == "returned [true, 1]"
    assert _process() == before


def _process():
    """Return what a script might change of the process."""
    return {
        "zone": (os.environ.get("TZ"), time.tzname),
        "random": random.getstate(),
        "recursion": sys.getrecursionlimit(),
        "dialects": csv.list_dialects(),
        "precision": decimal.getcontext().prec,
        "script": sys.modules.get("script"),
    }
