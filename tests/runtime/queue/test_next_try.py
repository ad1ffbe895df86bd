"""What comes after a run that has failed: its next try, or a place among the dead letters."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from deputize.activity.entries import ErrorEntry, Initiator, RunFinished, Script
from deputize.activity.scheduled_time import ScheduledTime
from deputize.activity.stream import ActivityStream
from deputize.domain.legacy import LEGACY, LegacyTerms
from deputize.domain.limits import Limits
from deputize.domain.person import Person
from deputize.domain.plan import Access, Plan
from deputize.domain.principal import Principal
from deputize.domain.run import Run, RunState, RunUsage
from deputize.domain.schedule import Schedule
from deputize.domain.start import read_start, scheduled_start
from deputize.domain.stored_run import RunFilter, StoredRun
from deputize.platform.embedded.accounts import EmbeddedAccounts
from deputize.worker import Worker
from deputize.worker.next_try import NextTry
from deputize_client import Redactor
from deputize_sandbox import CompiledScript, Diagnostic, Rejected

pytestmark = pytest.mark.anyio

RETRIES = {"tries": 3, "first_seconds": 10}
NO_CONSENT = "The schedule is paused or gone, or its user does not consent any more to what it was then."


class Compiler:
    """Compiles everything, or rejects it."""

    rejects = False

    async def compile(self, source, *, filename, shared):
        if self.rejects:
            return Rejected(
                diagnostics=(
                    Diagnostic(code="NAME_NOT_ALLOWED", message="No.", file="sync", line=1, column=1),
                )
            )
        return CompiledScript(
            sha256="1" * 64,
            filename=filename,
            source=source,
            code=b"",
            parameters=(),
            endpoints=(),
            edition="t",
        )


class Executor:
    """Has every run end in one state."""

    def __init__(self, clock):
        self.clock = clock
        self.state = RunState.FAILED
        self.orders = []

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
        error = None
        if self.state is RunState.FAILED:
            error = stream.append(ErrorEntry, code="SCRIPT_RAISED", type="ValueError", message="no")
        stream.append(
            RunFinished, state=self.state, calls=0, refusals=0, wall_ms=1.0, http_ms=0.0, script_ms=1.0
        )
        run = Run(
            id=order.run_id,
            state=self.state,
            result=None,
            error=error,
            script=script,
            initiator=initiator,
            activity=stream.entries,
            usage=RunUsage(wall_ms=1.0, cpu_ms=1.0, http_ms=0.0, max_rss_kb=1, calls=0, refusals=0),
        )
        await keeper.finish(run, stream.pending, stream.unrecorded)
        return run


class Trying:
    """An integration whose runs end as they are told to, and are tried again."""

    def __init__(self, database, accepted, given, clock):
        self.database = database
        self.accepted = accepted
        self.clock = clock
        self.compiler = Compiler()
        self.executor = Executor(clock)
        script = Script(name="default", sha256="d" * 64)
        self.worker = Worker(
            database=database,
            compiler=self.compiler,
            executor=self.executor,
            resources=given,
            limits=Limits(),
            next_try=NextTry(accounts=EmbeddedAccounts(database), default_script=script, chance=lambda: 0.5),
        )

    async def run(self, **fields):
        """Accept a run, perform it, and return it as it is then."""
        return await self.perform(await self.accepted.run({"n": 1}, **fields))

    async def perform(self, run_id):
        await self.worker.perform(run_id)
        return await self.accepted.get(run_id)

    async def after(self, run):
        """Return the run that tries *run* again; None where none does."""
        found = await self.database.read(lambda tx: tx.runs.page(RunFilter(retry_of=run.id), limit=9))
        assert len(found) <= 1
        return found[0] if found else None

    async def write(self, work):
        await self.database.write(work)


@pytest.fixture
async def trying(database, accepted, given, clock):
    await accepted.change(retries=RETRIES)
    await database.write(lambda tx: tx.people.put(Person(id="subject-of-rob", target_name="rob")))
    return Trying(database, accepted, given, clock)


async def test_a_run_that_failed_is_tried_again_by_a_run_of_its_own(trying):
    failed = await trying.run()

    following = await trying.after(failed)

    assert failed.state == "FAILED"
    assert failed.given_up is None
    assert following == StoredRun(
        id=following.id,
        state=RunState.QUEUED,
        integration_id="integration-1",
        plan_id="plan-1",
        name="sync",
        trigger="inbound",
        script_sha256=failed.script_sha256,
        script_version_id="sync-1",
        shown_path="sync",
        # With the id of the request that there was, by which a system may know it again.
        start=failed.start,
        initiator=failed.initiator,
        retry_of=failed.id,
        tries=2,
        chain=("integration-1",),
        trace_id=failed.trace_id,
        queued=trying.clock(),
        due=trying.clock() + timedelta(seconds=7.5),
    )


async def test_nobody_takes_the_next_try_up_before_its_time(trying):
    following = await trying.after(await trying.run())

    early = await trying.perform(following.id)
    trying.clock.forward(seconds=8)
    late = await trying.perform(following.id)

    assert (early.state, late.state) == ("QUEUED", "FAILED")
    assert [(each.retry_of, each.tries) for each in trying.executor.orders] == [
        (None, 1),
        (following.retry_of, 2),
    ]


async def test_what_failed_as_often_as_it_is_tried_is_a_dead_letter(trying):
    runs = [await trying.run()]
    while (following := await trying.after(runs[-1])) is not None:
        trying.clock.forward(hours=1)
        runs.append(await trying.perform(following.id))

    assert [(each.tries, each.given_up_because) for each in runs] == [
        (1, None),
        (2, None),
        (3, "Try 3 of 3 has failed."),
    ]
    assert [each.given_up for each in runs] == [None, None, trying.clock()]


async def test_a_try_that_goes_well_is_the_last_and_nothing_is_a_dead_letter(trying):
    failed = await trying.run()
    trying.executor.state = RunState.COMPLETED
    trying.clock.forward(hours=1)

    second = await trying.perform((await trying.after(failed)).id)

    assert second.state == "COMPLETED"
    assert await trying.after(second) is None
    assert await trying.database.read(lambda tx: tx.figures.dead_letters()) == 0


async def test_a_run_that_was_cut_off_by_a_limit_is_tried_again(trying):
    trying.executor.state = RunState.CANCELED

    assert (await trying.after(await trying.run())).tries == 2


async def test_the_next_try_runs_the_script_that_the_integration_has_then(trying, script_version):
    later = script_version(2, "def main():\n    return 2\n")
    await trying.write(lambda tx: tx.scripts.add(later))
    await trying.accepted.change(retries=RETRIES, script_version_id=later.id)

    following = await trying.after(await trying.run())

    assert (following.script_version_id, following.script_sha256) == (later.id, later.sha256)


async def test_without_retries_what_failed_is_a_dead_letter_at_once(trying):
    await trying.accepted.change(retries=None)

    failed = await trying.run()

    assert await trying.after(failed) is None
    assert failed.given_up_because == "Its integration does not have failed runs tried again."


async def test_a_script_that_does_not_compile_is_not_tried_again(trying):
    trying.compiler.rejects = True

    failed = await trying.run()

    assert await trying.after(failed) is None
    assert failed.given_up_because == "SCRIPT_REJECTED: another try would end the same."


async def test_what_killed_its_workers_is_not_let_at_another_one(trying):
    run_id = await trying.accepted.run({"n": 1})
    for number in range(5):
        worker = f"w{number}"
        await trying.write(lambda tx, worker=worker: tx.runs.claim(run_id, worker=worker, at=tx.now))
        await trying.worker.recover(worker)

    poisoned = await trying.perform(run_id)

    assert poisoned.state == "POISONED"
    assert await trying.after(poisoned) is None
    assert poisoned.given_up_because == "What ends POISONED is not tried again by itself."


async def test_who_may_not_set_the_integration_off_any_more_is_not_made_to(trying, plan):
    """The right is asked for anew: that the request was permitted counts for nothing."""
    await trying.write(lambda tx: tx.plans.put(replace(plan, access=Access(people=frozenset({"somebody"})))))

    failed = await trying.run()

    assert await trying.after(failed) is None
    assert failed.given_up_because == 'rob may not set integration "sync" off (access to plan: no).'


@pytest.mark.parametrize("status", ["INACTIVE", None])
async def test_an_initiator_who_is_gone_is_not_made_to_run_anything(trying, status):
    async def work(tx):
        if status is None:
            await tx.people.delete("subject-of-rob")
        else:
            await tx.people.put(Person(id="subject-of-rob", target_name="rob", status=status))

    await trying.write(work)

    failed = await trying.run()

    assert await trying.after(failed) is None
    assert failed.given_up_because == "The account of rob is not active, or is no more."


async def test_a_callback_is_tried_again_whatever_its_initiator_may(trying, plan):
    """As the change of an event sets it off: what they may is asked when the script calls."""
    await trying.accepted.change(action=None, method=None, callback="STATUS", retries=RETRIES)
    await trying.write(lambda tx: tx.plans.put(replace(plan, access=Access(people=frozenset({"somebody"})))))

    failed = await trying.run(trigger="STATUS", event_id="event")

    assert (await trying.after(failed)).event_id == "event"


async def test_a_legacy_run_is_tried_again_as_the_owner_while_its_integration_is_legacy(trying, plan):
    owner = Principal(id="rob", name="Rob", via=LEGACY, subject="subject-of-rob")
    terms = LegacyTerms(plan_id=plan.id, authenticated=False, owner="subject-of-rob", imported=trying.clock())
    await trying.write(lambda tx: tx.legacy.put_terms(terms))
    await trying.accepted.change(method=None, legacy=True, retries=RETRIES)

    failed = await trying.run(initiator=owner)
    following = await trying.after(failed)
    await trying.accepted.change(method="url", retries=RETRIES)
    trying.clock.forward(hours=1)
    second = await trying.perform(following.id)

    assert (following.initiator.id, following.legacy) == ("rob", True)
    assert second.error["message"] == (
        'It is not tried again. The integration "sync" is not legacy any more.'
    )


async def test_an_integration_that_was_switched_off_meanwhile_tries_nothing_again(trying):
    following = await trying.after(await trying.run())
    await trying.accepted.change(retries=RETRIES, enabled=False)
    trying.clock.forward(hours=1)

    second = await trying.perform(following.id)

    assert (second.state, second.error["code"]) == ("FAILED", "RETRY_NOT_PERMITTED")
    assert second.error["message"] == (
        'It is not tried again. The integration "sync" is switched off. Switch it on first.'
    )
    assert await trying.after(second) is None
    assert second.given_up_because == "RETRY_NOT_PERMITTED: another try would end the same."


async def test_retries_count_neither_as_requests_nor_as_uses(trying):
    await trying.run(queued=datetime(2018, 4, 17, 20, 0, tzinfo=UTC))
    since = datetime(2018, 4, 17, tzinfo=UTC)

    async def look(tx):
        came = await tx.runs.came("plan-1", denied=False, since=since, limit=9)
        return len(came), [each.count for each in await tx.runs.uses(since=since)]

    assert await trying.database.read(look) == (1, [1])


def nightly(trying, **change):
    """Return a schedule of the integration, and the start of a run that it set off."""
    schedule = Schedule(
        **{
            "id": "s",
            "integration_id": "integration-1",
            "name": "nightly",
            "cron": "0 3 * * *",
            "timezone": "UTC",
            "subject": "subject-of-rob",
            "content_type": "application/json",
            "body": "{}",
            "created": trying.clock(),
            "defined_by": "dana",
            "consented": trying.clock(),
            **change,
        }
    )
    time = ScheduledTime(name="nightly", due=trying.clock(), consented=trying.clock())
    start = scheduled_start(read_start("inbound", {}, request_id="r", integration="integration-1"), time)
    return schedule, start.model_dump(mode="json")


SCHEDULED = Principal(id="rob", name="Rob", via="schedule", subject="subject-of-rob")


@pytest.mark.parametrize("change", [{}, {"consented": None}, {"enabled": False}, {"subject": "another"}])
async def test_a_scheduled_run_is_tried_again_while_its_user_consents(trying, change):
    schedule, start = nightly(trying, **change)

    async def keep(tx):
        await tx.people.put(Person(id="another", target_name="another"))
        await tx.schedules.put(schedule)

    await trying.write(keep)

    failed = await trying.run(trigger="schedule", start=start, initiator=SCHEDULED)

    following = await trying.after(failed)
    if change:
        assert following is None
        assert failed.given_up_because == NO_CONSENT
    else:
        assert (following.trigger, following.start) == ("schedule", failed.start)


async def test_a_live_replay_of_a_scheduled_run_by_another_is_tried_again_as_theirs(trying):
    schedule, start = nightly(trying)

    async def keep(tx):
        await tx.people.put(Person(id="subject-of-ann", target_name="ann"))
        await tx.schedules.put(schedule)

    await trying.write(keep)
    ann = Principal(id="ann", name="Ann", via="replay", subject="subject-of-ann")

    failed = await trying.run(
        trigger="schedule", start=start, initiator=ann, replay_of="run-0", replayed_by="ann"
    )

    following = await trying.after(failed)
    assert (following.initiator, following.replay_of, following.replayed_by) == (ann, "run-0", "ann")


async def test_a_live_replay_of_a_callback_is_tried_again_only_as_who_may_replay_it(trying):
    """R-02: setting it off takes a right then, whatever the change of an event takes."""
    await trying.accepted.change(action=None, method=None, callback="STATUS", retries=RETRIES)
    gone = Principal(id="ann", name="Ann", via="replay", subject="subject-of-nobody")

    failed = await trying.run(
        trigger="STATUS", event_id="event", initiator=gone, replay_of="run-0", replayed_by="ann"
    )

    assert await trying.after(failed) is None
    assert failed.given_up_because == "The account of ann is not active, or is no more."


async def inactive(trying):
    await trying.write(
        lambda tx: tx.people.put(Person(id="subject-of-rob", target_name="rob", status="INACTIVE"))
    )


async def no_access(trying):
    access = Access(people=frozenset({"somebody"}))
    await trying.write(lambda tx: tx.plans.put(Plan(id="plan-1", name="incidents", access=access)))


async def no_retries(trying):
    await trying.accepted.change(retries=None)


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [
        (inactive, "The account of rob is not active, or is no more."),
        (no_access, 'rob may not set integration "sync" off (access to plan: no).'),
        (no_retries, "Its integration does not have failed runs tried again."),
    ],
)
async def test_what_is_not_so_any_more_when_its_time_has_come_ends_it(trying, meanwhile, why):
    following = await trying.after(await trying.run())
    await meanwhile(trying)
    trying.clock.forward(hours=1)

    second = await trying.perform(following.id)

    assert len(trying.executor.orders) == 1
    assert (second.state, second.error["code"]) == ("FAILED", "RETRY_NOT_PERMITTED")
    assert second.error["message"] == f"It is not tried again. {why}"
    assert await trying.after(second) is None
    assert second.given_up is not None


async def test_a_scheduled_run_whose_user_withdraws_while_it_waits_is_not_begun(trying):
    schedule, start = nightly(trying)
    await trying.write(lambda tx: tx.schedules.put(schedule))
    following = await trying.after(await trying.run(trigger="schedule", start=start, initiator=SCHEDULED))
    await trying.write(lambda tx: tx.schedules.put(replace(schedule, consented=None)))
    trying.clock.forward(hours=1)

    second = await trying.perform(following.id)

    assert len(trying.executor.orders) == 1
    assert second.error["message"] == f"It is not tried again. {NO_CONSENT}"
