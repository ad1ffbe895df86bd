"""What is kept of a run while it goes on, and when: of its stream and of its journal."""

import asyncio

import pytest

from deputize.activity.entries import ENDINGS
from deputize.activity.journal import CallIntent, CallOutcome, JournalEntry, JournalHead
from deputize.domain.limits import Limits

pytestmark = pytest.mark.anyio


class Keeper:
    """Keeps everything, and knows what came when."""

    durable = True

    def __init__(self):
        self.batches = []
        self.journal = []
        self.finished = None
        self.written = asyncio.Event()

    async def write(self, entries, journal):
        self.batches.append([entry.kind for entry in entries])
        self.journal += journal
        self.written.set()

    async def require_held(self):
        pass

    async def finish(self, run, entries, journal):
        self.finished = run, [entry.kind for entry in entries]


async def test_what_is_kept_is_the_stream_and_its_end_comes_with_the_run(house, upstream):
    keeper = Keeper()
    async with house() as bench:
        done = await bench.run("def main(http):\n    http.get('a')\n    http.get('b')\n", keeper=keeper)

    run, last = keeper.finished
    assert run == done
    assert last[-1] in ENDINGS
    assert keeper.batches[0] == ["run.started", "inbound.request"]
    assert [kind for batch in (*keeper.batches, last) for kind in batch] == [
        entry.kind for entry in done.activity
    ]


async def test_a_line_is_kept_while_the_script_goes_on(house):
    keeper = Keeper()
    source = "def main(log, clock):\n    log.info('working')\n    clock.sleep(60)\n"
    async with house() as bench:
        order = await bench.order(source)
        running = asyncio.create_task(bench.engine.execute(order, keeper=keeper))
        async with asyncio.timeout(20):
            while not any("log" in batch for batch in keeper.batches):
                keeper.written.clear()
                await keeper.written.wait()
        running.cancel()
        await asyncio.wait([running])

    assert running.cancelled()
    assert keeper.finished is None
    assert bench.platform.ended == ["run-1"]


async def test_what_a_run_wrote_before_it_was_cut_off_is_kept(house):
    keeper, logged = Keeper(), asyncio.Event()

    def listen(entry):
        if entry.kind == "log":
            logged.set()

    async with house() as bench:
        order = await bench.order("def main(log):\n    log.info('x')\n    while True:\n        pass\n")
        running = asyncio.create_task(bench.engine.execute(order, keeper=keeper, listener=listen))
        await logged.wait()
        running.cancel()
        await asyncio.wait([running])

    assert [kind for batch in keeper.batches for kind in batch] == ["run.started", "inbound.request", "log"]


async def test_a_call_that_was_under_way_when_a_run_was_cut_off_is_left_to_who_goes_on(house, upstream):
    upstream.gate.clear()
    keeper = Keeper()
    async with house() as bench:
        order = await bench.order("def main(http):\n    http.post('a')\n")
        running = asyncio.create_task(bench.engine.execute(order, keeper=keeper))
        await upstream.reached.wait()
        running.cancel()
        await asyncio.wait([running])
        upstream.gate.set()

    assert keeper.batches == [["run.started", "inbound.request"]]
    assert [type(each) for each in keeper.journal] == [JournalHead, CallIntent]


async def test_a_call_that_was_under_way_when_a_run_hit_a_limit_is_told(house, upstream):
    upstream.gate.clear()
    async with house() as bench:
        run = await bench.run("def main(http):\n    http.post('a')\n", limits=Limits(wall_seconds=0.5))
        upstream.gate.set()

    told = [(each.kind, getattr(each, "error", None)) for each in run.activity][2:]
    assert [kind for kind, _ in told] == ["http.exchange", "limit.hit", "run.finished"]
    assert told[0][1].cause == "run_ended"


async def test_a_run_whose_stream_cannot_be_kept_does_not_go_on(house, upstream):
    class Full(Keeper):
        async def write(self, entries, journal):
            raise OSError("no space left")

    async with house() as bench:
        with pytest.raises(OSError, match="no space left"):
            await bench.run("def main(http):\n    http.get('a')\n", keeper=Full())

    assert upstream.requests == []
    assert bench.platform.ended == ["run-1"]


async def test_the_journal_has_all_that_came_to_the_script_from_outside(house, upstream):
    keeper = Keeper()
    source = (
        "def main(http, clock, log):\n"
        "    clock.sleep(0)\n"
        "    log.info('not in it')\n"
        "    return http.get('a').status_code\n"
    )
    upstream.body = '{"a": 1}'
    async with house() as bench:
        await bench.run(source, keeper=keeper, seed="abc", constants={"X": "y"})

    head, slept, called = (each for each in keeper.journal if isinstance(each, JournalHead | JournalEntry))
    assert (head.seed, head.constants, head.libraries) == ("abc", {"X": "y"}, {})
    assert (slept.number, slept.capability, slept.method, slept.line, slept.exchanges) == (
        1, "clock", "sleep", 2, (),
    )  # fmt: skip
    assert (called.number, called.capability, called.method, called.line) == (2, "http", "send", 4)
    (exchange,) = called.exchanges
    assert (exchange.endpoint, exchange.sent_as, exchange.request.method) == ("platform", "initiator", "GET")
    assert exchange.response.body.content == b'{"a": 1}'
    assert dict(exchange.request.headers)["Authorization"] == "‹credential: initiator → platform›"


async def test_that_a_call_will_be_sent_is_kept_before_it_is_and_then_what_came_of_it(house, upstream):
    class Watching(Keeper):
        async def write(self, entries, journal):
            await super().write(entries, [(len(upstream.requests), each) for each in journal])

    keeper = Watching()
    source = "def main(http):\n    http.get('a')\n    return http.post('b').status_code\n"
    async with house() as bench:
        await bench.run(source, keeper=keeper)

    intents = [(sent, each) for sent, each in keeper.journal if isinstance(each, CallIntent)]
    outcomes = [(sent, each) for sent, each in keeper.journal if isinstance(each, CallOutcome)]
    assert [(sent, each.method, each.path, each.line, each.repeatable) for sent, each in intents] == [
        (0, "GET", "a", 2, True),
        (1, "POST", "b", 3, False),
    ]
    assert [(sent, each.exchange.request.method) for sent, each in outcomes] == [(1, "GET"), (2, "POST")]
    assert [(each.fingerprint, each.occurrence) for _, each in outcomes] == [
        (each.fingerprint, each.occurrence) for _, each in intents
    ]


async def test_what_is_kept_of_a_call_before_it_is_sent_shows_no_credential(house, upstream):
    keeper = Keeper()
    source = "def main(http):\n    http.post('a?api_key=typed-into-it', json={'password': 'typed-into-it'})\n"
    async with house() as bench:
        await bench.run(source, keeper=keeper)

    [intent] = [each for each in keeper.journal if isinstance(each, CallIntent)]
    assert "typed-into-it" not in repr(intent.model_dump())
    assert intent.path.startswith("a?api_key=")


@pytest.fixture
def patient(monkeypatch):
    """Entries that nobody waits for stay in memory, however slow this machine is."""
    monkeypatch.setattr("deputize.activity.stream._DELAY_SECONDS", 60.0)


async def test_a_call_is_kept_by_two_writes(house, upstream, patient):
    keeper = Keeper()
    async with house() as bench:
        await bench.run("def main(http):\n    http.get('a')\n    http.post('b')\n", keeper=keeper)

    _, last = keeper.finished
    assert [*keeper.batches, last] == [
        ["run.started", "inbound.request"],
        ["http.exchange"],
        [],
        ["http.exchange"],
        ["result", "run.finished"],
    ]


async def test_what_calls_at_the_same_time_mean_to_send_is_kept_by_one_write(house, upstream, patient):
    class Counting(Keeper):
        async def write(self, entries, journal):
            await super().write(entries, [[type(each) for each in journal]])

    keeper = Counting()
    source = "def main(http):\n    http.send_all([http.build_request('POST', f'{n}') for n in range(5)])\n"
    async with house() as bench:
        await bench.run(source, keeper=keeper)

    first, *others = keeper.journal
    assert first == [JournalHead] + [CallIntent] * 5
    assert [kind for batch in others for kind in batch] == [CallOutcome] * 5 + [JournalEntry]


async def test_a_run_without_calls_is_kept_by_its_end_alone(house, patient):
    keeper = Keeper()
    async with house() as bench:
        await bench.run("def main(): return 1\n", keeper=keeper)

    _, last = keeper.finished
    assert [*keeper.batches, last] == [["run.started", "inbound.request", "result", "run.finished"]]
