"""The runs of schedules: of which due times, as whom, with what, and when there are none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from deputize.activity.entries import Script
from deputize.domain.plan import Access
from deputize.domain.run import RunState
from deputize.domain.schedule import Schedule
from deputize.domain.start import Start
from deputize.platform.embedded.accounts import EmbeddedAccounts
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import NotPermitted
from deputize.use_cases.fire_schedules import ScheduledRuns
from deputize.use_cases.replay_live import LiveReplay, WantedReplay

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Scheduled:
    """An office whose schedules become runs."""

    def __init__(self, office):
        self.office = office
        self.runs = ScheduledRuns(
            database=office.database,
            accounts=EmbeddedAccounts(office.database),
            default_script=Script(name="default", sha256="d" * 64),
        )

    async def put(self, name="hourly", integration="by-basic", *, of="stan", **more):
        """Put a schedule that goes, due at noon, and return it."""
        schedule = Schedule(
            **{
                "id": f"id-of-{name}",
                "integration_id": integration,
                "name": name,
                "cron": "0 * * * *",
                "timezone": "UTC",
                "subject": f"id-of-{of}",
                "content_type": "application/json",
                "body": '{"which": "all"}',
                "created": NOON - 24 * HOUR,
                "defined_by": "dev",
                "consented": NOON - 2 * HOUR,
                "consented_script": await self.script(integration),
                "due": NOON,
                **more,
            }
        )
        await self.office.write(lambda tx: tx.schedules.put(schedule))
        return schedule

    async def script(self, integration):
        async def work(tx):
            version_id = (await tx.integrations.get(integration)).script_version_id
            return None if version_id is None else (await tx.scripts.get(version_id)).sha256

        return await self.office.read(work)

    async def look(self):
        """Have what is due be fired, and return the ids of the runs that wait."""
        due = await self.runs.due()
        return [await self.runs.fire(each, now=self.office.clock()) for each in due]

    async def all(self):
        """Return every run, the oldest first."""
        return (await self.office.read(lambda tx: tx.runs.page(limit=100)))[::-1]

    async def kept(self, schedule):
        return await self.office.read(lambda tx: tx.schedules.get(schedule.id))

    async def entries(self, run):
        return await self.office.read(lambda tx: tx.entries.of_run(run.id))


@pytest.fixture
def clock(clock):
    clock.now = NOON
    return clock


@pytest.fixture
def scheduled(office):
    return Scheduled(office)


async def test_a_due_time_becomes_a_run_of_the_user(scheduled):
    schedule = await scheduled.put()

    [run_id] = await scheduled.look()

    [run] = await scheduled.all()
    assert run.id == run_id
    assert (run.state, run.trigger, run.integration_id, run.plan_id) == (
        RunState.QUEUED,
        "schedule",
        "by-basic",
        "p1",
    )
    assert (run.initiator.id, run.initiator.subject, run.initiator.via, run.initiator.scope) == (
        "stan",
        "id-of-stan",
        "schedule",
        None,
    )
    assert (run.chain, run.script_version_id, run.queued) == (("by-basic",), "script of by-basic", NOON)
    assert run.schedule == {
        "name": "hourly",
        "due": "2026-03-27T12:00:00Z",
        "missed": 0,
        "consented": "2026-03-27T10:00:00Z",
        "script_changed": False,
    }
    assert await scheduled.kept(schedule) == replace(
        schedule, due=NOON + HOUR, last_due=NOON, last_run_id=run_id
    )


async def test_the_script_is_given_what_a_request_would_have_brought(scheduled):
    await scheduled.put()
    await scheduled.put("form", content_type="application/x-www-form-urlencoded", body="a=1&b=2")

    await scheduled.look()

    by_name = {run.schedule["name"]: run for run in await scheduled.all()}
    json, form = (Start.model_validate(by_name[name].start) for name in ("hourly", "form"))
    assert (json.method, json.payload, json.parameter) == ("POST", {"which": "all"}, "request")
    assert json.provided == {
        "method": "POST",
        "headers": {"content-type": "application/json"},
        "parameters": {},
        "body": '{"which": "all"}',
        "request_id": by_name["hourly"].id,
        "integration_id": "by-basic",
        "remote_address": None,
        "schedule": by_name["hourly"].schedule,
    }
    assert (form.payload, form.body, form.parameters) == (None, "a=1&b=2", {"a": "1", "b": "2"})


async def test_what_is_not_due_yet_waits(scheduled, clock):
    await scheduled.put()
    clock.now = NOON - timedelta(microseconds=1)

    assert await scheduled.look() == []
    clock.now = NOON
    assert len(await scheduled.look()) == 1
    clock.now = NOON + HOUR - timedelta(microseconds=1)
    assert await scheduled.look() == []
    clock.now = NOON + HOUR
    assert len(await scheduled.look()) == 1


async def test_a_due_time_that_was_seen_before_it_was_moved_becomes_no_second_run(scheduled):
    schedule = await scheduled.put()

    first = await scheduled.runs.fire(schedule, now=NOON)
    second = await scheduled.runs.fire(schedule, now=NOON)

    assert (first is None, second) == (False, None)
    assert len(await scheduled.all()) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"due": None, "enabled": False},
        {"due": None, "consented": None},
        # Withdrawn and given again: to something else, perhaps.
        {"consented": NOON - HOUR},
    ],
    ids=str,
)
async def test_what_was_changed_since_it_was_seen_becomes_no_run(scheduled, change):
    schedule = await scheduled.put()
    await scheduled.office.write(lambda tx: tx.schedules.put(replace(schedule, **change)))

    assert await scheduled.runs.fire(schedule, now=NOON) is None
    assert await scheduled.all() == []
    assert await scheduled.kept(schedule) == replace(schedule, **change)


@pytest.mark.parametrize(
    ("late", "due", "missed"),
    [
        (timedelta(minutes=59), NOON, 0),
        (HOUR, NOON + HOUR, 1),
        (timedelta(hours=5, minutes=30), NOON + 5 * HOUR, 5),
        (timedelta(days=3650), NOON + timedelta(days=3650), 1000),
    ],
    ids=str,
)
async def test_due_times_that_came_while_nobody_looked_become_one_run(scheduled, clock, late, due, missed):
    schedule = await scheduled.put()
    clock.forward(seconds=late.total_seconds())

    await scheduled.look()

    [run] = await scheduled.all()
    assert (datetime.fromisoformat(run.schedule["due"]), run.schedule["missed"]) == (due, missed)
    kept = await scheduled.kept(schedule)
    assert (kept.last_due, kept.due) == (due, due + HOUR)
    assert await scheduled.look() == []


@pytest.mark.parametrize(
    ("prepare", "reason", "needs"),
    [
        (
            lambda office: office.change_person("stan", status="INACTIVE"),
            'stan may not set integration "by-basic" off: the account is not active.',
            ["an active account"],
        ),
        (
            lambda office: office.change_plan("Incidents", access=Access(people=frozenset({"id-of-sue"}))),
            'stan may not set integration "by-basic" off (access to plan: no).',
            ['access to plan "Incidents"'],
        ),
        (
            lambda office: office.change_plan("Incidents", enabled=False),
            'stan may not set integration "by-basic" off (access to plan: yes, plan enabled: no).',
            ['plan "Incidents" to be enabled'],
        ),
    ],
    ids=["suspended", "without access", "plan disabled"],
)
async def test_who_may_not_at_that_moment_is_denied_and_the_stream_says_so(scheduled, prepare, reason, needs):
    schedule = await scheduled.put()
    await prepare(scheduled.office)

    assert await scheduled.look() == [None]

    [run] = await scheduled.all()
    [entry] = await scheduled.entries(run)
    assert (run.state, run.finished, run.initiator.id) == (RunState.DENIED, NOON, "stan")
    assert (entry["kind"], entry["code"], entry["reason"]) == ("run.denied", "SCHEDULE_NOT_PERMITTED", reason)
    assert entry["explain"]["needs"] == needs
    assert (entry["trigger"], entry["schedule"]) == ("schedule", run.schedule)
    kept = await scheduled.kept(schedule)
    assert (kept.due, kept.last_run_id) == (NOON + HOUR, run.id)


async def test_where_an_event_is_created_the_right_to_send_the_form_is_asked_for(scheduled):
    async def nobody_sends(tx):
        await tx.forms.put(replace(await tx.forms.get("f1"), senders=Access()))

    await scheduled.put(integration="simple")
    await scheduled.put("other", integration="by-url")
    await scheduled.office.write(nobody_sends)

    assert await scheduled.look() == [None, None]

    for run in await scheduled.all():
        [entry] = await scheduled.entries(run)
        assert entry["explain"]["needs"] == ['sender permission on form "alert"']


async def test_who_may_only_use_the_rest_api_has_the_runs_that_their_keys_would_have(scheduled):
    await scheduled.put(of="rob")

    assert len([each for each in await scheduled.look() if each]) == 1


async def test_an_integration_without_a_script_of_its_own_runs_the_products(scheduled):
    await scheduled.put(integration="simple")

    await scheduled.look()

    [run] = await scheduled.all()
    assert (run.state, run.script_sha256, run.schedule["script_changed"]) == (
        RunState.QUEUED,
        "d" * 64,
        False,
    )


async def test_a_script_that_is_not_the_one_of_the_consent_is_told(scheduled):
    await scheduled.put(consented_script="another")

    await scheduled.look()

    [run] = await scheduled.all()
    assert run.schedule["script_changed"] is True


@pytest.mark.parametrize(
    "change",
    [{"enabled": False}, {"method": None}, {"method": None, "legacy": True}, {"script_version_id": None}],
    ids=str,
)
async def test_of_an_integration_that_nobody_sets_off_due_times_pass_without_a_run(scheduled, clock, change):
    schedule = await scheduled.put()
    await scheduled.office.change_integration("by-basic", **change)
    clock.forward(hours=3)

    assert await scheduled.look() == [None]

    assert await scheduled.all() == []
    kept = await scheduled.kept(schedule)
    assert (kept.due, kept.last_due, kept.last_run_id) == (NOON + 4 * HOUR, NOON + 3 * HOUR, None)


async def test_scheduled_runs_use_up_no_rate_of_those_who_call(scheduled):
    await scheduled.put()
    await scheduled.look()

    came = await scheduled.office.read(
        lambda tx: tx.runs.came("p1", denied=False, since=NOON - HOUR, limit=10)
    )

    assert came == []


async def test_an_integration_that_events_set_off_by_now_is_not_set_off_by_its_schedules(scheduled):
    await scheduled.put()
    await scheduled.office.change_integration(
        "by-basic", action=None, callback="STATUS", method=None, form_id="f1"
    )

    assert await scheduled.look() == [None]
    assert await scheduled.all() == []


async def test_what_a_schedule_set_off_is_done_again_as_its_user_only_while_they_consent(scheduled):
    schedule = await scheduled.put()
    [run_id] = await scheduled.look()
    office = scheduled.office

    async def end(tx):
        await tx.runs.finish(run_id, state=RunState.FAILED, at=tx.now)
        await tx.runs.give_up(run_id, at=tx.now, because="It failed.")

    await office.write(end)
    live = LiveReplay(
        database=office.database,
        accounts=EmbeddedAccounts(office.database),
        default_script=Script(name="default", sha256="d" * 64),
        submit=lambda _: None,
    )

    async def retry():
        wanted = WantedReplay(run_id=run_id, as_initiator=True)
        return await live.replay(Actor.operator(), wanted)

    accepted = await retry()
    await office.write(lambda tx: tx.schedules.put(replace(schedule, consented=None, due=None)))
    with pytest.raises(NotPermitted) as refused:
        await retry()

    new = await office.read(lambda tx: tx.runs.get(accepted.run_id))
    assert (new.initiator.subject, new.trigger) == (schedule.subject, "schedule")
    assert "has not consented to its schedule as it was then, or does not any more" in str(refused.value)
