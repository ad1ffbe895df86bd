import asyncio
from contextlib import asynccontextmanager

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from deputize.queue.inline import InlineQueue

pytestmark = pytest.mark.anyio


class Work:
    """Keeps queued ids, performs each behind a gate, and remembers what happened."""

    def __init__(self, *queued):
        self.accepted = list(queued)
        self.events = []
        self.under_way = set()
        self.most = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.changed = asyncio.Condition()
        self.failures = {}
        self.asked = 0

    def accept(self, run_id):
        self.accepted.append(run_id)

    async def recover(self):
        self.events.append("recovered")

    async def waiting(self, limit):
        self.asked += 1
        return self.accepted[:limit]

    async def perform(self, run_id):
        if self.failures.get(run_id, 0):
            self.failures[run_id] -= 1
            raise OSError("the database is away")
        if run_id not in self.accepted:
            return
        self.accepted.remove(run_id)
        self.under_way.add(run_id)
        self.most = max(self.most, len(self.under_way))
        await self._tell(("began", run_id))
        try:
            await self.gate.wait()
            self.events.append(("ended", run_id))
        except asyncio.CancelledError:
            self.events.append(("cut off", run_id))
            raise
        finally:
            self.under_way.discard(run_id)
        await self._tell(None)

    async def _tell(self, event):
        if event is not None:
            self.events.append(event)
        async with self.changed:
            self.changed.notify_all()

    async def until(self, condition):
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(condition)

    def ended(self):
        return [event[1] for event in self.events if event[0] == "ended"]


@asynccontextmanager
async def running(work, *, concurrency=2, sweep_seconds=60.0):
    queue = InlineQueue(work, concurrency=concurrency, sweep_seconds=sweep_seconds)
    await queue.start()
    try:
        yield queue
    finally:
        work.gate.set()
        await queue.drain(10)


async def test_what_was_accepted_before_the_start_is_performed_in_its_order():
    work = Work("a", "b", "c")
    async with running(work, concurrency=1):
        await work.until(lambda: len(work.ended()) == 3)

    assert work.events[0] == "recovered"
    assert work.ended() == ["a", "b", "c"]


async def test_a_submitted_run_is_performed_at_once():
    work = Work()
    async with running(work) as queue:
        work.accept("a")
        queue.submit("a")
        await work.until(lambda: work.ended() == ["a"])


async def test_so_many_runs_are_under_way_at_once_and_no_more():
    work = Work(*"abcdefgh")
    work.gate.clear()
    async with running(work, concurrency=3):
        await work.until(lambda: len(work.under_way) == 3)
        work.gate.set()
        await work.until(lambda: len(work.ended()) == 8)

    assert work.most == 3


async def test_a_run_that_is_submitted_twice_is_performed_once():
    work = Work()
    work.gate.clear()
    async with running(work) as queue:
        work.accept("a")
        queue.submit("a")
        queue.submit("a")
        await work.until(lambda: work.under_way == {"a"})
        queue.submit("a")
        work.gate.set()
        await work.until(lambda: not work.under_way)

    assert work.events.count(("began", "a")) == 1


async def test_a_submission_that_was_lost_is_found_by_the_sweep():
    work = Work()
    async with running(work, sweep_seconds=0.01):
        # Committed, and nobody told the queue.
        work.accept("a")
        await work.until(lambda: work.ended() == ["a"])


async def test_a_run_that_could_not_be_taken_up_is_tried_again_later():
    work = Work("a", "b")
    work.failures["a"] = 3
    async with running(work, sweep_seconds=0.01):
        await work.until(lambda: set(work.ended()) == {"a", "b"})

    assert work.failures["a"] == 0


async def test_a_database_that_is_away_is_not_asked_without_pause():
    work = Work("a")
    work.failures["a"] = 10_000
    async with running(work, sweep_seconds=60):
        work.accept("b")
        for _ in range(200):
            await asyncio.sleep(0)

    assert work.failures["a"] >= 9_998


async def test_a_sweep_that_fails_is_followed_by_the_next():
    work = Work()
    failing = [True, True]
    plain = work.waiting

    async def waiting(limit):
        if failing and work.events:
            failing.pop()
            raise OSError("away")
        return await plain(limit)

    async with running(work, sweep_seconds=0.01):
        work.waiting = waiting
        work.accept("a")
        await work.until(lambda: work.ended() == ["a"])

    assert failing == []


async def test_more_runs_than_one_sweep_brings_are_all_performed(monkeypatch):
    monkeypatch.setattr("deputize.queue.inline._BATCH", 3)
    work = Work(*(str(number) for number in range(20)))
    async with running(work, sweep_seconds=60):
        await work.until(lambda: len(work.ended()) == 20)


async def test_draining_lets_what_is_under_way_end_and_takes_up_no_more():
    work = Work("a", "b", "c")
    work.gate.clear()
    queue = InlineQueue(work, concurrency=2)
    await queue.start()
    await work.until(lambda: len(work.under_way) == 2)
    draining = asyncio.create_task(queue.drain(10))
    await asyncio.sleep(0)
    queue.submit("d")
    work.gate.set()
    await draining

    assert sorted(work.ended()) == ["a", "b"]
    assert work.accepted == ["c"]


async def test_what_does_not_end_in_time_is_cut_off():
    work = Work("a", "b")
    work.gate.clear()
    queue = InlineQueue(work, concurrency=1)
    await queue.start()
    await work.until(lambda: work.under_way == {"a"})
    await queue.drain(0.01)

    assert work.events[-1] == ("cut off", "a")
    assert work.accepted == ["b"]


async def test_a_queue_that_was_not_started_can_be_drained():
    await InlineQueue(Work(), concurrency=2).drain(1)


async def test_a_fault_is_logged_with_its_place_and_without_its_words():
    work = Work("a")
    work.failures["a"] = 1
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as logs:
        async with running(work, sweep_seconds=0.01):
            await work.until(lambda: work.ended() == ["a"])

    [fault] = logs
    assert (fault["event"], fault["log_level"], fault["run"]) == ("queue.fault", "error", "a")
    assert fault["fault"][0].startswith("builtins.OSError at _keep_performing:")
    assert "away" not in repr(logs)


@given(
    accepted=st.lists(st.integers(0, 30), unique=True, max_size=20),
    lost=st.sets(st.integers(0, 30)),
    concurrency=st.integers(1, 4),
)
@settings(max_examples=30, deadline=None)
def test_every_accepted_run_is_performed_exactly_once(accepted, lost, concurrency):
    async def go():
        work = Work()
        async with running(work, concurrency=concurrency, sweep_seconds=0.005) as queue:
            for number in accepted:
                work.accept(number)
                if number not in lost:
                    queue.submit(number)
                await asyncio.sleep(0)
            await work.until(lambda: len(work.ended()) >= len(accepted))
        return work.ended()

    assert sorted(asyncio.run(go())) == sorted(accepted)
