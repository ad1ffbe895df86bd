"""Who may have a run done again, as themselves and as its initiator."""

from dataclasses import replace

import pytest

from deputize.domain.legacy import LEGACY
from deputize.domain.person import Person
from deputize.domain.plan import Access
from deputize.domain.principal import Principal
from deputize.domain.run import RunState
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import NotFound, NotPermitted
from deputize.use_cases.replay_live import WantedReplay

pytestmark = pytest.mark.anyio


#: Of a run of somebody: by whom it may be replayed as oneself, who sees it and may not, and who does not
#: see it. In the plan, stan, dev and rae have access; ann sees all runs and has none.
MATRIX = {
    ("stan", "by-basic"): ({"stan", "dev", "rae"}, {"ann"}, {"sue", "iris"}),
    ("iris", "by-basic"): ({"dev", "rae"}, {"iris", "ann"}, {"stan", "sue"}),
    ("rob", "by-url"): ({"dev", "rae"}, {"ann"}, {"stan", "sue", "iris"}),
    ("stan", "on-response"): ({"stan", "dev", "rae"}, {"ann"}, {"sue", "iris"}),
}


@pytest.mark.parametrize(("of", "integration"), MATRIX, ids=lambda each: each)
async def test_who_may_replay_a_run_as_themselves(replays, of, integration):
    await replays.put("old", integration, of=of)
    may, may_not, unseeing = MATRIX[of, integration]

    for name in sorted(may):
        new = await replays.ask(name, "old")
        assert (new.state, new.initiator.id) == (RunState.QUEUED, name)
    for name in sorted(may_not):
        new = await replays.ask(name, "old")
        assert (new.state, new.initiator.id) == (RunState.DENIED, name)
    for name in sorted(unseeing):
        with pytest.raises(NotFound):
            await replays.ask(name, "old")
    assert len(await replays.all("old")) == len(may | may_not)


async def test_a_run_that_one_does_not_see_is_answered_like_one_that_is_not_there(replays, office):
    await replays.put("old", of="dev")

    answers = []
    for run_id in ("old", "nowhere"):
        for as_initiator in (False, True):
            with pytest.raises(NotFound) as refused:
                await replays.ask("sue", run_id, as_initiator=as_initiator)
            answers.append(str(refused.value).replace(run_id, "RUN"))

    assert answers == ['There is no run "RUN".'] * 4
    assert await office.audit() == []


async def test_who_may_not_sign_in_replays_nothing(replays, office):
    await replays.put("old", of="rob")

    for run_id in ("old", "nowhere"):
        with pytest.raises(NotPermitted, match="rob may not see runs"):
            await replays.live.replay(office.as_("rob"), WantedReplay(run_id=run_id))


async def test_the_operator_is_no_user_and_replays_nothing_as_one(replays):
    await replays.put("old")

    with pytest.raises(
        NotPermitted, match="operator may not replay runs: a run needs a user as its initiator"
    ):
        await replays.live.replay(Actor.operator(), WantedReplay(run_id="old"))


async def test_the_operator_has_a_run_replayed_as_its_initiator_while_that_one_may(replays, office):
    await replays.put("old")
    await replays.put("of a legacy one", initiator=Principal(id="own", name="Own", via="legacy", subject="o"))

    async def ask(run_id):
        return await replays.live.replay(Actor.operator(), WantedReplay(run_id=run_id, as_initiator=True))

    accepted = await ask("old")
    with pytest.raises(NotPermitted, match="A legacy run is not replayed as its initiator"):
        await ask("of a legacy one")
    await office.change_person("stan", status="INACTIVE")
    with pytest.raises(NotPermitted, match="that account is not active, or is no more"):
        await ask("old")

    new = await office.read(lambda tx: tx.runs.get(accepted.run_id))
    assert (new.initiator.id, new.initiator.subject, new.replayed_by) == ("stan", "id-of-stan", "operator")


async def test_to_replay_ones_own_run_as_its_initiator_takes_nothing_more(replays):
    await replays.put("old")

    new = await replays.ask("stan", "old", as_initiator=True)

    assert (new.state, new.initiator.id) == (RunState.QUEUED, "stan")


@pytest.mark.parametrize(
    ("integration", "reason"),
    [
        ("by-url", 'stan may not send form "alert" (access to plan: yes, sender permission: no).'),
        (
            "on-response",
            'stan may not replay runs of integration "on-response" (access to plan: yes, sender permission: no).',
        ),
    ],
)
async def test_one_needs_the_right_to_send_the_form_at_that_moment(replays, office, integration, reason):
    """R-02: that the run was permitted when it began counts for nothing."""
    await replays.put("old", integration)
    form = await office.read(lambda tx: tx.forms.get("f1"))
    senders = Access(people=frozenset({"id-of-dev"}))
    await office.write(lambda tx: tx.forms.put(replace(form, senders=senders)))

    denied = await replays.ask("stan", "old")

    [entry] = await replays.entries(denied)
    assert entry["reason"] == reason
    assert entry["code"] == "REPLAY_NOT_PERMITTED"
    assert entry["explain"] == {
        "initiator": "stan",
        "needs": ['sender permission on form "alert"'],
        "would_pass": ["person dev"],
        "source": "deputize",
    }
    assert (entry["replay_of"], entry["replayed_by"]) == ("old", "stan")
    assert replays.submitted == []
    assert await office.audit() == [
        ("stan", "run.replayed", "run:old", {"replay": denied.id, "initiator": "stan", "state": "DENIED"})
    ]
    assert (await replays.ask("dev", "old")).state is RunState.QUEUED


async def test_what_is_kept_of_a_refusal_is_what_the_answer_says(replays, office):
    await replays.put("old")

    with pytest.raises(NotPermitted) as refused:
        await replays.live.replay(office.as_("ann"), WantedReplay(run_id="old"))

    [denied] = await replays.all("old")
    [entry] = await replays.entries(denied)
    assert (entry["kind"], entry["reason"]) == ("run.denied", str(refused.value))
    assert entry["explain"]["needs"] == list(refused.value.denial.needs)


@pytest.mark.parametrize("integration", ["by-basic", "by-url", "on-response"])
async def test_in_a_plan_that_is_disabled_nobody_replays(replays, office, integration):
    await replays.put("old", integration)
    await office.change_plan("Incidents", enabled=False)

    for as_initiator in (False, True):
        assert (await replays.ask("rae", "old", as_initiator=as_initiator)).state is RunState.DENIED


async def test_as_its_initiator_a_run_is_replayed_with_the_function_alone(replays):
    await replays.put("old")

    denied = await replays.ask("dev", "old", as_initiator=True)
    allowed = await replays.ask("rae", "old", as_initiator=True)

    assert (denied.state, denied.initiator.id) == (RunState.DENIED, "dev")
    [entry] = await replays.entries(denied)
    assert entry["reason"].startswith("dev may not replay a run as stan, its initiator")
    assert (allowed.state, allowed.replayed_by) == (RunState.QUEUED, "rae")
    assert allowed.initiator == Principal(id="stan", name="stan", via="replay", subject="id-of-stan")


async def test_who_replays_as_the_initiator_needs_what_they_would_need_themselves(replays, office):
    await replays.put("old", of="rae")
    await office.change_person("rae", roles=frozenset({"Replayer", "Issuer"}))

    denied = await replays.ask("rae", "old", as_initiator=True)

    assert denied.state is RunState.DENIED
    [entry] = await replays.entries(denied)
    assert entry["reason"] == 'rae may not set integration "by-basic" off (access to plan: no).'


async def test_the_initiator_is_judged_anew_as_well(replays, office):
    await replays.put("old")
    await office.change_person("stan", roles=frozenset({"Issuer"}))

    denied = await replays.ask("rae", "old", as_initiator=True)

    [entry] = await replays.entries(denied)
    assert entry["reason"] == 'stan may not set integration "by-basic" off (access to plan: no).'
    assert (denied.initiator.id, entry["explain"]["initiator"], entry["replayed_by"]) == (
        "stan",
        "stan",
        "rae",
    )


async def test_an_initiator_who_is_disabled_or_deleted_is_not_replayed(replays, office):
    await replays.put("old")
    reason = "The run is not replayed as stan, its initiator: that account is not active, or is no more."

    await office.change_person("stan", status="INACTIVE")
    disabled = await replays.ask("rae", "old", as_initiator=True)
    await office.write(lambda tx: tx.people.delete("id-of-stan"))
    deleted = await replays.ask("rae", "old", as_initiator=True)
    again = Person(id="another-stan", target_name="stan", roles=frozenset({"Standard"}))
    await office.write(lambda tx: tx.people.put(again))
    recreated = await replays.ask("rae", "old", as_initiator=True)

    for denied in (disabled, deleted, recreated):
        [entry] = await replays.entries(denied)
        assert (denied.state, denied.initiator.id, entry["reason"]) == (RunState.DENIED, "rae", reason)
    assert (await replays.ask("rae", "old")).initiator.id == "rae"


async def test_an_initiator_whom_the_platform_has_no_id_of_is_not_replayed(replays):
    await replays.put("old", initiator=Principal(id="stan", name="stan", via="basic"))

    assert (await replays.ask("rae", "old", as_initiator=True)).state is RunState.DENIED


async def test_a_legacy_run_is_replayed_as_oneself_and_never_as_its_initiator(replays, office):
    owner = Principal(id="stan", name="stan", via=LEGACY, subject="id-of-stan")
    await office.change_integration("by-basic", method=None, legacy=True)
    await replays.put("old", initiator=owner)

    own = await replays.ask("rae", "old")
    theirs = await replays.ask("rae", "old", as_initiator=True)

    assert (own.state, own.initiator.id, own.legacy) == (RunState.QUEUED, "rae", False)
    assert (theirs.state, theirs.initiator.id, theirs.legacy) == (RunState.DENIED, "rae", False)
    [entry] = await replays.entries(theirs)
    assert entry["reason"] == ("A legacy run is not replayed as its initiator: nobody has proved to be stan.")


@pytest.mark.parametrize("as_initiator", [False, True])
async def test_a_replay_may_no_more_than_the_token_that_started_the_run(replays, as_initiator):
    scope = frozenset({"trigger", "read"})
    token = Principal(id="stan", name="stan", via="oauth", subject="id-of-stan", scope=scope)
    await replays.put("old", initiator=token)

    new = await replays.ask("rae", "old", as_initiator=as_initiator)
    await replays.end(new)
    once_more = await replays.ask("rae", new.id)

    assert new.initiator.scope == scope
    assert once_more.initiator.scope == scope
