"""Runs from start to end: the real sandbox, a platform on the loopback."""

import asyncio
import json
from contextlib import asynccontextmanager
from types import MappingProxyType

import pytest
import structlog
from starlette.applications import Starlette
from starlette.routing import Route

from deputize.activity.entries import ENDINGS
from deputize.activity.journal import CallIntent, CallOutcome, JournalEntry, JournalHead
from deputize.domain.limits import Limits
from deputize.domain.principal import Principal
from deputize.domain.start import inbound_start
from deputize.execution.default_script import default_script
from deputize.execution.engine import Engine
from deputize.execution.order import FormTarget, Order
from deputize.execution.parameters import wrong_parameters
from deputize.loopback import serve
from deputize_client import Endpoint, GuardedSecret, NoAuthentication, Secret, TokenSource
from deputize_client.testing import FakeCredentialSource
from deputize_sandbox import CompiledScript, Sandbox

pytestmark = pytest.mark.anyio

FORM = FormTarget(plan_id="plan-1", form_id="form-1", name="alert")


class OwnPlatform:
    """A platform whose only person is called with the token of a fake."""

    def __init__(self, server):
        self.base_url = server.url
        self.admitted = frozenset({("127.0.0.1", server.port)})
        self.credentials = FakeCredentialSource()
        self.ended = []

    def credentials_for(self, principal, *, run_id):
        return self.credentials

    async def end_run(self, run_id):
        self.ended.append(run_id)

    async def explain(self, exchange):
        return None


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

    async def finish(self, run, entries, journal):
        self.finished = run, [entry.kind for entry in entries]


class House:
    def __init__(self, server, sandbox, clock):
        self.platform = OwnPlatform(server)
        self.sandbox = sandbox
        self.tokens = TokenSource()
        self.engine = Engine(sandbox=sandbox, platform=self.platform, tokens=self.tokens, clock=clock)

    async def order(self, source, *, body="null", shared=None, came_with=MappingProxyType({}), **fields):
        compiled = await self.sandbox.compile(source, filename="script", shared=shared or {})
        assert isinstance(compiled, CompiledScript), compiled
        start = inbound_start(
            request_id="run-1",
            integration_id="integration-1",
            headers={},
            body=body,
            payload=None,
            **came_with,
        )
        return Order(
            **{
                "run_id": "run-1",
                "name": "script",
                "script": compiled,
                "start": start,
                "principal": Principal(id="rob", name="Rob", via="test"),
                "limits": Limits(),
                "integration_id": "integration-1",
                **fields,
            }
        )

    async def run(self, source, *, keeper=None, **fields):
        return await self.engine.execute(await self.order(source, **fields), keeper=keeper)


@pytest.fixture
def house(upstream, clock):
    @asynccontextmanager
    async def start():
        app = Starlette(routes=[Route("/{path:path}", upstream.answer, methods=["GET", "POST", "PUT"])])
        async with serve(app) as server, Sandbox() as sandbox:
            house = House(server, sandbox, clock)
            yield house
            await house.tokens.aclose()

    return start


def messages(run):
    return [(entry.code, entry.message) for entry in run.activity if entry.kind == "error"]


async def test_the_default_script_posts_what_came_to_the_form_as_the_caller(house, upstream):
    upstream.status, upstream.body = 202, '{"requestId":"r"}'
    body = '{"properties":{"number":"INC1"},"recipients":[{"id":"bsmith"}],"requestId":"forged"}'
    async with house() as bench:
        done = await bench.run(default_script().source, body=body, form=FORM)
        empty = await bench.run(default_script().source, body="", form=FORM)

    ids = {"requestId": "run-1", "integrationUUID": "integration-1"}
    assert [json.loads(sent) for *_, sent in upstream.requests] == [
        {"properties": {"number": "INC1"}, "recipients": [{"id": "bsmith"}], **ids},
        ids,
    ]
    assert upstream.requests[0][:2] == ("POST", "/api/xm/1/plans/plan-1/forms/form-1/triggers")
    assert (done.state, empty.state) == ("COMPLETED", "COMPLETED")
    assert [entry.kind for entry in done.activity] == [
        "run.started",
        "inbound.request",
        "http.exchange",
        "form.posted",
        "result",
        "run.finished",
    ]


@pytest.mark.parametrize("status", [300, 400, 403, 500])
async def test_the_default_script_fails_when_the_platform_does_not_take_it(house, upstream, status):
    upstream.status = status
    async with house() as bench:
        done = await bench.run(default_script().source, body="{}", form=FORM)

    assert done.state == "FAILED"
    assert messages(done) == [
        (
            "SCRIPT_RAISED",
            "Failed to make call to xMatters endpoint. Path: /api/xm/1/plans/plan-1/forms/form-1/triggers."
            f" Server responded with status {status}",
        )
    ]
    assert len(done.refusals) == (1 if status == 403 else 0)


async def test_a_script_posts_its_form_in_its_own_words(house, upstream):
    upstream.status = 202
    source = """
def main(form):
    response = form.post({'priority': 'LOW'}, properties={'a': 1}, recipients='bsmith', expiration_in_minutes=5)
    return [form.name, response.status_code]
"""
    async with house() as bench:
        done = await bench.run(source, form=FORM)

    assert done.result == ["alert", 202]
    assert json.loads(upstream.requests[0][3]) == {
        "priority": "LOW",
        "properties": {"a": 1},
        "recipients": [{"id": "bsmith"}],
        "expirationInMinutes": 5,
        "requestId": "run-1",
        "integrationUUID": "integration-1",
    }


async def test_a_script_handles_secrets_that_it_never_sees(house, upstream):
    source = """
def main(http, secrets, log):
    key = secrets['pager']
    log.info(f'using {key}', key=str(key))
    http.post('a', endpoint='Pager', headers={'X-Key': key, 'X-Other': 'GenieKey ' + key}, json={'k': [key]})
    refused = []
    try:
        http.get('b', headers={'X-Key': key})
    except Exception as error:
        refused.append(error.cause)
    return [sorted(secrets), str(key), *refused]
"""
    async with house() as bench:
        pager = Endpoint(
            name="Pager",
            base_url=bench.platform.base_url,
            authentication=NoAuthentication(),
            admitted=bench.platform.admitted,
        )
        secret = GuardedSecret(secret=Secret("pager", "the-value-of-it"), endpoints=frozenset({"Pager"}))
        done = await bench.run(source, endpoints={"Pager": pager}, secrets={"pager": secret})

    assert done.result == [["pager"], "‹secret:pager›", "invalid_request"]
    [(_, _, headers, body)] = upstream.requests
    assert (headers["x-key"], headers["x-other"]) == ("the-value-of-it", "GenieKey the-value-of-it")
    assert json.loads(body) == {"k": ["the-value-of-it"]}
    assert "the-value-of-it" not in repr(done.as_json())


async def test_a_script_without_a_form_cannot_ask_for_one(house):
    async with house() as bench:
        order = await bench.order("def main(form, secrets):\n    pass\n")

    [wrong] = wrong_parameters(order.script, trigger="inbound")
    assert (wrong.code, wrong.line, wrong.column) == ("PARAMETER_UNKNOWN", 1, 10)
    assert wrong_parameters(order.script, trigger="RESPONSE", has_form=True) == ()


async def test_an_error_in_a_shared_library_shows_its_line(house):
    async with house() as bench:
        done = await bench.run(
            "from shared import lib\n\ndef main():\n    lib.divide(1)\n",
            shared={"lib": "def divide(by):\n    return by / 0\n"},
        )

    assert [(each.file, each.line, each.text) for each in done.error.traceback] == [
        (None, 4, "lib.divide(1)"),
        ("shared/lib.py", 2, "return by / 0"),
    ]
    assert done.error.script.line == 4


async def test_the_stream_shows_what_came_with_a_request_and_from_where(house):
    came_with = {"parameters": {"host": "db1", "a/b": "x" * 30}, "remote_address": "192.0.2.7"}
    async with house() as bench:
        done = await bench.run(
            "def main(request):\n    return len(request.parameters['a/b'])\n",
            came_with=came_with,
            limits=Limits(body_bytes=20),
        )

    entry = done.activity[1].model_dump(mode="json")
    assert (entry["parameters"], entry["remote_address"]) == ({"host": "db1", "a/b": "x" * 20}, "192.0.2.7")
    assert entry["truncated"] == [{"path": "/parameters/a~1b", "bytes": 30, "kept": 20}]
    assert done.result == 30


async def test_a_request_from_nowhere_without_parameters_says_nothing_of_them(house):
    async with house() as bench:
        done = await bench.run("def main():\n    pass\n")

    assert {"parameters", "remote_address"}.isdisjoint(done.activity[1].model_dump(mode="json"))


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


async def test_a_credential_that_cannot_be_revoked_is_logged_and_the_run_has_its_end(house):
    async def fail(run_id):
        raise OSError("the database is away")

    structlog.reset_defaults()
    async with house() as bench:
        bench.platform.end_run = fail
        with structlog.testing.capture_logs() as logs:
            done = await bench.run("def main():\n    return 1\n")

    assert (done.state, done.result) == ("COMPLETED", 1)
    [fault] = [each for each in logs if each["log_level"] == "error"]
    assert (fault["event"], fault["run"]) == ("run.credential_not_revoked", "run-1")


async def test_the_chain_and_the_trace_stand_in_the_stream(house):
    async with house() as bench:
        done = await bench.run("def main():\n    pass\n", chain=("i-1", "i-2"), trace_id="trace-7")

    assert done.activity[0].chain == ("i-1", "i-2")
    assert {entry.trace_id for entry in done.activity} == {"trace-7"}


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


async def test_the_same_seed_is_the_same_chance(house):
    source = "import random, uuid\ndef main():\n    return [random.random(), str(uuid.uuid4())]\n"
    async with house() as bench:
        first, second, other = [await bench.run(source, seed=seed) for seed in ("a", "a", "b")]

    assert first.result == second.result
    assert first.result[0] != other.result[0]


async def test_a_legacy_run_is_marked_in_its_first_entry_and_by_its_initiator_in_all(house):
    """C-17: a run of anybody else has no such mark."""
    async with house() as bench:
        legacy = await bench.run("def main(): pass", principal=Principal(id="rob", name="Rob", via="legacy"))
        other = await bench.run("def main(): pass")

    assert legacy.activity[0].model_dump()["legacy"] is True
    assert {(each.initiator.id, each.initiator.via) for each in legacy.activity} == {("rob", "legacy")}
    assert "legacy" not in other.activity[0].model_dump()
