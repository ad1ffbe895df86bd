"""``deputize integrations`` and ``deputize legacy``: what has to be seen to, and the terms until it is."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from deputize.deployment import open_deployment
from deputize.domain.legacy import LEGACY, LegacyTerms
from deputize.domain.principal import Principal
from deputize.project import ids
from deputize.settings import Settings

PASSWORD = "correct horse battery staple"
OPEN = "Everybody who can reach the server may set these integrations off.\n"


@pytest.fixture
def change(folder):
    """Return what changes the database of the deployment."""

    def change(work):
        async def opened():
            data = folder / ".deputize"
            async with open_deployment(
                Settings(), folder=data, clock=lambda: datetime.now(UTC)
            ) as deployment:
                return await deployment.database.write(work)

        return asyncio.run(opened())

    return change


@pytest.fixture
def legacy(change):
    """Makes two integrations of the plan legacy, on such terms."""

    def legacy(**terms):
        values = {"authenticated": True, "name": "reapi", "imported": datetime(2018, 4, 17, tzinfo=UTC)}

        async def work(tx):
            rob = await tx.people.by_name("rob")
            plan_id = ids.plan_id("incidents")
            await tx.legacy.put_terms(LegacyTerms(plan_id=plan_id, **{"owner": rob.id} | values | terms))
            for name in ("grafana", "hook"):
                each = await tx.integrations.by_name(plan_id, name)
                await tx.integrations.put(replace(each, method=None, legacy=True, enabled=name == "grafana"))

        change(work)

    return legacy


def test_integrations_are_listed_with_what_has_to_be_seen_to(process, legacy):
    legacy()

    ended = process("integrations", "--plan", "incidents")

    grafana, hook, people = (ids.integration_id("incidents", each) for each in ("grafana", "hook", "people"))
    assert ended.code == 0
    assert ended.out == (
        f"Integration        Set off by  Method  State       See to    {'Id':<36}".rstrip() + "\n"
        f"incidents/grafana  inbound     – none  ✓ enabled   ! LEGACY  {grafana}\n"
        f"incidents/hook     inbound     – none  – disabled  ! LEGACY  {hook}\n"
        f"incidents/people   inbound     basic   ✓ enabled   –         {people}\n"
    )
    assert ended.err == (
        "LEGACY: It is from before the methods of authentication: callers are let in as the legacy terms of its "
        "plan say, and whoever they are, its script calls as the owner of the plan's endpoint. It cannot be "
        "edited until a method is chosen.\n"
    )


def test_json_has_the_objects_of_the_http_api(deployed, legacy):
    legacy()

    listed = deployed("integrations", "--json").json["data"]

    marked = {each["name"]: [one["code"] for one in each["warnings"]] for each in listed if each["legacy"]}
    assert marked == {"grafana": ["LEGACY"], "hook": ["LEGACY"]}


def test_an_unknown_plan_is_answered_with_the_nearest(deployed):
    ended = deployed("integrations", "--plan", "incident")

    assert ended.err == (
        'error[UNKNOWN_PLAN]: there is no plan "incident". Did you mean "incidents"? '
        "Plans: changes, incidents.\n"
    )


def test_terms_are_shown_and_never_a_hash(process, legacy):
    legacy(hash="the hash")

    ended = process("legacy", "show", "incidents")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "plan          incidents\n"
        "callers       reapi with its password\n"
        "calls as      rob\n"
        "imported      2018-04-17 00:00:00Z\n"
        "still legacy  2: grafana, hook (disabled)\n"
    )
    assert "the hash" not in process("legacy", "show", "incidents", "--json").out


@pytest.mark.parametrize(
    ("terms", "callers", "said"),
    [
        ({"authenticated": False}, "! everybody", OPEN),
        ({}, "– nobody: there is no pair", ""),
        (
            {"hash": "x", "owner": None},
            "reapi with its password",
            "Nobody owns the endpoint: calls of these integrations to the platform are refused.\n",
        ),
    ],
    ids=["open", "no-pair", "no-owner"],
)
def test_what_is_to_be_known_about_terms_is_said(deployed, legacy, terms, callers, said):
    legacy(**terms)

    ended = deployed("legacy", "show", "incidents")

    assert (ended.out.splitlines()[1], ended.err) == (f"callers       {callers}", said)


def test_where_none_is_left_it_is_said_that_the_owner_has_no_effect(deployed):
    """C-17: by ``show``, and by whoever sets one."""
    shown = deployed("legacy", "show", "incidents")
    refused = deployed("legacy", "owner", "incidents", "--owner", "rob")

    assert shown.err == (
        "No integration of the plan is legacy: neither an owner of its endpoint nor a pair has any effect.\n"
    )
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        'error[CONFLICT]: No integration of the plan "incidents" is legacy, so that neither the owner of its '
        "endpoint nor its pair has any effect. Nothing was changed.\n"
    )


def test_an_owner_is_set_and_taken(deployed, legacy):
    legacy()

    given = deployed("legacy", "owner", "incidents", "--owner", "dana")
    shown = deployed("legacy", "show", "incidents", "--json").json
    taken = deployed("legacy", "owner", "incidents", "--no-owner")

    assert given.out == "Legacy integrations of incidents call the platform as dana.\n"
    assert shown["owner"] == "dana"
    assert taken.out == "Legacy integrations of incidents have no owner: their calls are refused.\n"
    assert deployed("legacy", "show", "incidents", "--json").json["owner"] is None


@pytest.mark.parametrize("options", [[], ["--owner", "rob", "--no-owner"]], ids=["neither", "both"])
def test_it_is_said_whether_there_is_to_be_an_owner(deployed, options):
    ended = deployed("legacy", "owner", "incidents", *options)

    assert (ended.code, ended.err) == (
        2,
        "error[USAGE]: Invalid value: Give exactly one of --owner USER and --no-owner. "
        "See `deputize legacy owner --help`.\n",
    )


def test_an_owner_who_is_disabled_is_refused_by_the_option(deployed, legacy):
    legacy()

    ended = deployed("legacy", "owner", "incidents", "--owner", "gone")

    assert ended.err == 'error[INVALID]: --owner "gone": There is no active user of this name.\n'


def test_a_pair_is_set_from_stdin_and_its_password_is_not_repeated(deployed, legacy, change):
    """O-02: no option takes it."""
    legacy()

    ended = deployed("legacy", "pair", "incidents", "--name", "monitoring", stdin=PASSWORD.encode())

    async def kept(tx):
        return await tx.legacy.terms(ids.plan_id("incidents"))

    terms = change(kept)
    assert ended.out == (
        "monitoring opens the legacy integrations of incidents; an old pair opens nothing.\n"
    )
    assert terms.name == "monitoring"
    assert terms.hash.startswith("$argon2id$")
    assert PASSWORD not in ended.out + ended.err + repr(terms)


def test_a_pair_that_cannot_be_presented_is_refused_by_its_options(deployed, legacy):
    legacy()

    ended = deployed("legacy", "pair", "incidents", "--name", "a:b", stdin=b"short")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        'error[INVALID]: --name "a:b": A name has no colon and no control characters: HTTP Basic cannot carry '
        "them.\n  the password: A password has 8 to 1024 characters.\n"
    )


def test_runs_of_legacy_integrations_are_marked_in_lists_streams_and_the_tail(deployed, change):
    """C-17: in words, wherever they are shown."""

    async def mark(tx):
        [run] = [each for each in await tx.runs.page(limit=10) if each.id.startswith("7f3a2c1d")]
        legacy = Principal(id="rob", name="rob", via=LEGACY, subject=run.initiator.subject)
        copy = replace(run, id="1e9ac000-0000-4000-8000-000000000000", initiator=legacy)
        entries = await tx.entries.of_run(run.id)
        marked = [
            {
                **each,
                "id": f"{copy.id}-{each['seq']}",
                "run": copy.id,
                "initiator": {"id": "rob", "via": LEGACY},
            }
            | ({"legacy": True} if each["kind"] == "run.started" else {})
            for each in entries
        ]
        await tx.runs.add(copy)
        await tx.entries.append(copy.id, marked)

    change(mark)
    listed = deployed("runs", "--initiator", "rob", "--state", "completed").out
    shown = deployed("show", "1e9ac000").out
    tail = deployed("tail", "--initiator", "rob").out
    why = deployed("explain", "1e9ac000").out

    assert [line.split()[0] for line in listed.splitlines() if "rob, LEGACY" in line] == ["1e9ac000"]
    assert shown.splitlines()[0].endswith("as rob (via legacy)  LEGACY")
    of_run = [line for line in tail.splitlines() if "1e9ac000" in line]
    assert of_run
    assert all("as rob LEGACY" in line for line in of_run)
    assert "rob – who owns the endpoint of its plan, whoever called: LEGACY" in why
