"""Runs through the whole sandbox: language, jail and supervisor, as an application has them."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from raw_sandbox import RawSandbox, Recorder, run_raw, run_script

from deputize_sandbox import (
    Answer,
    Answered,
    CompiledScript,
    Crashed,
    Diagnostic,
    Failed,
    Faulted,
    GuestCall,
    OverLimit,
    Rejected,
    Returned,
    Sandbox,
    SandboxClosed,
    SandboxLimits,
    ScriptFrame,
)

MOMENT = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_what_main_returns_is_the_outcome(sandbox):
    assert sandbox.run("def main():\n    return {'a': [1, 2.5, None, 'ä']}\n") == Returned(
        value={"a": [1, 2.5, None, "ä"]}, usage=None
    )


def test_what_main_raises_is_the_outcome_with_the_scripts_own_lines(sandbox):
    outcome = sandbox.run("def inner():\n    return 1 // 0\n\ndef main():\n    return inner()\n")

    assert isinstance(outcome, Faulted)
    assert (outcome.type, outcome.message) == ("ZeroDivisionError", "integer division or modulo by zero")
    assert [(each.line, each.function) for each in outcome.traceback] == [(5, "main"), (2, "inner")]
    assert all(isinstance(each, ScriptFrame) for each in outcome.traceback)


def test_what_a_run_used_is_known_when_its_guest_is_gone(sandbox):
    outcome = sandbox.run("def main():\n    return sum(n * n for n in range(300_000))\n")
    usage = sandbox.usage(outcome)

    assert 0.005 < usage.cpu_seconds < 5
    assert 4_000 < usage.max_rss_kb < 200_000


def test_compiling_the_same_text_again_asks_no_guest(sandbox):
    async def twice():
        first = await sandbox.sandbox.compile("def main():\n    return 1\n", filename="same.py")
        return first, await sandbox.sandbox.compile("def main():\n    return 1\n", filename="same.py")

    first, second = sandbox.do(twice())

    assert isinstance(first, CompiledScript)
    assert second is first


def test_what_is_wrong_with_a_script_is_said_and_kept(sandbox):
    async def twice():
        first = await sandbox.sandbox.compile("def main(:\n", filename="wrong.py")
        return first, await sandbox.sandbox.compile("def main(:\n", filename="wrong.py")

    first, second = sandbox.do(twice())

    assert isinstance(first, Rejected)
    assert [(each.code, each.file, each.line) for each in first.diagnostics] == [
        ("SYNTAX_ERROR", "wrong.py", 1)
    ]
    assert second is first


def test_a_script_that_no_compiler_survives_is_rejected(sandbox):
    source = "def main():\n    return " + "-" * 400_000 + "1\n"
    compiled = sandbox.do(sandbox.sandbox.compile(source, filename="deep.py"))

    assert isinstance(compiled, Rejected)
    assert all(isinstance(each, Diagnostic) for each in compiled.diagnostics)


def test_code_of_another_edition_is_compiled_again_before_it_runs(sandbox):
    async def upgrade():
        script = await sandbox.sandbox.compile("def main():\n    return 5\n", filename="kept.py")
        old = replace(script, edition="an earlier one", code=b"of another interpreter")
        return await sandbox.sandbox.run(old, provide={}, handler=Recorder(), limits=SandboxLimits())

    assert sandbox.do(upgrade()) == Returned(value=5, usage=None)


def test_code_of_another_edition_that_is_no_longer_allowed_does_not_run(sandbox):
    script = CompiledScript(
        sha256="",
        filename="kept.py",
        source="import os\ndef main():\n    return 5\n",
        code=b"",
        parameters=(),
        endpoints=(),
        edition="an earlier one",
    )
    outcome = sandbox.do(sandbox.sandbox.run(script, provide={}, handler=Recorder(), limits=SandboxLimits()))

    assert (outcome.type, outcome.message.partition(": ")[0]) == ("ScriptRejected", "line 1")


def test_code_that_is_no_code_faults_or_crashes_its_guest_only(sandbox):
    async def corrupt():
        script = await sandbox.sandbox.compile("def main():\n    return 6\n", filename="c.py")
        broken = replace(script, code=script.code[: len(script.code) // 2])
        return await sandbox.sandbox.run(broken, provide={}, handler=Recorder(), limits=SandboxLimits())

    assert isinstance(sandbox.do(corrupt()), Faulted | Crashed)


def test_calls_are_answered_one_by_one_in_order(sandbox):
    recorder = Recorder()
    outcome = sandbox.run(
        "def main(clock, log):\n"
        "    for n in range(50):\n"
        "        clock.sleep(n)\n"
        "        log.info('slept', n=n)\n"
        "    return 'done'\n",
        handler=recorder,
    )

    assert outcome == Returned(value="done", usage=None)
    assert [call.arguments["seconds"] for call in recorder.calls if call.capability == "clock"] == [
        *range(50)
    ]
    assert [call.arguments["fields"]["n"] for call in recorder.calls if call.capability == "log"] == [
        *range(50)
    ]
    assert {call.line for call in recorder.calls} == {3, 4}


class Refusing:
    """Fails every call in the way it is told to."""

    def __init__(self, failed: Failed) -> None:
        self.failed = failed

    async def ask(self, call: GuestCall) -> Answer:
        return self.failed

    async def tell(self, call: GuestCall) -> None:
        return None


@pytest.mark.parametrize(
    ("failed", "raised"),
    [
        (Failed("ValueError", "no"), "ValueError: no"),
        (Failed("PermissionError", "not you"), "PermissionError: not you"),
        (Failed("KeyboardInterrupt", "stop"), "RuntimeError: stop"),
    ],
)
def test_a_failed_answer_raises_in_the_script(sandbox, failed, raised):
    outcome = sandbox.run(
        "def main(clock):\n"
        "    try:\n        clock.sleep(1)\n"
        "    except Exception as error:\n        return f'{type(error).__name__}: {error}'\n",
        handler=Refusing(failed),
    )

    assert outcome == Returned(value=raised, usage=None)


@pytest.mark.parametrize(
    ("source", "method"),
    [
        ("def main(http):\n    http.post('/x', content='x' * 200_000)\n", "http.send"),
        ("def main(log):\n    log.info('x' * 200_000)\n", "log.info"),
    ],
)
def test_a_call_that_is_too_long_raises_in_the_script(sandbox, source, method):
    outcome = sandbox.run(source, limits=SandboxLimits(message_bytes=100_000))

    assert outcome.type == "ValueError"
    assert outcome.message.startswith(f"{method}: 200")
    assert outcome.message.endswith(" bytes are too many for one call; at most 100000 are allowed")


def test_an_exception_of_the_handler_is_the_applications_own(sandbox):
    class Broken(Recorder):
        async def ask(self, call: GuestCall) -> Answer:
            raise ZeroDivisionError("a fault of the host")

    with pytest.raises(ZeroDivisionError, match="a fault of the host"):
        sandbox.run("def main(clock):\n    clock.sleep(1)\n", handler=Broken())


def test_a_time_out_of_the_handler_is_not_taken_for_the_wall_clock(sandbox):
    class Late(Recorder):
        async def ask(self, call: GuestCall) -> Answer:
            raise TimeoutError("of the handler")

    with pytest.raises(TimeoutError, match="of the handler"):
        sandbox.run("def main(clock):\n    clock.sleep(1)\n", handler=Late())


def test_the_clock_of_a_script_is_what_the_answers_say(sandbox):
    class Later(Recorder):
        async def ask(self, call: GuestCall) -> Answer:
            return Answered(None, now="2031-05-06T07:08:09+00:00")

    outcome = sandbox.run(
        "import datetime\n"
        "def main(clock):\n"
        "    clock.sleep(1)\n"
        "    return datetime.datetime.now(datetime.UTC).isoformat()\n",
        handler=Later(),
    )

    assert outcome == Returned(value="2031-05-06T07:08:09+00:00", usage=None)


def test_the_same_seed_and_time_give_the_same_run(sandbox):
    source = (
        "import random, uuid, time\n"
        "def main():\n"
        "    return [random.random(), str(uuid.uuid4()), time.time(), list({'a', 'b', 'c'})]\n"
    )

    async def seeded(seed):
        script = await sandbox.sandbox.compile(source, filename="seeded.py")
        outcome = await sandbox.sandbox.run(
            script, provide={}, handler=Recorder(), limits=SandboxLimits(), seed=seed, now=MOMENT
        )
        return outcome.value

    first, second, other = (sandbox.do(seeded(seed)) for seed in ("a", "a", "b"))

    assert first == second
    assert other[:2] != first[:2]
    assert other[2:] == first[2:]


@pytest.mark.parametrize(
    ("limits", "source", "over"),
    [
        (
            {"cpu_seconds": 1},
            "def main():\n    while True:\n        try:\n            while True:\n                pass\n"
            "        except Exception:\n            pass\n",
            OverLimit(limit="cpu_seconds", value=1, usage=None),
        ),
        (
            {"cpu_seconds": 1},
            "import re\ndef main():\n    return re.match('(a+)+$', 'a' * 40 + 'b')\n",
            OverLimit(limit="cpu_seconds", value=1, usage=None),
        ),
        (
            {"memory_mb": 24},
            "def main():\n    kept = []\n    while True:\n        kept.append('x' * 100_000)\n",
            OverLimit(limit="memory_mb", value=24, usage=None),
        ),
        (
            {"wall_seconds": 0.3, "cpu_seconds": 20},
            "def main():\n    while True:\n        pass\n",
            OverLimit(limit="wall_seconds", value=0.3, usage=None),
        ),
        (
            {"result_bytes": 1000},
            "def main():\n    return 'x' * 1000\n",
            OverLimit(limit="result_bytes", value=1000, usage=None),
        ),
    ],
    ids=["cpu", "cpu in a regular expression", "memory", "wall", "result"],
)
def test_a_limit_ends_the_run_and_no_except_can_swallow_it(sandbox, limits, source, over):
    assert sandbox.run(source, limits=SandboxLimits(**limits)) == over


def test_the_limit_of_recursion_is_an_ordinary_error_of_the_script(sandbox):
    source = "def main():\n    return deeper(0)\ndef deeper(n):\n    return deeper(n + 1)\n"
    outcome = sandbox.run(source, limits=SandboxLimits(recursion=200))

    assert isinstance(outcome, Faulted)
    assert outcome.type == "RecursionError"


@pytest.mark.parametrize(
    ("bound", "value", "kind"),
    [
        ("wall_seconds", 0, "number"),
        ("wall_seconds", float("nan"), "number"),
        ("cpu_seconds", 0.5, "whole number"),
        ("memory_mb", -1, "whole number"),
        ("recursion", 0, "whole number"),
        ("said_bytes", float("inf"), "whole number"),
    ],
)
def test_a_bound_that_nothing_can_keep_is_refused(bound, value, kind):
    with pytest.raises(ValueError, match=f"^SandboxLimits.{bound} is {value}; it must be a {kind} above 0$"):
        SandboxLimits(**{bound: value})


def test_a_run_at_its_limit_does_not_hold_up_its_neighbours(sandbox):
    hog = "def main():\n    kept = []\n    while True:\n        kept.append([0] * 1000)\n"

    async def together():
        limits = SandboxLimits(cpu_seconds=2, memory_mb=64, wall_seconds=20)
        hogs = [asyncio.create_task(run_script(sandbox.sandbox, hog, limits=limits)) for _ in range(2)]
        loop = asyncio.get_running_loop()
        times = []
        for _ in range(20):
            began = loop.time()
            outcome = await run_script(sandbox.sandbox, "def main():\n    return 1\n")
            times.append(loop.time() - began)
            assert outcome == Returned(value=1, usage=None)
        return max(times), [await each for each in hogs]

    slowest, ends = sandbox.do(together())

    assert slowest < 2
    assert {end.limit for end in ends} <= {"memory_mb", "cpu_seconds"}


class Heard(Recorder):
    """Lets a test wait for the first thing that a guest says."""

    def __init__(self) -> None:
        super().__init__()
        self.something = asyncio.Event()

    async def tell(self, call: GuestCall) -> None:
        self.something.set()


SAY_SOMETHING = (
    "connection.send(wire.encode({'kind': 'tell', 'capability': 'log', 'method': 'info', "
    "'arguments': {}, 'line': None}))\n"
)


@pytest.mark.anyio
async def test_a_cancelled_run_leaves_no_guest():
    async with RawSandbox() as sandbox:
        heard = Heard()
        run = asyncio.create_task(run_raw(sandbox, SAY_SOMETHING + "while True: pass", handler=heard))
        await heard.something.wait()
        (guest,) = sandbox._pool._jail.zygote.guests
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        ending = await guest.wait()

        assert ending.signal == 9
        assert await run_raw(sandbox, "result = 2") == Returned(value=2, usage=None)


@pytest.mark.anyio
async def test_an_application_gives_its_scripts_a_module_of_its_own(tmp_path, monkeypatch):
    (tmp_path / "shop_prices.py").write_text("RATE = 3\n\ndef price(pieces):\n    return pieces * RATE\n")
    monkeypatch.syspath_prepend(tmp_path)
    source = "from shop_prices import price\n\ndef main():\n    return price(14)\n"
    async with Sandbox(modules={"shop_prices": ["price"]}) as sandbox:
        outcome = await run_script(sandbox, source)
        hidden = await sandbox.compile("from shop_prices import RATE\n\ndef main(): pass\n", filename="s.py")

    assert outcome == Returned(value=42, usage=None)
    assert [each.code for each in hidden.diagnostics] == ["IMPORT_NOT_ALLOWED"]


@pytest.mark.anyio
async def test_a_module_that_is_not_there_is_named():
    with pytest.raises(ModuleNotFoundError, match=r"^no_such_module is not installed here; "):
        async with Sandbox(modules={"no_such_module": ["x"]}):
            pass


@pytest.mark.anyio
async def test_a_sandbox_that_is_closed_says_so():
    sandbox = Sandbox()

    with pytest.raises(SandboxClosed, match="Use it inside `async with Sandbox"):
        await sandbox.compile("def main(): pass", filename="x.py")


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM])
def test_when_the_host_dies_its_guests_die(by):
    program = Path(__file__).with_name("doomed_host.py")
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, text=True) as host:
        zygote = int(host.stdout.readline())
        family = [zygote, *children(zygote)]
        watched = [os.pidfd_open(each) for each in family]
        host.send_signal(by)
        host.wait()
    poll = select.poll()
    for pidfd in watched:
        poll.register(pidfd, select.POLLIN)
    ended = set()
    while len(ended) < len(watched) and (found := poll.poll(5_000)):
        for pidfd, _ in found:
            ended.add(pidfd)
            poll.unregister(pidfd)
    for pidfd in watched:
        os.close(pidfd)

    assert len(family) >= 4
    assert ended == set(watched)


def children(pid: int) -> list[int]:
    """Return the processes whose parent is *pid*."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found.append(int(folder.name))
    return found
