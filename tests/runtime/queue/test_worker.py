import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from deputize.activity.entries import Initiator, LogEntry, RunFinished, Script
from deputize.activity.stream import ActivityStream
from deputize.domain.attempt import Attempt
from deputize.domain.keys import RunToken
from deputize.domain.limits import Limits
from deputize.domain.person import Person
from deputize.domain.run import Run, RunState, RunUsage
from deputize.errors import Misconfigured, StoreUnavailable
from deputize.execution.default_script import default_script
from deputize.execution.order import FormTarget
from deputize.execution.resources import Resources
from deputize.worker import Worker
from deputize.worker.store_keeper import AttemptLost, StoreKeeper
from deputize_client import Endpoint, GuardedSecret, NoAuthentication, Redactor, Secret
from deputize_sandbox import CompiledScript, Diagnostic, Parameter, Rejected

pytestmark = pytest.mark.anyio

INTERNAL = "A fault of Deputize ended this run. Its log has the details, under the id of the run."


class Compiler:
    """Compiles everything, or rejects it."""

    def __init__(self):
        self.parameters = ()
        self.rejected = None
        self.asked = []

    async def compile(self, source, *, filename, shared):
        self.asked.append((source, filename, dict(shared)))
        if self.rejected is not None:
            return self.rejected
        return CompiledScript(
            sha256="1" * 64,
            filename=filename,
            source=source,
            code=b"",
            parameters=self.parameters,
            endpoints=(),
            edition="test",
        )


class Executor:
    """Writes a line, does what it is told, and ends."""

    def __init__(self, clock):
        self.clock = clock
        self.orders = []
        self.meanwhile = None
        self.began = asyncio.Event()

    async def execute(self, order, *, keeper):
        self.orders.append(order)
        initiator = Initiator(id=order.principal.id, via=order.principal.via)
        script = Script(name=order.name, sha256=order.script.sha256)
        stream = ActivityStream(
            run=order.run_id,
            initiator=initiator,
            script=script,
            redactor=Redactor(),
            clock=self.clock,
            sink=keeper,
        )
        stream.append(LogEntry, message="working", fields={})
        await stream.flush()
        self.began.set()
        if self.meanwhile is not None:
            await self.meanwhile()
        stream.append(
            RunFinished, state="COMPLETED", calls=2, refusals=1, wall_ms=3.0, http_ms=2.0, script_ms=1.0
        )
        usage = RunUsage(wall_ms=3.0, cpu_ms=1.0, http_ms=2.0, max_rss_kb=1000, calls=2, refusals=1)
        run = Run(
            id=order.run_id,
            state=RunState.COMPLETED,
            result={"answer": 42},
            error=None,
            script=script,
            initiator=initiator,
            activity=stream.entries,
            usage=usage,
        )
        await keeper.finish(run, stream.pending, stream.unrecorded)
        return run


@pytest.fixture
def compiler():
    return Compiler()


@pytest.fixture
def executor(clock):
    return Executor(clock)


@pytest.fixture
def worker(database, compiler, executor, given):
    return Worker(
        database=database, compiler=compiler, executor=executor, resources=given, limits=Limits(calls=7)
    )


async def test_a_run_is_claimed_executed_and_ended(accepted, worker, executor):
    run_id = await accepted.run({"n": 1})
    states = []

    async def look():
        states.append((await accepted.get(run_id)).state)

    executor.meanwhile = look
    await worker.perform(run_id)

    run = await accepted.get(run_id)
    assert states == ["RUNNING"]
    assert (run.state, run.result, run.error) == ("COMPLETED", {"answer": 42}, None)
    assert (run.calls, run.refusals, run.usage.max_rss_kb) == (2, 1, 1000)
    assert run.started is not None
    assert run.finished is not None
    assert await accepted.kinds(run_id) == ["log", "run.finished"]


async def test_an_order_holds_everything_of_its_run(accepted, worker, executor, compiler, given):
    endpoint = Endpoint(name="E", base_url="https://e.example", authentication=NoAuthentication())
    secret = GuardedSecret(secret=Secret("s", "the-value-of-it"), endpoints=frozenset({"E"}))
    given.resources = Resources(
        endpoints={"E": endpoint},
        stand_ins=frozenset({"E"}),
        constants={"C": "1"},
        secrets={"s": secret},
        shared={"lib": "X = 1"},
    )
    run_id = await accepted.run({"n": 1})
    await worker.perform(run_id)

    [order] = executor.orders
    assert (order.run_id, order.name, order.integration_id) == (run_id, "sync", "integration-1")
    assert order.principal == (await accepted.get(run_id)).initiator
    assert order.start.payload == {"n": 1}
    assert order.start.provided["request_id"] == run_id
    assert order.limits.calls == 7
    assert (order.endpoints, order.stand_ins) == ({"E": endpoint}, frozenset({"E"}))
    assert (order.constants, order.secrets) == ({"C": "1"}, {"s": secret})
    assert order.form == FormTarget(plan_id="plan-1", form_id="form-1", name="alert")
    assert (order.chain, order.trace_id) == (("integration-1",), "trace-1")
    assert compiler.asked == [("def main(payload):\n    return payload\n", "sync", {"lib": "X = 1"})]
    assert given.asked == ["plan-1"]


async def test_a_run_runs_the_version_that_it_was_accepted_under(
    accepted, worker, compiler, database, script_version
):
    run_id = await accepted.run()
    await database.write(lambda tx: tx.scripts.add(script_version(2, "def main():\n    return 'new'\n")))
    await accepted.change(script_version_id="sync-2")
    await worker.perform(run_id)

    assert [source for source, *_ in compiler.asked] == ["def main(payload):\n    return payload\n"]


async def test_an_integration_without_a_script_runs_the_products_own(accepted, worker, compiler, executor):
    await accepted.change(action="CREATE_EVENT_SIMPLE", script_version_id=None)
    run_id = await accepted.run(script_version_id=None)
    await worker.perform(run_id)

    assert compiler.asked[0][0] == default_script().source
    assert executor.orders[0].form.path == "/api/xm/1/plans/plan-1/forms/form-1/triggers"


async def test_a_run_is_performed_once(accepted, worker, executor):
    run_id = await accepted.run()
    await asyncio.gather(*(worker.perform(run_id) for _ in range(5)))
    await worker.perform(run_id)
    await worker.perform("no such run")

    assert len(executor.orders) == 1


async def failure(accepted, run_id):
    """The code and message of the one error, after looking that the run and its stream agree."""
    run = await accepted.get(run_id)
    entries = await accepted.entries(run_id)
    [error] = [entry for entry in entries if entry["kind"] == "error"]
    assert run.state == "FAILED"
    assert run.error == error
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    assert (entries[-1]["kind"], entries[-1]["state"]) == ("run.finished", "FAILED")
    assert {entry["trace_id"] for entry in entries if entry["kind"] != "log"} == {"trace-1"}
    return error["code"], error["message"]


async def test_a_script_that_does_not_compile_fails_its_run(accepted, worker, compiler, executor):
    wrong = Diagnostic(code="NAME", message="no such name", file="sync", line=3, column=5)
    compiler.rejected = Rejected(diagnostics=(wrong, replace(wrong, line=4)))
    run_id = await accepted.run()
    await worker.perform(run_id)

    assert await failure(accepted, run_id) == (
        "SCRIPT_REJECTED",
        "sync:3:5: NAME: no such name\nsync:4:5: NAME: no such name",
    )
    assert await accepted.kinds(run_id) == ["error", "run.finished"]
    assert executor.orders == []


async def test_a_parameter_that_nobody_provides_fails_its_run(accepted, worker, compiler, executor):
    compiler.parameters = (Parameter(name="form", line=1, column=10, required=True),)
    with_form = await accepted.run()
    await worker.perform(with_form)
    await accepted.change(form_id=None)
    without = await accepted.run()
    await worker.perform(without)

    assert (await accepted.get(with_form)).state == "COMPLETED"
    assert await failure(accepted, without) == (
        "SCRIPT_REJECTED",
        'sync:1:10: PARAMETER_UNKNOWN: main asks for "form", and its integration has none to post. Name one'
        ' of the plan\'s forms in the integration: form = "…".',
    )


async def test_a_script_in_another_language_is_not_run(accepted, worker, executor, database):
    script = replace(await database.read(lambda tx: tx.scripts.get("sync-1")), id="sync-2", number=2)
    await database.write(lambda tx: tx.scripts.add(replace(script, language="javascript")))
    run = await accepted.run(script_version_id="sync-2")

    await worker.perform(run)

    assert await failure(accepted, run) == (
        "SCRIPT_REJECTED",
        'The script of "sync" is in javascript and is not run. Save it in Python.',
    )


async def test_what_was_switched_off_or_deleted_meanwhile_is_not_run(
    accepted, worker, executor, database, plan
):
    runs = []

    async def fail():
        runs.append(await accepted.run())
        await worker.perform(runs[-1])
        return await failure(accepted, runs[-1])

    await accepted.change(enabled=False)
    switched_off = await fail()
    await accepted.change(enabled=True)
    await database.write(lambda tx: tx.plans.put(replace(plan, enabled=False)))
    plan_off = await fail()
    await database.write(lambda tx: tx.plans.put(plan))
    await accepted.change(script_version_id="sync-1")
    lost = await accepted.run(script_version_id="sync-9")
    await worker.perform(lost)
    last = await accepted.run()
    await database.write(lambda tx: tx.integrations.delete("integration-1"))
    await worker.perform(last)

    after = "after the request had been accepted; nothing was started."
    assert switched_off == ("INTEGRATION_GONE", f'"sync" was switched off {after}')
    assert plan_off == ("INTEGRATION_GONE", f'"sync" was switched off with its plan "incidents" {after}')
    assert await failure(accepted, lost) == (
        "INTEGRATION_GONE",
        f'"sync" lost the version of its script that the request was accepted under {after}',
    )
    assert await failure(accepted, last) == ("INTEGRATION_GONE", f'"sync" was deleted {after}')
    assert executor.orders == []


async def test_a_wrong_set_up_fails_the_run_and_names_the_setting(accepted, worker, given):
    given.broken = Misconfigured("the secret cannot be opened; give DEPUTIZE_KEY")
    run_id = await accepted.run()
    await worker.perform(run_id)

    assert await failure(accepted, run_id) == (
        "MISCONFIGURED",
        "the secret cannot be opened; give DEPUTIZE_KEY",
    )


async def test_a_fault_of_ours_fails_the_run_and_tells_nothing_but_to_the_log(accepted, worker, executor):
    async def crash():
        raise RuntimeError("secret-value-of-a-header")

    executor.meanwhile = crash
    run_id = await accepted.run()
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as logs:
        await worker.perform(run_id)

    assert await failure(accepted, run_id) == ("INTERNAL_ERROR", INTERNAL)
    assert await accepted.kinds(run_id) == ["log", "error", "run.finished"]
    [fault] = [each for each in logs if each["event"] == "run.fault"]
    assert (fault["log_level"], fault["run"], fault["trace_id"]) == ("error", run_id, "trace-1")
    assert fault["fault"][0].startswith("builtins.RuntimeError at perform:")
    assert "secret-value" not in repr(logs) + repr(await accepted.entries(run_id))


async def test_a_fault_after_the_end_changes_nothing(accepted, worker, executor, monkeypatch):
    plain = executor.execute

    async def execute(order, *, keeper):
        await plain(order, keeper=keeper)
        raise RuntimeError("too late")

    monkeypatch.setattr(executor, "execute", execute)
    run_id = await accepted.run()
    await worker.perform(run_id)

    assert (await accepted.get(run_id)).state == "COMPLETED"
    assert await accepted.kinds(run_id) == ["log", "run.finished"]


async def test_a_run_that_is_cut_off_waits_for_whoever_goes_on_with_it(accepted, worker, executor):
    executor.meanwhile = asyncio.Event().wait
    run_id = await accepted.run()
    performing = asyncio.create_task(worker.perform(run_id))
    await executor.began.wait()
    performing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await performing

    run = await accepted.get(run_id)
    assert (run.state, run.finished, run.worker, run.lost) == ("RUNNING", None, None, 0)
    assert await accepted.kinds(run_id) == ["log"]
    assert await worker.waiting(10) == [run_id]


async def test_what_a_dead_process_left_under_way_waits_like_the_rest(accepted, worker, database):
    under_way, waiting = await accepted.run(), await accepted.run()
    await database.write(lambda tx: tx.runs.claim(under_way, worker="w", at=tx.now))
    assert await worker.waiting(10) == [waiting]
    await worker.recover()
    await worker.recover()

    run = await accepted.get(under_way)
    assert (run.state, run.worker, run.attempts, run.lost) == ("RUNNING", None, 1, 1)
    assert sorted(await worker.waiting(10)) == sorted([under_way, waiting])


async def test_a_run_over_which_many_workers_have_died_is_given_up(accepted, worker, executor, database):
    run_id = await accepted.run()
    for _ in range(5):
        await database.write(lambda tx: tx.runs.claim(run_id, worker="w", at=tx.now))
        await worker.recover("w")
    await worker.perform(run_id)

    run = await accepted.get(run_id)
    assert executor.orders == []
    assert (run.state, run.error["code"], run.attempts) == ("POISONED", "WORKERS_LOST", 6)
    assert run.error["message"] == (
        "5 workers have died while they performed this run, and no other one is risked. Find out what killed "
        "them: the log of the machine they ran on tells, by the time of run.resumed. When that is mended: "
        f"deputize runs resume {run_id}."
    )


async def test_what_a_dead_process_called_with_is_good_no_more(accepted, worker, database):
    run_id = await accepted.run()

    async def begin(tx):
        await tx.runs.claim(run_id, worker="w", at=tx.now)
        await tx.people.put(Person(id="s-rob", target_name="rob"))
        expires = tx.now + timedelta(minutes=15)
        await tx.tokens.add(RunToken(hash="h" * 64, person_id="s-rob", run_id=run_id, expires=expires))

    await database.write(begin)
    await worker.recover()

    assert await database.read(lambda tx: tx.tokens.live("h" * 64, now=tx.now)) is None


async def test_an_attempt_that_counts_no_more_writes_nothing(accepted, worker, executor, database):
    async def taken_for_dead():
        await worker.recover()
        stream = ActivityStream(
            run=run_id,
            initiator=Initiator(id="rob", via="test"),
            script=Script(name="s", sha256="0" * 64),
            redactor=Redactor(),
            clock=executor.clock,
            after=7,
            sink=StoreKeeper(database, attempt=Attempt(run_id=run_id, number=1, worker=worker.name)),
        )
        stream.append(LogEntry, message="too late", fields={})
        with pytest.raises(AttemptLost):
            await stream.flush()

    executor.meanwhile = taken_for_dead
    run_id = await accepted.run()
    await worker.perform(run_id)

    assert await accepted.kinds(run_id) == ["log"]
    assert await worker.waiting(10) == [run_id]


async def test_a_database_that_is_away_for_a_moment_delays_a_run_and_does_not_end_it(
    accepted, worker, executor, database, monkeypatch
):
    away = []
    write, read = database.write, database.read

    def flaky(plain):
        async def attempt(work):
            if away:
                away.pop()
                raise StoreUnavailable("away")
            return await plain(work)

        return attempt

    run_id = await accepted.run()
    monkeypatch.setattr("deputize.worker.patience._FIRST_PAUSE", 0.001)
    monkeypatch.setattr(database, "write", flaky(write))
    monkeypatch.setattr(database, "read", flaky(read))

    async def go_away():
        away.extend([1, 1])

    executor.meanwhile = go_away
    await worker.perform(run_id)

    assert (await accepted.get(run_id)).state == "COMPLETED"
    assert away == []


async def test_a_run_that_cannot_be_claimed_stays_queued(accepted, worker, database, monkeypatch):
    run_id = await accepted.run()

    async def away(work):
        raise StoreUnavailable("away")

    with monkeypatch.context() as patched:
        patched.setattr(database, "write", away)
        with pytest.raises(StoreUnavailable):
            await worker.perform(run_id)

    assert (await accepted.get(run_id)).state == "QUEUED"


async def test_a_commit_whose_answer_was_lost_is_not_made_twice(accepted, worker, database, monkeypatch):
    run_id = await accepted.run()
    plain = database.write
    lost = [1, 1, 1, 1]

    async def write(work):
        done = await plain(work)
        if lost:
            lost.pop()
            if len(lost) != 3:  # the claim's answer arrives
                raise StoreUnavailable("the connection broke")
        return done

    monkeypatch.setattr("deputize.worker.patience._FIRST_PAUSE", 0.001)
    monkeypatch.setattr(database, "write", write)
    await worker.perform(run_id)

    assert (await accepted.get(run_id)).state == "COMPLETED"
    assert await accepted.kinds(run_id) == ["log", "run.finished"]
