"""What need not be kept is removed in batches; what has not ended never is."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from deputize.domain.event import Annotation, Audit, Event
from deputize.domain.principal import Principal
from deputize.domain.retention import Retention, kept_since
from deputize.domain.run import RunState
from deputize.domain.stored_run import StoredRun
from deputize.server.upkeep import Upkeep
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.prune import Pruned, prune

pytestmark = pytest.mark.anyio

OPERATOR = Actor.operator()


@pytest.fixture
def keep_run(database, clock):
    """Keeps a run that was queued, and has ended, so many days ago."""

    async def keep_run(state, *, days, event_id=None):
        at = clock() - timedelta(days=days)
        finished = None if state in {RunState.QUEUED, RunState.RUNNING} else at
        run = StoredRun(
            id=str(uuid4()),
            state=state,
            integration_id="integration-1",
            plan_id="plan-1",
            name="sync_people",
            trigger="inbound",
            script_sha256="0" * 64,
            shown_path="scripts/sync_people.py",
            start={},
            initiator=Principal(id="rob", name="Rob", via="basic", subject="person-rob"),
            trace_id="0" * 32,
            queued=at,
            finished=finished,
            event_id=event_id,
        )
        await database.write(lambda tx: tx.runs.add(run))
        return run.id

    return keep_run


async def left(database):
    return {each.id for each in await database.read(lambda tx: tx.runs.page(limit=1000))}


async def records(database):
    found = await database.read(lambda tx: tx.audit.page(limit=1000))
    return [(each.actor, each.action, each.target, dict(each.detail)) for each in found]


async def test_runs_that_have_ended_go_and_what_has_not_stays_however_old(database, keep_run):
    stay = {
        await keep_run(state, days=400) for state in (RunState.QUEUED, RunState.RUNNING, RunState.INTERRUPTED)
    }
    for state in (RunState.COMPLETED, RunState.FAILED, RunState.CANCELED):
        await keep_run(state, days=31)
    stay.add(await keep_run(RunState.COMPLETED, days=29))
    stay.add(await keep_run(RunState.DENIED, days=400))

    pruned = await prune(database, OPERATOR, Retention(runs_days=30))

    assert pruned == Pruned(runs=3, denied=0, events=0, audit=0)
    assert await left(database) == stay


async def test_events_go_when_they_have_ended_for_long_and_no_run_of_theirs_is_left(
    database, clock, keep_run
):
    ids = {}

    def keep(name, *, status="TERMINATED", days=40, happened=40, annotated=None):
        async def work(tx):
            at = clock() - timedelta(days=days)
            event = Event(
                id=str(uuid4()),
                number=await tx.events.next_number(),
                submitter_id="person-rob",
                submitter_name="rob",
                via="api",
                status=status,
                form="alert",
                form_id="form-1",
                plan_id="plan-1",
                priority="LOW",
                created=at,
                properties={},
                recipients=(),
                request_id=None,
            )
            ids[event.id] = name
            await tx.events.add(event)
            since = clock() - timedelta(days=happened)
            await tx.events.add_audit(
                Audit(id=str(uuid4()), event_id=event.id, type="EVENT_TERMINATED", at=since, detail={})
            )
            if annotated is not None:
                comment = Annotation(
                    id=str(uuid4()),
                    author_id="person-rob",
                    author_name="rob",
                    comment="still wrong",
                    created=clock() - timedelta(days=annotated),
                )
                await tx.events.add_annotation(event.id, comment)
            return event.id

        return database.write(work)

    await keep("ended for long", annotated=35)
    await keep("ended lately", happened=3)
    await keep("commented lately", annotated=2)
    await keep("goes on", status="ACTIVE")
    await keep("young", days=5, happened=5)
    await keep_run(RunState.COMPLETED, days=1, event_id=await keep("has a run"))
    await keep_run(RunState.COMPLETED, days=40, event_id=await keep("had a run"))

    pruned = await prune(database, OPERATOR, Retention(runs_days=30, events_days=30))

    assert pruned == Pruned(runs=1, denied=0, events=2, audit=0)
    assert {ids[each.id] for each in await database.read(lambda tx: tx.events.all())} == {
        "ended lately",
        "commented lately",
        "goes on",
        "young",
        "has a run",
    }
    assert [target for _, _, target, _ in await records(database)] == ["retention:events", "retention:runs"]


async def test_nothing_is_removed_where_nothing_is_said(database, keep_run):
    kept = await keep_run(RunState.COMPLETED, days=10_000)

    assert await prune(database, OPERATOR, Retention()) == Pruned(runs=0, denied=0, events=0, audit=0)
    assert await left(database) == {kept}
    assert await records(database) == []


async def test_more_than_a_batch_goes_and_one_record_says_up_to_when(database, keep_run, clock):
    for _ in range(201):
        await keep_run(RunState.DENIED, days=3)

    pruned = await prune(database, OPERATOR, Retention(denied_days=2))

    assert pruned == Pruned(runs=0, denied=201, events=0, audit=0)
    before = kept_since(clock(), days=2).isoformat()
    assert await records(database) == [
        ("operator", "retention.pruned", "retention:denied", {"before": before, "days": 2})
    ]


async def test_audit_records_go_and_that_they_went_stays(database, clock):
    await database.write(lambda tx: note(tx, OPERATOR, "user.created", "user:rob"))
    clock.forward(days=3)
    await database.write(lambda tx: note(tx, OPERATOR, "user.deleted", "user:rob"))

    pruned = await prune(database, OPERATOR, Retention(audit_days=2))
    again = await prune(database, OPERATOR, Retention(audit_days=2))

    assert (pruned.audit, again.audit) == (1, 0)
    assert [each[1] for each in await records(database)] == ["retention.pruned", "user.deleted"]


async def test_the_server_goes_on_after_a_failure(database, keep_run, monkeypatch):
    write, failures = database.write, [OSError("the database is away")]

    async def failing_once(work):
        if failures:
            raise failures.pop()
        return await write(work)

    await keep_run(RunState.COMPLETED, days=3)
    monkeypatch.setattr(database, "write", failing_once)
    upkeep = Upkeep(database, Retention(runs_days=1), every_seconds=0)

    upkeep.start()
    async with asyncio.timeout(30):
        while await left(database):
            pass
    await upkeep.stop()

    assert failures == []
    assert [each[:3] for each in await records(database)] == [
        ("deputize", "retention.pruned", "retention:runs")
    ]
