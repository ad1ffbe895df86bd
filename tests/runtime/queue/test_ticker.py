"""When it is looked which schedules are due, and what becomes of what is."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from deputize.activity.entries import Script
from deputize.domain.integration import Integration
from deputize.domain.person import Person
from deputize.domain.plan import Form, Plan
from deputize.domain.schedule import Schedule
from deputize.errors import StoreUnavailable
from deputize.platform.embedded.accounts import EmbeddedAccounts
from deputize.store import Database
from deputize.use_cases.fire_schedules import ScheduledRuns
from deputize.worker.ticker import Ticker

pytestmark = pytest.mark.anyio

BEGIN = datetime(2026, 3, 27, 12, 0, 20, tzinfo=UTC)


def schedule(name):
    return Schedule(
        id=name,
        integration_id="i",
        name=name,
        cron="* * * * *",
        timezone="UTC",
        subject="rob",
        content_type="application/json",
        body="{}",
        created=BEGIN,
        defined_by="dana",
        due=BEGIN,
    )


@dataclass
class Runs:
    """Stands in for what makes runs of schedules: tells what is due, once, and what befalls it."""

    looks: list = field(default_factory=list)
    #: What each look finds: schedules, or a fault.
    found: list = field(default_factory=list)
    fired: list = field(default_factory=list)
    faults: dict = field(default_factory=dict)

    async def due(self):
        self.looks.append(self.clock())
        found = self.found.pop(0) if self.found else []
        if isinstance(found, Exception):
            raise found
        return [schedule(name) for name in found]

    async def fire(self, schedule, *, now):
        self.fired.append(schedule.id)
        if schedule.id in self.faults:
            raise self.faults[schedule.id]
        return None if schedule.id.startswith("denied") else f"run of {schedule.id}"


class Time:
    """A wall clock that goes on when somebody sleeps; each sleep waits until the test lets it end."""

    def __init__(self):
        self.now = BEGIN
        self.slept = []
        self._asleep = asyncio.Event()
        self._wake = asyncio.Event()

    def clock(self):
        return self.now

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self._asleep.set()
        await self._wake.wait()
        self._wake.clear()

    async def asleep(self):
        """Wait until the ticker sleeps, and return for how long it means to."""
        async with asyncio.timeout(30):
            await self._asleep.wait()
        self._asleep.clear()
        return self.slept[-1]

    def wake(self, *, after):
        self.now += timedelta(seconds=after)
        self._wake.set()


@pytest.fixture
def ticking():
    @asynccontextmanager
    async def ticking(runs):
        time, submitted = Time(), []
        runs.clock = time.clock
        ticker = Ticker(runs, clock=time.clock, submit=submitted.append, sleep=time.sleep)
        ticker.start()
        try:
            yield time, submitted
        finally:
            await ticker.stop()

    return ticking


async def test_it_is_looked_at_once_and_then_at_the_beginning_of_each_minute(ticking):
    runs = Runs()

    async with ticking(runs) as (time, _):
        assert await time.asleep() == 40
        time.wake(after=40)
        assert await time.asleep() == 60
        time.wake(after=60.25)
        assert await time.asleep() == 59.75

    assert [each.strftime("%H:%M:%S") for each in runs.looks] == ["12:00:20", "12:01:00", "12:02:00"]


async def test_who_wakes_a_moment_too_early_waits_for_the_rest(ticking):
    runs = Runs()

    async with ticking(runs) as (time, _):
        await time.asleep()
        time.wake(after=39.99)
        assert await time.asleep() == 0.01

    assert len(runs.looks) == 1


@pytest.mark.parametrize("jump", [-3600, 3600])
async def test_a_clock_that_is_set_is_looked_at_again(ticking, jump):
    runs = Runs()

    async with ticking(runs) as (time, _):
        await time.asleep()
        time.wake(after=jump)
        assert await time.asleep() == 40

    assert len(runs.looks) == 2


async def test_what_is_due_becomes_runs_and_those_that_wait_are_submitted(ticking):
    runs = Runs(found=[["a", "denied b", "c"]])

    async with ticking(runs) as (time, submitted):
        await time.asleep()
        assert submitted == ["run of a", "run of c"]

    assert runs.fired == ["a", "denied b", "c"]


async def test_more_than_are_looked_at_in_one_go_are_fired_in_the_same_minute(ticking):
    runs = Runs(found=[[f"a{number}" for number in range(500)], ["b"]])

    async with ticking(runs) as (time, submitted):
        await time.asleep()
        assert len(submitted) == 501

    assert len(runs.looks) == 2


async def test_a_schedule_at_fault_keeps_no_other_from_its_time(ticking):
    runs = Runs(found=[["a", "b", "c"]], faults={"b": ValueError("no such thing")})

    async with ticking(runs) as (time, submitted):
        assert await time.asleep() == 40
        assert submitted == ["run of a", "run of c"]


async def test_schedules_that_are_all_at_fault_wait_for_the_next_minute(ticking):
    names = [f"a{number}" for number in range(500)]
    runs = Runs(found=[names, names], faults=dict.fromkeys(names, ValueError()))

    async with ticking(runs) as (time, _):
        assert await time.asleep() == 40

    assert len(runs.looks) == 1


@pytest.mark.parametrize("fault", [StoreUnavailable("away"), OSError("gone")], ids=["away", "another"])
async def test_while_the_database_is_away_it_is_asked_again_within_the_second(ticking, fault):
    runs = Runs(found=[fault, fault, ["a"]])

    async with ticking(runs) as (time, submitted):
        assert await time.asleep() == 1
        time.wake(after=1)
        assert await time.asleep() == 1
        time.wake(after=1)
        assert await time.asleep() == 38
        assert submitted == ["run of a"]


async def test_what_was_due_while_postgresql_was_down_becomes_one_run_when_it_is_back(own_postgresql):
    """A server of its own is stopped for three minutes of the wall clock, which the test moves."""
    time, submitted = Time(), []
    database = Database(own_postgresql.new_url(), clock=time.clock)
    await database.open()
    runs = ScheduledRuns(
        database=database,
        accounts=EmbeddedAccounts(database),
        default_script=Script(name="default", sha256="d" * 64),
    )

    async def put(tx):
        await tx.people.put(Person(id="rob", target_name="rob"))
        await tx.plans.put(Plan(id="p", name="p"))
        await tx.forms.put(Form(id="f", plan_id="p", name="f"))
        simple = Integration(
            id="i", plan_id="p", name="i", action="CREATE_EVENT_SIMPLE", form_id="f", method="basic"
        )
        await tx.integrations.put(simple)
        await tx.schedules.put(replace(schedule("s"), consented=BEGIN, due=BEGIN + timedelta(seconds=40)))

    await database.write(put)
    ticker = Ticker(runs, clock=time.clock, submit=submitted.append, sleep=time.sleep)
    ticker.start()
    try:
        assert await time.asleep() == 40
        own_postgresql.stop()
        time.wake(after=40)
        assert await time.asleep() == 1
        time.wake(after=120)
        assert await time.asleep() == 1
        own_postgresql.start()
        time.wake(after=1)
        while await time.asleep() == 1:
            # It accepts connections a moment after it says that it has started.
            time.wake(after=0)
        [run] = await database.read(lambda tx: tx.runs.page(limit=10))
    finally:
        await ticker.stop()
        await database.close()

    assert submitted == [run.id]
    assert (run.schedule["due"], run.schedule["missed"]) == ("2026-03-27T12:03:00Z", 2)


async def test_a_database_that_goes_away_between_two_schedules_loses_none(ticking):
    runs = Runs(found=[["a", "b"], ["b"]], faults={"b": StoreUnavailable("away")})

    async with ticking(runs) as (time, submitted):
        assert await time.asleep() == 1
        runs.faults.clear()
        time.wake(after=1)
        await time.asleep()
        assert submitted == ["run of a", "run of b"]
