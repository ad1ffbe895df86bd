import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deputize.activity.entries import Initiator, LogEntry, RunDenied, Script
from deputize.activity.stream import ActivityStream
from deputize_client import Redactor

pytestmark = pytest.mark.anyio


class Sink:
    """Keeps what is written; waits at its gate, and fails as often as it is told to."""

    def __init__(self):
        self.batches = []
        self.failures = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.began = asyncio.Event()
        self.kept = asyncio.Event()

    async def write(self, entries, journal):
        self.began.set()
        await self.gate.wait()
        if self.failures:
            self.failures -= 1
            raise OSError("no space left")
        self.batches.append([entry.seq for entry in entries])
        self.kept.set()

    @property
    def seqs(self):
        return [seq for batch in self.batches for seq in batch]


@pytest.fixture
def make_stream(clock):
    def make(sink=None, **fields):
        return ActivityStream(
            run="r-1",
            initiator=Initiator(id="rob", via="test"),
            script=Script(name="s", sha256="0" * 64),
            redactor=Redactor(),
            clock=clock,
            sink=sink,
            **fields,
        )

    return make


def log(stream, message="x"):
    return stream.append(LogEntry, message=message, fields={})


async def test_flush_returns_when_everything_appended_is_durable(make_stream):
    sink = Sink()
    stream = make_stream(sink)
    log(stream)
    log(stream)

    await stream.flush()

    assert sink.batches == [[1, 2]]
    assert stream.pending == ()


async def test_a_flush_of_nothing_writes_nothing(make_stream):
    sink = Sink()
    stream = make_stream(sink)

    await stream.flush()
    log(stream)
    await stream.flush()
    await stream.flush()

    assert sink.batches == [[1]]


async def test_who_flushes_during_a_write_shares_the_next_one(make_stream):
    sink = Sink()
    sink.gate.clear()
    stream = make_stream(sink)
    log(stream)
    first = asyncio.create_task(stream.flush())
    await sink.began.wait()
    others = []
    for _ in range(5):
        log(stream)
        others.append(asyncio.create_task(stream.flush()))
    await asyncio.sleep(0)

    assert not any(task.done() for task in (first, *others))

    sink.gate.set()
    await asyncio.gather(first, *others)

    assert sink.batches == [[1], [2, 3, 4, 5, 6]]


async def test_a_caller_who_is_cancelled_leaves_the_write_running(make_stream):
    sink = Sink()
    sink.gate.clear()
    stream = make_stream(sink)
    log(stream)
    cancelled = asyncio.create_task(stream.flush())
    await sink.began.wait()
    cancelled.cancel()
    await asyncio.wait([cancelled])
    log(stream)
    later = asyncio.create_task(stream.flush())
    await asyncio.sleep(0)
    sink.gate.set()
    await later

    assert sink.batches == [[1], [2]]


async def test_a_write_that_fails_raises_and_is_made_again(make_stream):
    sink = Sink()
    sink.failures = 1
    stream = make_stream(sink)
    log(stream)

    with pytest.raises(OSError, match="no space left"):
        await stream.flush()
    log(stream)
    await stream.flush()

    assert sink.batches == [[1, 2]]


async def test_what_nobody_waits_for_becomes_durable_all_the_same(make_stream):
    sink = Sink()
    sink.failures = 1
    stream = make_stream(sink)
    async with stream.kept_current():
        log(stream)
        await sink.began.wait()
        # The first write has failed; the next line brings the next try.
        log(stream)
        await asyncio.wait_for(sink.kept.wait(), 10)

        assert sink.seqs == [1, 2]


async def test_settling_waits_for_the_write_and_leaves_the_rest_pending(make_stream):
    sink = Sink()
    sink.gate.clear()
    stream = make_stream(sink)
    log(stream)
    flushing = asyncio.create_task(stream.flush())
    await sink.began.wait()
    log(stream)
    settling = asyncio.create_task(stream.settle())
    await asyncio.sleep(0)

    assert not settling.done()

    sink.gate.set()
    await settling
    await flushing

    assert sink.batches == [[1]]
    assert [entry.seq for entry in stream.pending] == [2]


async def test_without_a_sink_everything_stays_in_memory(make_stream):
    stream = make_stream()
    async with stream.kept_current():
        log(stream)
        await stream.flush()

    assert [entry.seq for entry in stream.entries] == [1]
    assert stream.pending == stream.entries


def test_a_stream_goes_on_where_the_run_stopped(make_stream):
    stream = make_stream(after=7, trace_id="trace")
    entry = stream.append(RunDenied, trigger="inbound", code="CHAIN_CYCLE", reason="it led to itself")

    assert (entry.seq, entry.trace_id, entry.level) == (8, "trace", "warning")
    assert "explain" not in entry.model_dump(mode="json")


@given(steps=st.lists(st.sampled_from(["append", "flush", "cancel", "fail", "yield"]), max_size=40))
@settings(max_examples=60, deadline=None)
def test_whatever_happens_every_entry_is_written_once_and_in_order(steps):
    async def go():
        sink = Sink()
        stream = ActivityStream(
            run="r-1",
            initiator=Initiator(id="rob", via="test"),
            script=Script(name="s", sha256="0" * 64),
            redactor=Redactor(),
            clock=lambda: datetime.now(UTC),
            sink=sink,
        )
        flushes = []
        for step in steps:
            match step:
                case "append":
                    log(stream)
                case "flush":
                    flushes.append(asyncio.create_task(stream.flush()))
                case "cancel" if flushes:
                    flushes[-1].cancel()
                case "fail":
                    sink.failures += 1
                case "yield":
                    await asyncio.sleep(0)
        await asyncio.gather(*flushes, return_exceptions=True)
        await stream.settle()
        sink.failures = 0
        await stream.flush()
        return sink.seqs, len(stream.entries)

    seqs, appended = asyncio.run(go())

    assert seqs == list(range(1, appended + 1))
