"""Whose runs, entries and acts somebody sees."""

import pytest

from deputize.domain.person import Person
from deputize.domain.principal import Principal
from deputize.domain.run import RunState
from deputize.domain.stored_entry import FEED_START, EntryFilter
from deputize.domain.stored_run import RunFilter, StoredRun
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import NotFound, NotPermitted
from deputize.use_cases.note_login import LoginTrail
from deputize.use_cases.see_audit import AuditFilter, see_audit
from deputize.use_cases.see_runs import (
    end_of_activity,
    follow_activity,
    see_activity,
    see_run,
    see_run_activity,
    see_runs,
)

pytestmark = pytest.mark.anyio

#: Runs by their initiator and plan.
RUNS = {
    "stan in p1": ("stan", "p1"),
    "dev in p1": ("dev", "p1"),
    "sue in p2": ("sue", "p2"),
    "dev in p2": ("dev", "p2"),
    "stan in none": ("stan", None),
}
SEEN = {
    "ann": set(RUNS),
    "dev": {"stan in p1", "dev in p1", "dev in p2"},
    "stan": {"stan in p1", "stan in none"},
    "sue": {"sue in p2"},
    "iris": set(),
}


def entry(run_id, seq, **more):
    return {
        "id": f"{run_id} {seq}",
        "run": run_id,
        "seq": seq,
        "ts": "2018-04-17T20:02:47+00:00",
        "kind": "log",
        "level": "info",
        **more,
    }


@pytest.fixture
async def runs(office):
    async def work(tx):
        for run_id, (name, plan_id) in RUNS.items():
            await tx.runs.add(
                StoredRun(
                    id=run_id,
                    state=RunState.COMPLETED,
                    integration_id=None,
                    plan_id=plan_id,
                    name="x",
                    trigger="inbound",
                    script_sha256="a",
                    shown_path="x",
                    start={},
                    initiator=Principal(id=name, name=name, via="basic", subject=f"id-of-{name}"),
                    trace_id="0",
                    queued=tx.now,
                    refusals=1,
                )
            )
            await tx.entries.append(run_id, [entry(run_id, 1), entry(run_id, 2, kind="permission.denied")])

    await office.write(work)
    return office


@pytest.mark.parametrize("name", SEEN)
async def test_runs_and_entries_are_filtered_alike(runs, name):
    actor = runs.as_(name)
    listed = await see_runs(runs.database, actor, wanted=RunFilter(), after=None, limit=100)
    entries = await see_activity(runs.database, actor, wanted=EntryFilter(), before=None, limit=100)
    followed = await follow_activity(runs.database, actor, wanted=EntryFilter(), after=FEED_START, limit=100)
    for run_id in SEEN[name]:
        seen = await see_run(runs.database, actor, run_id=run_id)
        activity = await see_run_activity(runs.database, actor, run_id=run_id, after_seq=0, limit=10)
        assert (seen.run.id, [each["seq"] for each in seen.refusals]) == (run_id, [2])
        assert [each["seq"] for each in activity] == [1, 2]
    for run_id in RUNS.keys() - SEEN[name]:
        reason = f"{name} may not see this run: it was set off by somebody else."
        with pytest.raises(NotPermitted, match=reason):
            await see_run(runs.database, actor, run_id=run_id)
        with pytest.raises(NotPermitted, match=reason):
            await see_run_activity(runs.database, actor, run_id=run_id, after_seq=0, limit=10)

    assert {each.id for each in listed} == SEEN[name]
    assert {each.document["run"] for each in entries} == SEEN[name]
    assert {each.document["run"] for each in followed} == SEEN[name]


async def test_who_may_not_sign_in_sees_nothing(runs):
    rob = runs.as_("rob")
    for looking in (
        see_runs(runs.database, rob, wanted=RunFilter(), after=None, limit=1),
        see_run(runs.database, rob, run_id="nowhere"),
        see_activity(runs.database, rob, wanted=EntryFilter(), before=None, limit=1),
        follow_activity(runs.database, rob, wanted=EntryFilter(), after=FEED_START, limit=1),
        end_of_activity(runs.database, rob),
    ):
        with pytest.raises(NotPermitted, match="rob may not see runs"):
            await looking


async def test_what_is_seen_follows_the_present(runs):
    dev = runs.as_("dev")

    async def seen():
        return {
            each.id for each in await see_runs(runs.database, dev, wanted=RunFilter(), after=None, limit=9)
        }

    await runs.change_plan("Payroll", access=(await runs.read(lambda tx: tx.plans.get("p1"))).access)
    assert "sue in p2" in await seen()
    await runs.change_person("dev", roles=frozenset({"Standard"}))
    assert await seen() == {"dev in p1", "dev in p2"}


async def test_an_account_of_the_same_name_sees_nothing_of_the_one_before(runs):
    await runs.write(lambda tx: tx.people.delete("id-of-stan"))

    async def again(tx):
        await tx.people.put(Person(id="another", target_name="stan", roles=frozenset({"Standard"})))

    await runs.write(again)
    actor = Actor(subject="another", name="stan", source="192.0.2.1")
    assert await see_runs(runs.database, actor, wanted=RunFilter(), after=None, limit=9) == []


async def test_a_run_that_is_not_there_is_not_found(runs):
    with pytest.raises(NotFound, match='There is no run "nowhere"'):
        await see_run(runs.database, runs.as_("stan"), run_id="nowhere")


# The audit stream


async def test_the_audit_stream_is_for_administrators(office):
    trail = LoginTrail(office.database)
    await trail.note("login.succeeded", "dev", source="192.0.2.1")
    await trail.note("login.failed", "stan", source="192.0.2.2")
    records = await see_audit(
        office.database, office.as_("ann"), wanted=AuditFilter(action="login.failed"), before=None, limit=10
    )

    assert [(each.actor, each.target, each.source) for each in records] == [
        ("unknown", "user:stan", "192.0.2.2")
    ]
    for name in ("sue", "dev", "stan", "rob"):
        with pytest.raises(NotPermitted):
            await see_audit(office.database, office.as_(name), wanted=AuditFilter(), before=None, limit=1)


async def test_log_ins_are_noted_again_after_a_while_and_for_each_place(office):
    now = 0.0
    trail = LoginTrail(office.database, monotonic=lambda: now)
    for source in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        await trail.note("login.succeeded", "dev", source=source)
    now = 600.0
    await trail.note("login.succeeded", "dev", source="192.0.2.1")

    records = await office.read(lambda tx: tx.audit.page(limit=10))
    assert [each.source for each in reversed(records)] == ["192.0.2.1", "192.0.2.2", "192.0.2.1"]


async def test_a_flood_of_failures_does_not_fill_the_audit_stream(office):
    now = 0.0
    trail = LoginTrail(office.database, monotonic=lambda: now)
    for number in range(100):
        await trail.note("login.failed", f"name {number}", source="192.0.2.1")
    await trail.note("login.succeeded", "dev", source="192.0.2.1")
    now = 61.0
    await trail.note("login.failed", "name 99", source="192.0.2.9")

    records = await office.read(lambda tx: tx.audit.page(limit=1000))
    assert len(records) == 60 + 1 + 1
    assert {each.target for each in records} == {"user:unknown", "user:dev"}
