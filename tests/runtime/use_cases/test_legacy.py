"""Legacy integrations: locked until a method is chosen, and the terms on which they go on until then."""

from dataclasses import replace

import pytest

from deputize.domain.legacy import LegacyTerms
from deputize.errors import ScriptRejected
from deputize.use_cases.edit_integration import IntegrationChange, edit_integration
from deputize.use_cases.errors import Conflict, Invalid, MethodRequired, NotFound, NotPermitted, TooBusy
from deputize.use_cases.issue_key import issue_key
from deputize.use_cases.legacy_terms import refuse_unfit_pair, set_owner, set_pair
from deputize.use_cases.see_integrations import see_integration, see_versions
from deputize.use_cases.see_legacy import see_legacy

pytestmark = pytest.mark.anyio

NEW = "def main(log):\n    log.info('new')\n"
LOCKED = (
    'The integration "by-basic" is legacy and goes on as it is until a method of authentication is chosen; '
    'until then it is locked. Set "method" in the same request, which ends legacy for good.'
)
#: Every change that chooses no method, but for the one that only switches off.
CHANGES = [
    {"script": NEW},
    {"script": NEW, "edited_version": 1},
    {"form": "alert"},
    {"form": None},
    {"response_choice": None},
    {"enabled": True, "form": "alert"},
    {"enabled": False, "form": "alert"},
    {"enabled": False, "script": NEW},
    {"edited_version": 1},
    {},
]


@pytest.fixture
async def legacy(office):
    """A plan with two legacy integrations, whose endpoint belongs to rob."""
    terms = LegacyTerms(
        plan_id="p1", authenticated=True, name="reapi", hash="x", owner="id-of-rob", imported=office.clock()
    )
    await office.write(lambda tx: tx.legacy.put_terms(terms))
    for each in ("by-basic", "by-url"):
        await office.change_integration(each, method=None, legacy=True)
    return terms


async def edit(office, name, integration_id, **values):
    await edit_integration(
        office.database,
        office.as_(name),
        checker=office.checker,
        integration_id=integration_id,
        change=IntegrationChange(**values),
    )


async def integration(office, integration_id):
    return await office.read(lambda tx: tx.integrations.get(integration_id))


async def terms_of(office):
    return await office.read(lambda tx: tx.legacy.terms("p1"))


async def owner(office, name, owner_name, plan="Incidents"):
    await set_owner(office.database, office.as_(name), plan=plan, owner=owner_name)


async def pair(office, name, pair_name="reapi", password="correct horse"):  # noqa: S107 - it opens a test
    await set_pair(
        office.database,
        office.as_(name),
        hasher=office.passwords,
        plan="Incidents",
        name=pair_name,
        password=password,
    )


async def seen(office):
    return await see_legacy(office.database, office.as_("dev"), plan="p1")


@pytest.mark.parametrize("who", ["dev", "ann"])
@pytest.mark.parametrize("change", CHANGES, ids=str)
async def test_a_legacy_integration_refuses_every_edit_that_chooses_no_method(office, legacy, who, change):
    """C-18: whoever edits it, and whatever they want to change."""
    before = await integration(office, "by-basic")

    with pytest.raises(MethodRequired) as refused:
        await edit(office, who, "by-basic", **change)

    assert str(refused.value) == LOCKED
    assert await integration(office, "by-basic") == before
    assert await office.audit() == []


async def test_a_legacy_integration_may_be_read(office, legacy):
    """C-18: reading is allowed."""
    found = await see_integration(office.database, office.as_("dev"), integration_id="by-basic")
    versions = await see_versions(office.database, office.as_("dev"), integration_id="by-basic")

    assert (found.integration.legacy, [each.code for each in found.warnings]) == (True, ["LEGACY"])
    assert len(versions) == 1


async def test_switching_one_off_does_not_end_legacy_and_an_administrator_may_switch_it_on_again(
    office, legacy
):
    await edit(office, "dev", "by-basic", enabled=False)
    off = await integration(office, "by-basic")
    with pytest.raises(MethodRequired):
        await edit(office, "dev", "by-basic", enabled=True)
    await edit(office, "ann", "by-basic", enabled=True)
    on = await integration(office, "by-basic")

    assert [(each.legacy, each.method, each.enabled) for each in (off, on)] == [
        (True, None, False),
        (True, None, True),
    ]


async def test_the_edit_that_chooses_a_method_ends_legacy_for_good(office, legacy):
    """C-15: from then on it is like any other; nothing that is edited makes it legacy again."""
    await edit(office, "dev", "by-basic", method="api-key", script=NEW)
    edited = await integration(office, "by-basic")
    await edit(office, "dev", "by-basic", enabled=False)
    await edit(office, "dev", "by-basic", enabled=True)

    assert (edited.legacy, edited.method) == (False, "api-key")
    assert not (await integration(office, "by-basic")).legacy
    assert (await office.audit())[0] == (
        "dev",
        "integration.changed",
        "integration:Incidents/by-basic",
        {"method": "api-key", "legacy": False, "script_version": edited.script_version_id},
    )
    assert (await integration(office, "by-url")).legacy


async def test_a_script_that_is_rejected_does_not_end_legacy(office, legacy):
    with pytest.raises(ScriptRejected):
        await edit(office, "dev", "by-basic", method="api-key", script="eval('1')")

    assert (await integration(office, "by-basic")).legacy


async def test_a_legacy_integration_takes_no_keys(office, legacy):
    with pytest.raises(Conflict) as refused:
        await issue_key(
            office.database,
            office.as_("dev"),
            hasher=office.hasher,
            signing=office.signing,
            integration_id="by-basic",
        )

    assert "its callers are authenticated by no method yet" in str(refused.value)


@pytest.fixture
async def foreign(office):
    """An integration that is switched off and whose script is in another language."""

    async def work(tx):
        version = await tx.scripts.get("script of by-basic")
        foreign = replace(version, id="foreign", number=2, language="javascript", source="var x = 1;")
        await tx.scripts.add(foreign)
        await tx.integrations.put(
            replace(await tx.integrations.get("by-basic"), script_version_id="foreign", enabled=False)
        )

    await office.write(work)


async def test_an_integration_whose_script_is_to_be_ported_is_not_enabled(office, foreign):
    with pytest.raises(Invalid) as refused:
        await edit(office, "ann", "by-basic", enabled=True, method="basic")
    found = await see_integration(office.database, office.as_("dev"), integration_id="by-basic")

    assert [(each.pointer, each.detail) for each in refused.value.faults] == [
        ("/enabled", "Its script is in javascript and cannot be run. Save it in Python first.")
    ]
    assert [(each.code, each.detail) for each in found.warnings] == [
        ("TO_BE_PORTED", "Its script is in javascript and cannot be run. Save it in Python.")
    ]


async def test_a_script_in_python_takes_its_place_and_enables_it_in_one_request(office, foreign):
    await edit(office, "dev", "by-basic", form="alert")
    await edit(office, "dev", "by-basic", script=NEW, enabled=True)
    found = await see_integration(office.database, office.as_("dev"), integration_id="by-basic")

    assert (found.version.language, found.version.number, found.integration.enabled) == ("python", 3, True)
    assert found.warnings == ()


async def test_terms_are_shown_with_what_is_left(office, legacy):
    found = await seen(office)

    assert (found.terms, found.owner.target_name) == (legacy, "rob")
    assert [each.name for each in found.left] == ["by-basic", "by-url"]
    assert found.warnings == ()
    for name in ("stan", "rob"):
        with pytest.raises(NotPermitted):
            await see_legacy(office.database, office.as_(name), plan="p1")


async def test_when_none_is_left_the_owner_has_no_effect_and_that_is_said(office, legacy):
    """C-17: and whoever wants to set one is told the same."""
    for each in ("by-basic", "by-url"):
        await edit(office, "dev", each, method="basic")
    with pytest.raises(Conflict) as refused:
        await owner(office, "ann", "sue")
    with pytest.raises(Conflict):
        await pair(office, "ann")

    (warning,) = (await seen(office)).warnings
    assert (warning.code, warning.detail) == (
        "NO_EFFECT",
        "No integration of the plan is legacy: neither an owner of its endpoint nor a pair has any effect.",
    )
    assert str(refused.value) == (
        'No integration of the plan "Incidents" is legacy, so that neither the owner of its endpoint nor its '
        "pair has any effect. Nothing was changed."
    )
    assert await terms_of(office) == legacy


async def test_what_there_is_to_know_about_terms_is_told(office, legacy):
    async def warned(**values):
        await office.write(lambda tx: tx.legacy.put_terms(replace(legacy, **values)))
        return [each.code for each in (await seen(office)).warnings]

    assert await warned(authenticated=False, owner=None) == ["OPEN", "NO_OWNER"]
    assert await warned(owner="somebody who is no more") == ["NO_OWNER"]
    await office.change_person("rob", status="INACTIVE")
    assert await warned() == ["OWNER_NOT_ACTIVE"]


async def test_legacy_integrations_without_terms_are_said_to_let_nobody_in(office):
    await office.change_integration("by-basic", method=None, legacy=True)
    with pytest.raises(Conflict) as refused:
        await owner(office, "ann", "sue")

    assert [each.code for each in (await seen(office)).warnings] == ["NO_TERMS"]
    assert str(refused.value) == (
        'The plan "Incidents" has no legacy terms on record, so that its legacy integrations let nobody in. '
        "Choose a method for each."
    )


async def test_an_administrator_sets_and_takes_the_owner(office, legacy):
    await owner(office, "ann", "sue")
    first = await terms_of(office)
    await owner(office, "ann", "sue")
    await owner(office, "ann", None)

    assert (first.owner, (await terms_of(office)).owner) == ("id-of-sue", None)
    told = {"authenticated": True, "pair": "reapi"}
    assert await office.audit() == [
        ("ann", "legacy.changed", "plan:Incidents", {**told, "owner": "sue"}),
        ("ann", "legacy.changed", "plan:Incidents", {**told, "owner": None}),
    ]


async def test_an_owner_is_an_active_user(office, legacy):
    await office.change_person("sue", status="INACTIVE")
    for name in ("sue", "nobody", "id-of-rob"):
        with pytest.raises(Invalid) as refused:
            await owner(office, "ann", name)
        assert str(refused.value) == "/owner: There is no active user of this name."
    with pytest.raises(NotFound):
        await owner(office, "ann", "rob", plan="Incident")


@pytest.mark.parametrize("name", ["dev", "sue", "iris", "stan", "rob"])
async def test_nobody_but_an_administrator_changes_terms(office, legacy, name):
    with pytest.raises(NotPermitted):
        await owner(office, name, "rob")
    with pytest.raises(NotPermitted):
        await pair(office, name)

    assert await terms_of(office) == legacy


async def test_another_pair_takes_the_place_of_the_old_one_and_is_noted_without_its_password(office, legacy):
    await pair(office, "ann", "monitoring", "correct horse")

    terms = await terms_of(office)
    assert (terms.name, terms.hash) == ("monitoring", await office.passwords.hash("correct horse"))
    assert await office.audit() == [
        (
            "ann",
            "legacy.changed",
            "plan:Incidents",
            {"authenticated": True, "pair": "monitoring", "owner": "rob"},
        )
    ]
    assert "correct horse" not in repr((terms, await office.audit()))


async def test_a_pair_has_no_effect_where_everybody_is_let_in(office, legacy):
    await office.write(lambda tx: tx.legacy.put_terms(replace(legacy, authenticated=False)))

    with pytest.raises(Conflict) as refused:
        await pair(office, "ann")

    assert str(refused.value) == (
        'The legacy integrations of the plan "Incidents" ask nobody for a name and password, so that a pair '
        "has no effect. Choose a method for each to have its callers authenticated."
    )


async def test_without_room_to_hash_nothing_is_changed(office, legacy):
    office.passwords.busy = True

    with pytest.raises(TooBusy):
        await pair(office, "ann")

    assert await terms_of(office) == legacy


@pytest.mark.parametrize(
    ("name", "password", "faults"),
    [
        ("", "correct horse", ["/name: A name has 1 to 100 characters."]),
        (
            "a:b",
            "correct horse",
            ["/name: A name has no colon and no control characters: HTTP Basic cannot carry them."],
        ),
        (
            "a\n",
            "correct horse",
            ["/name: A name has no colon and no control characters: HTTP Basic cannot carry them."],
        ),
        ("dpk_a", "correct horse", ['/name: A name does not begin with "dpk_": API keys do.']),
        ("a", "short", ["/password: A password has 8 to 1024 characters."]),
        (
            "a",
            "correct\0horse",
            ["/password: A password has no control characters: HTTP Basic cannot carry them."],
        ),
        (
            "x" * 101,
            "",
            ["/name: A name has 1 to 100 characters.", "/password: A password has 8 to 1024 characters."],
        ),
    ],
)
def test_a_pair_is_one_that_can_be_presented(name, password, faults):
    with pytest.raises(Invalid) as refused:
        refuse_unfit_pair(name, password, shortest=8)

    assert [f"{each.pointer}: {each.detail}" for each in refused.value.faults] == faults


def test_a_pair_that_is_brought_in_may_have_a_short_password():
    assert refuse_unfit_pair("reapi", "x") is None
