"""Live replay: who may have a run done again, as whom it then runs, and what is kept of it."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from deputize.activity.entries import Script
from deputize.domain.legacy import LEGACY
from deputize.domain.person import Person, Role
from deputize.domain.plan import Access
from deputize.domain.principal import Principal
from deputize.domain.run import RunState
from deputize.domain.start import inbound_start, read_start
from deputize.domain.stored_run import RunFilter, StoredRun
from deputize.inbound.answers import CallerRefused
from deputize.platform.embedded.accounts import EmbeddedAccounts
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import NotFound, NotPermitted, NotReplayable
from deputize.use_cases.replay_live import LiveReplay, ReplayAccepted, WantedReplay

pytestmark = pytest.mark.anyio

DEFAULT = Script(name="default", sha256="d" * 64)
CALLBACK = {"eventIdentifier": 7, "recipient": "mary", "response": "Yes", "device": "Phone"}


class Replays:
    """An office in which runs are replayed."""

    def __init__(self, office):
        self.office = office
        self.submitted = []
        self.live = LiveReplay(
            database=office.database,
            accounts=EmbeddedAccounts(office.database),
            default_script=DEFAULT,
            submit=self.submitted.append,
        )

    async def put(self, run_id, integration="by-basic", *, of="stan", **more):
        """Keep a run of *integration* that *of* has set off, and return it."""
        outbound = integration == "on-response"
        start = (
            read_start("RESPONSE", CALLBACK)
            if outbound
            else inbound_start(
                request_id=run_id,
                integration_id=integration,
                headers={"content-type": "text/plain"},
                body="x",
                payload=None,
                remote_address="203.0.113.9",
            )
        )
        run = StoredRun(
            **{
                "id": run_id,
                "state": RunState.COMPLETED,
                "integration_id": integration,
                "plan_id": "p1",
                "name": integration,
                "trigger": start.trigger,
                "script_sha256": "a" * 64,
                "script_version_id": "an older version",
                "shown_path": f"{integration}.py",
                "start": start.model_dump(mode="json"),
                "initiator": Principal(id=of, name=of, via="basic", subject=f"id-of-{of}"),
                "event_id": "event" if outbound else None,
                "chain": (integration,),
                "trace_id": "0" * 32,
                "queued": self.office.clock(),
                "finished": self.office.clock(),
                **more,
            }
        )
        await self.office.write(lambda tx: tx.runs.add(run))
        return run

    async def ask(self, name, run_id, **more):
        """Return the new run, QUEUED or DENIED, that *name*'s request has made."""
        before = {each.id for each in await self.all(run_id)}
        wanted = WantedReplay(run_id=run_id, **more)
        with suppress(NotPermitted):
            await self.live.replay(self.office.as_(name), wanted)
        [new] = [each for each in await self.all(run_id) if each.id not in before]
        return new

    async def all(self, run_id):
        """Return the replays of a run, the newest first."""
        return await self.office.read(lambda tx: tx.runs.page(RunFilter(replay_of=run_id), limit=100))

    async def end(self, run):
        """End *run*, so that it can be replayed."""
        await self.office.write(lambda tx: tx.runs.finish(run.id, state=RunState.FAILED, at=run.queued))

    async def entries(self, run):
        return await self.office.read(lambda tx: tx.entries.of_run(run.id))


@pytest.fixture
async def replays(office):
    """An office in which rae may, besides what a developer may, replay runs as their initiators."""

    async def work(tx):
        await tx.roles.put(Role(name="Replayer", functions=frozenset({"replay:as-initiator"})))
        await tx.people.put(
            Person(
                id="id-of-rae",
                target_name="rae",
                first_name="Rae",
                last_name="Roe",
                roles=frozenset({"Developer", "Replayer"}),
            )
        )

    await office.write(work)
    return Replays(office)


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
    assert (simple.script_version_id, simple.script_sha256) == (None, DEFAULT.sha256)


async def test_what_an_event_has_set_off_is_replayed_with_what_it_was_told(replays):
    old = await replays.put("old", "on-response", of="sue")

    new = await replays.ask("dev", "old")

    assert (new.start, new.event_id, new.trigger) == (old.start, "event", "RESPONSE")
    assert new.initiator.id == "dev"


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


async def test_the_operator_is_no_user_and_replays_nothing(replays):
    await replays.put("old")

    with pytest.raises(
        NotPermitted, match="operator may not replay runs: a run needs a user as its initiator"
    ):
        await replays.live.replay(Actor.operator(), WantedReplay(run_id="old", as_initiator=True))


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
