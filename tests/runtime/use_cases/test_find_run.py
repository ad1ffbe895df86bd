"""Runs are found by the beginning of their id, among those that one sees."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deputize.domain.principal import Principal
from deputize.domain.stored_run import StoredRun
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import NotPermitted
from deputize.use_cases.find_run import AmbiguousRun, UnknownRun, find_run

NONE = "there is no run whose id is or begins with"
#: Said of each id that is not found.
NOT_KEPT = "Runs of `deputize run` are not kept."

pytestmark = pytest.mark.anyio

OPERATOR = Actor.operator()
RUN = StoredRun(
    id="7f3a2c1d-5b1e-4c8a-9a3f-0e1d2c3b4a59",
    integration_id=None,
    plan_id=None,
    name="x",
    trigger="inbound",
    script_sha256="a",
    shown_path="x",
    start={},
    initiator=Principal(id="stan", name="stan", via="basic", subject="id-of-stan"),
    trace_id="0",
    queued=None,
)


async def keep(database, *ids, **values):
    async def work(tx):
        for each in ids:
            await tx.runs.add(replace(RUN, id=each, queued=tx.now, **values))

    await database.write(work)


@pytest.mark.parametrize("length", [4, 8, 9, 13, 14, 35, 36])
async def test_every_beginning_finds_the_run_on_either_store(database, length):
    others = [str(uuid4()) for _ in range(50)]
    await keep(database, RUN.id, *(each for each in others if not each.startswith("7f3a")))

    assert await find_run(database, OPERATOR, start=RUN.id[:length].upper()) == RUN.id


async def test_what_several_begin_with_is_not_enough(database):
    ids = [f"7f3a2c1d-5b1e-4c8a-9a3f-{number:012}" for number in range(7)]
    await keep(database, *ids)

    with pytest.raises(AmbiguousRun) as refused:
        await find_run(database, OPERATOR, start="7f3a2c1d")
    assert str(refused.value) == (
        f'more than one run begins with "7f3a2c1d": {", ".join(ids[:5])}, …. Give more of the id.'
    )


@pytest.mark.parametrize(
    ("start", "message"),
    [
        ("7f3", '"7f3" is too short for a run: give 4 characters of its id or more.'),
        ("", '"" is too short for a run: give 4 characters of its id or more.'),
        ("7f3a2c1e", f'{NONE} "7f3a2c1e". Did you mean "7f3a2c1d"? {NOT_KEPT}'),
        ("7f3a%", f'{NONE} "7f3a%". Did you mean "7f3a2"? {NOT_KEPT}'),
        ("7f3a2c1d5b", f'{NONE} "7f3a2c1d5b". Did you mean "7f3a2c1d-5"? {NOT_KEPT}'),
        ("a\0b\u202e", rf'{NONE} "a\x00b\u202e". {NOT_KEPT}'),
    ],
)
async def test_what_no_id_begins_with_is_unknown(database, start, message):
    await keep(database, RUN.id)

    with pytest.raises(UnknownRun) as refused:
        await find_run(database, OPERATOR, start=start)
    assert str(refused.value) == message


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(ids=st.lists(st.uuids(version=4), min_size=1, max_size=5, unique=True), length=st.integers(4, 36))
async def test_a_beginning_finds_exactly_the_runs_that_begin_so(office, ids, length):
    await office.write(lambda tx: tx.runs.delete_ended(tx.now, limit=1000))
    known = [str(each) for each in ids]
    fresh = [each for each in known if await office.read(lambda tx, each=each: tx.runs.get(each)) is None]
    await keep(office.database, *fresh)
    start = str(UUID(known[0]))[:length]

    found = await office.read(lambda tx: tx.runs.beginning(start, limit=100))
    assert set(found) >= {each for each in known if each.startswith(start)}
    assert all(each.startswith(start) for each in found)


async def test_runs_that_one_does_not_see_are_as_if_they_were_not(office):
    theirs, own = RUN.id, "7f3a9e00-1d2c-4b3a-8f5e-6d7c8b9a0f1e"
    await keep(office.database, theirs, plan_id="p2", initiator=replace(RUN.initiator, subject="id-of-sue"))
    await keep(office.database, own, plan_id="p2")

    assert await find_run(office.database, office.as_("stan"), start="7f3a") == own
    with pytest.raises(UnknownRun, match=r'begins with "7f3a2c1d"\. Runs'):
        await find_run(office.database, office.as_("stan"), start="7f3a2c1d")


async def test_who_may_not_sign_in_is_not_told_which_runs_there_are(office):
    await keep(office.database, RUN.id)

    with pytest.raises(NotPermitted):
        await find_run(office.database, office.as_("rob"), start=RUN.id)
