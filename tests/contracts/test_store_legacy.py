"""Legacy terms, switches and shadows, on both stores."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deputize.domain.legacy import LegacySwitch, LegacyTerms, Shadow, ShadowFinding

pytestmark = pytest.mark.anyio


@pytest.fixture
async def plan(database, make):
    """A plan of its own."""
    plan = make.plan()
    await database.write(lambda tx: tx.plans.put(plan))
    return plan


@pytest.fixture
async def put(database, make, plan):
    """Puts an integration into the plan."""

    async def put(name, **more):
        integration = make.integration(plan, name, id=f"id of {name}", **more)
        await database.write(lambda tx: tx.integrations.put(integration))
        return integration

    return put


@pytest.fixture
def terms(plan, epoch):
    return LegacyTerms(
        plan_id=plan.id,
        authenticated=True,
        name="reapi",
        hash="hash of the pair",
        owner="id of service",
        imported=epoch,
    )


def finding(name, epoch, **more):
    return ShadowFinding(
        **{
            "id": name,
            "integration_id": "id of a",
            "subject": "rob",
            "script": "a",
            "script_sha256": "0" * 64,
            "line": 3,
            "method": "GET",
            "path": "/api/xm/1/people/x",
            "verdict": "refused",
            "count": 1,
            "first": epoch,
            "last": epoch,
            "detail": {"needs": ["View on role Person Supervisor"]},
            **more,
        }
    )


async def test_the_terms_of_a_plan_are_read_back_and_written_over(database, plan, terms):
    await database.write(lambda tx: tx.legacy.put_terms(terms))
    first = await database.read(lambda tx: tx.legacy.terms(plan.id))
    opened = replace(terms, authenticated=False, name=None, hash=None, owner=None)
    await database.write(lambda tx: tx.legacy.put_terms(opened))

    assert first == terms
    assert await database.read(lambda tx: tx.legacy.terms(plan.id)) == opened
    assert await database.read(lambda tx: tx.legacy.terms("another")) is None


async def test_terms_show_no_hash(terms):
    assert "hash of the pair" not in repr(terms)


async def test_the_terms_of_an_integration_are_those_of_its_plan_while_it_is_legacy(database, put, terms):
    await put("a", legacy=True)
    await put("b", method="basic")
    without = await database.read(lambda tx: tx.legacy.terms_of("id of a"))
    await database.write(lambda tx: tx.legacy.put_terms(terms))
    found = [
        await database.read(lambda tx, n=name: tx.legacy.terms_of(n))
        for name in ("id of a", "id of b", "", "c")
    ]

    assert without is None
    assert found == [terms, None, None, None]


async def test_terms_go_with_their_plan(database, plan, terms):
    await database.write(lambda tx: tx.legacy.put_terms(terms))
    await database.write(lambda tx: tx.plans.delete(plan.id))

    assert await database.read(lambda tx: tx.legacy.terms(plan.id)) is None


async def test_the_legacy_integrations_of_a_plan_are_listed_by_name(database, make, plan, put):
    for name, legacy in (("b", True), ("a", True), ("c", False)):
        await put(name, legacy=legacy)
    other = make.plan()
    await database.write(lambda tx: tx.plans.put(other))
    await database.write(lambda tx: tx.integrations.put(make.integration(other, legacy=True)))

    left = await database.read(lambda tx: tx.integrations.legacy_of_plan(plan.id))

    assert [each.name for each in left] == ["a", "b"]


async def test_a_switch_is_kept_until_it_is_forgotten(database, put, epoch):
    await put("a")
    switch = LegacySwitch(integration_id="id of a", at=epoch, by="dana", after={"method": "api-key", "n": 1})
    again = replace(switch, by="ann", after={})
    await database.write(lambda tx: tx.legacy.put_switch(switch))
    first = await database.read(lambda tx: tx.legacy.switch("id of a"))
    await database.write(lambda tx: tx.legacy.put_switch(again))
    second = await database.read(lambda tx: tx.legacy.switch("id of a"))
    await database.write(lambda tx: tx.legacy.delete_switch("id of a"))

    assert (first, second) == (switch, again)
    assert await database.read(lambda tx: tx.legacy.switch("id of a")) is None


async def test_shadows_are_listed_the_newest_first(database, put, epoch):
    for name in ("a", "b", "c"):
        await put(name)
    kept = [
        Shadow(integration_id="id of a", subject="rob", since=epoch),
        Shadow(integration_id="id of b", subject="rob", since=epoch + timedelta(hours=1)),
        Shadow(integration_id="id of c", subject="eve", since=epoch, until=epoch + timedelta(days=1)),
    ]
    for each in kept:
        await database.write(lambda tx, each=each: tx.legacy.put_shadow(each))
    ended = replace(kept[0], until=epoch)
    await database.write(lambda tx: tx.legacy.put_shadow(ended))

    assert await database.read(lambda tx: tx.legacy.shadow("id of a")) == ended
    assert await database.read(lambda tx: tx.legacy.shadow("id of x")) is None
    listed = await database.read(lambda tx: tx.legacy.shadows())
    assert [each for each in listed if each in (ended, *kept)] == [kept[1], ended, kept[2]]


async def test_findings_of_the_same_id_add_up_and_keep_the_latest_path(database, put, epoch):
    await put("a")
    first = finding("1", epoch)
    later = replace(
        first, count=2, path="/api/xm/1/people/y", last=epoch + timedelta(days=1), detail={"needs": []}
    )
    await database.write(lambda tx: tx.legacy.count(first))
    await database.write(lambda tx: tx.legacy.count(later))

    assert await database.read(lambda tx: tx.legacy.findings("id of a")) == [
        replace(later, count=3, first=epoch)
    ]


async def test_findings_are_listed_by_script_and_line(database, put, epoch):
    await put("a")
    places = [("a", 7, "GET"), ("a", 3, "POST"), ("b", 1, "GET"), ("a", 3, "GET")]
    for number, (script, line, method) in enumerate(places):
        each = finding(str(number), epoch, script=script, line=line, method=method)
        await database.write(lambda tx, each=each: tx.legacy.count(each))

    found = await database.read(lambda tx: tx.legacy.findings("id of a"))

    assert [(each.script, each.line, each.method) for each in found] == sorted(places)


async def test_old_findings_are_forgotten_and_all_of_them_when_asked(database, put, epoch):
    await put("a")
    await database.write(lambda tx: tx.legacy.count(finding("old", epoch)))
    await database.write(lambda tx: tx.legacy.count(finding("new", epoch, last=epoch + timedelta(days=2))))
    await database.write(lambda tx: tx.legacy.delete_findings("id of a", before=epoch + timedelta(days=1)))
    left = await database.read(lambda tx: tx.legacy.findings("id of a"))
    await database.write(lambda tx: tx.legacy.delete_findings("id of a"))

    assert [each.id for each in left] == ["new"]
    assert await database.read(lambda tx: tx.legacy.findings("id of a")) == []
