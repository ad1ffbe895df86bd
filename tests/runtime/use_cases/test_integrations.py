"""Integrations: edited, checked, and each script kept as a version."""

import pytest

from deputize.domain.signature import SignatureScheme
from deputize.errors import ScriptRejected
from deputize.use_cases.change_plan import UNCHANGED
from deputize.use_cases.edit_integration import IntegrationChange, edit_integration
from deputize.use_cases.errors import Conflict, Invalid, MethodRequired, NotFound, NotPermitted
from deputize.use_cases.see_integrations import (
    check_script,
    see_integration,
    see_integrations,
    see_version,
    see_versions,
)

pytestmark = pytest.mark.anyio

GITHUB = SignatureScheme(preset="github")

NEW = "def main(log):\n    log.info('new')\n"


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


async def faults(office, integration_id, **values):
    before = await integration(office, integration_id)
    with pytest.raises(Invalid) as refused:
        await edit(office, "dev", integration_id, **values)
    assert await integration(office, integration_id) == before
    return [(each.pointer, each.detail) for each in refused.value.faults]


async def test_a_new_script_is_checked_and_is_the_next_version(office):
    await edit(office, "dev", "by-url", script=NEW)
    seen = await see_integration(office.database, office.as_("dev"), integration_id="by-url")
    versions = await see_versions(office.database, office.as_("dev"), integration_id="by-url")

    assert (seen.version.number, seen.version.source, seen.version.author) == (2, NEW, "dev")
    assert [(each.number, each.author) for each in versions] == [(2, "dev"), (1, "deputize.toml")]
    (candidate,) = office.checker.checked
    assert (candidate.name, candidate.source, candidate.trigger) == ("by-url", NEW, "inbound")
    assert candidate.has_form
    assert candidate.endpoints == {"Wiki", "Desk"}
    assert await office.audit() == [
        (
            "dev",
            "integration.changed",
            "integration:Incidents/by-url",
            {"script_version": seen.version.id},
        )
    ]


async def test_a_script_that_could_not_run_is_not_saved(office):
    with pytest.raises(ScriptRejected) as refused:
        await edit(office, "dev", "by-url", script="eval('1')", enabled=False)

    assert str(refused.value) == "The script has 1 error and was not saved."
    assert [each.code for each in refused.value.diagnostics] == ["NAME_NOT_ALLOWED"]
    assert (await integration(office, "by-url")).enabled
    assert len(await see_versions(office.database, office.as_("dev"), integration_id="by-url")) == 1
    assert await office.audit() == []


async def test_the_same_script_again_is_no_version(office):
    present = (
        await see_version(office.database, office.as_("dev"), integration_id="by-url", number=1)
    ).source
    await edit(office, "dev", "by-url", script=present)

    assert len(await see_versions(office.database, office.as_("dev"), integration_id="by-url")) == 1
    assert await office.audit() == []


async def test_a_change_is_made_on_top_of_the_version_that_was_read(office):
    await edit(office, "dev", "by-url", script=NEW, edited_version=1)
    with pytest.raises(Conflict) as refused:
        await edit(office, "ann", "by-url", script=NEW + "#", edited_version=1)
    await edit(office, "ann", "by-url", script=NEW + "#", edited_version=2)

    assert str(refused.value) == (
        "The script was edited from version 1, and the present one is 2. "
        "Read it, and save your change on top of it."
    )
    assert (
        await see_integration(office.database, office.as_("ann"), integration_id="by-url")
    ).version.number == 3


async def test_what_is_allowed_is_judged_again_when_the_script_has_been_checked(office):
    async def lose():
        await office.change_person("dev", roles=frozenset({"Standard"}))

    office.checker.meanwhile = lose
    with pytest.raises(NotPermitted):
        await edit(office, "dev", "by-url", script=NEW)

    assert len(await see_versions(office.database, office.as_("ann"), integration_id="by-url")) == 1


@pytest.mark.parametrize("name", ["stan", "rob", "sue", "iris"])
async def test_only_developers_edit_and_see(office, name):
    with pytest.raises(NotPermitted):
        await edit(office, name, "by-url", enabled=False)
    with pytest.raises(NotPermitted):
        await see_integration(office.database, office.as_(name), integration_id="by-url")
    with pytest.raises(NotPermitted):
        await see_versions(office.database, office.as_(name), integration_id="by-url")
    with pytest.raises(NotPermitted):
        await check_script(
            office.database, office.as_(name), checker=office.checker, integration_id="by-url", source=NEW
        )

    assert await see_integrations(office.database, office.as_(name)) == []
    assert office.checker.checked == []


async def test_a_developer_edits_the_plans_that_they_have_access_to(office):
    with pytest.raises(NotPermitted) as refused:
        await edit(office, "dev", "pay", enabled=False)
    await edit(office, "ann", "pay", enabled=False)
    seen = await see_integrations(office.database, office.as_("dev"))

    assert str(refused.value) == (
        'dev may not edit plan "Payroll" (function login: yes, function developer: yes, access to plan: no).'
    )
    assert "pay" not in [each.integration.name for each in seen]
    assert len(await see_integrations(office.database, office.as_("ann"))) == len(seen) + 1
    assert [
        each.integration.name
        for each in await see_integrations(office.database, office.as_("ann"), plan="p2")
    ] == ["pay"]


async def test_an_integration_without_a_method_is_locked_until_one_is_chosen(office):
    for change in ({"script": NEW}, {"enabled": True}, {"form": "alert"}, {"enabled": False, "script": NEW}):
        with pytest.raises(MethodRequired) as refused:
            await edit(office, "ann", "unchosen", **change)

    assert str(refused.value) == (
        'The integration "unchosen" has no method of authentication and is locked until one is chosen: '
        'set "method" in the same request.'
    )
    await edit(office, "ann", "unchosen", enabled=False)
    await edit(office, "ann", "unchosen", script=NEW, method="basic")
    assert (await integration(office, "unchosen")).method == "basic"


@pytest.mark.parametrize("method", ["url", "basic", "api-key", "oauth"])
async def test_another_method_may_be_chosen(office, method):
    await edit(office, "dev", "by-basic", method=method)

    assert (await integration(office, "by-basic")).method == method


async def test_how_requests_are_signed_goes_with_the_method_and_is_in_the_audit_stream(office):
    stripe = SignatureScheme(preset="stripe", tolerance_seconds=60)
    await edit(office, "dev", "by-basic", method="signature", signature=GITHUB)
    await edit(office, "dev", "by-basic", signature=stripe)
    signed = await integration(office, "by-basic")
    await edit(office, "dev", "by-basic", method="url")

    assert SignatureScheme.of(signed.signature) == stripe
    assert (await integration(office, "by-basic")).signature is None
    assert [each[3] for each in await office.audit()] == [
        {"method": "signature", "signature": {"preset": "github"}},
        {"signature": {"preset": "stripe", "tolerance_seconds": 60}},
        {"method": "url", "signature": None},
    ]


async def test_settings_that_do_not_go_together_are_named_by_their_places(office):
    assert await faults(office, "on-response", method="basic") == [
        ("/method", "Events set it off; only inbound integrations have a method.")
    ]
    assert await faults(office, "by-basic", method="signature") == [
        (
            "/signature",
            'Missing: say how requests are signed, such as {"preset": "standard-webhooks"}.',
        )
    ]
    assert await faults(office, "by-basic", signature=GITHUB) == [
        ("/signature", 'It belongs to the method "signature"; choose that with it.')
    ]
    assert await faults(office, "simple", script=NEW, response_choice="Yes") == [
        ("/script", "CREATE_EVENT_SIMPLE posts the request to its form and has no script."),
        ("/response_choice", "Only integrations that responses set off have a choice."),
    ]
    assert await faults(office, "by-url", form=None) == [("/form", "It needs a form.")]
    assert await faults(office, "on-response", form=None) == [("/form", "It needs a form.")]
    assert await faults(office, "by-url", form="allert") == [
        ("/form", 'The plan has no such form. Did you mean "alert"?')
    ]
    # The form of another plan is none.
    assert await faults(office, "by-url", form="pay") == [("/form", "The plan has no such form.")]
    assert await faults(office, "on-response", response_choice="Yess") == [
        ("/response_choice", 'The form has no such choice. Did you mean "Yes"?')
    ]


async def test_form_and_choice_are_changed_together_and_taken_away(office):
    await edit(office, "dev", "on-response", response_choice="Yes")
    assert (await integration(office, "on-response")).response_choice == "Yes"
    await edit(office, "dev", "on-response", form="notice", response_choice=None)
    edited = await integration(office, "on-response")
    await edit(office, "dev", "by-api-key", form="alert")
    await edit(office, "dev", "by-api-key", form=None)

    assert (edited.form_id, edited.response_choice) == ("f2", None)
    assert (await integration(office, "by-api-key")).form_id is None


async def test_the_present_script_is_checked_when_the_form_that_it_may_use_is_changed(office):
    await edit(office, "dev", "by-api-key", form="alert")
    await edit(office, "dev", "by-api-key", enabled=False, method="basic")

    assert [(each.source.startswith("def main"), each.has_form) for each in office.checker.checked] == [
        (True, True)
    ]


async def test_a_script_is_checked_without_being_saved(office):
    found = await check_script(
        office.database,
        office.as_("dev"),
        checker=office.checker,
        integration_id="on-response",
        source="eval('1')",
    )

    assert [each.code for each in found] == ["NAME_NOT_ALLOWED"]
    assert office.checker.checked[0].trigger == "RESPONSE"
    assert await office.audit() == []


async def test_what_is_not_there_is_not_found(office):
    with pytest.raises(NotFound, match='There is no integration "nowhere"'):
        await edit(office, "dev", "nowhere", enabled=True)
    with pytest.raises(NotFound, match='There is no version of this script "7"'):
        await see_version(office.database, office.as_("dev"), integration_id="by-url", number=7)
    with pytest.raises(NotFound, match='There is no plan "nowhere"'):
        await see_integrations(office.database, office.as_("dev"), plan="nowhere")


def test_a_change_shows_no_script():
    assert repr(IntegrationChange(script="secret")) == (
        "IntegrationChange(edited_version=None, method=None, signature=None, enabled=None, "
        f"form={UNCHANGED!r}, response_choice={UNCHANGED!r})"
    )
