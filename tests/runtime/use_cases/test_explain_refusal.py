"""A refusal is explained by what is on record, and by who has now what was missing."""

from dataclasses import replace

import pytest

from deputize.domain.person import Person
from deputize.domain.principal import Principal
from deputize.domain.stored_run import StoredRun
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import NotPermitted
from deputize.use_cases.explain_refusal import Holders, NotRefused, explain_refusals
from deputize.use_cases.find_run import UnknownRun

pytestmark = pytest.mark.anyio

RUN = StoredRun(
    id="7f3a2c1d-5b1e-4c8a-9a3f-0e1d2c3b4a59",
    integration_id=None,
    plan_id="p1",
    name="x",
    trigger="inbound",
    script_sha256="a",
    shown_path="x",
    start={},
    initiator=Principal(id="stan", name="stan", via="basic", subject="id-of-stan"),
    trace_id="0",
    queued=None,
    refusals=1,
)


def entry(seq, kind, **more):
    return {
        "id": f"entry {seq}",
        "run": RUN.id,
        "seq": seq,
        "ts": "2018-04-17T20:02:47+00:00",
        "kind": kind,
        "level": "info",
        **more,
    }


ENTRIES = [
    entry(1, "run.started"),
    entry(2, "http.exchange"),
    entry(
        3, "permission.denied", exchange=2, explain={"would_pass": ["role Supervisor", "person stan", "luck"]}
    ),
    entry(4, "http.exchange"),
    entry(5, "credential.rejected", exchange=4),
    entry(6, "credential.rejected"),
    entry(7, "permission.denied", exchange=6),
]


@pytest.fixture
async def refused(office):
    async def work(tx):
        await tx.runs.add(replace(RUN, queued=tx.now))
        await tx.entries.append(RUN.id, ENTRIES)

    await office.write(work)
    return office


async def seqs(office, actor, **options):
    found = await explain_refusals(office.database, actor, run_id=RUN.id, **options)
    return [each.entry["seq"] for each in found]


async def test_a_run_is_explained_by_each_of_its_refusals(refused):
    assert await seqs(refused, Actor.operator()) == [3, 5, 6, 7]


@pytest.mark.parametrize(("seq", "found"), [(2, 3), (3, 3), (4, 5), (5, 5), (6, 6)])
async def test_a_refusal_is_found_by_its_own_number_and_by_its_exchange(refused, seq, found):
    assert await seqs(refused, Actor.operator(), seq=seq) == [found]


@pytest.mark.parametrize(
    ("seq", "message"),
    [
        (1, "entry 1 of the run is no refusal, but run.started. Refusals of this run: 3, 5, 6, 7."),
        (8, "the run has no entry 8; it has 7. Refusals of this run: 3, 5, 6, 7."),
    ],
)
async def test_what_is_no_refusal_is_not_explained(refused, seq, message):
    with pytest.raises(NotRefused) as raised:
        await seqs(refused, Actor.operator(), seq=seq)
    assert str(raised.value) == message


async def test_who_would_pass_is_looked_up_and_not_guessed(refused):
    (explained,) = await explain_refusals(refused.database, Actor.operator(), run_id=RUN.id, seq=3)

    assert explained.holders == (
        Holders(who="role Supervisor", people=("sue",)),
        Holders(who="person stan", people=("stan",)),
        Holders(who="luck", people=()),
    )
    assert explained.roles == ("Standard",)
    assert explained.changers == {"ann": ("admin",), "sue": ("people", "plans")}


async def test_what_is_told_is_what_holds_now(refused):
    await refused.change_person("stan", roles=frozenset({"Standard", "Developer"}))
    await refused.change_person("sue", status="INACTIVE")

    (explained,) = await explain_refusals(refused.database, Actor.operator(), run_id=RUN.id, seq=3)
    assert explained.roles == ("Developer", "Standard")
    assert explained.holders[0] == Holders(who="role Supervisor", people=())
    assert explained.changers == {"ann": ("admin",)}


async def test_somebody_else_who_has_the_name_now_is_not_the_initiator(refused):
    async def work(tx):
        await tx.people.delete("id-of-stan")
        await tx.people.put(Person(id="another", target_name="stan", roles=frozenset({"Administrator"})))

    await refused.write(work)

    (explained,) = await explain_refusals(refused.database, Actor.operator(), run_id=RUN.id, seq=3)
    assert explained.roles is None


async def test_who_may_not_see_users_is_told_the_record_alone(refused):
    (explained,) = await explain_refusals(refused.database, refused.as_("stan"), run_id=RUN.id, seq=3)

    assert explained.entry == ENTRIES[2]
    assert (explained.roles, explained.changers) == (None, {})
    assert explained.holders[0] == Holders(who="role Supervisor", people=())


async def test_a_run_that_one_does_not_see_is_not_explained(refused):
    with pytest.raises(NotPermitted):
        await seqs(refused, refused.as_("iris"))


async def test_a_run_that_is_not_there_is_unknown(refused):
    with pytest.raises(UnknownRun, match='there is no run "nowhere"'):
        await explain_refusals(refused.database, Actor.operator(), run_id="nowhere")
