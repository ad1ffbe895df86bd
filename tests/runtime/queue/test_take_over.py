"""A run whose worker ends at any point goes on with another one, as if nothing had been."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest
import structlog
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from deputize.activity.entries import activity_stream
from deputize.domain.functions import LOGIN
from deputize.domain.limits import Limits
from deputize.domain.person import Person, Role
from deputize.execution.engine import Engine
from deputize.loopback import serve
from deputize.store import Database
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import Conflict, NotFound, NotPermitted
from deputize.use_cases.resume_run import resume_run
from deputize.worker import Worker
from deputize_client import Endpoint, NoAuthentication, TokenSource
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


class Upstream:
    """Knows what came, and answers everything; what is to be held is when its gate opens."""

    def __init__(self):
        self.came = []
        self.keys = []
        self.held = None
        self.holding = asyncio.Event()
        self.gate = asyncio.Event()

    async def answer(self, request):
        body = (await request.body()).decode()
        self.came.append((request.method, request.url.path, body))
        self.keys.append(request.headers.get("Idempotency-Key"))
        if request.url.path == self.held:
            self.holding.set()
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

    def worker(self, database=None):
        tokens = TokenSource()
        engine = Engine(sandbox=self.sandbox, platform=self.platform, tokens=tokens, clock=self.clock)
        return Worker(
            database=database or self.database,
            compiler=self.sandbox,
            executor=engine,
            resources=self.given,
            limits=Limits(),
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


async def unknown_calls(tx, *, run_id):
    """The paths of the calls of which nobody knows whether they were sent, and which may not be twice."""
    return {
        f"/{each.intent.path.lstrip('/')}"
        for each in await tx.calls.of_run(run_id)
        if each.outcome is None and not each.intent.repeatable
    }


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
        call = "not sent"
        run = await accepted.get(run_id)
        if run.state == "INTERRUPTED":
            interrupted += 1
            assert (await accepted.entries(run_id))[-1]["kind"] == "run.interrupted"
            unknown = await database.read(partial(unknown_calls, run_id=run_id))
            sent = {path for _, path, _ in house.upstream.writes()}
            call = "sent" if unknown & sent else "not sent"
            await resume_run(database, Actor.operator(), run_id=run_id, call=call)
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
        if call == "not sent":
            assert (len(writes), run.result) == (6, wanted.result)
            assert kinds(entries) == kinds(await accepted.entries(undisturbed))
        else:
            assert "answer_lost" in run.result
        assert await database.read(lambda tx, id_=run_id: tx.calls.of_run(id_)) == []

    assert at > 10
    assert interrupted


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


async def hold(house, run_id, path):
    """Have a worker perform the run until its call to *path* is under way; return it with what it does."""
    house.upstream.held = path
    worker = house.worker()
    performing = asyncio.create_task(worker.perform(run_id))
    await house.upstream.holding.wait()
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
        await resume_run(database, operator, run_id=run_id, call="sent")
    frozen, performing = await hold(house, run_id, "/b")
    await house.worker().recover(frozen.name)
    await house.worker().perform(run_id)
    performing.cancel()
    stranger = await make_person("stan")
    with pytest.raises(NotPermitted):
        await resume_run(database, stranger, run_id=run_id, call="sent")
    with pytest.raises(NotFound):
        await resume_run(database, operator, run_id="no run", call="sent")
    await resume_run(database, operator, run_id=run_id, call="sent")
    with pytest.raises(Conflict):
        await resume_run(database, operator, run_id=run_id, call="not sent")

    assert str(queued.value) == "The run is QUEUED. Only one that is INTERRUPTED can be resumed."
    [noted] = await database.read(lambda tx: tx.audit.page(limit=10))
    assert (noted.action, noted.target, noted.detail) == ("run.resumed", f"run:{run_id}", {"call": "sent"})
