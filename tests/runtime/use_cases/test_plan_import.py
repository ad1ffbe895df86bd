"""A plan is exported without what is secret, and imported disabled, all of it or nothing."""

import io
import json
import zipfile
from dataclasses import replace

import pytest

from deputize.domain.endpoint import SealedSecret, StoredEndpoint
from deputize.domain.integration import SharedLibrary
from deputize.domain.plan import EVERYBODY, Access, Form
from deputize.errors import ScriptRejected
from deputize.plan_file import PlanFileInvalid
from deputize.use_cases.edit_integration import IntegrationChange, edit_integration
from deputize.use_cases.errors import Conflict, Invalid, MethodRequired, NotPermitted
from deputize.use_cases.export_plan import export_plan
from deputize.use_cases.import_plan import ImportOptions, KeepLegacy, LegacyPair, import_plan
from deputize_client import Secret

pytestmark = pytest.mark.anyio

FORM = "0c7c4d0a-36b3-4d0a-9d3b-5d6a3fd6a111"
DISK = "7d5c7c6e-6f0e-4c37-8f0e-0f8f6f0d1222"
OPEN = "a1b2c3d4-0000-4000-8000-000000000001"
JAVASCRIPT = "var r = http.request({endpoint: 'Desk', method: 'POST', path: '/tickets'});"
PORT = "def main(request, form):\n    return None\n"
WRONG = "def main():\n    return eval('1')\n"


def integration(name, **values):
    return {
        "name": name,
        "type": "INBOUND_WEBHOOK",
        "action": "RUN_SCRIPT",
        "deployed": True,
        "script": JAVASCRIPT,
        "environment": "HOSTED",
        "authType": "BASIC",
        **values,
    }


def outbound(name, **values):
    return integration(name, **{"type": "OUTBOUND_WEBHOOK", "authType": "NONE", "form": FORM, **values})


def plan_file(*integrations, libraries=(), endpoints=(), constants=(), engine=None):
    """Return a file as another program exports it."""
    form = {
        "name": "Alert",
        "uuid": FORM,
        "isActive": True,
        "isREST": True,
        "responses": [{"textResponse": "Mine", "order": 0}, {"textResponse": "Fixed", "order": 1}],
    }
    members = {
        "engine.json": {"version": "1.8", "name": "Disk alerts", "isActive": True, **(engine or {})},
        "forms/Alert/17.json": form,
        "integrations/integrations.json": {
            "integrations": list(integrations),
            "endpoints": list(endpoints),
            "constants": list(constants),
        },
        "integrations/sharedfunctions.json": list(libraries),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, value in members.items():
            archive.writestr(name, json.dumps(value))
    return target.getvalue()


async def bring_in(office, data, *, as_="ann", **options):
    return await import_plan(
        office.database,
        office.as_(as_),
        checker=office.checker,
        hasher=office.passwords,
        data=data,
        options=ImportOptions(**options),
    )


async def export(office, plan="Incidents", as_="ann"):
    return (await export_plan(office.database, office.as_(as_), plan=plan)).data


async def plan_named(office, name):
    return await office.read(lambda tx: tx.plans.by_name(name))


async def integrations_of(office, report):
    found = await office.read(lambda tx: tx.integrations.of_plan(report.plan_id))
    return {each.name: each for each in found}


def to_do(report, kind):
    return [(each.target, each.detail) for each in report.to_do if each.kind == kind]


# Who may


@pytest.mark.parametrize("name", ["sue", "iris", "dev", "stan", "rob"])
async def test_only_an_administrator_imports(office, name):
    with pytest.raises(NotPermitted) as refused:
        await bring_in(office, b"not even a zip", as_=name)

    assert refused.value.denial.needs[-1] == "function admin"
    assert office.checker.checked == []


@pytest.mark.parametrize("name", ["sue", "iris", "stan", "rob"])
async def test_only_who_develops_a_plan_exports_it(office, name):
    with pytest.raises(NotPermitted):
        await export(office, as_=name)
    with pytest.raises(NotPermitted):
        await export(office, "Payroll", as_="dev")


# What is taken over


async def test_a_plan_of_another_program_comes_in_disabled_and_says_what_is_to_be_done(office):
    report = await bring_in(
        office,
        plan_file(
            integration("Disk full", id=DISK, action="CREATE_EVENT_SIMPLE", form=FORM, authType="URL"),
            integration("Sync", authType="ANY"),
            outbound("Take it", triggeredBy="RESPONSE", responseChoice="Mine"),
            libraries=[{"name": "Desk tools", "script": "exports.x = 1;"}],
            endpoints=[
                {
                    "name": "Desk",
                    "baseUrl": "https://desk.example",
                    "authentication": "BASIC",
                    "username": "svc",
                },
                {"name": "xMatters", "baseUrl": "https://x.example", "type": "XMATTERS"},
            ],
            constants=[{"name": "Room", "value": "4"}],
        ),
    )

    plan = await plan_named(office, "Disk alerts")
    assert (plan.id, plan.enabled, plan.access) == (report.plan_id, True, Access())
    assert await office.read(lambda tx: tx.constants.of_plan(plan.id)) == {"Room": "4"}
    form = await office.read(lambda tx: tx.forms.get(FORM))
    assert form == Form(
        id=FORM,
        plan_id=plan.id,
        name="Alert",
        senders=EVERYBODY,
        start=frozenset({"ui", "api"}),
        response_options=("Mine", "Fixed"),
    )
    found = await integrations_of(office, report)
    assert {
        name: (each.action, each.callback, each.enabled, each.legacy) for name, each in found.items()
    } == {
        "Disk full": ("CREATE_EVENT_SIMPLE", None, False, False),
        "Sync": ("RUN_SCRIPT", None, False, False),
        "Take it": (None, "RESPONSE", False, False),
    }
    assert {each.method for each in found.values()} == {None}
    assert found["Disk full"].id == DISK
    assert found["Take it"].response_choice == "Mine"
    version = await office.read(lambda tx: tx.scripts.get(found["Sync"].script_version_id))
    assert (version.language, version.source, version.number) == ("javascript", JAVASCRIPT, 1)
    assert [(each.name, each.had, each.script) for each in report.integrations] == [
        ("Disk full", "URL", "default"),
        ("Sync", "ANY", "to-port"),
        ("Take it", None, "to-port"),
    ]
    [(_, said)] = to_do(report, "secret")
    assert said == (
        f'It proves itself (basic) with the secret "Desk-password-{plan.id[:8]}", which no file holds. Set it: '
        f'`deputize secret set "Desk-password-{plan.id[:8]}" --plan "Disk alerts" --endpoint "Desk"`.'
    )
    assert [each.kind for each in report.to_do] == [
        "access",
        "method",
        "method",
        "port",
        "port",
        "port",
        "secret",
    ]
    assert office.checker.checked == []


async def test_what_a_script_in_another_language_calls_is_told(office):
    report = await bring_in(office, plan_file(integration("Sync")))

    assert to_do(report, "port") == [
        (
            "integration:Disk alerts/Sync",
            "Its script is in javascript and is kept as text; it is not run. Port it: save it in Python, or "
            'import again with --ported DIR, where DIR has "Sync.py". It calls: POST /tickets on "Desk".',
        )
    ]


async def test_a_port_becomes_the_second_version_and_is_what_runs(office):
    report = await bring_in(
        office,
        plan_file(
            outbound("Take it", triggeredBy="STATUS"), libraries=[{"name": "Desk tools", "script": "exports"}]
        ),
        ported={"Take it": PORT, "shared/Desk_tools": "def x():\n    return 1\n"},
    )

    [found] = (await integrations_of(office, report)).values()
    versions = await office.read(lambda tx: tx.scripts.of_owner(found.id))
    assert [(each.number, each.language, each.source) for each in versions] == [
        (2, "python", PORT),
        (1, "javascript", JAVASCRIPT),
    ]
    assert found.enabled is True
    assert found.script_version_id == versions[0].id
    assert report.libraries == ("Desk_tools",)
    assert [(each.name, each.trigger) for each in office.checker.checked] == [
        ("shared/Desk_tools", None),
        ("Take it", "STATUS"),
    ]
    assert office.checker.checked[1].shared == {"Desk_tools": "def x():\n    return 1\n"}


async def test_a_port_that_cannot_run_ends_the_import(office):
    with pytest.raises(ScriptRejected) as refused:
        await bring_in(office, plan_file(integration("Sync")), ported={"Sync": WRONG})

    assert str(refused.value) == (
        'The port of "Sync" cannot run. Nothing was imported.\n'
        "Sync:1:1: NAME_NOT_ALLOWED: eval is not available."
    )
    assert await plan_named(office, "Disk alerts") is None


async def test_a_port_that_nothing_waits_for_ends_the_import(office):
    with pytest.raises(Invalid) as refused:
        await bring_in(office, plan_file(integration("Sync")), ported={"Synk": PORT})

    assert str(refused.value) == (
        '/ported/Synk: Nothing in the file waits for this port. Did you mean "Sync"?'
    )


async def test_what_has_no_place_here_is_left_out_and_told(office):
    report = await bring_in(
        office,
        plan_file(
            outbound("To the agent", action="SEND_TO_IA", triggeredBy="STATUS"),
            outbound("Flow", triggeredBy="FLOW_ACTIVITY"),
            integration("Canvas", createdBy="FLOW"),
            outbound("Lost", triggeredBy="STATUS", form="of another plan"),
            outbound("Odd", triggeredBy="RESPONSE", responseChoice="Never"),
            integration("Inside", environment="ONPREMISE"),
            endpoints=[
                {"name": "Bad", "baseUrl": "ftp://desk.example"},
                {"name": "platform", "baseUrl": "x"},
            ],
        ),
    )

    assert [each.name for each in report.integrations] == ["Lost", "Odd", "Inside"]
    assert [target for target, _ in to_do(report, "left-out")] == [
        "integration:Disk alerts/To the agent",
        "integration:Disk alerts/Flow",
        "integration:Disk alerts/Canvas",
        "endpoint:Disk alerts/Bad",
        "endpoint:Disk alerts/platform",
    ]
    assert [target for target, _ in to_do(report, "form")] == ["integration:Disk alerts/Lost"]
    assert [target for target, _ in to_do(report, "response")] == ["integration:Disk alerts/Odd"]
    assert [target for target, _ in to_do(report, "network")] == ["integration:Disk alerts/Inside"]
    assert not any(each.enabled for each in report.integrations)


async def test_names_that_cannot_stand_here_are_changed_and_told(office):
    report = await bring_in(
        office,
        plan_file(
            integration("In/Out"),
            integration("Twice"),
            integration("Twice"),
            engine={"name": " A/B\u202e plan\n"},
        ),
    )

    assert report.plan == "A-B plan"
    assert [each.name for each in report.integrations] == ["In-Out", "Twice", "Twice (2)"]
    assert [target for target, _ in to_do(report, "name")] == [
        "integration:A-B plan/In-Out",
        "integration:A-B plan/Twice (2)",
    ]


async def test_only_a_random_id_that_nobody_had_is_kept(office):
    derived = "5a1f3f0e-1111-5222-8333-444455556666"
    first = await bring_in(office, plan_file(integration("Sync", id=DISK)))
    second = await bring_in(
        office, plan_file(integration("Sync", id=DISK), integration("Other", id=derived)), name="Again"
    )

    assert [each.id for each in first.integrations] == [DISK]
    assert {DISK, derived}.isdisjoint(each.id for each in second.integrations)
    assert [target for target, _ in to_do(second, "address")] == [
        "integration:Again/Sync",
        "integration:Again/Other",
    ]


# All or nothing


async def test_a_plan_that_is_there_is_not_touched(office):
    before = await office.read(lambda tx: tx.plans.all())

    with pytest.raises(Conflict) as refused:
        await bring_in(office, plan_file(engine={"name": "Incidents"}))

    assert str(refused.value) == (
        'There is a plan "Incidents" already, and an import changes none. Give it another name (--name).'
    )
    assert await office.read(lambda tx: tx.plans.all()) == before
    assert await office.read(lambda tx: tx.forms.get(FORM)) is None


async def test_a_trial_says_the_same_and_keeps_nothing(office):
    data = plan_file(integration("Sync", id=DISK), integration("Other"))

    tried = await bring_in(office, data, dry_run=True)

    assert await plan_named(office, "Disk alerts") is None
    assert await office.read(lambda tx: tx.integrations.get(DISK)) is None
    assert await office.audit() == []
    done = await bring_in(office, data)
    assert tried.plan_id is None
    assert [each.id for each in tried.integrations] == [DISK, None]
    assert tried.to_do == done.to_do
    assert [each.name for each in tried.integrations] == [each.name for each in done.integrations]


async def test_an_import_is_in_the_audit_stream(office):
    await bring_in(office, plan_file(integration("Sync"), engine={"name": "A"}))

    assert await office.audit() == [
        ("ann", "plan.imported", "plan:A", {"integrations": ["Sync"], "to_port": ["Sync"]})
    ]


async def test_who_is_no_administrator_any_more_when_scripts_are_checked_imports_nothing(office):
    async def demote():
        await office.change_person("ann", roles=frozenset({"Developer"}))

    office.checker.meanwhile = demote

    with pytest.raises(NotPermitted):
        await bring_in(office, plan_file(integration("Sync")), ported={"Sync": PORT})

    assert await plan_named(office, "Disk alerts") is None


async def test_what_is_no_plan_file_is_refused(office):
    with pytest.raises(PlanFileInvalid):
        await bring_in(office, b"PK")


# What a file cannot reach


async def test_an_endpoint_of_a_file_reaches_no_secret_that_is_there(office):
    """Whoever imports a file from outside does not send the deployment's secrets to where it says."""
    stolen = {
        "base_url": "https://evil.example",
        "auth": {"type": "bearer", "token": {"secret": "wiki-token"}},
    }
    report = await bring_in(
        office,
        plan_file(
            endpoints=[
                {"name": "Thief", "baseUrl": "https://evil.example", "deputize": stolen},
                {"name": "Wiki", "baseUrl": "https://evil.example"},
            ]
        ),
    )

    [kept] = await office.read(lambda tx: tx.endpoints.in_scope(report.plan_id))
    assert kept.name == "Thief"
    assert kept.definition["auth"]["token"] == {"secret": f"wiki-token-{report.plan_id[:8]}"}
    assert [target for target, _ in to_do(report, "left-out")] == ["endpoint:Disk alerts/Wiki"]


async def test_a_file_opens_no_private_network(office):
    definition = {
        "base_url": "https://10.0.0.1",
        "networks": ["10.0.0.0/8"],
        "methods": ["GET"],
        "stand_in": "stand_ins/x.toml",
        "auth": {
            "type": "oauth2",
            "token_url": "https://10.0.0.1/token",
            "client_id": "c",
            "client_secret": {"secret": "s"},
            "networks": ["10.0.0.0/8"],
        },
    }
    report = await bring_in(office, plan_file(endpoints=[{"name": "Inside", "deputize": definition}]))

    [kept] = await office.read(lambda tx: tx.endpoints.in_scope(report.plan_id))
    assert kept.definition == {
        "base_url": "https://10.0.0.1",
        "methods": ["GET"],
        "auth": {
            "type": "oauth2",
            "token_url": "https://10.0.0.1/token",
            "client_id": "c",
            "client_secret": {"secret": f"s-{report.plan_id[:8]}"},
        },
    }
    assert [target for target, _ in to_do(report, "network")] == ["endpoint:Disk alerts/Inside"]


# Scripts that wait


async def test_a_script_of_ours_that_cannot_run_waits_to_be_corrected(office):
    own = {"deputize": {"language": "python"}}
    report = await bring_in(office, plan_file(outbound("Take it", triggeredBy="STATUS", script=WRONG, **own)))

    assert to_do(report, "correct") == [
        (
            "integration:Disk alerts/Take it",
            "Its script cannot run, and it is disabled. Correct it:\n"
            "Take it:1:1: NAME_NOT_ALLOWED: eval is not available.",
        )
    ]
    [found] = (await integrations_of(office, report)).values()
    assert found.enabled is False

    async def edit(change):
        await edit_integration(
            office.database,
            office.as_("ann"),
            checker=office.checker,
            integration_id=found.id,
            change=change,
        )

    with pytest.raises(ScriptRejected):
        await edit(IntegrationChange(enabled=True))
    await edit(IntegrationChange(enabled=True, script=PORT))


async def test_a_library_in_another_language_is_no_library_that_scripts_import(office):
    report = await bring_in(
        office,
        plan_file(
            outbound("Take it", triggeredBy="STATUS"),
            libraries=[{"name": "tools", "script": "exports.x = 1;"}],
        ),
        ported={"Take it": PORT},
    )

    assert office.checker.checked[0].shared == {}
    assert [target for target, _ in to_do(report, "port")] == ["library:Disk alerts/tools"]


# Legacy


def old(name, **values):
    return integration(name, **{"action": "CREATE_EVENT_SIMPLE", "form": FORM, "authType": None, **values})


LEGACY_FILE = plan_file(
    old("Open", id=OPEN),
    old("None", authType="NONE"),
    old("Url", authType="URL"),
    integration("Script", authType=None),
)


async def test_without_being_asked_for_nothing_is_legacy(office):
    report = await bring_in(office, LEGACY_FILE)

    assert report.legacy == ()
    assert not any(each.enabled for each in report.integrations)
    assert await office.read(lambda tx: tx.legacy.terms(report.plan_id)) is None


async def test_integrations_from_before_there_were_methods_go_on(office):
    keep = KeepLegacy(
        authenticated=True, pair=LegacyPair(name="disk", password=Secret("pair", "old secret")), owner="rob"
    )
    report = await bring_in(office, LEGACY_FILE, keep_legacy=keep)

    assert [(each.name, each.legacy, each.enabled) for each in report.integrations] == [
        ("Open", True, True),
        ("None", True, True),
        ("Url", False, False),
        ("Script", False, False),
    ]
    assert report.integrations[0].id == OPEN
    terms = await office.read(lambda tx: tx.legacy.terms(report.plan_id))
    assert (terms.authenticated, terms.name, terms.owner) == (True, "disk", "id-of-rob")
    assert terms.hash == await office.passwords.hash("old secret")
    plan = await plan_named(office, "Disk alerts")
    assert plan.access == Access(people=frozenset({"id-of-rob"}))
    [_, (_, action, target, detail)] = await office.audit()
    assert (action, target) == ("plan.imported", "plan:Disk alerts")
    assert detail == {
        "integrations": ["Open", "None", "Url", "Script"],
        "to_port": ["Script"],
        "legacy": ["Open", "None"],
        "authenticated": True,
        "pair": "disk",
        "owner": "rob",
    }
    assert "old secret" not in repr(keep)


async def test_a_legacy_integration_is_locked_until_a_method_is_chosen(office):
    keep = KeepLegacy(authenticated=False, owner="rob")
    await bring_in(office, LEGACY_FILE, keep_legacy=keep)

    with pytest.raises(MethodRequired):
        await edit_integration(
            office.database,
            office.as_("ann"),
            checker=office.checker,
            integration_id=OPEN,
            change=IntegrationChange(form=None),
        )


async def test_a_port_keeps_a_legacy_integration_going(office):
    keep = KeepLegacy(authenticated=False, owner="rob")
    report = await bring_in(office, LEGACY_FILE, keep_legacy=keep, ported={"Script": PORT})

    assert report.legacy == ("Open", "None", "Script")


async def test_without_an_owner_or_a_pair_it_is_said_what_does_not_work(office):
    report = await bring_in(office, LEGACY_FILE, keep_legacy=KeepLegacy(authenticated=True))

    assert [detail for _, detail in to_do(report, "owner")] == [
        "Legacy integrations have nobody to call as: their calls are refused.",
        "Legacy integrations let nobody in until the plan's pair is set.",
    ]


@pytest.mark.parametrize("owner", ["nobody", "rob"])
async def test_an_owner_who_is_not_active_ends_the_import(office, owner):
    await office.change_person("rob", status="INACTIVE")

    with pytest.raises(Invalid) as refused:
        await bring_in(office, LEGACY_FILE, keep_legacy=KeepLegacy(authenticated=False, owner=owner))

    assert str(refused.value) == "/owner: There is no active user of this name."
    assert await plan_named(office, "Disk alerts") is None


async def test_terms_are_not_kept_where_nothing_is_legacy(office):
    report = await bring_in(
        office, plan_file(integration("Sync")), keep_legacy=KeepLegacy(authenticated=False, owner="rob")
    )

    assert await office.read(lambda tx: tx.legacy.terms(report.plan_id)) is None


# There and back


async def test_an_export_holds_no_secret_no_key_and_no_person(office):
    async def work(tx):
        await tx.secrets.put(
            SealedSecret(
                scope="p1", name="desk", endpoints=frozenset({"Desk"}), sealed=b"sealed-bytes", changed=tx.now
            )
        )
        await tx.endpoints.put(
            StoredEndpoint(
                scope="p1",
                name="Desk",
                definition={
                    "base_url": "https://desk.example/",
                    "auth": {"type": "basic", "user": "svc", "password": {"secret": "desk"}},
                },
            )
        )
        await tx.plans.put(
            replace(
                await tx.plans.get("p1"),
                access=Access(people=frozenset({"id-of-stan"}), roles=frozenset({"Developer"})),
            )
        )

    await office.write(work)

    data = await export(office)

    text = b"".join(
        zipfile.ZipFile(io.BytesIO(data)).read(each) for each in zipfile.ZipFile(io.BytesIO(data)).namelist()
    )
    for absent in (b"sealed-bytes", b"id-of-", b'"stan"', b'"ann"', b"deputize.toml", b"wiki"):
        assert absent not in text
    assert b'"people": 1' in text
    assert await export(office) == data


async def structure(office, name):
    """Return what of a plan an export and an import leave as it was."""

    async def work(tx):
        plan = await tx.plans.by_name(name)
        forms = {each.id: each for each in await tx.forms.of_plan(plan.id)}
        sources = {}
        for each in await tx.integrations.of_plan(plan.id):
            version = each.script_version_id and await tx.scripts.get(each.script_version_id)
            sources[each.name] = version and (version.source, version.language)
        libraries = {
            each.name: (await tx.scripts.get(each.script_version_id)).source
            for each in await tx.libraries.of_plan(plan.id)
        }
        return {
            "plan": (plan.enabled, plan.access.everybody, plan.access.roles, plan.requests_per_minute),
            "forms": {
                each.name: (each.start, each.response_options, each.senders.everybody, each.senders.roles)
                for each in forms.values()
            },
            "integrations": {
                each.name: (
                    each.action,
                    each.callback,
                    each.form_id and forms[each.form_id].name,
                    each.response_choice,
                    dict(each.limits),
                    sources[each.name],
                    # An inbound one has its method chosen anew.
                    each.inbound or each.enabled,
                )
                for each in await tx.integrations.of_plan(plan.id)
            },
            "constants": await tx.constants.of_plan(plan.id),
            "endpoints": {
                each.name: json.dumps(each.definition, sort_keys=True).replace(f"-{plan.id[:8]}", "")
                for each in await tx.endpoints.in_scope(plan.id)
            },
            "libraries": libraries,
        }

    return await office.read(work)


async def test_what_is_exported_and_imported_is_the_same_plan(office):
    async def work(tx):
        await tx.constants.put("p1", "Room", "4\n\u202e")
        await tx.endpoints.put(
            StoredEndpoint(
                scope="p1",
                name="Desk",
                definition={
                    "base_url": "https://desk.example/",
                    "methods": ["GET"],
                    "auth": {"type": "bearer", "token": {"secret": "desk"}},
                },
            )
        )
        present = await tx.integrations.get("on-response")
        await tx.integrations.put(replace(present, response_choice="Yes", limits={"wall_seconds": 10}))
        await tx.libraries.put(
            SharedLibrary(id="l1", plan_id="p1", name="tools", script_version_id="script of other")
        )
        await tx.forms.put(
            replace(
                await tx.forms.get("f1"),
                senders=Access(roles=frozenset({"REST"})),
                start=frozenset({"email"}),
            )
        )

    await office.write(work)

    first = await bring_in(office, await export(office), name="Copy")
    again = await bring_in(office, await export(office, "Copy"), name="Copy of the copy")

    before = await structure(office, "Incidents")
    assert await structure(office, "Copy") == await structure(office, "Copy of the copy") == before
    assert [each.had for each in first.integrations] == [
        "API_KEY",
        "BASIC",
        "URL",
        None,
        "API_KEY",
        "BASIC",
        "ANY",
    ]
    assert [each.kind for each in again.to_do if each.kind not in ("method", "address")] == [
        "limits",
        "secret",
    ]


async def test_an_exported_legacy_integration_is_one_again_only_when_asked_for(office):
    keep = KeepLegacy(authenticated=False, owner="rob")
    await bring_in(office, LEGACY_FILE, keep_legacy=keep)
    data = await export(office, "Disk alerts")

    assert (await bring_in(office, data, name="A")).legacy == ()
    assert (await bring_in(office, data, name="B", keep_legacy=keep)).legacy == ("None", "Open")


async def test_an_integration_with_a_method_never_becomes_legacy(office):
    """An export says of each method what it was, and of one that is unchosen that it is."""
    await office.change_integration("by-basic", method="signature")

    report = await bring_in(
        office, await export(office), name="Copy", keep_legacy=KeepLegacy(authenticated=False)
    )

    assert report.legacy == ()
