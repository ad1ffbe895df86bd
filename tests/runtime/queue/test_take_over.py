"""A run whose worker ends at any point goes on with another one, as if nothing had been."""

import asyncio
from dataclasses import replace

import pytest
import structlog
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from deputize.activity.entries import activity_stream
from deputize.bundle.difference import compare
from deputize.bundle.make import gather
from deputize.bundle.replay import replay
from deputize.domain.functions import LOGIN
from deputize.domain.limits import Limits
from deputize.domain.person import Person, Role
from deputize.errors import StoreUnavailable
from deputize.execution.engine import Engine
from deputize.loopback import serve
from deputize.store import Database
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import CallNotSettled, Conflict, NotFound, NotPermitted
from deputize.use_cases.resume_run import resume_run
from deputize.worker import Worker
from deputize_client import Endpoint, NoAuthentication, TokenSource
from deputize_client.testing import FakeCredentialSource
from deputize_sandbox import Sandbox

pytestmark = pytest.mark.anyio

SOURCE = """
import random
from deputize.script import HttpError

def sent(send, *arguments, **more):
    try:
        return send(*arguments, **more).status_code
    except HttpError as error:
        return error.cause

def all_sent(http):
    requests = [http.build_request('PUT', f'c/{n}', json={'n': n}) for n in range(3)]
    try:
        return [answer.status_code for answer in http.send_all([*requests, http.build_request('GET', 'a')])]
    except HttpError as error:
        return [error.cause]

def main(payload, http, log, clock, form):
    log.info('begins', seed=random.random())
    told = [sent(http.get, 'a'), sent(http.post, 'b', json={'n': random.randrange(10**9)})]
    clock.sleep(0)
    log.warning('halfway', at=clock.now().isoformat(), told=told)
    told += all_sent(http)
    told += [sent(http.post, 'b', json={'n': random.randrange(10**9)})]
    told += [sent(form.post, recipients=['rob'])]
    log.info('ends', told=told)
    return told
"""


class Killed(Exception):
    """The process of a worker ends here."""


class Dying(Database):
    """A database that a process writes to until it ends: before its n-th write, or after it."""

    def __init__(self, url, *, clock, at, kept):
        super().__init__(url, clock=clock)
        self.at = at
        self.kept = kept
        self.writes = 0

    async def write(self, work):
        self.writes += 1
        if self.writes > self.at:
            raise Killed
        if self.writes == self.at and not self.kept:
            raise Killed
        done = await super().write(work)
        if self.writes >= self.at:
            raise Killed
        return done


class Away(Database):
    """A database that cannot be written to for a while: from its n-th write on, so many times."""

    def __init__(self, url, *, clock, at, times):
        super().__init__(url, clock=clock)
        self.away = range(at, at + times)
        self.writes = 0

    async def write(self, work):
        self.writes += 1
        if self.writes in self.away:
            raise StoreUnavailable("It is away.")
        return await super().write(work)


class Upstream:
    """Knows what came, and answers everything; what begins like what is to be held is when its gate opens."""

    def __init__(self):
        self.came = []
        self.keys = []
        self.held = None
        self.holding = asyncio.Queue()
        self.gate = asyncio.Event()

    async def answer(self, request):
        body = (await request.body()).decode()
        self.came.append((request.method, request.url.path, body))
        self.keys.append(request.headers.get("Idempotency-Key"))
        if self.held is not None and request.url.path.startswith(self.held):
            self.holding.put_nowait(request.url.path)
            await self.gate.wait()
        return JSONResponse({"requestId": "1"}, 202 if request.method == "POST" else 200)

    def writes(self):
        return sorted(each for each in self.came if each[0] != "GET")


class House:
    """Workers of one database, whose scripts call one upstream."""

    def __init__(self, database, given, clock, sandbox, platform, upstream):
        self.database = database
        self.given = given
        self.clock = clock
        self.sandbox = sandbox
        self.platform = platform
        self.upstream = upstream
        self.tells_repeated_posts = False
        self.sleep = asyncio.sleep

    def worker(self, database=None, *, most_lost=5):
        tokens = TokenSource()
        engine = Engine(
            sandbox=self.sandbox,
            platform=self.platform,
            tokens=tokens,
            clock=self.clock,
            tells_repeated_posts=self.tells_repeated_posts,
            sleep=self.sleep,
        )
        return Worker(
            database=database or self.database,
            compiler=self.sandbox,
            executor=engine,
            resources=self.given,
            limits=Limits(),
            most_lost=most_lost,
        )

    async def killed(self, run_id, *, at, kept):
        """Have a worker perform the run that is killed at its *at*-th write; return whether it was."""
        dying = Dying(
            self.database.address.url.render_as_string(hide_password=False),
            clock=self.clock,
            at=at,
            kept=kept,
        )
        await dying.open()
        worker = self.worker(dying)
        try:
            await worker.perform(run_id)
        except Killed:
            return True
        finally:
            await self.worker().recover(worker.name)
            await dying.close()
        return False


@pytest.fixture
async def accepted(accept, database):
    return await accept(database).prepare(SOURCE)


@pytest.fixture
def make_person(database):
    """Adds people who may sign in, and nothing else."""

    async def make(name):
        async def work(tx):
            await tx.roles.put(Role(name="Standard User", functions=frozenset({LOGIN})))
            await tx.people.put(Person(id=f"s-{name}", target_name=name, roles=frozenset({"Standard User"})))

        await database.write(work)
        return Actor(subject=f"s-{name}", name=name, source="127.0.0.1")

    return make


@pytest.fixture
async def house(database, given, clock, own_platform):
    upstream = Upstream()
    app = Starlette(routes=[Route("/{path:path}", upstream.answer, methods=["GET", "POST", "PUT"])])
    async with serve(app) as server, Sandbox() as sandbox:
        yield House(database, given, clock, sandbox, own_platform(server), upstream)


def known_of(calls, came):
    """What somebody who knows what *came* upstream says of the *calls* in doubt."""
    sent = {path for _, path, _ in came}
    return {each["call"]: "sent" if f"/{each['path'].lstrip('/')}" in sent else "not sent" for each in calls}


def kinds(entries):
    """What a stream tells that the script did, in an order that calls at the same time do not change."""
    return sorted(
        (each["kind"], each.get("statusCode"), str(each.get("message")))
        for each in entries
        if each["kind"] not in ("run.resumed", "run.interrupted")
    )


@pytest.mark.parametrize("kept", [False, True], ids=["before a write", "after a write"])
async def test_wherever_a_worker_is_killed_the_run_goes_on_and_nothing_is_done_twice(
    house, accepted, database, kept
):
    undisturbed = await accepted.run(source=SOURCE)
    await house.worker().perform(undisturbed)
    wanted = await accepted.get(undisturbed)
    assert (wanted.state, wanted.result) == ("COMPLETED", [200, 202, 200, 200, 200, 200, 202, 202])
    number = len(house.upstream.came)

    at, interrupted = 0, 0
    while True:
        at += 1
        house.upstream.came.clear()
        run_id = await accepted.run(source=SOURCE)
        if not await house.killed(run_id, at=at, kept=kept):
            break
        before = await accepted.entries(run_id)
        await house.worker().perform(run_id)
        known = {}
        run = await accepted.get(run_id)
        if run.state == "INTERRUPTED":
            interrupted += 1
            last = (await accepted.entries(run_id))[-1]
            assert last["kind"] == "run.interrupted"
            known = known_of(last["calls"], house.upstream.writes())
            await resume_run(database, Actor.operator(), run_id=run_id, calls=known)
            await house.worker().perform(run_id)
            run = await accepted.get(run_id)

        entries = await accepted.entries(run_id)
        assert run.error is None, run.error["message"]
        assert entries[: len(before)] == before
        assert [each["seq"] for each in entries] == list(range(1, len(entries) + 1))
        activity_stream.validate_python(entries)
        writes = house.upstream.writes()
        assert len(writes) == len(set(writes))
        assert len(house.upstream.came) <= number + 2
        if "sent" not in known.values():
            assert (len(writes), run.result) == (6, wanted.result)
            assert kinds(entries) == kinds(await accepted.entries(undisturbed))
        else:
            assert "answer_lost" in run.result
        assert await database.read(lambda tx, id_=run_id: tx.calls.of_run(id_)) == []

    assert at > 10
    assert interrupted


async def test_a_database_that_is_away_for_long_cuts_a_run_off_and_does_not_end_it(
    house, accepted, database, clock, monkeypatch
):
    monkeypatch.setattr("deputize.worker.store_keeper.PATIENCE_SECONDS", 0)
    run_id = await accepted.run(source=SOURCE)
    # Its first call is about to be kept.
    away = Away(database.address.url.render_as_string(hide_password=False), clock=clock, at=2, times=3)
    await away.open()
    with structlog.testing.capture_logs() as log:
        await house.worker(away).perform(run_id)
    await away.close()
    cut_off = await accepted.get(run_id)
    await house.worker().perform(run_id)

    assert [each["event"] for each in log if each["event"].startswith("run.cut")] == ["run.cut_off"]
    assert (cut_off.state, cut_off.worker, cut_off.lost) == ("RUNNING", None, 0)
    run = await accepted.get(run_id)
    assert (run.state, run.result) == ("COMPLETED", [200, 202, 200, 200, 200, 200, 202, 202])


async def test_a_run_without_calls_costs_two_commits(house, accepted, database, monkeypatch):
    """Taking it up, and its end with all that it wrote."""
    await accepted.save(2, "def main(log):\n    log.info('a line')\n    return 1\n")
    run_id = await accepted.run(script_version_id="sync-2")
    # However long the script takes on a busy machine.
    monkeypatch.setattr("deputize.activity.stream._DELAY_SECONDS", 3600)
    commits, write = [], database.write

    async def counted(work):
        commits.append(work)
        return await write(work)

    monkeypatch.setattr(database, "write", counted)
    await house.worker().perform(run_id)

    assert (await accepted.get(run_id)).state == "COMPLETED"
    assert len(commits) == 2


async def hold(house, run_id, path, *, number=1):
    """Have a worker perform the run until *number* calls to *path* are under way; return it with what it does."""
    house.upstream.held = path
    worker = house.worker()
    performing = asyncio.create_task(worker.perform(run_id))
    for _ in range(number):
        await house.upstream.holding.get()
    house.upstream.held = None
    return worker, performing


async def test_whoever_was_taken_for_dead_writes_nothing_more_and_sends_nothing_more(house, accepted):
    run_id = await accepted.run(source=SOURCE)
    frozen, performing = await hold(house, run_id, "/a")
    await house.worker().recover(frozen.name)
    await house.worker().perform(run_id)
    run, entries, came = await accepted.get(run_id), await accepted.entries(run_id), [*house.upstream.came]
    house.upstream.gate.set()
    with structlog.testing.capture_logs() as log:
        await performing

    assert run.state == "COMPLETED"
    assert [each["event"] for each in log][-1] == "run.attempt_lost"
    assert (await accepted.get(run_id), await accepted.entries(run_id)) == (run, entries)
    assert house.upstream.came == came


class Standing(FakeCredentialSource):
    """Stands still while a credential is asked for that is to be held, as a process does that is frozen."""

    def __init__(self):
        super().__init__()
        self.hold = asyncio.Event()
        self.reached = asyncio.Event()
        self.gate = asyncio.Event()

    async def credential(self, endpoint):
        if self.hold.is_set():
            self.hold.clear()
            self.reached.set()
            await self.gate.wait()
        return await super().credential(endpoint)


async def test_whoever_stands_still_between_intent_and_credential_sends_nothing_when_another_went_on(
    house, accepted, database
):
    await accepted.save(2, "def main(http):\n    return http.post('b', json=1).status_code\n")
    run_id = await accepted.run(script_version_id="sync-2")
    credentials = Standing()
    house.platform.credentials = lambda: credentials
    credentials.hold.set()
    frozen = house.worker()
    performing = asyncio.create_task(frozen.perform(run_id))
    await credentials.reached.wait()
    await house.worker().recover(frozen.name)
    await house.worker().perform(run_id)
    interrupted, came = await accepted.get(run_id), [*house.upstream.came]
    await resume_run(database, Actor.operator(), run_id=run_id, calls="not sent")
    await house.worker().perform(run_id)
    run, entries = await accepted.get(run_id), await accepted.entries(run_id)
    credentials.gate.set()
    with structlog.testing.capture_logs() as log:
        await performing

    assert (interrupted.state, came) == ("INTERRUPTED", [])
    assert (run.state, run.result) == ("COMPLETED", 202)
    assert [each["event"] for each in log][-1] == "run.attempt_lost"
    assert house.upstream.came == [("POST", "/b", "1")]
    assert (await accepted.get(run_id), await accepted.entries(run_id)) == (run, entries)


async def test_a_call_that_may_not_be_sent_twice_interrupts_the_run_and_says_what_to_do(house, accepted):
    run_id = await accepted.run(source=SOURCE)
    frozen, performing = await hold(house, run_id, "/b")
    await house.worker().recover(frozen.name)
    await house.worker().perform(run_id)
    performing.cancel()

    run, last = await accepted.get(run_id), (await accepted.entries(run_id))[-1]
    assert (run.state, run.finished is None, run.worker) == ("INTERRUPTED", False, None)
    assert (last["kind"], last["reason"]) == (
        "run.interrupted",
        "Its worker ended while the call POST b to endpoint 'platform' (line 7) was under way. Whether it was "
        "sent is not known, and it is not sent a second time. Look there, then say which: "
        f"deputize runs resume {run_id} --sent, or --not-sent.",
    )


async def test_of_several_calls_under_way_it_is_said_of_each_whether_it_was_sent(house, accepted, database):
    run_id = await accepted.run(source=SOURCE)
    frozen, performing = await hold(house, run_id, "/c/", number=3)
    await house.worker().recover(frozen.name)
    await house.worker().perform(run_id)
    performing.cancel()
    last, operator = (await accepted.entries(run_id))[-1], Actor.operator()
    named = [f"{n + 1}. PUT c/{n} to endpoint 'platform' (line 14)" for n in range(3)]
    refused = {}
    for said in ("sent", {1: "sent", 3: "sent"}, {1: "sent", 2: "sent", 3: "sent", 4: "sent"}):
        with pytest.raises((CallNotSettled, Conflict)) as refusal:
            await resume_run(database, operator, run_id=run_id, calls=said)
        refused[str(said)] = f"{refusal.value.code}: {refusal.value}"
    house.upstream.came.clear()
    await resume_run(database, operator, run_id=run_id, calls={1: "sent", 2: "not sent", 3: "sent"})
    await house.worker().perform(run_id)

    assert last["reason"] == (
        f"Its worker ended while 3 calls were under way: {'; '.join(named)}. Whether they were sent is not "
        "known, and none is sent a second time. Look there, then say of each which, by its number: "
        f"deputize runs resume {run_id} --sent 1 --not-sent 2, and so on."
    )
    assert last["calls"] == [
        {
            "call": n + 1,
            "endpoint": "platform",
            "method": "PUT",
            "path": f"c/{n}",
            "body": f'{{"n": {n}}}',
            "line": 14,
        }
        for n in range(3)
    ]
    ask = (
        f"CALL_NOT_SETTLED: Say of each call of the run {run_id} that was under way whether it was sent. Sent, "
        "it is not sent again, and the script is told that its answer is lost; not sent, it is sent now. Left "
        "are: "
    )
    assert list(refused.values()) == [
        f"{ask}{'; '.join(named)}.",
        f"{ask}{named[1]}.",
        f"CONFLICT: No call 4 of the run was under way. These were: {'; '.join(named)}.",
    ]
    assert [path for method, path, _ in house.upstream.writes() if method == "PUT"] == ["/c/1"]
    run = await accepted.get(run_id)
    assert (run.state, run.result) == ("COMPLETED", [200, 202, "answer_lost", 202, 202])
    [noted] = await database.read(lambda tx: tx.audit.page(limit=10))
    assert noted.detail["calls"] == {"1": "sent", "2": "not sent", "3": "sent"}


async def test_a_run_that_was_given_up_goes_on_from_its_journal_when_an_operator_says_so(
    house, accepted, database
):
    run_id = await accepted.run(source=SOURCE)
    frozen, performing = await hold(house, run_id, "/c/1")
    await house.worker().recover(frozen.name)
    await house.worker(most_lost=1).perform(run_id)
    performing.cancel()
    given_up = await accepted.get(run_id)
    operator = Actor.operator()
    with pytest.raises(Conflict) as refused:
        await resume_run(database, operator, run_id=run_id, calls="sent")
    resumed = await resume_run(database, operator, run_id=run_id)
    await house.worker(most_lost=1).perform(run_id)
    doubtful = await accepted.get(run_id)
    in_doubt = (await accepted.entries(run_id))[-1]["calls"]
    await resume_run(database, operator, run_id=run_id, calls=known_of(in_doubt, house.upstream.writes()))
    await house.worker().perform(run_id)

    assert str(refused.value) == (
        "The run is POISONED: nothing need be said of its calls. Resume it without."
    )
    assert (given_up.state, resumed.state, resumed.error, resumed.lost) == ("POISONED", "RUNNING", None, 0)
    assert (doubtful.state, (await accepted.get(run_id)).state) == ("INTERRUPTED", "COMPLETED")
    writes = house.upstream.writes()
    assert len(writes) == len(set(writes))
    entries = await accepted.entries(run_id)
    assert [each["seq"] for each in entries] == list(range(1, len(entries) + 1))
    noted = await database.read(lambda tx: tx.audit.page(limit=10))
    assert [each.detail["state"] for each in noted] == ["INTERRUPTED", "POISONED"]
    run = await accepted.get(run_id)
    bundle = await database.read(lambda tx: gather(tx, run, secrets=()))
    script = await house.sandbox.compile(SOURCE, filename="sync", shared={})
    again = await replay(bundle, script, sandbox=house.sandbox)
    assert [each.what for each in compare(bundle, again).differences if each.what != "entry"] == []
    assert [entry.kind for entry in bundle.activity].count("run.finished") == 2
    assert "run.finished" not in [each.where.split()[-1] for each in compare(bundle, again).differences]


async def test_a_call_to_an_endpoint_that_knows_repetitions_is_sent_again_with_the_same_key(
    house, accepted, given
):
    given.resources = replace(
        given.resources,
        endpoints={
            "desk": Endpoint(
                name="desk",
                base_url=house.platform.base_url,
                authentication=NoAuthentication(),
                admitted=house.platform.admitted,
                knows_idempotency_keys=True,
            )
        },
    )
    await accepted.save(
        2, "def main(http):\n    return http.post('b', endpoint='desk', json=1).status_code\n"
    )
    run_id = await accepted.run(script_version_id="sync-2")
    frozen, performing = await hold(house, run_id, "/b")
    await house.worker().recover(frozen.name)
    await house.worker().perform(run_id)
    performing.cancel()

    first, again = house.upstream.keys
    assert (await accepted.get(run_id)).result == 202
    assert first == again
    assert first.startswith(f"{run_id}-")


@pytest.mark.parametrize(("passed", "slept"), [(45, [60.0, 15.0]), (100, [60.0])])
async def test_a_sleep_that_was_cut_off_ends_when_it_would_have_ended(house, accepted, clock, passed, slept):
    source = "def main(http, clock):\n    http.get('a')\n    clock.sleep(60)\n    return clock.now().second\n"
    await accepted.save(2, source)
    await accepted.change(limits={"wall_seconds": 600})
    run_id = await accepted.run(script_version_id="sync-2")
    sleeps, asleep, awake = [], asyncio.Event(), asyncio.Event()

    async def sleep(seconds):
        sleeps.append(seconds)
        asleep.set()
        await awake.wait()

    house.sleep = sleep
    frozen = house.worker()
    performing = asyncio.create_task(frozen.perform(run_id))
    await asleep.wait()
    await house.worker().recover(frozen.name)
    performing.cancel()
    clock.forward(seconds=passed)
    awake.set()
    await house.worker().perform(run_id)

    assert sleeps == slept
    assert (await accepted.get(run_id)).state == "COMPLETED"
    assert [path for _, path, _ in house.upstream.came] == ["/a"]


class Watched:
    """A sandbox that remembers how long each script may take."""

    def __init__(self, sandbox):
        self._sandbox = sandbox
        self.walls = []

    def __getattr__(self, name):
        return getattr(self._sandbox, name)

    async def run(self, *arguments, limits, **more):
        self.walls.append(limits.wall_seconds)
        return await self._sandbox.run(*arguments, limits=limits, **more)


@pytest.mark.parametrize(("took", "left"), [(29, 31.0), (58, 5.0)])
async def test_all_attempts_together_have_one_limit_of_wall_time(house, accepted, clock, took, left):
    source = f"def main(http, clock):\n    http.get('a')\n    clock.sleep({took})\n    http.get('b')\n"
    await accepted.save(2, source)
    run_id = await accepted.run(script_version_id="sync-2")

    async def sleep(seconds):
        clock.forward(seconds=seconds)

    house.sleep = sleep
    house.sandbox = Watched(house.sandbox)
    frozen, performing = await hold(house, run_id, "/b")
    await house.worker().recover(frozen.name)
    clock.forward(hours=1)
    await house.worker().perform(run_id)
    performing.cancel()

    assert house.sandbox.walls == [60.0, left]
    assert (await accepted.get(run_id)).state == "COMPLETED"


async def test_a_form_is_posted_again_with_the_same_key_where_the_platform_tells_that(
    house, accepted, database
):
    source = "def main(form):\n    return form.post(recipients=['rob']).status_code\n"
    await accepted.save(2, source)
    run_id = await accepted.run(source=source, script_version_id="sync-2")
    house.tells_repeated_posts = True
    frozen, performing = await hold(house, run_id, "/api/xm/1")
    await house.worker().recover(frozen.name)
    await house.worker().perform(run_id)
    performing.cancel()

    run = await accepted.get(run_id)
    assert (run.state, run.result) == ("COMPLETED", 202)
    first, second = house.upstream.keys
    assert first == second
    assert first.startswith(run_id)
    assert house.upstream.came[0] == house.upstream.came[1]
    bundle = await database.read(lambda tx: gather(tx, run, secrets=()))
    script = await house.sandbox.compile(source, filename="sync", shared={})
    again = await replay(bundle, script, sandbox=house.sandbox)
    assert compare(bundle, again).differences == ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "def told(http, clock):\n    http.get('a')\n",
            "def told(http, clock):\n    clock.sleep(0)\n",
            "Its question 1 to the host was\n- http.send (line 4)\nand is now\n+ clock.sleep (line 4)",
        ),
        (
            "def told(http, clock):\n    http.get('a')\n",
            "def told(http, clock):\n    http.post('z', json=1)\n",
            "Its question 1 to the host came to the calls\n- GET a\n+ POST z 1",
        ),
        (
            "def told(http, clock):\n    http.post('a', json={'password': 'old-value', 'n': 1})\n",
            "def told(http, clock):\n    http.post('a', json={'password': 'new-value', 'n': 2})\n",
            'Its question 1 to the host came to the calls\n- POST a {"n": 1, "password": "‹redacted›"}\n'
            '+ POST a {"n": 2, "password": "‹redacted›"}',
        ),
        (
            "def told(http, clock):\n    print('one')\n    http.get('a')\n",
            "def told(http, clock):\n    print('two')\n    http.get('a')\n",
            'Line 1 of its log was\n- {"fields": {}, "level": "info", "message": "one"}\nand is now\n'
            '+ {"fields": {}, "level": "info", "message": "two"}',
        ),
        (
            "def told(http, clock):\n    http.get('a')\n",
            "def told(http, clock):\n    raise ValueError\n",
            None,
        ),
    ],
    ids=["another question", "another call", "another body", "another line", "fewer questions"],
)
async def test_a_script_that_does_something_else_than_before_is_stopped_with_the_difference(
    house, accepted, given, before, after, told
):
    source = "from shared import words\n\ndef main(http, clock):\n    words.told(http, clock)\n    http.get('held')\n"
    await accepted.save(2, source)
    given.resources = replace(given.resources, shared={"words": before})
    run_id = await accepted.run(script_version_id="sync-2")
    frozen, performing = await hold(house, run_id, "/held")
    await house.worker().recover(frozen.name)
    given.resources = replace(given.resources, shared={"words": after})
    came = [*house.upstream.came]
    await house.worker().perform(run_id)
    performing.cancel()

    assert house.upstream.came == came
    run = await accepted.get(run_id)
    assert (run.state, run.error["code"]) == ("FAILED", "SCRIPT_DIVERGED")
    if told is None:
        told = "It ended, and did before:\n- http.send (line 4)\n- GET a\n- GET held"
    assert run.error["message"] == (
        f"The script did not do again what it had done before its worker ended. {told}"
    )


async def test_calls_at_the_same_time_are_compared_before_any_is_sent(house, accepted, given):
    source = "from shared import words\n\ndef main(http):\n    words.told(http)\n"
    told = "def told(http):\n    http.send_all([http.build_request('GET', path) for path in [{}]])\n"
    await accepted.save(2, source)
    given.resources = replace(given.resources, shared={"words": told.format("'a', 'held'")})
    run_id = await accepted.run(script_version_id="sync-2")
    frozen, performing = await hold(house, run_id, "/held")
    await house.worker().recover(frozen.name)
    given.resources = replace(given.resources, shared={"words": told.format("'new', 'a'")})
    came = [*house.upstream.came]
    await house.worker().perform(run_id)
    performing.cancel()

    assert house.upstream.came == came
    assert (await accepted.get(run_id)).error["message"] == (
        "The script did not do again what it had done before its worker ended. "
        "Its question 1 to the host came to the calls\n- GET held\n+ GET new"
    )


async def test_a_run_goes_on_with_the_libraries_form_and_limits_that_it_began_with(
    house, accepted, database, given, script_version
):
    before, after = "def told():\n    return 'before'\n", "def told():\n    return 'after'\n"
    await database.write(lambda tx: tx.scripts.add(script_version(1, before, owner="words")))
    await accepted.save(
        2,
        "from shared import words\n\ndef main(http, form, constants):\n    http.get('held')\n"
        "    return [words.told(), form.post().status_code, constants['X']]\n",
    )
    given.resources = replace(given.resources, shared={"words": before}, constants={"X": "before"})
    run_id = await accepted.run(script_version_id="sync-2")
    frozen, performing = await hold(house, run_id, "/held")
    await house.worker().recover(frozen.name)
    given.resources = replace(given.resources, shared={"words": after}, constants={"X": "after"})
    await accepted.change(form_id=None, limits={"calls": 1})
    await house.worker().perform(run_id)
    performing.cancel()

    run = await accepted.get(run_id)
    assert (run.state, run.result) == ("COMPLETED", ["before", 202, "before"])


async def test_a_run_is_resumed_once_and_only_by_who_may_edit_its_plan(
    house, accepted, database, make_person
):
    run_id = await accepted.run(source=SOURCE)
    operator = Actor.operator()
    with pytest.raises(Conflict) as queued:
        await resume_run(database, operator, run_id=run_id, calls="sent")
    frozen, performing = await hold(house, run_id, "/b")
    await house.worker().recover(frozen.name)
    await house.worker().perform(run_id)
    performing.cancel()
    stranger = await make_person("stan")
    with pytest.raises(NotPermitted):
        await resume_run(database, stranger, run_id=run_id, calls="sent")
    with pytest.raises(NotFound):
        await resume_run(database, operator, run_id="no run", calls="sent")
    await resume_run(database, operator, run_id=run_id, calls="sent")
    with pytest.raises(Conflict):
        await resume_run(database, operator, run_id=run_id, calls="not sent")

    assert str(queued.value) == "The run is QUEUED. Only one that is INTERRUPTED or POISONED can be resumed."
    [noted] = await database.read(lambda tx: tx.audit.page(limit=10))
    assert (noted.action, noted.target, noted.detail) == (
        "run.resumed",
        f"run:{run_id}",
        {"state": "INTERRUPTED", "calls": {"1": "sent"}},
    )
