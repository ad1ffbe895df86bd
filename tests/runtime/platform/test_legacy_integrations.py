"""Legacy integrations and their runs, as the platform meets them: locked, called for the owner, marked."""

from base64 import b64encode
from dataclasses import replace

import pytest

from deputize.domain.legacy import LEGACY, NO_OWNER, NO_OWNER_NAME, LegacyTerms
from deputize.domain.principal import Principal
from deputize_client import BearerCredential, CredentialUnavailable

pytestmark = pytest.mark.anyio

PATH = "/plans/incidents/integrations"
LOCKED = (
    "The integration legacy is legacy and goes on as it is until a method of authentication is chosen: "
    "set authenticationType in the same request."
)
SCRIPT = b64encode(b"def main(request):\n    return 7\n").decode()


@pytest.fixture
async def legacy(incidents, make):
    """A legacy integration of the plan, whose endpoint is sam's."""
    integration = make.inbound("legacy", method=None, legacy=True)
    terms = LegacyTerms(
        plan_id=make.plan.id, authenticated=False, owner=make.person("sam").id, imported=incidents.clock()
    )
    await incidents.do(
        lambda tx: make.put_integration(tx, integration), lambda tx: tx.legacy.put_terms(terms)
    )
    return integration


@pytest.fixture
def run_as(incidents, make, legacy):
    """Keeps a legacy run of *name*, of nobody, or of an account that is no more; returns its credentials."""

    async def run_as(name):
        subject = NO_OWNER if name == NO_OWNER_NAME else make.person(name).id
        principal = Principal(id=name, name=name, via=LEGACY, subject=subject)
        run = make.inbound_run("sam", legacy, initiator=principal)
        await incidents.do(lambda tx: tx.runs.add(run))
        return incidents.platform.credentials_for(principal, run_id=run.id)

    return run_as


@pytest.mark.parametrize(
    "change",
    [
        {"script": SCRIPT},
        {"name": "renamed"},
        {"deployed": True},
        {"form": "alert"},
        {"deployed": False, "name": "renamed"},
        {"authenticationType": "NONE"},
        {"authenticationType": "ANY", "script": SCRIPT},
        {},
    ],
    ids=str,
)
async def test_every_edit_that_chooses_no_method_is_refused(incidents, legacy, change):
    """C-18: over the platform's REST API as everywhere."""
    answer = await (await incidents.as_("dev")).post(PATH, json={"id": legacy.id, **change})

    assert (answer.status_code, answer.json()["message"]) == (409, LOCKED)
    assert await incidents.database.read(lambda tx: tx.integrations.get(legacy.id)) == legacy


async def test_one_is_read_with_its_script_and_switched_off_without_ending_legacy(incidents, legacy):
    """C-18: reading is allowed."""
    dev = await incidents.as_("dev")
    read = (await dev.get(f"{PATH}/legacy")).json()
    off = await dev.post(PATH, json={"id": legacy.id, "deployed": False})

    assert (read["authenticationType"], read["legacy"], "script" in read) == ("NONE", True, True)
    assert (off.status_code, off.json()["deployed"], off.json()["legacy"]) == (200, False, True)


async def test_the_edit_that_chooses_a_method_ends_legacy_and_is_in_the_audit_stream(incidents, legacy):
    """C-15: for good."""
    dev = await incidents.as_("dev")
    edited = await dev.post(PATH, json={"id": legacy.id, "authenticationType": "API_KEY"})
    [act] = await incidents.database.read(lambda tx: tx.audit.page(limit=10))
    back = await dev.post(PATH, json={"id": legacy.id, "authenticationType": "NONE"})

    assert (edited.json()["authenticationType"], "legacy" in edited.json()) == ("API_KEY", False)
    assert (act.action, act.detail["method"], act.detail["legacy"]) == (
        "integration.changed",
        "api-key",
        False,
    )
    assert back.status_code == 400
    kept = await incidents.database.read(lambda tx: tx.integrations.get(legacy.id))
    assert (kept.method, kept.legacy) == ("api-key", False)


async def test_none_is_made_legacy_over_rest(incidents):
    """C-15: nothing but an import brings one in."""
    body = {
        "name": "new",
        "integrationType": "INBOUND_WEBHOOK",
        "authenticationType": "BASIC",
        "script": SCRIPT,
        "legacy": True,
    }
    made = await (await incidents.as_("dev")).post(PATH, json=body)

    kept = await incidents.database.read(lambda tx: tx.integrations.get(made.json()["id"]))
    assert (kept.method, kept.legacy) == ("basic", False)


async def test_one_whose_script_is_to_be_ported_is_not_deployed(incidents, make):
    integration = make.inbound("foreign", enabled=False)
    version = replace(make.script_of(integration.id), language="javascript", source="var x = 1;")
    await incidents.do(lambda tx: tx.scripts.add(version), lambda tx: tx.integrations.put(integration))
    dev = await incidents.as_("dev")

    refused = await dev.post(PATH, json={"id": integration.id, "deployed": True})
    ported = await dev.post(PATH, json={"id": integration.id, "deployed": True, "script": SCRIPT})

    assert (refused.status_code, refused.json()["message"]) == (
        400,
        "The deployed field contains an invalid value: true. "
        "It must be false: the script is in javascript, which is not run.",
    )
    assert (ported.status_code, ported.json()["deployed"]) == (200, True)


async def test_a_legacy_run_calls_as_the_owner(incidents, run_as):
    """C-17: with a credential of theirs, judged as them."""
    credential = await (await run_as("sam")).credential(incidents.endpoint)

    assert isinstance(credential, BearerCredential)
    async with incidents.client(credential.headers()) as client:
        assert (await client.get("/people/sam")).status_code == 200


async def test_without_an_owner_a_call_is_refused_with_what_to_do(incidents, run_as):
    """C-17: there is no account to fall back to."""
    assert await (await run_as(NO_OWNER_NAME)).credential(incidents.endpoint) == CredentialUnavailable(
        'This legacy run has nobody to call as: the endpoint of the plan "incidents" has no owner; nothing was '
        "sent. Name an owner with `deputize legacy owner incidents --owner USER`, or choose a method for the "
        "integration."
    )


async def test_once_the_owner_is_gone_or_disabled_a_call_is_refused_with_what_to_do(incidents, run_as):
    source = await run_as("sam")
    sam = await incidents.database.read(lambda tx: tx.people.by_name("sam"))
    todo = (
        "nothing was sent. Name an owner with `deputize legacy owner incidents --owner USER`, or choose a "
        "method for the integration."
    )

    await incidents.do(lambda tx: tx.people.put(replace(sam, status="INACTIVE")))
    disabled = await source.credential(incidents.endpoint)
    await incidents.do(lambda tx: tx.people.delete(sam.id))
    gone = await source.credential(incidents.endpoint)

    assert disabled == CredentialUnavailable(
        f'"sam", who owns the endpoint of the plan "incidents", is INACTIVE on the platform; {todo}'
    )
    assert gone == CredentialUnavailable(
        'This legacy run has nobody to call as: the owner of the endpoint of the plan "incidents" is no more; '
        f"{todo}"
    )


@pytest.mark.parametrize(("owner", "status"), [("sam", 202), ("dev", 403)])
async def test_a_form_that_a_legacy_run_posts_is_judged_as_the_owner(incidents, make, legacy, owner, status):
    run = make.inbound_run(owner, legacy)
    run = replace(run, initiator=replace(run.initiator, via=LEGACY))
    script = await incidents.as_script_of(run)

    assert (await script.post(f"/forms/{make.form.id}/triggers", json={})).status_code == status


async def test_what_a_legacy_run_sets_off_is_marked_and_so_is_what_that_sets_off(incidents, make, legacy):
    """C-17: along the whole chain, for the owner has an effect on all of it."""
    run = make.inbound_run("sam", legacy)
    script = await incidents.as_script_of(replace(run, initiator=replace(run.initiator, via=LEGACY)))
    await script.post(f"/forms/{make.form.id}/triggers", json={})
    [event] = await incidents.database.read(lambda tx: tx.events.all(request_id=run.id))
    runs = await incidents.database.read(lambda tx: tx.runs.page(limit=10))
    [status] = [each for each in runs if each.trigger == "STATUS"]

    assert event.via == LEGACY
    assert (status.initiator.id, status.initiator.via, status.legacy) == ("sam", LEGACY, True)
    again = await incidents.as_script_of(
        make.stored_run("sam", initiator=status.initiator, chain=status.chain)
    )
    await again.post(f"/forms/{make.form.id}/triggers", json={})
    events = await incidents.database.read(lambda tx: tx.events.all())
    assert {each.via for each in events} == {LEGACY}


async def test_an_outbound_script_that_is_to_be_ported_is_not_set_off(incidents, make):
    integration = await incidents.database.read(lambda tx: tx.integrations.get("i-STATUS"))
    version = await incidents.database.read(lambda tx: tx.scripts.get(integration.script_version_id))
    foreign = replace(version, id="foreign", number=2, language="javascript")
    await incidents.do(
        lambda tx: tx.scripts.add(foreign),
        lambda tx: tx.integrations.put(replace(integration, script_version_id="foreign")),
    )

    await (await incidents.as_("sam")).post(f"/forms/{make.form.id}/triggers", json={})

    assert incidents.set_off == []
