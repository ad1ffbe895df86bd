"""The pool: guests ahead of need, zygotes that come and go, and nothing left behind."""

import asyncio
import gc
import os
import signal
from pathlib import Path

import pytest
from raw_sandbox import RawSandbox, Recorder, run_raw, run_script

from deputize_sandbox import (
    Answer,
    Answered,
    Crashed,
    GuestCall,
    PoolSize,
    Returned,
    Sandbox,
    SandboxClosed,
    SandboxLimits,
    ZygoteFailed,
)

pytestmark = pytest.mark.anyio

TRIVIAL = "def main():\n    return 42\n"
#: Descriptors of guests of other sandboxes, which other tests keep open.
SLACK = 8
ANSWER = Returned(value=42, usage=None)
GONE = Crashed(
    code="GUEST_CRASHED",
    detail="the guest ended with the process that forks guests, without saying how it went",
    usage=None,
)
CALL = (
    "connection.send(wire.encode({'kind': 'call', 'id': 1, 'capability': 'x', 'method': 'x', "
    "'arguments': {}, 'line': 1}))\n"
)
TELL = CALL.replace("'call', 'id': 1", "'tell'")


def zygote_of(sandbox: Sandbox):
    return sandbox._pool._jail.zygote


async def no_zygote(*_args, **_more):
    raise ZygoteFailed("no memory")


class Meeting(Recorder):
    """Holds calls back until as many guests as expected have called."""

    def __init__(self, expected: int) -> None:
        super().__init__()
        self.complete = asyncio.Event()
        self.expected = expected
        self.most = 0
        self.now = 0

    async def ask(self, call: GuestCall) -> Answer:
        self.calls.append(call)
        self.now += 1
        self.most = max(self.most, self.now)
        if len(self.calls) >= self.expected:
            self.complete.set()
        await self.complete.wait()
        self.now -= 1
        return Answered(None)


async def test_guests_are_parked_ahead_of_need_and_taken_first():
    async with Sandbox(size=PoolSize(parked=2)) as sandbox:
        await sandbox.ready()
        ready = set(zygote_of(sandbox).guests)
        outcome = await run_script(sandbox, TRIVIAL)
        used = {guest for guest in ready if guest.usage.done()} or ready - set(zygote_of(sandbox).guests)
        await outcome.usage

        assert outcome == ANSWER
        assert len(ready) == 2
        assert used <= ready


async def test_a_parked_guest_is_charged_for_its_run_only():
    async with Sandbox(size=PoolSize(parked=1)) as sandbox:
        await run_script(sandbox, TRIVIAL)
        await sandbox.ready()
        (guest,) = sandbox._pool._parked
        outcome = await run_script(sandbox, TRIVIAL)
        usage = await outcome.usage
        ending = await guest.wait()

        assert guest.cpu_seconds > 0
        assert usage.cpu_seconds == ending.usage.cpu_seconds - guest.cpu_seconds


async def test_the_limits_of_a_run_bind_a_guest_that_was_parked_without_any():
    bomb = "def main():\n    kept = []\n    while True:\n        kept.append('x' * 100_000)\n"
    async with Sandbox(size=PoolSize(parked=1)) as sandbox:
        script = await sandbox.compile(bomb, filename="bomb.py")
        await sandbox.ready()
        (guest,) = sandbox._pool._parked
        outcome = await sandbox.run(
            script, provide={}, handler=Recorder(), limits=SandboxLimits(memory_mb=24)
        )

        assert (outcome.limit, outcome.value) == ("memory_mb", 24)
        assert guest.usage is outcome.usage


async def test_a_parked_guest_that_dies_is_not_handed_out():
    async with Sandbox(size=PoolSize(parked=1)) as sandbox:
        await sandbox.ready()
        (guest,) = sandbox._pool._parked
        guest.kill()
        await guest.wait()
        outcome = await run_script(sandbox, TRIVIAL)

        assert outcome == ANSWER


async def test_no_more_guests_run_at_once_than_the_size_says():
    async with RawSandbox(size=PoolSize(runs=2)) as sandbox:
        meeting = Meeting(expected=2)
        runs = [
            asyncio.create_task(run_raw(sandbox, CALL + "connection.receive(); result = 42", handler=meeting))
            for _ in range(8)
        ]
        outcomes = await asyncio.gather(*runs)

        assert outcomes == [ANSWER] * 8
        assert meeting.most == 2


async def test_many_runs_at_once_each_get_their_own_answers():
    echo = "def main(payload, clock):\n    return [payload, [clock.sleep(n) for n in range(20)], payload]\n"

    async with Sandbox() as sandbox:
        runs = [run_script(sandbox, echo, provide={"payload": f"run {n}"}) for n in range(50)]
        outcomes = await asyncio.gather(*runs)

        assert [each.value[0] for each in outcomes] == [f"run {n}" for n in range(50)]
        assert [each.value[2] for each in outcomes] == [f"run {n}" for n in range(50)]


async def test_when_the_zygote_dies_its_runs_crash_and_the_next_one_gets_another_zygote():
    async with RawSandbox() as sandbox:
        meeting = Meeting(expected=99)
        first = zygote_of(sandbox).pid
        runs = [
            asyncio.create_task(run_raw(sandbox, CALL + "connection.receive()", handler=meeting))
            for _ in range(3)
        ]
        while len(meeting.calls) < 3:
            await asyncio.wait(runs, timeout=0.001)
        os.kill(first, signal.SIGKILL)
        crashed = await asyncio.gather(*runs)
        outcome = await run_raw(sandbox, "result = 42")

        assert [each.code for each in crashed] == ["GUEST_CRASHED"] * 3
        assert outcome == ANSWER
        assert zygote_of(sandbox).pid != first


async def test_guests_can_be_had_again_as_soon_as_somebody_asks_whether_they_can(monkeypatch):
    async with Sandbox() as sandbox:
        first = sandbox.zygote
        assert await sandbox.available()
        assert sandbox.zygote == first

        monkeypatch.setattr("deputize_sandbox.supervisor.pool.build", no_zygote)
        ended = asyncio.Event()
        died = zygote_of(sandbox).on_death
        zygote_of(sandbox).on_death = lambda: (died(), ended.set())
        os.kill(first, signal.SIGKILL)
        await ended.wait()
        assert not await sandbox.available()
        assert sandbox.zygote is None

        monkeypatch.undo()
        assert await sandbox.available()
        assert sandbox.zygote not in (None, first)


async def test_a_guest_that_is_parked_by_a_zygote_of_whose_death_nobody_knows_yet_ends():
    async with Sandbox() as sandbox:
        zygote = zygote_of(sandbox)
        os.kill(zygote.pid, signal.SIGKILL)
        os.waitid(os.P_PID, zygote.pid, os.WEXITED | os.WNOWAIT)  # noqa: ASYNC222 - so that the loop hears nothing

        guest = zygote.park()

        assert (await guest.wait()).status is None
        guest.leave()
        assert await run_script(sandbox, TRIVIAL) == ANSWER


async def test_when_the_zygote_dies_while_a_guest_computes_the_run_says_so():
    async with RawSandbox() as sandbox:
        told = Recorder()
        run = asyncio.create_task(run_raw(sandbox, TELL + "while True: pass", handler=told))
        while not told.calls:
            await asyncio.wait([run], timeout=0.001)
        os.kill(zygote_of(sandbox).pid, signal.SIGKILL)

        assert await run == GONE


async def test_a_zygote_that_does_not_kill_is_killed_with_its_guests(monkeypatch):
    monkeypatch.setattr("deputize_sandbox.supervisor.zygote_process._END_SECONDS", 0.2)
    async with RawSandbox() as sandbox:
        stuck = zygote_of(sandbox).pid
        meeting = Meeting(expected=99)
        run = asyncio.create_task(
            run_raw(
                sandbox,
                CALL + "connection.receive()",
                handler=meeting,
                limits=SandboxLimits(wall_seconds=0.3),
            )
        )
        while not meeting.calls:
            await asyncio.wait([run], timeout=0.001)
        os.kill(stuck, signal.SIGSTOP)
        outcome = await run
        usage = await outcome.usage

        assert (outcome.limit, usage.cpu_seconds) == ("wall_seconds", 0.0)
        assert await run_raw(sandbox, "result = 42") == ANSWER
        assert stuck not in processes()


async def test_a_zygote_is_replaced_after_so_many_guests_and_goes_when_its_last_guest_has_gone():
    async with RawSandbox(size=PoolSize(guests_per_zygote=10)) as sandbox:
        first = zygote_of(sandbox)
        meeting = Meeting(expected=99)
        long = asyncio.create_task(
            run_raw(sandbox, CALL + "connection.receive(); result = 42", handler=meeting)
        )
        zygotes = {first.pid}
        while len(zygotes) < 3:
            assert await run_raw(sandbox, "result = 42") == ANSWER
            zygotes.add(zygote_of(sandbox).pid)
        still_there = first.alive
        meeting.complete.set()
        outcome = await long
        await asyncio.gather(*sandbox._pool._draining)

        assert still_there
        assert outcome == ANSWER
        assert not first.alive
        assert first.pid not in processes()


async def test_closing_ends_what_runs_and_leaves_no_process():
    async with RawSandbox() as sandbox:
        meeting = Meeting(expected=99)
        runs = [
            asyncio.create_task(run_raw(sandbox, CALL + "while True: pass", handler=meeting))
            for _ in range(3)
        ]
        while len(meeting.calls) < 3:
            await asyncio.wait(runs, timeout=0.001)
        zygote = zygote_of(sandbox).pid
        guests = children(zygote)
    outcomes = await asyncio.gather(*runs)

    assert [each.code for each in outcomes] == ["GUEST_CRASHED"] * 3
    assert len(guests) == 3
    assert processes() & {zygote, *guests} == set()


async def test_a_run_that_waits_for_room_when_the_sandbox_closes_is_told():
    sandbox = RawSandbox(size=PoolSize(runs=1))
    async with sandbox:
        meeting = Meeting(expected=99)
        running = asyncio.create_task(run_raw(sandbox, CALL + "connection.receive()", handler=meeting))
        while not meeting.calls:
            await asyncio.wait([running], timeout=0.001)
        waiting = asyncio.create_task(run_raw(sandbox, "result = 42"))
        await asyncio.wait([waiting], timeout=0)

    assert (await running).code == "GUEST_CRASHED"
    with pytest.raises(SandboxClosed):
        await waiting


async def test_thousands_of_runs_leave_no_process_descriptor_or_memory():
    async with Sandbox(size=PoolSize(parked=2, guests_per_zygote=300)) as sandbox:
        script = await sandbox.compile(TRIVIAL, filename="trivial.py")
        zygotes = {zygote_of(sandbox).pid}

        async def runs(number: int) -> None:
            async def one_after_another() -> None:
                for _ in range(number // 8):
                    outcome = await sandbox.run(
                        script, provide={}, handler=Recorder(), limits=SandboxLimits()
                    )
                    zygotes.add(zygote_of(sandbox).pid)
                    assert outcome == ANSWER

            await asyncio.gather(*(one_after_another() for _ in range(8)))
            await asyncio.gather(*(guest.wait() for guest in [*leaving(sandbox)]))
            await asyncio.gather(*sandbox._pool._draining)

        await runs(200)
        gc.collect()
        held, memory = descriptors(), resident()
        await runs(800)
        gc.collect()
        present = zygote_of(sandbox).pid

        # Two parked guests, and one that is about to be.
        assert len(children(present)) <= 3
        assert zygotes & processes() == {present}
        assert len(zygotes) >= 3
        assert descriptors() <= held + SLACK
        assert resident() - memory < 4 * 1024 * 1024
    assert zygotes & processes() == set()


def leaving(sandbox: Sandbox):
    parked_or_about_to_be = [*sandbox._pool._parked, sandbox._pool._parking]
    return (guest for guest in zygote_of(sandbox).guests if guest not in parked_or_about_to_be)


@pytest.mark.parametrize("bound", [{"parked": -1}, {"runs": 0}, {"guests_per_zygote": 0}])
async def test_a_size_without_room_is_refused(bound):
    with pytest.raises(ValueError, match="has no room"):
        PoolSize(**bound)


def parents() -> dict[int, int]:
    """Return the parent of every process."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            found[int(folder.name)] = int(fields[1])
    return found


def children(pid: int) -> set[int]:
    return {child for child, parent in parents().items() if parent == pid}


def processes() -> set[int]:
    """Return every process that descends from this one."""
    known = parents()
    family = {os.getpid()}
    while more := {pid for pid, parent in known.items() if parent in family} - family:
        family |= more
    return family - {os.getpid()}


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
