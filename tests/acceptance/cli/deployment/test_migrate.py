"""``deputize migrate``: what it prints, what it refuses, and what it leaves."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from deputize.deployment import open_deployment
from deputize.domain.legacy import LegacyTerms, Shadow, ShadowFinding
from deputize.settings import Settings

THEN = datetime(2018, 4, 17, 14, 2, 11, tzinfo=UTC)


@pytest.fixture
def legacy(deployed):
    """The command, where the integration grafana is legacy, and dana owned the plan's endpoint."""

    async def put(tx):
        dana = await tx.people.by_name("dana")
        [grafana] = await tx.integrations.named("grafana")
        await tx.integrations.put(replace(grafana, method=None, legacy=True))
        await tx.legacy.put_terms(
            LegacyTerms(plan_id=grafana.plan_id, authenticated=False, owner=dana.id, imported=THEN)
        )

    do(deployed, put)
    return deployed


def do(deployed, work):
    async def opened():
        async with open_deployment(
            Settings(), folder=deployed.folder / ".deputize", clock=lambda: THEN
        ) as deployment:
            return await deployment.database.write(work)

    return asyncio.run(opened())


def put_findings(deployed):
    """Keep a shadow as rob that found something of every kind."""
    details = {
        "same": {},
        "refused": {"needs": ["View or Use on role Company Supervisor"], "would_pass": []},
        "shorter": {"shorter": [{"at": "/total", "now": 5, "then": 3}, {"at": "/recipients", "lost": 1}]},
        "different": {"status_now": 200, "status_then": 404},
        "unknown": {"why": "it took too long"},
    }

    async def put(tx):
        rob = await tx.people.by_name("rob")
        [grafana] = await tx.integrations.named("grafana")
        await tx.legacy.put_shadow(Shadow(integration_id=grafana.id, subject=rob.id, since=THEN))
        for line, (verdict, detail) in enumerate(details.items(), 1):
            await tx.legacy.count(
                ShadowFinding(
                    id=verdict,
                    integration_id=grafana.id,
                    subject=rob.id,
                    script="grafana",
                    script_sha256="0" * 64,
                    line=line,
                    method="GET",
                    path="/api/xm/1/people",
                    verdict=verdict,
                    count=line,
                    first=THEN,
                    last=THEN,
                    detail=detail,
                )
            )

    do(deployed, put)


def test_the_report_shows_where_each_integration_stands(legacy):
    ended = legacy("migrate", "report", "incidents", "--plain")

    assert (ended.code, ended.err) == (0, "")
    first = ended.out.splitlines()
    assert first[0] == (
        "Integration        Method  Scripts call as  Last used             Old requests, 30 d  State"
    )
    assert first[1] == (
        "incidents/grafana  legacy  dana             2018-04-17 14:02:41Z  0                   not ready"
    )
    assert (
        "incidents/grafana: Nobody has looked yet what would change: `deputize migrate shadow incidents/grafana "
        "--as USER` does."
    ) in first
    assert (
        "WEAK_METHOD (cannot tell) incidents/hook: Callers prove who they are by a key in the address, which "
        in (ended.out)
    )


def test_the_report_is_printed_as_the_http_api_has_it(legacy):
    report = legacy("migrate", "report", "--json").json

    assert set(report) == {"integrations", "findings", "legacy_left"}
    assert report["legacy_left"] == 1
    assert [(each["plan"], each["name"], each["method"]) for each in report["integrations"]] == [
        ("changes", "hook", "url"),
        ("incidents", "grafana", "legacy"),
        ("incidents", "hook", "url"),
        ("incidents", "people", "basic"),
    ]


def test_with_no_legacy_integration_the_owner_has_no_effect(deployed):
    last = deployed("migrate", "report").out.splitlines()[-1]

    assert last == "No integration is legacy: the owner of an endpoint has no effect anywhere here."


def test_an_unknown_plan_is_said_to_be_none(deployed):
    assert deployed("migrate", "report", "incident").err == (
        'error[UNKNOWN_PLAN]: there is no plan "incident". Did you mean "incidents"? Plans: changes, '
        "incidents.\n"
    )


def test_a_shadow_is_started_shown_and_ended(legacy):
    started = legacy("migrate", "shadow", "grafana", "--as", "rob", "--days", "7", "--json").json
    put_findings(legacy)

    shown = legacy("migrate", "shadow", "grafana", "--plain")
    ended = legacy("migrate", "shadow", "grafana", "--stop", "--json").json

    assert (started["integration"], started["user"], started["found"]) == ("incidents/grafana", "rob", [])
    assert started["until"] is not None
    assert shown.out.splitlines() == [
        "incidents/grafana as rob, since 2018-04-17 14:02:11Z, until it is ended: 4 runs; 4 different, "
        "2 refused, 1 same, 3 shorter, 5 unknown.",
        "Where      Call                  Times  Would be   Because",
        "grafana:1  GET /api/xm/1/people  1      same       –",
        "grafana:2  GET /api/xm/1/people  2      refused    needs View or Use on role Company Supervisor",
        "grafana:3  GET /api/xm/1/people  3      shorter    /total: 5 now, 3 then, 1 recipient fewer",
        "grafana:4  GET /api/xm/1/people  4      different  200 now, 404 then",
        "grafana:5  GET /api/xm/1/people  5      unknown    it took too long",
    ]
    assert ended["until"] is not None
    assert ended["calls"] == {"same": 1, "refused": 2, "shorter": 3, "different": 4, "unknown": 5}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("shadow", "grafana"), 'error[NOT_FOUND]: There is no shadow of the integration "grafana".\n'),
        (
            ("shadow", "grafana", "--as", "gone"),
            'error[INVALID]: --as "gone": There is no active user of this name.\n',
        ),
        (
            ("shadow", "grafana", "--stop", "--as", "rob"),
            "error[USAGE]: Invalid value: Give --stop alone: it ends what --as started. See `deputize migrate "
            "shadow --help`.\n",
        ),
        (
            ("shadow", "grafana", "--days", "3"),
            "error[USAGE]: Invalid value: Give --as USER with --days: it says whom the shadow is for. See "
            "`deputize migrate shadow --help`.\n",
        ),
        (
            ("switch", "grafana", "--method", "api-key"),
            "error[SWITCH_UNCONFIRMED]: Nobody has looked yet what would change: `deputize migrate shadow "
            "incidents/grafana --as USER` does. Nothing was changed.\n",
        ),
        (
            ("undo", "grafana"),
            'error[CONFLICT]: The integration "grafana" was not switched over by `deputize migrate switch`: '
            "there is nothing to undo.\n",
        ),
    ],
)
def test_what_cannot_be_done_is_told(legacy, arguments, message):
    ended = legacy("migrate", *arguments)

    assert (ended.code, ended.out, ended.err) == (2, "", message)


def test_an_integration_is_switched_over_with_a_key_and_given_back(legacy):
    switched = legacy("migrate", "switch", "grafana", "--method", "api-key", "--for", "rob", "--yes")

    keys = legacy("key", "list", "--json").json["data"]
    assert switched.code == 0
    assert switched.out.splitlines()[0] == f"key     {keys[0]['key']}"
    assert switched.err.splitlines()[:3] == [
        "Confirmed: Nobody has looked yet what would change: `deputize migrate shadow incidents/grafana "
        "--as USER` does.",
        "incidents/grafana has the method api-key, and its scripts call as the initiator.",
        "Undo: deputize migrate undo incidents/grafana",
    ]

    undone = legacy("migrate", "undo", "grafana", "--json").json
    assert (undone["method"], undone["legacy"]) == (None, True)
    assert legacy("key", "list", "--json").json["data"] == keys


SIGNED = ("migrate", "switch", "grafana", "--method", "signature", "--yes")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("github", {"preset": "github"}),
        ('{"preset": "stripe", "tolerance_seconds": 60}', {"preset": "stripe", "tolerance_seconds": 60}),
        ('{"preset": "hmac", "header": "X-Signature"}', {"preset": "hmac", "header": "X-Signature"}),
    ],
)
def test_a_switch_to_signed_requests_says_how_they_are_signed(legacy, said, kept):
    switched = legacy(*SIGNED, "--signature", said, "--for", "rob", "--json")

    assert (switched.code, switched.json["key"]["kind"]) == (0, "signature")
    [grafana] = do(legacy, lambda tx: tx.integrations.named("grafana"))
    assert (grafana.method, grafana.signature, grafana.legacy) == ("signature", kept, False)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            (),
            '--signature: Missing: say how requests are signed, such as {"preset": "standard-webhooks"}.',
        ),
        (
            ("--signature", "git-hub"),
            '--signature: preset: is no preset. Did you mean "github"? '
            "Presets: standard-webhooks, github, slack, stripe, hmac.",
        ),
        (
            ("--signature", "hmac"),
            "--signature: `header` is missing: name the header that carries the signature.",
        ),
        (
            ("--signature", '{"preset": "hmac", "heeder": "X"}'),
            '--signature: heeder: unknown key. Did you mean "header"? Known here: algorithm, content, '
            "encoding, header, prefix, preset, timestamp_header, tolerance_seconds.",
        ),
        (
            ("--signature", "{preset}"),
            "--signature: Invalid JSON: key must be a string at line 1 column 2.",
        ),
        (
            ("--signature", '{"preset":' * 1000),
            "--signature: Invalid JSON: recursion limit exceeded at line 1 column 2011.",
        ),
    ],
)
def test_how_requests_are_signed_is_said_in_full(legacy, options, message):
    ended = legacy(*SIGNED, *options)

    assert (ended.code, ended.out, ended.err) == (2, "", f"error[INVALID]: {message}\n")
    [grafana] = do(legacy, lambda tx: tx.integrations.named("grafana"))
    assert (grafana.method, grafana.legacy) == (None, True)
