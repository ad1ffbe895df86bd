"""A legacy integration is given its method, and given back as long as nobody has edited it."""

from dataclasses import replace

import pytest

from deputize.domain.legacy import LegacyTerms, Shadow, ShadowFinding
from deputize.domain.signature import SignatureScheme
from deputize.use_cases.edit_integration import IntegrationChange, edit_integration
from deputize.use_cases.errors import Conflict, Invalid, NotPermitted, SwitchUnconfirmed
from deputize.use_cases.migration.shadows import end_shadow, see_shadow, start_shadow
from deputize.use_cases.migration.switching import switch_over, undo_switch

pytestmark = pytest.mark.anyio


@pytest.fixture
async def legacy(office):
    """The integration "unchosen" as it was before there were methods, with one finding against it."""

    async def work(tx):
        await tx.integrations.put(replace(await tx.integrations.get("unchosen"), legacy=True))
        await tx.legacy.put_terms(
            LegacyTerms(plan_id="p1", authenticated=False, owner="id-of-sue", imported=tx.now)
        )
        await tx.legacy.put_shadow(Shadow(integration_id="unchosen", subject="id-of-rob", since=tx.now))
        return await tx.integrations.get("unchosen")

    return await office.write(work)


async def found(office, verdict, count=1):
    finding = ShadowFinding(
        id=verdict,
        integration_id="unchosen",
        subject="id-of-rob",
        script="unchosen",
        script_sha256="0" * 64,
        line=3,
        method="GET",
        path="/api/xm/1/people",
        verdict=verdict,
        count=count,
        first=office.clock(),
        last=office.clock(),
        detail={},
    )
    await office.write(lambda tx: tx.legacy.count(finding))


async def switch(office, *, by="ann", **more):
    wanted = {"integration_id": "unchosen", "method": "api-key", **more}
    return await switch_over(
        office.database, office.as_(by), hasher=office.hasher, signing=office.signing, **wanted
    )


async def test_what_the_shadow_found_must_be_confirmed(office, legacy):
    await found(office, "same", 40)
    await found(office, "refused", 2)
    await found(office, "shorter")

    with pytest.raises(SwitchUnconfirmed) as refused:
        await switch(office)

    assert str(refused.value) == (
        "2 calls would be refused: `deputize migrate shadow Incidents/unchosen` shows which. "
        "1 call would bring less, and no error says so: `deputize migrate shadow Incidents/unchosen` shows "
        "which. Nothing was changed."
    )
    assert await office.read(lambda tx: tx.integrations.get("unchosen")) == legacy


async def test_a_switch_without_a_shadow_must_be_confirmed(office, legacy):
    await office.change_integration("other", method=None, legacy=True)

    with pytest.raises(SwitchUnconfirmed) as refused:
        await switch(office, integration_id="other")

    assert str(refused.value) == (
        "Nobody has looked yet what would change: `deputize migrate shadow Incidents/other --as USER` does. "
        "Nothing was changed."
    )


async def test_the_switch_gives_the_method_and_a_key_and_is_recorded(office, legacy):
    await found(office, "same")
    await office.write(_may_issue)

    switched = await switch(office, holder="rob")

    assert switched.integration == replace(legacy, method="api-key", legacy=False)
    assert (switched.key.key.holder, switched.objections) == ("rob", ())
    assert await office.read(lambda tx: tx.integrations.get("unchosen")) == switched.integration
    assert [each[:3] for each in await office.audit()] == [
        ("ann", "integration.changed", "integration:Incidents/unchosen"),
        ("ann", "migration.switched", "integration:Incidents/unchosen"),
        ("ann", "key.issued", "integration:Incidents/unchosen"),
    ]
    assert switched.key.secret.reveal() not in repr(await office.audit()) + repr(switched)


async def test_a_switch_to_signed_requests_says_how_they_are_signed(office, legacy):
    await office.write(_may_issue)
    github = SignatureScheme(preset="github")

    switched = await switch(office, method="signature", signature=github, holder="rob", confirmed=True)

    assert switched.integration == replace(
        legacy, method="signature", legacy=False, signature={"preset": "github"}
    )
    assert (switched.key.key.kind, switched.key.key.holder) == ("signature", "rob")
    undone = await undo_switch(office.database, office.as_("ann"), integration_id="unchosen")
    assert undone.integration == legacy
    assert await office.read(lambda tx: tx.integrations.get("unchosen")) == legacy


@pytest.mark.parametrize(
    ("wanted", "detail"),
    [
        (
            {"method": "signature"},
            'Missing: say how requests are signed, such as {"preset": "standard-webhooks"}.',
        ),
        (
            {"method": "url", "signature": SignatureScheme(preset="slack")},
            'It belongs to the method "signature"; choose that with it.',
        ),
    ],
)
async def test_how_requests_are_signed_goes_with_the_method(office, legacy, wanted, detail):
    with pytest.raises(Invalid) as refused:
        await switch(office, confirmed=True, **wanted)

    assert [(each.pointer, each.detail) for each in refused.value.faults] == [("/signature", detail)]
    assert await office.read(lambda tx: tx.integrations.get("unchosen")) == legacy


async def test_nothing_is_switched_when_the_key_may_not_be_issued(office, legacy):
    await found(office, "same")

    with pytest.raises(NotPermitted):
        await switch(office, holder="rob")

    assert await office.read(lambda tx: tx.integrations.get("unchosen")) == legacy
    assert await office.audit() == []


async def test_undo_gives_it_back_as_it_was(office, legacy):
    await switch(office, confirmed=True)

    undone = await undo_switch(office.database, office.as_("ann"), integration_id="unchosen")

    assert undone.integration == legacy
    assert await office.read(lambda tx: tx.integrations.get("unchosen")) == legacy
    assert (await office.audit())[-1] == ("ann", "migration.undone", "integration:Incidents/unchosen", {})


async def test_what_was_edited_since_is_not_given_back(office, legacy):
    await switch(office, confirmed=True)
    await edit_integration(
        office.database,
        office.as_("ann"),
        checker=office.checker,
        integration_id="unchosen",
        change=IntegrationChange(enabled=False),
    )

    with pytest.raises(Conflict) as refused:
        await undo_switch(office.database, office.as_("ann"), integration_id="unchosen")

    assert str(refused.value) == (
        'The integration "unchosen" has been edited since it was switched over; it cannot be given back any '
        "more. Edit it to change its method."
    )


async def test_what_was_not_switched_over_is_not_given_back(office, legacy):
    with pytest.raises(Conflict) as refused:
        await undo_switch(office.database, office.as_("ann"), integration_id="by-basic")

    assert str(refused.value) == (
        'The integration "by-basic" was not switched over by `deputize migrate switch`: there is nothing to '
        "undo."
    )


async def test_what_is_not_legacy_is_not_switched_over(office):
    with pytest.raises(Conflict) as refused:
        await switch(office, integration_id="by-basic", confirmed=True)

    assert str(refused.value) == 'The integration "by-basic" is not legacy. Edit it to change its method.'


@pytest.mark.parametrize("name", ["dev", "sue", "rob"])
async def test_only_administrators_lead_integrations_over(office, legacy, name):
    for act in (
        switch(office, by=name, confirmed=True),
        undo_switch(office.database, office.as_(name), integration_id="unchosen"),
        end_shadow(office.database, office.as_(name), integration_id="unchosen"),
        start_shadow(office.database, office.as_(name), integration_id="unchosen", user="rob", days=1),
    ):
        with pytest.raises(NotPermitted):
            await act


async def test_a_shadow_begins_anew_for_somebody_else_and_goes_on_for_the_same(office, legacy):
    await found(office, "refused")
    ann = office.as_("ann")

    same = await start_shadow(office.database, ann, integration_id="unchosen", user="rob", days=7)
    other = await start_shadow(office.database, ann, integration_id="unchosen", user="stan", days=None)

    assert (len(same.found), len(other.found)) == (1, 0)
    assert ((same.shadow.until - office.clock()).days, other.shadow.until) == (7, None)
    assert [each[1] for each in await office.audit()] == ["shadow.started", "shadow.started"]


async def test_a_shadow_that_is_ended_keeps_what_it_found(office, legacy):
    await found(office, "refused")

    ended = await end_shadow(office.database, office.as_("ann"), integration_id="unchosen")

    assert not ended.shadow.live(office.clock())
    assert await see_shadow(office.database, office.as_("dev"), integration_id="unchosen") == ended
    assert len(ended.found) == 1


async def test_there_is_nothing_to_shadow_where_scripts_call_as_the_initiator(office):
    with pytest.raises(Conflict) as refused:
        await start_shadow(
            office.database, office.as_("ann"), integration_id="by-basic", user="rob", days=None
        )

    assert str(refused.value) == (
        'The integration "by-basic" is not legacy: its scripts call as the initiator already, and there is '
        "nothing to compare."
    )


async def _may_issue(tx):
    role = next(each for each in await tx.roles.all() if each.name == "Administrator")
    await tx.roles.put(replace(role, functions=role.functions | {"issue-keys-for-others"}))
