"""Whatever a script does, and wherever its workers end: the run is as if nothing had been.

What is looked at is what others can see: the requests that came to the other side, the stream, the run and
its journal.
"""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import example, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from deputize.activity.entries import activity_stream
from deputize.bundle.difference import compare
from deputize.bundle.make import gather
from deputize.bundle.replay import replay
from deputize.domain.limits import Limits
from deputize.execution.engine import Engine
from deputize.loopback import serve
from deputize.store import Database
from deputize.use_cases.actor import Actor
from deputize.use_cases.resume_run import resume_run
from deputize.worker import Worker
from deputize_client import TokenSource
from deputize_sandbox import Sandbox

#: Does what it is given, step for step, and remembers what it was told.
SOURCE = """
import random
from deputize.script import HttpError

def request(http, n, what):
    if what == 'same':
        return http.build_request('POST', 'same')
    if what == 'refused':
        return http.build_request('GET', f'refused/{n}')
    return http.build_request(what, f'{n}', json=None if what == 'GET' else {'r': random.random()})

def told(send, *arguments, **more):
    try:
        answer = send(*arguments, **more)
    except HttpError as error:
        return error.cause
    several = answer if isinstance(answer, list) else [answer]
    return [(each.status_code, each.text) for each in several]

def main(payload, http, form, log, clock):
    known = []
    for n, (what, *more) in enumerate(payload):
        if what == 'log':
            for line in range(more[0]):
                log.warning(f'line {line} of {n}', known=len(known))
        elif what == 'now':
            known.append(clock.now().isoformat())
        elif what == 'sleep':
            clock.sleep(0.001)
        elif what == 'form':
            known.append(told(form.post, recipients=[f'r{n}']))
        elif what == 'all':
            requests = [request(http, f'{n}.{i}', each) for i, each in enumerate(more[0])]
            known.append(told(http.send_all, requests))
        elif what == 'raise':
            raise ValueError(repr(known))
        else:
            known.append(told(http.send, request(http, n, what)))
    return known
"""

methods = st.sampled_from(["GET", "POST", "PUT", "same", "refused"])
one_step = st.one_of(
    methods.map(lambda method: [method]),
    st.lists(methods, min_size=1, max_size=5).map(lambda several: ["all", several]),
    st.integers(1, 3).map(lambda lines: ["log", lines]),
    st.sampled_from([["form"], ["now"], ["sleep"]]),
)
scripts = st.tuples(
    st.lists(one_step, min_size=1, max_size=6), st.sampled_from([[], [], [["log", 1]], [["raise"]]])
).map(lambda parts: [*parts[0], *parts[1]])


@dataclass(frozen=True)
class End:
    """How and when the worker of an attempt ends, if the run does not end before."""

    #: Killed before its n-th write is kept, or after; or stopped then; or stopped, or frozen, as its n-th
    #: request has come.
    how: str
    n: int


HOW = ("killed before a write", "killed after a write", "stopped", "stopped in a call", "frozen in a call")
ends = st.lists(st.builds(End, st.sampled_from(HOW), st.integers(1, 14)), min_size=1, max_size=3)


class Killed(BaseException):
    """The process of a worker ends here: nothing of it goes on."""


class Dying(Database):
    """A database that a process writes to until it ends."""

    def __init__(self, url, *, clock, end):
        super().__init__(url, clock=clock)
        self.end = end
        self.writes = 0
        self.dead = False
        #: The task of the worker.
        self.performing = None

    async def write(self, work):
        self.writes += 1
        here = self.writes == self.end.n
        if self.dead or (here and self.end.how == "killed before a write"):
            self._die()
        done = await super().write(work)
        if here and self.end.how == "killed after a write":
            self._die()
        if here and self.end.how == "stopped":
            self.performing.cancel()
        return done

    def _die(self):
        self.dead = True
        raise Killed


class Upstream:
    """Knows what came, and answers everything by what it was asked; one request may be held."""

    def __init__(self):
        self.came = Counter()
        self.forget()

    def forget(self):
        self.until_held = None
        self.holding = asyncio.Event()
        self.gate = asyncio.Event()

    async def answer(self, request):
        body = (await request.body()).decode()
        self.came[request.method, request.url.path, body] += 1
        if self.until_held is not None:
            self.until_held -= 1
            if self.until_held == 0:
                self.holding.set()
                await self.gate.wait()
        refused = "refused" in request.url.path
        status = 403 if refused else 202 if request.method == "POST" else 200
        return JSONResponse({"requestId": request.url.path}, status)


class House:
    """Workers of one database, whose scripts call one upstream."""

    def __init__(self, accepted, given, clock, sandbox, platform, upstream):
        self.accepted = accepted
        self.database = accepted.database
        self.given = given
        self.clock = clock
        self.sandbox = sandbox
        self.platform = platform
        self.upstream = upstream

    def worker(self, database=None):
        engine = Engine(sandbox=self.sandbox, platform=self.platform, tokens=TokenSource(), clock=self.clock)
        return Worker(
            database=database or self.database,
            compiler=self.sandbox,
            executor=engine,
            resources=self.given,
            limits=Limits(),
        )

    async def attempt(self, run_id, end):
        """Have a worker perform the run until *end*; return what is left of it where it is frozen."""
        url = self.database.address.url.render_as_string(hide_password=False)
        dying = Dying(url, clock=self.clock, end=end)
        await dying.open()
        worker = self.worker(dying)
        self.upstream.forget()
        if end.how.endswith("in a call"):
            self.upstream.until_held = end.n
        performing = dying.performing = asyncio.create_task(worker.perform(run_id))
        holding = asyncio.create_task(self.upstream.holding.wait())
        await asyncio.wait([performing, holding], return_when=asyncio.FIRST_COMPLETED)
        holding.cancel()
        if performing.done():
            return await self.gone(worker, dying, performing)
        if end.how == "stopped in a call":
            performing.cancel()
            await asyncio.wait([performing])
            return await self.gone(worker, dying, performing)
        await self.worker().recover(worker.name)
        return Frozen(dying, performing, self.upstream.gate)

    async def gone(self, worker, dying, performing):
        if not performing.cancelled():
            performing.exception()
        if dying.dead:
            await self.worker().recover(worker.name)
        self.upstream.gate.set()
        await dying.close()


@dataclass
class Frozen:
    """What was left of a worker that was taken for dead."""

    database: Database
    performing: asyncio.Task
    gate: asyncio.Event

    async def thaw(self):
        self.gate.set()
        await asyncio.wait([self.performing])
        self.performing.result()
        await self.database.close()


@pytest.fixture
def portal():
    with start_blocking_portal("asyncio") as portal:
        yield portal


@pytest.fixture
def house(portal, database_url, accept, given, clock, own_platform):
    stack = AsyncExitStack()

    async def open_house():
        database = Database(database_url, clock=clock)
        await database.open()
        stack.push_async_callback(database.close)
        accepted = await accept(database).prepare(SOURCE)
        upstream = Upstream()
        methods = ["GET", "POST", "PUT"]
        app = Starlette(routes=[Route("/{path:path}", upstream.answer, methods=methods)])
        server = await stack.enter_async_context(serve(app))
        sandbox = await stack.enter_async_context(Sandbox())
        return House(accepted, given, clock, sandbox, own_platform(server), upstream)

    yield portal.call(open_house)
    portal.call(stack.aclose)


def arrived(came):
    """What came, by method and path: bodies differ from run to run."""
    counted = Counter()
    for (method, path, _), number in came.items():
        counted[method, path] += number
    return counted


def told(entries):
    """How often the stream tells of each request."""
    return Counter(
        (each["request"]["method"], "/" + each["request"]["url"].split("/", 3)[-1].lstrip("/"))
        for each in entries
        if each["kind"] == "http.exchange"
    )


def story(entries):
    """What the stream tells that the script did; calls at the same time come in any order."""
    return sorted(
        (
            each["kind"],
            each["level"],
            each["script"]["line"] or 0,
            each.get("message", ""),
            str(each.get("fields")),
            str(each.get("request", {}).get("url")).split("/", 3)[-1],
            str(each.get("statusCode")),
        )
        for each in entries
        if each["kind"] not in ("run.resumed", "run.interrupted")
    )


async def journal_of(house, run_id):
    entries = await house.database.read(lambda tx: tx.journal.entries(run_id))
    return [(each.number, each.capability, each.method, each.line, len(each.exchanges)) for each in entries]


async def go_on(house, run_id):
    """Perform the run to its end; whoever operates says of a call that nobody knows of what the ledger has.

    Return whether an answer was given up for lost.
    """
    gave_up = False
    await house.worker().perform(run_id)
    if (await house.accepted.get(run_id)).state == "INTERRUPTED":
        entries = await house.accepted.entries(run_id)
        in_doubt = entries[-1]["calls"]
        assert in_doubt
        untold = arrived(house.upstream.came)
        untold.subtract(told(entries))
        known = {}
        for each in in_doubt:
            key = (each["method"], f"/{each['path'].lstrip('/')}")
            known[each["call"]] = "sent" if untold[key] > 0 else "not sent"
            untold[key] -= 1
        gave_up = "sent" in known.values()
        await resume_run(house.database, Actor.operator(), run_id=run_id, calls=known)
        await house.worker().perform(run_id)
    return gave_up


async def tell_story(house, steps, ends):
    """Run *steps* undisturbed, and with a worker for each of *ends*; compare."""
    undisturbed = await house.accepted.run(steps, source=SOURCE)
    house.upstream.came.clear()
    await house.worker().perform(undisturbed)
    wanted, asked = await house.accepted.get(undisturbed), arrived(house.upstream.came)
    assert wanted.finished is not None

    run_id = await house.accepted.run(steps, source=SOURCE)
    house.upstream.came.clear()
    before, gave_up, frozen = [], False, []
    for each in ends:
        left = await house.attempt(run_id, each)
        if left is not None:
            frozen.append(left)
        entries = await house.accepted.entries(run_id)
        assert entries[: len(before)] == before
        before = entries
        if (await house.accepted.get(run_id)).finished is not None:
            break
    sent, known = arrived(house.upstream.came), told(before)
    # The answers that were known were given to nobody but the script, or are still to be given.
    for key, number in known.items():
        assert sent[key] >= number
    gave_up = await go_on(house, run_id)
    run, entries = await house.accepted.get(run_id), await house.accepted.entries(run_id)
    for each in frozen:
        await each.thaw()

    assert (await house.accepted.get(run_id), await house.accepted.entries(run_id)) == (run, entries)
    assert entries[: len(before)] == before
    assert [each["seq"] for each in entries] == list(range(1, len(entries) + 1))
    activity_stream.validate_python(entries)
    came = arrived(house.upstream.came)
    for key, number in came.items():
        # Of what was answered before, nothing more came; what may harm came no more often than asked for.
        assert number - sent[key] <= asked[key] - known[key], key
        assert key[0] == "GET" or number <= asked[key], key
    assert run.state == wanted.state
    assert run.calls == wanted.calls
    assert await house.database.read(lambda tx: tx.calls.of_run(run_id)) == []
    assert await journal_of(house, run_id) == await journal_of(house, undisturbed)
    bundle = await house.database.read(lambda tx: gather(tx, run, secrets=()))
    script = await house.sandbox.compile(SOURCE, filename="sync", shared={})
    again = await replay(bundle, script, sandbox=house.sandbox)
    assert (again.drift, again.run.state, again.run.result) == ((), run.state, run.result)
    if not any(what == "all" for what, *_ in steps):
        # Calls at the same time end in another order.
        assert compare(bundle, again).differences == ()
    if not gave_up:
        assert run.result == wanted.result
        assert (run.error or {}).get("message") == (wanted.error or {}).get("message")
        assert run.refusals == wanted.refusals
        assert story(entries) == story(await house.accepted.entries(undisturbed))


def test_wherever_workers_end_the_run_is_as_if_nothing_had_been(portal, house):
    @given(steps=scripts, ends=ends)
    @example(steps=[["sleep"], ["now"]], ends=[End("killed before a write", 1)])
    @settings(max_examples=30, deadline=None)
    def holds(steps, ends):
        portal.call(tell_story, house, steps, ends)

    holds()
