"""Dead letters: who sees them, and what takes them off the list."""

import pytest

from deputize.domain.run import RunState
from deputize.inbound.answers import CallerRefused
from deputize.use_cases.dead_letters import dismiss_dead_letter, see_dead_letters
from deputize.use_cases.errors import Conflict, NotFound, NotPermitted
from deputize.use_cases.replay_live import WantedReplay
from deputize.use_cases.resume_run import resume_run

pytestmark = pytest.mark.anyio

NONE = "The run is FAILED and no dead letter, or somebody has seen to it already."


@pytest.fixture
async def letter(replays, office):
    """A run of stan's that was given up."""
    run = await replays.put("letter", state=RunState.FAILED)
    await office.write(lambda tx: tx.runs.give_up(run.id, at=tx.now, because="Try 2 of 2 has failed."))
    return run


async def listed(office, name):
    return [each.id for each in await see_dead_letters(office.database, office.as_(name), limit=9)]


async def retry(replays, office, name, **more):
    wanted = WantedReplay(run_id="letter", as_initiator=True, dead_letter=True, **more)
    return await replays.live.replay(office.as_(name), wanted)


async def test_one_sees_those_of_ones_own_and_of_plans_that_one_edits(letter, replays, office):
    await replays.put("well")
    await replays.put("failed, and tried again", state=RunState.FAILED)

    assert [await listed(office, name) for name in ("stan", "dev", "ann", "iris")] == [
        ["letter"],
        ["letter"],
        ["letter"],
        [],
    ]


async def test_a_retry_by_hand_is_a_live_replay_as_the_initiator_and_none_is_left(letter, replays, office):
    accepted = await retry(replays, office, "stan")

    new = await office.read(lambda tx: tx.runs.get(accepted.run_id))
    assert (new.state, new.initiator.id, new.replay_of) == ("QUEUED", "stan", "letter")
    assert await listed(office, "ann") == []
    assert [each[:3] for each in await office.audit()] == [("stan", "run.replayed", "run:letter")]


async def test_who_may_not_replay_it_leaves_it_where_it_is(letter, replays, office):
    with pytest.raises(NotPermitted, match="replay a run as stan, its initiator"):
        await retry(replays, office, "dev")

    assert await listed(office, "ann") == ["letter"]


async def test_it_is_done_again_once_however_often_that_is_asked(letter, replays, office):
    first = await retry(replays, office, "stan", key="k")

    again = await retry(replays, office, "stan", key="k")
    with pytest.raises(Conflict) as refused:
        await retry(replays, office, "stan", key="another")
    other = await replays.live.replay(
        office.as_("stan"), WantedReplay(run_id="letter", as_initiator=True, key="k")
    )

    assert (again.run_id, again.again) == (first.run_id, True)
    assert str(refused.value) == NONE
    assert isinstance(other, CallerRefused)
    assert other.code == "IDEMPOTENCY_KEY_REUSED"


async def test_any_live_replay_sees_to_it(letter, replays, office):
    await replays.ask("dev", "letter")

    assert await listed(office, "ann") == []


async def test_who_edits_the_plan_dismisses_it_and_the_run_stays(letter, office):
    await dismiss_dead_letter(office.database, office.as_("dev"), run_id="letter")

    assert await listed(office, "ann") == []
    assert await office.read(lambda tx: tx.runs.get("letter")) == letter
    assert await office.audit() == [("dev", "run.dismissed", "run:letter", {"state": "FAILED"})]


async def test_who_does_not_edit_the_plan_dismisses_nothing(letter, office):
    with pytest.raises(NotPermitted):
        await dismiss_dead_letter(office.database, office.as_("stan"), run_id="letter")

    assert await listed(office, "ann") == ["letter"]


async def test_what_is_none_is_not_dismissed(replays, office):
    await replays.put("failed", state=RunState.FAILED)

    with pytest.raises(Conflict) as refused:
        await dismiss_dead_letter(office.database, office.as_("ann"), run_id="failed")
    with pytest.raises(NotFound):
        await dismiss_dead_letter(office.database, office.as_("ann"), run_id="nothing")

    assert str(refused.value) == NONE


async def test_what_was_done_again_is_not_resumed_as_well(replays, office):
    run = await replays.put("letter", state=RunState.POISONED)
    await office.write(lambda tx: tx.runs.give_up(run.id, at=tx.now, because="It killed its workers."))
    accepted = await retry(replays, office, "stan")

    with pytest.raises(Conflict) as refused:
        await resume_run(office.database, office.as_("dev"), run_id="letter")

    assert str(refused.value) == f"The run was done again already, by run {accepted.run_id}."
