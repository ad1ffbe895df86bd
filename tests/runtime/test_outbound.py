"""Which runs come of a change of an event: as whom, with what, and how far it may go."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from deputize.domain.event import Event, EventChange
from deputize.domain.integration import Integration, ScriptVersion
from deputize.domain.person import Person
from deputize.domain.plan import Form, Plan
from deputize.domain.principal import Principal
from deputize.domain.run import RunState
from deputize.domain.start import Start
from deputize.outbound import set_off

pytestmark = pytest.mark.anyio

AT = datetime(2018, 4, 17, 20, 20, 11, 123_456, tzinfo=UTC)
ROB = Person(id="s-rob", target_name="rob", first_name="Rob", last_name="Keller")
EVENT = Event(
    id="e-1",
    number="12623005",
    submitter_id="s-rob",
    submitter_name="rob",
    via="api",
    status="ACTIVE",
    form="alert",
    form_id="f-alert",
    plan_id="p-incidents",
    priority="MEDIUM",
    created=AT,
    properties={"number": "INC0010001"},
    recipients=("mmcbride",),
    request_id=None,
)
RESPONSE = EventChange(
    kind="RESPONSE",
    event=EVENT,
    at=AT,
    fields={"recipient": "mmcbride", "response": "Acknowledge", "device": "Work Email", "annotation": None},
)


def outbound(name, kind="RESPONSE", **more):
    return Integration(
        **{
            "id": f"i-{name}",
            "plan_id": "p-incidents",
            "name": name,
            "callback": kind,
            "form_id": "f-alert",
            "script_version_id": f"v-{name}",
            **more,
        }
    )


async def keep(tx, *integrations, plan=None):
    await tx.people.put(ROB)
    await tx.plans.put(plan or Plan(id="p-incidents", name="incidents"))
    for name in ("alert", "other"):
        await tx.forms.put(Form(id=f"f-{name}", plan_id="p-incidents", name=name))
    for each in integrations:
        version = ScriptVersion(
            id=f"v-{each.name}",
            owner_id=each.id,
            number=1,
            sha256=f"sha of {each.name}",
            source="def main(): ...",
            author="deputize.toml",
            created=AT,
        )
        await tx.scripts.add(version)
        await tx.integrations.put(each)


@pytest.fixture
def runs_of(database):
    """Keep integrations and a change; return the runs that came of it, and their entries."""

    async def runs_of(*integrations, change=RESPONSE, chain=(), plan=None, also=None):
        async def work(tx):
            await keep(tx, *integrations, plan=plan)
            if also is not None:
                await also(tx)
            return await set_off(tx, change, chain=chain)

        ids = await database.write(work)
        runs = await database.read(lambda tx: tx.runs.page(limit=10))
        assert set(ids) == {run.id for run in runs if run.state is RunState.QUEUED}
        return {run.name: run for run in runs}

    return runs_of


async def test_a_response_sets_the_bound_integration_off_as_the_events_initiator(runs_of):
    run = (await runs_of(outbound("acknowledge")))["acknowledge"]

    assert run.state is RunState.QUEUED
    assert run.initiator == Principal(id="rob", name="Rob Keller", via="api", subject="s-rob")
    assert (run.trigger, run.event_id, run.chain) == ("RESPONSE", "e-1", ("i-acknowledge",))
    assert (run.integration_id, run.plan_id, run.shown_path) == (
        "i-acknowledge",
        "p-incidents",
        "acknowledge",
    )
    assert (run.script_sha256, run.script_version_id) == ("sha of acknowledge", "v-acknowledge")
    assert (run.queued, run.started, run.finished) == (AT, None, None)


async def test_the_script_is_given_the_callback_of_the_change(runs_of):
    run = (await runs_of(outbound("acknowledge")))["acknowledge"]

    start = Start.model_validate(run.start)
    assert start.trigger == "RESPONSE"
    assert start.payload == {
        "eventIdentifier": 12623005,
        "date": "18-04-17 20:20:11.123",
        "eventProperties": [{"number": "INC0010001"}],
        "recipient": "mmcbride",
        "response": "Acknowledge",
        "device": "Work Email",
        "annotation": "null",
    }
    assert start.provided["annotation"] is None


async def test_every_integration_that_is_bound_runs_once_and_no_other_does(runs_of):
    runs = await runs_of(
        outbound("first"),
        outbound("second"),
        outbound("of_another_kind", kind="STATUS"),
        outbound("of_another_form", form_id="f-other"),
        outbound("disabled", enabled=False),
        outbound("of_the_choice", response_choice="Acknowledge"),
        outbound("of_another_choice", response_choice="Escalate"),
    )

    assert set(runs) == {"first", "second", "of_the_choice"}
    assert len({run.id for run in runs.values()}) == len({run.trace_id for run in runs.values()}) == 3


async def test_nothing_of_a_disabled_plan_is_set_off(runs_of):
    plan = Plan(id="p-incidents", name="incidents", enabled=False)

    assert await runs_of(outbound("acknowledge"), plan=plan) == {}


async def test_an_event_without_a_form_sets_nothing_off(runs_of):
    change = replace(RESPONSE, event=replace(EVENT, form_id=None))

    assert await runs_of(outbound("acknowledge"), change=change) == {}


async def test_a_submitter_who_is_disabled_is_still_the_initiator(runs_of):
    run = await runs_of(
        outbound("acknowledge"), also=lambda tx: tx.people.put(replace(ROB, status="INACTIVE"))
    )

    assert run["acknowledge"].initiator.subject == "s-rob"


async def test_a_submitter_who_is_deleted_is_not_the_one_who_has_the_name_now(runs_of):
    async def replace_rob(tx):
        await tx.people.delete("s-rob")
        await tx.people.put(Person(id="s-another", target_name="rob", first_name="Another"))

    run = await runs_of(outbound("acknowledge"), also=replace_rob)

    assert run["acknowledge"].initiator == Principal(id="rob", name="rob", via="api", subject="s-rob")


async def test_a_chain_goes_on_with_the_integration_at_its_end(runs_of):
    run = (await runs_of(outbound("acknowledge"), chain=("i-1", "i-2")))["acknowledge"]

    assert run.chain == ("i-1", "i-2", "i-acknowledge")


@pytest.mark.parametrize(
    ("chain", "code", "reason"),
    [
        (
            ("i-acknowledge", "i-2"),
            "CHAIN_CYCLE",
            '"acknowledge" has led to itself over 2 scripts; it is not set off again. '
            "Break the circle: let one of them look whether there is anything left to do.",
        ),
        (
            ("i-1", "i-2", "i-3", "i-4", "i-5"),
            "CHAIN_TOO_DEEP",
            '"acknowledge" would be link 6 of a chain of scripts that set each other off; the longest is 5.',
        ),
    ],
)
async def test_a_chain_that_must_end_is_shown_by_a_denied_run_with_one_entry(
    runs_of, database, chain, code, reason
):
    run = (await runs_of(outbound("acknowledge"), chain=chain))["acknowledge"]

    assert (run.state, run.chain, run.finished) == (RunState.DENIED, chain, AT)
    entries = await database.read(lambda tx: tx.entries.of_run(run.id))
    assert [(each["kind"], each["trigger"], each["code"], each["reason"]) for each in entries] == [
        ("run.denied", "RESPONSE", code, reason)
    ]
    assert entries[0]["initiator"] == {"id": "rob", "via": "api"}
    assert "explain" not in entries[0]


async def test_one_that_must_not_go_on_does_not_keep_the_others_from_it(runs_of):
    runs = await runs_of(outbound("again"), outbound("new"), chain=("i-again",))

    assert {name: run.state for name, run in runs.items()} == {
        "again": RunState.DENIED,
        "new": RunState.QUEUED,
    }


async def test_a_change_that_is_not_kept_leaves_no_run(database):
    async def work(tx):
        await keep(tx, outbound("acknowledge"))
        await set_off(tx, RESPONSE, chain=())
        raise RuntimeError("the change was not kept")

    with pytest.raises(RuntimeError):
        await database.write(work)

    assert await database.read(lambda tx: tx.runs.page(limit=10)) == []
