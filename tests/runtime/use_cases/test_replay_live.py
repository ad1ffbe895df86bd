"""Live replay: the new run, what of the old one may be replayed, and what is kept of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deputize.activity.scheduled_time import ScheduledTime
from deputize.domain.principal import Principal
from deputize.domain.run import RunState
from deputize.domain.start import Start, inbound_start, scheduled_start
from deputize.domain.stored_run import StoredRun
from deputize.inbound.answers import CallerRefused
from deputize.use_cases.errors import NotPermitted, NotReplayable
from deputize.use_cases.replay_live import ReplayAccepted, WantedReplay

pytestmark = pytest.mark.anyio


async def test_a_replay_is_a_new_run_of_who_asks_linked_to_the_old_one(replays, office):
    old = await replays.put("old", chain=("first", "by-basic"))
    office.clock.forward(days=1)

    new = await replays.ask("rae", "old")

    assert new == StoredRun(
        id=new.id,
        state=RunState.QUEUED,
        integration_id="by-basic",
        plan_id="p1",
        name="by-basic",
        trigger="inbound",
        script_sha256=new.script_sha256,
        script_version_id="script of by-basic",
        shown_path="by-basic",
        start={**old.start, "provided": {**old.start["provided"], "request_id": new.id}},
        initiator=Principal(id="rae", name="Rae Roe", via="replay", subject="id-of-rae"),
        replay_of="old",
        replayed_by="rae",
        chain=("first", "by-basic"),
        trace_id=new.trace_id,
        queued=office.clock(),
    )
    assert new.id != "old"
    assert new.trace_id != old.trace_id
    assert await office.read(lambda tx: tx.runs.get("old")) == old
    assert replays.submitted == [new.id]
    assert await office.audit() == [
        ("rae", "run.replayed", "run:old", {"replay": new.id, "initiator": "rae", "state": "QUEUED"})
    ]


async def test_the_script_is_the_one_that_the_integration_has_now(replays, office):
    await replays.put("old")
    version = await office.read(lambda tx: tx.scripts.get("script of by-basic"))
    later = replace(version, id="later", number=2, sha256="b" * 64)
    await office.write(lambda tx: tx.scripts.add(later))
    await office.change_integration("by-basic", script_version_id="later")
    await replays.put("simple", "simple")

    now = await replays.ask("stan", "old")
    simple = await replays.ask("stan", "simple")

    assert (now.script_version_id, now.script_sha256) == ("later", "b" * 64)
    assert (simple.script_version_id, simple.script_sha256) == (None, replays.default.sha256)


async def test_what_an_event_has_set_off_is_replayed_with_what_it_was_told(replays):
    old = await replays.put("old", "on-response", of="sue")

    new = await replays.ask("dev", "old")

    assert (new.start, new.event_id, new.trigger) == (old.start, "event", "RESPONSE")
    assert new.initiator.id == "dev"


async def test_what_a_schedule_has_set_off_is_replayed_with_its_due_time(replays, clock):
    time = ScheduledTime(name="nightly", due=clock(), consented=clock())
    request = inbound_start(request_id="old", integration_id="by-basic", headers={}, body="x", payload=None)
    start = scheduled_start(request, time)
    old = await replays.put("old", trigger="schedule", start=start.model_dump(mode="json"))

    new = await replays.ask("stan", "old")

    assert (new.trigger, new.schedule, new.initiator.via) == ("schedule", old.schedule, "replay")
    assert Start.model_validate(new.start).provided == {**start.provided, "request_id": new.id}


@pytest.mark.parametrize("state", [RunState.QUEUED, RunState.RUNNING])
async def test_a_run_that_is_under_way_is_not_replayed(replays, state):
    await replays.put("old", state=state, finished=None)

    with pytest.raises(NotReplayable, match=f"The run is {state}. Replay it when it has ended."):
        await replays.ask("stan", "old")


@pytest.mark.parametrize(
    "state",
    sorted(set(RunState) - {RunState.QUEUED, RunState.RUNNING}),
)
async def test_a_run_is_replayed_however_it_ended(replays, state):
    await replays.put("old", state=state, chain=() if state is RunState.DENIED else ("by-basic",))

    new = await replays.ask("stan", "old")

    assert (new.state, new.chain) == (RunState.QUEUED, ("by-basic",))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"enabled": False}, 'The integration "by-basic" is switched off. Switch it on first.'),
        ({"method": None}, 'The integration "by-basic" has no method. Choose one first.'),
        (
            {"action": None, "method": None, "callback": "STATUS"},
            'The run was set off by inbound, and "by-basic" is set off by STATUS now.',
        ),
        ({"script_version_id": None}, 'It cannot be run: "by-basic" has no script.'),
    ],
    ids=["switched off", "no method", "another kind", "no script"],
)
async def test_an_integration_that_is_not_what_it_was_is_not_replayed(replays, office, change, why):
    await replays.put("old")
    await office.change_integration("by-basic", **change)

    for as_initiator in (False, True):
        with pytest.raises(NotReplayable) as refused:
            await replays.ask("rae", "old", as_initiator=as_initiator)
        assert str(refused.value) == why
    assert await replays.all("old") == []
    assert await office.audit() == []


async def test_of_an_integration_that_was_deleted_nothing_is_replayed(replays, office):
    await replays.put("old")
    await replays.put("none", integration_id=None)
    await office.write(lambda tx: tx.integrations.delete("by-basic"))

    for run_id in ("old", "none"):
        with pytest.raises(NotReplayable, match='"by-basic" of the run is not there any more'):
            await replays.ask("stan", run_id)


async def test_a_chain_that_was_refused_is_refused_again(replays, office):
    await replays.put("old", state=RunState.DENIED, chain=("other", "by-basic"))

    answer = await replays.live.replay(office.as_("stan"), WantedReplay(run_id="old"))

    assert isinstance(answer, CallerRefused)
    assert answer.code == "CHAIN_CYCLE"
    [denied] = await replays.all("old")
    assert (denied.state, denied.chain) == (RunState.DENIED, ("other", "by-basic"))


async def test_the_same_request_again_starts_one_replay(replays, office):
    await replays.put("old")
    wanted = WantedReplay(run_id="old", key="once")

    first = await replays.live.replay(office.as_("rae"), wanted)
    again = await replays.live.replay(office.as_("rae"), wanted)
    another = await replays.live.replay(office.as_("rae"), replace(wanted, as_initiator=True))
    somebody_else = await replays.live.replay(office.as_("dev"), wanted)

    assert again == replace(first, again=True)
    assert another.code == "IDEMPOTENCY_KEY_REUSED"
    assert replays.submitted == [first.run_id, somebody_else.run_id]
    assert len(await office.audit()) == 2


async def test_who_may_not_any_more_is_not_told_of_the_replay_that_there_is(replays, office):
    await replays.put("old")
    wanted = WantedReplay(run_id="old", key="once")
    await replays.live.replay(office.as_("stan"), wanted)
    await office.change_person("stan", roles=frozenset({"Issuer"}))

    with pytest.raises(NotPermitted):
        await replays.live.replay(office.as_("stan"), wanted)


async def test_replays_count_in_the_rate_of_the_plan(replays, office):
    await office.change_plan("Incidents", requests_per_minute=2)
    await replays.put("old", queued=office.clock() - timedelta(days=1))
    await replays.put("of an event", "on-response", queued=office.clock() - timedelta(days=1))
    stan, ann = office.as_("stan"), office.as_("ann")

    for _ in range(2):
        assert isinstance(await replays.live.replay(stan, WantedReplay(run_id="old")), ReplayAccepted)
        with pytest.raises(NotPermitted):
            await replays.live.replay(ann, WantedReplay(run_id="old"))
    beyond = [await replays.live.replay(each, WantedReplay(run_id="old")) for each in (stan, ann)]
    free = await replays.live.replay(stan, WantedReplay(run_id="of an event"))

    assert [each.code for each in beyond] == ["RATE_LIMITED"] * 2
    assert isinstance(free, ReplayAccepted)
    assert len(await replays.all("old")) == 4


async def test_a_replay_is_no_use_of_its_integration(replays, office):
    await replays.put("old")
    before = await office.read(lambda tx: tx.runs.uses(since=office.clock()))

    await replays.ask("rae", "old")

    assert await office.read(lambda tx: tx.runs.uses(since=office.clock())) == before
