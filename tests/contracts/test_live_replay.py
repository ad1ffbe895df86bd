"""A live replay in the database: the run, its link and the record of the act are kept together or not at all."""

import asyncio
from dataclasses import replace

import pytest

from deputize.activity.entries import Script
from deputize.domain.person import Person, Role
from deputize.domain.run import RunState
from deputize.domain.start import inbound_start
from deputize.domain.stored_run import RunFilter
from deputize.errors import TextNotStorable
from deputize.platform.embedded.accounts import EmbeddedAccounts
from deputize.use_cases.actor import Actor
from deputize.use_cases.replay_live import LiveReplay, WantedReplay

pytestmark = pytest.mark.anyio

ROB = Actor(subject="person-rob", name="rob", source="192.0.2.1")


@pytest.fixture
async def old(database, make, epoch):
    """A run that rob has set off and that has ended."""
    plan = make.plan()
    form = make.form(plan)
    integration = make.integration(plan, action="CREATE_EVENT_SIMPLE", form_id=form.id, method="basic")
    start = inbound_start(request_id="r", integration_id=integration.id, headers={}, body="", payload=None)
    run = make.run(
        integration_id=integration.id,
        plan_id=plan.id,
        state=RunState.FAILED,
        finished=epoch,
        start=start.model_dump(mode="json"),
        chain=(integration.id,),
    )

    async def work(tx):
        await tx.roles.put(Role(name="Standard", functions=frozenset({"login"})))
        await tx.people.put(Person(id="person-rob", target_name="rob", roles=frozenset({"Standard"})))
        await tx.plans.put(plan)
        await tx.forms.put(form)
        await tx.integrations.put(integration)
        await tx.runs.add(run)

    await database.write(work)
    return run


def live(database, submit):
    return LiveReplay(
        database=database,
        accounts=EmbeddedAccounts(database),
        default_script=Script(name="default", sha256="d" * 64),
        submit=submit,
    )


async def kept(database, run):
    """Return the replays of *run* and the records of the acts."""

    async def work(tx):
        return await tx.runs.page(RunFilter(replay_of=run.id), limit=100), await tx.audit.page(limit=100)

    return await database.read(work)


async def test_of_many_requests_with_one_key_at_once_one_replays(database, old):
    submitted = []
    replaying = live(database, submitted.append)
    wanted = WantedReplay(run_id=old.id, key="once")

    answers = await asyncio.gather(*(replaying.replay(ROB, wanted) for _ in range(6)))

    [new], [record] = await kept(database, old)
    assert {each.run_id for each in answers} == {new.id}
    assert [each.again for each in answers].count(False) == 1
    assert submitted == [new.id]
    assert (new.state, new.replay_of, new.replayed_by) == (RunState.QUEUED, old.id, "rob")
    assert (record.action, record.target, record.detail["replay"]) == (
        "run.replayed",
        f"run:{old.id}",
        new.id,
    )


async def test_of_many_requests_without_a_key_each_replays(database, old):
    submitted = []
    replaying = live(database, submitted.append)

    answers = await asyncio.gather(*(replaying.replay(ROB, WantedReplay(run_id=old.id)) for _ in range(4)))

    replays, records = await kept(database, old)
    assert {each.id for each in replays} == {each.run_id for each in answers} == set(submitted)
    assert (len(replays), len(records)) == (4, 4)


async def test_of_an_act_that_cannot_be_recorded_nothing_is_kept_and_the_queue_is_not_told(database, old):
    submitted = []
    replaying = live(database, submitted.append)
    wanted = WantedReplay(run_id=old.id, key="once")

    with pytest.raises(TextNotStorable):
        await replaying.replay(replace(ROB, source="no address\0"), wanted)

    assert await kept(database, old) == ([], [])
    assert submitted == []
    # Nor was the key used up.
    assert (await replaying.replay(ROB, wanted)).again is False


async def test_of_many_who_retry_a_dead_letter_at_once_one_does(database, old):
    await database.write(lambda tx: tx.runs.give_up(old.id, at=tx.now, because="It failed."))
    replaying = live(database, lambda _: None)
    wanted = WantedReplay(run_id=old.id, dead_letter=True)

    answers = await asyncio.gather(*(replaying.replay(ROB, wanted) for _ in range(6)), return_exceptions=True)

    replays, _ = await kept(database, old)
    assert len(replays) == 1
    assert sorted(type(each).__name__ for each in answers) == ["Conflict"] * 5 + ["ReplayAccepted"]
