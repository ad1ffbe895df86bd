"""Schedules, on both stores: kept, due, moved on once by whoever comes first."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from deputize.activity.entries import Script
from deputize.domain.run import RunState
from deputize.domain.schedule import Schedule
from deputize.platform.embedded.accounts import EmbeddedAccounts
from deputize.store import Database
from deputize.use_cases.fire_schedules import ScheduledRuns

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


@pytest.fixture
async def world(database, make):
    """Two integrations of one plan, and rob and dana."""
    plan = make.plan()
    form = make.form(plan)
    first, second = (
        make.integration(plan, action="CREATE_EVENT_SIMPLE", form_id=form.id, method="basic") for _ in "ab"
    )

    async def put(tx):
        await tx.plans.put(plan)
        await tx.forms.put(form)
        await tx.integrations.put(first)
        await tx.integrations.put(second)
        for name in ("rob", "dana"):
            await tx.people.put(make.person(name, id=name))

    await database.write(put)
    return first.id, second.id


@pytest.fixture
async def schedule(database, world, epoch):
    """Keeps a schedule of the first integration that runs as rob, unless said otherwise."""

    async def schedule(name, **more):
        kept = Schedule(
            **{
                "id": f"id of {name}",
                "integration_id": world[0],
                "name": name,
                "cron": "0 * * * *",
                "timezone": "Europe/Berlin",
                "subject": "rob",
                "content_type": "application/json",
                "body": '{"ü": 1}',
                "created": epoch,
                "defined_by": "dana",
                **more,
            }
        )
        await database.write(lambda tx: tx.schedules.put(kept))
        return kept

    return schedule


def goes(due, **more):
    return {"consented": due - HOUR, "consented_script": "0" * 64, "due": due, **more}


async def names(database, listing):
    return [each.name for each in await database.read(listing)]


async def test_a_schedule_is_kept_as_it_is(database, schedule, epoch):
    plain = await schedule("plain")
    whole = await schedule("whole", **goes(epoch, last_due=epoch - HOUR, last_run_id="run", enabled=False))

    assert await database.read(lambda tx: tx.schedules.get(plain.id)) == plain
    assert await database.write(lambda tx: tx.schedules.get(whole.id, hold=True)) == whole
    changed = replace(whole, cron="5 * * * *", due=None)
    await database.write(lambda tx: tx.schedules.put(changed))
    assert await database.read(lambda tx: tx.schedules.get(whole.id)) == changed
    assert await database.read(lambda tx: tx.schedules.get("none")) is None


async def test_schedules_are_listed_by_name(database, world, schedule):
    for name in ("c", "a", "b"):
        await schedule(name)
    await schedule("d", integration_id=world[1])

    assert await names(database, lambda tx: tx.schedules.all()) == ["a", "b", "c", "d"]
    assert await names(database, lambda tx: tx.schedules.of_integration(world[0])) == ["a", "b", "c"]
    await database.write(lambda tx: tx.schedules.delete("id of b"))
    assert await names(database, lambda tx: tx.schedules.of_integration(world[0])) == ["a", "c"]


async def test_what_is_due_comes_in_the_order_in_which_it_was_due(database, schedule, epoch):
    await schedule("now", **goes(epoch))
    await schedule("before", **goes(epoch - HOUR))
    await schedule("later", **goes(epoch + timedelta(microseconds=1)))
    await schedule("rests")

    assert await names(database, lambda tx: tx.schedules.due(epoch, limit=10)) == ["before", "now"]
    assert await names(database, lambda tx: tx.schedules.due(epoch, limit=1)) == ["before"]


async def test_it_is_moved_on_from_the_due_time_at_which_it_was_seen_and_from_no_other(
    database, schedule, epoch
):
    seen = await schedule("s", **goes(epoch))

    async def move(tx, *, of=seen, run_id=None):
        return await tx.schedules.move(of, passed=epoch, to=epoch + HOUR, run_id=run_id)

    assert not await database.write(lambda tx: move(tx, of=replace(seen, due=epoch - HOUR)))
    assert not await database.write(lambda tx: move(tx, of=replace(seen, consented=epoch)))
    assert await database.write(lambda tx: move(tx, run_id="run"))
    assert not await database.write(lambda tx: move(tx, run_id="another"))
    moved = await database.read(lambda tx: tx.schedules.get(seen.id))
    assert moved == replace(seen, due=epoch + HOUR, last_due=epoch, last_run_id="run")
    # Where a due time became no run, the last one stays known.
    assert await database.write(
        lambda tx: tx.schedules.move(moved, passed=epoch + HOUR, to=None, run_id=None)
    )
    after = await database.read(lambda tx: tx.schedules.get(seen.id))
    assert after == replace(moved, due=None, last_due=epoch + HOUR)


async def test_with_an_integration_a_plan_or_a_person_go_their_schedules(database, world, schedule, make):
    await schedule("kept")
    await schedule("of dana", subject="dana")
    await schedule("of another integration", integration_id=world[1])

    await database.write(lambda tx: tx.people.delete("dana"))
    assert await names(database, lambda tx: tx.schedules.all()) == ["kept", "of another integration"]
    await database.write(lambda tx: tx.integrations.delete(world[1]))
    assert await names(database, lambda tx: tx.schedules.all()) == ["kept"]
    plan = (await database.read(lambda tx: tx.plans.all()))[0]
    await database.write(lambda tx: tx.plans.delete(plan.id))
    assert await names(database, lambda tx: tx.schedules.all()) == []


async def test_however_many_look_each_due_time_becomes_one_run(
    database, database_url, schedule, clock, epoch
):
    """Each looks on a connection of its own, as several servers and workers do."""
    clock.now = epoch
    for number in range(4):
        await schedule(f"s{number}", **goes(epoch, consented_script=None))
    others = [Database(database_url, clock=clock) for _ in range(2)]
    for each in others:
        await each.open()

    async def look(looking):
        runs = ScheduledRuns(
            database=looking,
            accounts=EmbeddedAccounts(looking),
            default_script=Script(name="default", sha256="d" * 64),
        )
        return [await runs.fire(each, now=clock()) for each in await runs.due()]

    try:
        fired = []
        for _ in range(3):
            looks = await asyncio.gather(*(look(each) for each in (database, *others, database)))
            fired += [run_id for each in looks for run_id in each if run_id is not None]
            clock.forward(hours=1)
    finally:
        for each in others:
            await each.close()

    runs = await database.read(lambda tx: tx.runs.page(limit=100))
    assert sorted(fired) == sorted(each.id for each in runs)
    times = sorted((each.schedule["name"], each.schedule["due"]) for each in runs)
    assert len(times) == len(set(times)) == 12
    assert {(each.state, each.schedule["missed"]) for each in runs} == {(RunState.QUEUED, 0)}


async def test_a_run_that_cannot_be_kept_leaves_the_due_time_where_it_was(database, schedule, epoch):
    seen = await schedule("s", **goes(epoch))

    async def work(tx):
        assert await tx.schedules.move(seen, passed=epoch, to=epoch + HOUR, run_id="run")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.write(work)

    assert await database.read(lambda tx: tx.schedules.get(seen.id)) == seen
