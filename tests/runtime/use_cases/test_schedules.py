"""Schedules: who defines them, who consents, who sees them, and what ends a consent."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from deputize.domain.integration import ScriptVersion
from deputize.use_cases.actor import Actor
from deputize.use_cases.consent_to_schedule import consent_to_schedule, withdraw_consent
from deputize.use_cases.define_schedule import NewSchedule, ScheduleChange, change_schedule, create_schedule
from deputize.use_cases.delete_schedule import delete_schedule
from deputize.use_cases.errors import Conflict, Invalid, MethodRequired, NotFound, NotPermitted
from deputize.use_cases.export_plan import export_plan
from deputize.use_cases.see_schedules import see_schedule, see_schedules

pytestmark = pytest.mark.anyio


def actor(office, name):
    return Actor.operator() if name == "operator" else office.as_(name)


async def create(office, by="dev", integration_id="by-basic", **more):
    new = NewSchedule(**{"name": "nightly", "cron": "0 3 * * *", "user": "stan", **more})
    return await create_schedule(office.database, actor(office, by), integration_id=integration_id, new=new)


async def consent(office, seen, name="stan", *, digest=None):
    return await consent_to_schedule(
        office.database,
        actor(office, name),
        schedule_id=seen.schedule.id,
        digest=digest or seen.schedule.digest,
    )


async def change(office, seen, name="dev", **more):
    return await change_schedule(
        office.database,
        actor(office, name),
        schedule_id=seen.schedule.id,
        change=ScheduleChange(**more),
    )


async def withdraw(office, seen, name="stan"):
    return await withdraw_consent(office.database, actor(office, name), schedule_id=seen.schedule.id)


async def names(office, name, **wanted):
    return [
        each.schedule.name for each in await see_schedules(office.database, actor(office, name), **wanted)
    ]


@pytest.fixture
def clock(clock):
    """It is shortly after three in the night, in Berlin."""
    clock.now = datetime(2026, 3, 27, 2, 10, tzinfo=UTC)
    return clock


async def test_a_developer_defines_a_schedule_and_nothing_comes_of_it_without_consent(office):
    seen = await create(office, timezone="Europe/Berlin")

    assert (seen.state, seen.schedule.due, seen.schedule.consented) == ("UNCONSENTED", None, None)
    assert (seen.user, seen.integration, seen.plan) == ("stan", "by-basic", "Incidents")
    assert [each.isoformat() for each in seen.upcoming] == [
        "2026-03-28T02:00:00+00:00",
        # The night in which there is no three o'clock in Berlin begins at two.
        "2026-03-29T01:00:00+00:00",
        "2026-03-30T01:00:00+00:00",
        "2026-03-31T01:00:00+00:00",
        "2026-04-01T01:00:00+00:00",
    ]
    assert await office.audit() == [
        (
            "dev",
            "schedule.created",
            "schedule:Incidents/by-basic/nightly",
            {
                "cron": "0 3 * * *",
                "timezone": "Europe/Berlin",
                "user": "stan",
                "digest": seen.schedule.digest,
            },
        )
    ]


async def test_the_user_consents_and_it_is_due_from_the_next_time_on(office):
    seen = await create(office)

    consented = await consent(office, seen)

    assert (consented.state, consented.schedule.consented) == ("ACTIVE", office.clock())
    assert consented.schedule.due == datetime(2026, 3, 27, 3, 0, tzinfo=UTC)
    assert (await office.audit())[-1] == (
        "stan",
        "schedule.consented",
        "schedule:Incidents/by-basic/nightly",
        {"digest": seen.schedule.digest},
    )


@pytest.mark.parametrize("name", ["dev", "ann", "operator"])
async def test_nobody_consents_for_another_whatever_they_may(office, name):
    seen = await create(office)

    with pytest.raises(NotPermitted) as refused:
        await consent(office, seen, name)

    assert str(refused.value) == f"{name} may not consent to this schedule: only stan, as whom it runs."
    assert (await see_schedule(office.database, office.as_("dev"), schedule_id=seen.schedule.id)).state == (
        "UNCONSENTED"
    )


async def test_who_may_not_sign_in_consents_to_nothing(office):
    seen = await create(office, user="rob")

    with pytest.raises(NotPermitted) as refused:
        await consent(office, seen, "rob")

    assert str(refused.value) == "rob may not see schedules (function login: no)."


async def test_consent_is_to_what_was_shown(office):
    seen = await create(office)
    await change(office, seen, body='{"all": true}')

    with pytest.raises(Conflict) as refused:
        await consent(office, seen)

    assert str(refused.value) == "The schedule is not as it was shown. Read it again, and consent to that."


@pytest.mark.parametrize(
    "changed",
    [
        {"cron": "0 4 * * *"},
        {"timezone": "Europe/Berlin"},
        {"user": "sue"},
        {"body": '{"all": true}'},
        {"content_type": "text/plain"},
    ],
    ids=str,
)
async def test_other_terms_end_the_consent(office, changed):
    seen = await create(office)
    await consent(office, seen)

    after = await change(office, seen, **changed)

    assert (after.state, after.schedule.due, after.schedule.consented_script) == ("UNCONSENTED", None, None)
    (_, action, _, detail) = (await office.audit())[-1]
    assert (action, detail["consent_withdrawn"]) == ("schedule.changed", True)
    assert detail["digest"] == after.schedule.digest != seen.schedule.digest


async def test_terms_that_are_written_otherwise_and_mean_the_same_change_nothing(office):
    seen = await consent(office, await create(office))
    before = await office.audit()

    after = await change(office, seen, cron=" 0   3 * *  * ", timezone="UTC", enabled=True)

    assert after == seen
    assert await office.audit() == before


async def test_another_script_is_told_and_ends_no_consent(office):
    seen = await consent(office, await create(office))
    assert not seen.script_changed

    async def work(tx):
        await tx.scripts.add(
            ScriptVersion(
                id="another",
                owner_id="by-basic",
                number=2,
                sha256="b" * 64,
                source="def main(): ...\n",
                author="dev",
                created=tx.now,
            )
        )

    await office.write(work)
    await office.change_integration("by-basic", script_version_id="another")

    after = await see_schedule(office.database, office.as_("stan"), schedule_id=seen.schedule.id)
    assert (after.state, after.script_changed, after.schedule) == ("ACTIVE", True, seen.schedule)
    assert not (await consent(office, seen)).script_changed


async def test_paused_it_rests_and_goes_on_without_another_consent(office):
    seen = await consent(office, await create(office))

    paused = await change(office, seen, enabled=False)
    office.clock.forward(days=2)
    resumed = await change(office, seen, enabled=True)

    assert (paused.state, paused.schedule.due) == ("PAUSED", None)
    # What would have been due meanwhile was not missed.
    assert (resumed.state, resumed.schedule.due) == ("ACTIVE", datetime(2026, 3, 29, 3, 0, tzinfo=UTC))


async def test_consent_to_what_is_paused_counts_when_it_goes_on(office):
    seen = await change(office, await create(office), enabled=False)

    consented = await consent(office, seen)
    resumed = await change(office, seen, enabled=True)

    assert (consented.state, consented.schedule.due) == ("PAUSED", None)
    assert resumed.state == "ACTIVE"


@pytest.mark.parametrize("name", ["stan", "dev", "ann", "operator"])
async def test_the_user_and_who_edits_the_plan_withdraw_the_consent(office, name):
    seen = await consent(office, await create(office))

    after = await withdraw(office, seen, name)

    assert (after.state, after.schedule.due) == ("UNCONSENTED", None)
    assert (await office.audit())[-1] == (
        name,
        "schedule.withdrawn",
        "schedule:Incidents/by-basic/nightly",
        {},
    )


async def test_a_consent_that_is_not_there_is_withdrawn_without_a_trace(office):
    seen = await create(office)
    before = await office.audit()

    await withdraw(office, seen)

    assert await office.audit() == before


async def test_everybody_sees_their_own_and_developers_those_of_their_plans(office):
    await create(office)
    await create(office, "operator", "pay", name="payday", user="sue")
    await create(office, "operator", "pay", name="report", user="stan")

    assert await names(office, "stan") == ["nightly", "report"]
    assert await names(office, "dev") == ["nightly"]
    assert await names(office, "sue") == ["payday"]
    assert await names(office, "ann") == ["nightly", "payday", "report"]
    assert await names(office, "iris") == []
    assert await names(office, "ann", integration_id="pay") == ["payday", "report"]
    assert await names(office, "ann", integration_id="pay", user="stan") == ["report"]


async def test_what_one_may_not_see_one_may_not_change_or_delete(office):
    seen = await create(office)
    for act in (
        lambda name: see_schedule(office.database, office.as_(name), schedule_id=seen.schedule.id),
        lambda name: change(office, seen, name, enabled=False),
        lambda name: withdraw(office, seen, name),
        lambda name: delete_schedule(office.database, office.as_(name), schedule_id=seen.schedule.id),
    ):
        with pytest.raises(NotPermitted):
            await act("sue")
    for act in (lambda: change(office, seen, "stan", enabled=False), lambda: create(office, "stan")):
        with pytest.raises(NotPermitted):
            await act()


async def test_deleted_it_is_gone(office):
    seen = await create(office)

    await delete_schedule(office.database, office.as_("dev"), schedule_id=seen.schedule.id)

    assert await names(office, "dev") == []
    assert (await office.audit())[-1] == (
        "dev",
        "schedule.deleted",
        "schedule:Incidents/by-basic/nightly",
        {},
    )
    with pytest.raises(NotFound) as refused:
        await delete_schedule(office.database, office.as_("dev"), schedule_id=seen.schedule.id)
    assert str(refused.value) == f'There is no schedule "{seen.schedule.id}".'


async def test_with_its_user_or_its_integration_a_schedule_goes(office):
    await create(office)
    await create(office, integration_id="by-url", user="sue")

    await office.write(lambda tx: tx.people.delete("id-of-stan"))
    assert await names(office, "ann") == ["nightly"]
    await office.write(lambda tx: tx.integrations.delete("by-url"))
    assert await names(office, "ann") == []


@pytest.mark.parametrize(
    ("wrong", "pointer", "detail"),
    [
        ({"cron": "0 0 30 2 *"}, "/cron", "It never comes: no month that it names has such a day."),
        ({"cron": "0 3 * *"}, "/cron", None),
        (
            {"timezone": "Europe/Viena"},
            "/timezone",
            'It is no IANA name of a time zone, such as Europe/Vienna or UTC. Did you mean "Europe/Vienna"?',
        ),
        ({"timezone": "localtime"}, "/timezone", None),
        ({"timezone": "../UTC"}, "/timezone", None),
        ({"timezone": ""}, "/timezone", "It is no IANA name of a time zone, such as Europe/Vienna or UTC."),
        ({"user": "nobody"}, "/as", "There is no active user of this name."),
        (
            {"name": "Nightly report"},
            "/name",
            "A name is 1 to 63 of a-z, 0-9, - and _, and begins and ends with a letter or digit.",
        ),
        ({"name": "a" * 64}, "/name", None),
        ({"body": "{"}, "/body", "It is not JSON, as its content_type says."),
        ({"body": "x" * (256 * 1024 + 1), "content_type": "text/plain"}, "/body", "It has at most 256 KiB."),
        ({"body": "\ud800", "content_type": "text/plain"}, "/body", None),
        (
            {"content_type": "text/plain; charset=utf-16"},
            "/content_type",
            "It is a media type without parameters, such as application/json; the charset is UTF-8.",
        ),
        (
            {"content_type": "application/x-www-form-urlencoded", "body": "apiKey=x"},
            "/body",
            "A credential does not belong into a form. Send it in the header Authorization, a URL key in "
            "the address, and no other.",
        ),
    ],
    ids=str,
)
async def test_what_cannot_be_is_refused_with_the_reason(office, wrong, pointer, detail):
    with pytest.raises(Invalid) as refused:
        await create(office, **wrong)

    [fault] = refused.value.faults
    assert fault.pointer == pointer
    assert detail in (None, fault.detail)
    assert await names(office, "ann") == []


async def test_all_that_is_wrong_is_told_at_once_also_of_a_change(office):
    seen = await create(office)

    with pytest.raises(Invalid) as refused:
        await change(office, seen, cron="x", timezone="y", user="z", body="{")

    assert {each.pointer for each in refused.value.faults} == {"/cron", "/timezone", "/as", "/body"}


async def test_for_who_is_disabled_none_is_defined(office):
    await office.change_person("stan", status="INACTIVE")

    with pytest.raises(Invalid) as refused:
        await create(office)

    assert [each.pointer for each in refused.value.faults] == ["/as"]


async def test_a_name_is_there_once_in_an_integration(office):
    await create(office)
    await create(office, integration_id="by-url")

    with pytest.raises(Conflict) as refused:
        await create(office)

    assert str(refused.value) == 'The integration "by-basic" has a schedule "nightly" already.'


async def test_an_integration_has_so_many_schedules_and_no_more(office):
    for number in range(100):
        await create(office, name=f"s{number}")

    with pytest.raises(Conflict) as refused:
        await create(office, name="one-more")

    assert str(refused.value) == 'The integration "by-basic" has 100 schedules, which is as many as may be.'


async def test_a_plan_file_has_no_schedule(office):
    await consent(office, await create(office, name="in-no-file", body='{"in": "no file"}'))

    exported = await export_plan(office.database, office.as_("dev"), plan="Incidents")

    with ZipFile(BytesIO(exported.data)) as file:
        text = "".join(file.read(name).decode() for name in file.namelist())
    assert "by-basic" in text
    assert "in-no-file" not in text
    assert "no file" not in text


async def test_only_inbound_integrations_with_a_method_have_schedules(office):
    with pytest.raises(Conflict) as outbound:
        await create(office, integration_id="on-response")
    with pytest.raises(MethodRequired) as unchosen:
        await create(office, integration_id="unchosen")

    assert str(outbound.value) == (
        'The integration "on-response" has no schedules: it is outbound, and what happens to the events of '
        "its form sets it off."
    )
    assert str(unchosen.value) == (
        'The integration "unchosen" has no method of authentication and is locked until one is chosen. '
        "Choose one first."
    )


async def test_of_an_integration_that_is_switched_off_it_rests(office):
    seen = await consent(office, await create(office))

    await office.change_integration("by-basic", enabled=False)
    assert await states(office) == ["RESTING"]
    await office.change_integration("by-basic", enabled=True, method=None, legacy=True)
    assert await states(office) == ["RESTING"]
    await office.change_integration("by-basic", legacy=False, method="basic")
    assert await states(office) == ["ACTIVE"]
    assert seen.state == "ACTIVE"


async def states(office):
    return [each.state for each in await see_schedules(office.database, office.as_("ann"))]


async def test_a_body_is_shown_to_whom_it_concerns_and_to_no_log(office):
    seen = await create(office, body='{"q": "a thing"}')

    assert "a thing" not in repr(seen)
    assert all("a thing" not in str(record) for record in await office.audit())


async def test_a_due_time_that_has_passed_is_not_due_again_by_a_clock_that_is_behind(office):
    seen = await consent(office, await create(office))
    due = seen.schedule.due

    async def work(tx):
        kept = await tx.schedules.get(seen.schedule.id)
        return await tx.schedules.move(kept, passed=due, to=due + timedelta(days=1), run_id=None)

    assert await office.write(work)
    await change(office, seen, enabled=False)
    after = await change(office, seen, enabled=True)

    assert after.schedule.due == due + timedelta(days=1)
