"""The activity stream, followed over real sockets."""

import asyncio
import json
from contextlib import asynccontextmanager

import httpx
import pytest

from deputize.domain.stored_entry import FEED_START, EntryFilter, FeedPlace
from deputize.server.feed import NDJSON, SSE, Feed, Follower, read_place, write_place
from deputize.server.problems import Problem
from deputize.use_cases.actor import Actor

pytestmark = pytest.mark.anyio

STREAM = "/api/v1/activity/stream"
LINES = f"{STREAM}?format=ndjson"


class Followed:
    """An answer that goes on."""

    def __init__(self, response):
        self.response = response
        self._lines = response.aiter_lines()

    async def line(self):
        return await asyncio.wait_for(anext(self._lines), 5)

    async def entry(self):
        """Return the next line that is one, as JSON."""
        while not (line := await self.line()):
            pass
        return json.loads(line)

    async def event(self):
        """Return the fields of the next event that is no comment."""
        fields = {}
        while True:
            line = await self.line()
            if not line and fields:
                return fields
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value

    async def rest(self):
        return [line async for line in self._lines]


@pytest.fixture
async def follow(bench, serve):
    """Follow the stream of a server as somebody."""

    @asynccontextmanager
    async def following(name, path=LINES, **more):
        client = httpx.AsyncClient(
            base_url=listener.url, auth=(name, f"password of {name}"), trust_env=False, timeout=5
        )
        async with client, client.stream("GET", path, **more) as response:
            yield Followed(response)

    async with serve(bench.app, stopping=bench.stopping) as listener:
        yield following


async def log(bench, run_id, *messages, **more):
    await bench.add_run(run_id, documents=[{"message": each} for each in messages], **more)
    bench.pulse.beat()


async def test_entries_come_as_they_are_written(bench, follow):
    await log(bench, "before", "not seen")
    async with follow("stan") as stream:
        await stream.line()
        await log(bench, "first", "a", "b")
        entries = [await stream.entry(), await stream.entry()]
        await log(bench, "second", "c")
        entries.append(await stream.entry())

    assert stream.response.headers["Content-Type"] == "application/x-ndjson"
    assert stream.response.headers["Cache-Control"] == "no-store"
    assert stream.response.headers["X-Accel-Buffering"] == "no"
    assert [(each["run"], each["seq"], each["message"]) for each in entries] == [
        ("first", 1, "a"),
        ("first", 2, "b"),
        ("second", 1, "c"),
    ]


async def test_entries_come_without_a_pulse_as_well(bench, follow):
    async with follow("stan") as stream:
        await stream.line()
        await bench.add_run("run", documents=[{}])

        assert (await stream.entry())["run"] == "run"


async def test_events_have_ids_from_which_one_goes_on(bench, follow):
    async with follow("stan", STREAM) as stream:
        assert await stream.line() == ": still here"
        await log(bench, "first", "a\nb", "c")
        event = await stream.event()
    await log(bench, "second", "d")
    async with follow("stan", STREAM, headers={"Last-Event-ID": event["id"]}) as stream:
        await stream.line()
        missed = [await stream.event(), await stream.event()]

    assert stream.response.headers["Content-Type"].startswith("text/event-stream")
    assert event["event"] == "entry"
    assert json.loads(event["data"])["message"] == "a\nb"
    assert [json.loads(each["data"])["message"] for each in missed] == ["c", "d"]


async def test_whoever_follows_gets_what_they_may_see_and_asked_for(bench, follow):
    query = "&kind=log&initiator=stan&integration=by-url&text=FULL"
    async with follow("stan") as own, follow("dev", f"{LINES}{query}") as chosen, follow("ann") as everything:
        for stream in (own, chosen, everything):
            await stream.line()
        await log(bench, "r1", "disk full", name="dev", integration="by-url")
        await log(bench, "r2", "disk full", name="stan", integration="by-basic")
        await log(bench, "r3", "disk full", name="stan", plan="payroll", integration="by-url")
        await log(bench, "r4", "empty", name="stan", integration="by-url")
        await log(bench, "r5", "disk FULL again", name="stan", integration="by-url")

        assert [(await own.entry())["run"] for _ in range(4)] == ["r2", "r3", "r4", "r5"]
        assert (await chosen.entry())["run"] == "r5"
        assert [(await everything.entry())["run"] for _ in range(5)] == ["r1", "r2", "r3", "r4", "r5"]


async def test_what_one_may_see_is_asked_for_anew(bench, follow):
    async with follow("dev") as stream:
        await stream.line()
        await log(bench, "r1", "x", name="stan")
        assert (await stream.entry())["run"] == "r1"
        await bench.change_person("dev", roles=frozenset({"Standard"}))
        await log(bench, "r2", "x", name="stan")
        await log(bench, "r3", "x", name="dev")

        assert (await stream.entry())["run"] == "r3"


async def test_the_stream_of_somebody_who_is_disabled_ends(bench, follow):
    async with follow("dev") as stream:
        await stream.line()
        await bench.change_person("dev", status="INACTIVE")
        bench.pulse.beat()

        assert await asyncio.wait_for(stream.rest(), 5) == []


@pytest.mark.parametrize("path", [STREAM, LINES])
async def test_the_stream_of_somebody_whose_password_is_changed_ends(bench, follow, path):
    async with follow("dev", path) as theirs, follow("stan") as another:
        await theirs.line()
        await another.line()
        bench.clock.forward(seconds=1)
        changed = await bench.client("ann").put(
            "/api/v1/users/dev/password", json={"password": "another one"}
        )
        await log(bench, "after", "x", name="stan")

        assert changed.status_code == 204
        rest = await asyncio.wait_for(theirs.rest(), 5)
        assert [each for each in rest if each not in ("", ": still here")] == []
        assert (await another.entry())["run"] == "after"


async def test_streams_end_when_the_server_does(bench, follow):
    async with follow("dev") as stream:
        await stream.line()
        bench.stopping.set()

        assert await asyncio.wait_for(stream.rest(), 5) == []


async def test_many_entries_come_in_their_order_and_once(bench, follow):
    async with follow("stan") as stream:
        await stream.line()
        for number in range(3):
            await log(bench, f"run-{number}", *(str(each) for each in range(150)))
        entries = [await stream.entry() for _ in range(450)]

    assert [(each["run"], each["seq"]) for each in entries] == [
        (f"run-{number}", seq) for number in range(3) for seq in range(1, 151)
    ]


@pytest.mark.parametrize("text", ["x", "1", "-", "1-", "-1", "1-2-3", "1-x", "１-1", "1-" + "9" * 19])
async def test_an_id_that_is_none_is_refused(bench, text):
    answer = await bench.client("stan").get(STREAM, headers={"Last-Event-ID": text.encode()})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"header": "Last-Event-ID", "detail": "No id of an event of this feed."}
    ]


def test_a_place_is_read_as_it_was_written():
    assert read_place(write_place(FeedPlace(transaction=12, position=345))) == FeedPlace(
        transaction=12, position=345
    )


@pytest.mark.parametrize("kind", [SSE, NDJSON])
async def test_no_more_follow_than_may_though_several_come_at_once(bench, kind):
    async def gone():
        return {"type": "http.disconnect"}

    async def unheard(_message):
        await asyncio.Event().wait()

    feed = Feed(bench.parts, most=2)
    actor = Actor(subject="id-of-stan", name="stan", source="192.0.2.1")
    follower = Follower(actor=actor, wanted=EntryFilter(), after=FEED_START)
    first, _second = (feed.begin(follower, kind=kind) for _ in range(2))
    with pytest.raises(Problem) as refused:
        feed.begin(follower, kind=kind)
    # However it ends, there is room for another one.
    await asyncio.wait_for(first({"type": "http", "method": "GET"}, gone, unheard), 5)
    feed.begin(follower, kind=kind)
    with pytest.raises(Problem):
        feed.begin(follower, kind=kind)

    assert (refused.value.status_code, refused.value.headers) == (503, {"Retry-After": "5"})


async def test_what_was_not_for_a_follower_is_not_looked_at_again(bench):
    feed = Feed(bench.parts, keep_alive_seconds=0)
    actor = Actor(subject="id-of-stan", name="stan", source="192.0.2.1")
    lines = feed.lines(Follower(actor=actor, wanted=EntryFilter(), after=FEED_START))
    await anext(lines)
    await log(bench, "of-dev", "x", name="dev")
    passed_over = await anext(lines)
    await bench.change_person("stan", roles=frozenset({"Administrator"}))
    await log(bench, "after", "x", name="dev")
    seen = await anext(lines)
    await lines.aclose()

    assert passed_over == b"\n"
    assert [json.loads(each)["run"] for each in seen.splitlines()] == ["after"]


async def test_a_follower_who_gets_nothing_is_told_that_the_connection_lives(bench):
    feed = Feed(bench.parts, keep_alive_seconds=0)
    actor = Actor(subject="id-of-stan", name="stan", source="192.0.2.1")
    events = feed.events(Follower(actor=actor, wanted=EntryFilter(), after=FEED_START))
    first, second = await anext(events), await anext(events)
    await events.aclose()

    assert (first, second) == (b": still here\n\n", b": still here\n\n")
