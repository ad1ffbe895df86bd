"""Who may do what over /api/v1: every operation, for every kind of caller."""

import pytest

from deputize.activity.journal import JournalHead
from deputize.domain.legacy import Shadow
from deputize.domain.start import inbound_start
from deputize.execution.default_script import default_script
from deputize.plan_file import PlanFile, write_plan_file
from deputize.plan_file.records import PlanRecord

pytestmark = pytest.mark.anyio

#: Who asks, in the order of the columns below: nobody, then by role.
CALLERS = (None, "rob", "stan", "iris", "dev", "sue", "ann")
SIGNED_IN = (401, 403, 200, 200, 200, 200, 200)


def only(*names, status=200):
    """Return the statuses of an operation that is for *names*."""
    return tuple(401 if each is None else status if each in names else 403 for each in CALLERS)


DEVELOPERS = only("dev", "ann")
CLIENT = {"name": "Wallboard", "grants": ["password"], "scope": ["read"]}
ENDPOINT = {"definition": {"base_url": "https://desk.example/"}}

#: With it a run can be taken as a bundle.
HEAD = JournalHead(
    seed="00",
    now="2026-01-01T00:00:00Z",
    constants={},
    secrets={},
    endpoints={},
    stand_ins=(),
    form=None,
    limits={},
    libraries={},
)
#: To the schedule as it is.
CONSENT = {"digest": ""}
WEEKLY = {"name": "weekly", "cron": "0 3 * * 1", "as": "stan"}
PLAN_FILE = write_plan_file(PlanFile(plan=PlanRecord(name="imported")))

#: Every operation, by its name: how it is asked, and what it answers whom.
OPERATIONS = {
    "getMyself": ("GET", "/me", None, SIGNED_IN),
    "listRuns": ("GET", "/runs", None, SIGNED_IN),
    "getRun": ("GET", "/runs/run-of-stan", None, only("stan", "dev", "ann")),
    "listActivityOfRun": ("GET", "/runs/run-of-stan/activity", None, only("stan", "dev", "ann")),
    "getBundleOfRun": ("GET", "/runs/run-of-stan/bundle", None, only("stan", "dev", "ann")),
    "resumeRun": ("POST", "/runs/run-of-stan/resumption", {"call": "sent"}, only("dev", "ann", status=409)),
    # An administrator sees every run, and has no access to the plan; who does not see it is told no more.
    "replayRun": ("POST", "/runs/run-of-stan/replays", {}, (401, 403, 202, 404, 202, 404, 403)),
    "listDeadLetters": ("GET", "/dead-letters", None, SIGNED_IN),
    "retryDeadLetter": ("POST", "/dead-letters/dead/retries", None, (401, 403, 202, 404, 403, 404, 403)),
    "dismissDeadLetter": ("DELETE", "/dead-letters/dead-too", None, only("dev", "ann", status=204)),
    "listActivity": ("GET", "/activity", None, SIGNED_IN),
    "followActivity": ("GET", "/activity/stream", None, SIGNED_IN),
    "listPlans": ("GET", "/plans", None, SIGNED_IN),
    "getPlan": ("GET", "/plans/Incidents", None, only("dev", "sue", "ann")),
    "changePlan": ("PATCH", "/plans/incidents", {"enabled": True}, only("sue", "ann")),
    "getLegacyTerms": ("GET", "/plans/incidents/legacy", None, DEVELOPERS),
    "setEndpointOwner": ("PUT", "/plans/incidents/legacy/owner", {"owner": "zoe"}, only("ann")),
    "setLegacyPair": (
        "PUT",
        "/plans/incidents/legacy/pair",
        {"name": "reapi", "password": "correct horse"},
        only("ann"),
    ),
    "exportPlan": ("GET", "/plans/incidents/export", None, DEVELOPERS),
    "importPlan": ("POST", "/plans/import?dry_run=true", PLAN_FILE, only("ann", status=201)),
    "listForms": ("GET", "/forms", None, SIGNED_IN),
    "getForm": ("GET", "/forms/alert", None, only("dev", "sue", "ann")),
    "startForm": ("POST", "/forms/alert/events", {}, only("stan", "dev", "sue", status=201)),
    # It takes the function email, which none of them has.
    "startByEmail": ("POST", "/email", b"From: stan@example.org\n\n", only()),
    "changeForm": ("PATCH", "/forms/alert", {"start": ["api"]}, only("sue", "ann")),
    "listIntegrations": ("GET", "/integrations", None, SIGNED_IN),
    "getIntegration": ("GET", "/integrations/by-url", None, DEVELOPERS),
    "editIntegration": ("PATCH", "/integrations/by-url", {"enabled": True}, DEVELOPERS),
    "checkScript": ("POST", "/integrations/by-url/check", {"script": "x"}, DEVELOPERS),
    "listScriptVersions": ("GET", "/integrations/by-url/versions", None, DEVELOPERS),
    "getScriptVersion": ("GET", "/integrations/by-url/versions/1", None, DEVELOPERS),
    "listKeysOfIntegration": ("GET", "/integrations/by-url/keys", None, SIGNED_IN),
    "issueKey": ("POST", "/integrations/by-api-key/keys", {"for": "zoe"}, only("iris", status=201)),
    "listKeys": ("GET", "/keys", None, SIGNED_IN),
    "rotateKey": ("POST", "/keys/{key}/rotate", None, only("iris", status=201)),
    "revokeKey": ("DELETE", "/keys/{key}", None, only("iris", "ann", status=204)),
    "listSchedules": ("GET", "/schedules", None, SIGNED_IN),
    "createSchedule": ("POST", "/integrations/by-basic/schedules", WEEKLY, only("dev", "ann", status=201)),
    "getSchedule": ("GET", "/schedules/nightly", None, only("stan", "dev", "ann")),
    # An administrator cannot speak for stan either.
    "consentToSchedule": ("PUT", "/schedules/nightly/consent", CONSENT, only("stan")),
    "withdrawConsent": ("DELETE", "/schedules/nightly/consent", None, only("stan", "dev", "ann")),
    "changeSchedule": ("PATCH", "/schedules/nightly", {"enabled": False}, DEVELOPERS),
    "deleteSchedule": ("DELETE", "/schedules/nightly", None, only("dev", "ann", status=204)),
    "listConstants": ("GET", "/plans/incidents/constants", None, DEVELOPERS),
    "setConstant": ("PUT", "/plans/incidents/constants/x", {"value": "y"}, only("dev", "ann", status=204)),
    "deleteConstant": ("DELETE", "/plans/incidents/constants/x", None, only("dev", "ann", status=204)),
    "listEndpoints": ("GET", "/plans/incidents/endpoints", None, DEVELOPERS),
    "setEndpoint": ("PUT", "/plans/incidents/endpoints/x", ENDPOINT, only("dev", "ann", status=204)),
    "deleteEndpoint": ("DELETE", "/plans/incidents/endpoints/x", None, only("dev", "ann", status=204)),
    "listSecrets": ("GET", "/plans/incidents/secrets", None, DEVELOPERS),
    "setSecret": (
        "PUT",
        "/plans/incidents/secrets/x",
        {"value": "long enough", "endpoints": ["y"]},
        only("dev", "ann", status=204),
    ),
    "deleteSecret": ("DELETE", "/plans/incidents/secrets/x", None, only("dev", "ann", status=204)),
    "listLibraries": ("GET", "/plans/incidents/libraries", None, DEVELOPERS),
    "setLibrary": ("PUT", "/plans/incidents/libraries/x", {"source": "y"}, only("dev", "ann", status=204)),
    "deleteLibrary": ("DELETE", "/plans/incidents/libraries/x", None, only("dev", "ann", status=204)),
    "reportMigration": ("GET", "/migration", None, SIGNED_IN),
    "startShadow": ("PUT", "/migration/old/shadow", {"as": "stan"}, only("ann")),
    "getShadow": ("GET", "/migration/old/shadow", None, DEVELOPERS),
    "endShadow": ("DELETE", "/migration/old/shadow", None, only("ann")),
    "switchIntegration": (
        "POST",
        "/migration/old/switch",
        {"method": "basic", "confirmed": True},
        only("ann"),
    ),
    "undoSwitch": ("POST", "/migration/old/undo", None, only("ann")),
    "listUsers": ("GET", "/users", None, only("sue", "ann")),
    "getUser": ("GET", "/users/rob", None, only("sue", "ann")),
    "changeUser": ("PATCH", "/users/zoe", {"status": "ACTIVE"}, only("sue", "ann")),
    "setPassword": (
        "PUT",
        "/users/zoe/password",
        {"password": "correct horse"},
        only("sue", "ann", status=204),
    ),
    "listClients": ("GET", "/oauth/clients", None, only("ann")),
    "registerClient": ("POST", "/oauth/clients", CLIENT, only("ann", status=201)),
    "getClient": ("GET", "/oauth/clients/dpc_full", None, only("ann")),
    "changeClient": ("PATCH", "/oauth/clients/dpc_full", {"enabled": True}, only("ann")),
    "rotateClientSecret": ("POST", "/oauth/clients/dpc_full/secret", None, only("ann", status=201)),
    "rotateSigningKey": ("POST", "/oauth/keys", None, only("ann", status=201)),
    "revokeTokens": ("POST", "/users/zoe/revoke-tokens", None, only("sue", "ann", status=204)),
    "listAudit": ("GET", "/audit", None, only("ann")),
}
#: What is there for everybody, but for what the settings ask of who reads the metrics.
OPEN = {"triggerIntegration", "isAlive", "isReady", "explainCode", "readMetrics"}
#: What clients and browsers ask of the authorization server, which authenticates them itself.
OAUTH = {
    "askForAuthorization",
    "answerAuthorization",
    "requestTokens",
    "requestTokensAsBefore",
    "revokeToken",
    "introspectToken",
    "describeAuthorizationServer",
    "describeProtectedResource",
    "listSigningKeys",
}


@pytest.fixture
async def full(bench):
    """A deployment that has one of each."""
    start = inbound_start(request_id="r", integration_id="by-basic", headers={}, body="", payload=None)
    await bench.add_run(
        "run-of-stan",
        documents=[{}],
        script_sha256=default_script().sha256,
        start=start.model_dump(mode="json"),
    )
    await bench.database.write(lambda tx: tx.journal.append("run-of-stan", [HEAD]))
    for dead in ("dead", "dead-too"):
        await bench.add_dead_letter(dead, start=start.model_dump(mode="json"))
    dev = bench.client("dev")
    await bench.put_zoe()
    await bench.put_legacy()
    await bench.database.write(
        lambda tx: tx.legacy.put_shadow(
            Shadow(integration_id="old", subject="id-of-stan", since=bench.clock())
        )
    )
    await bench.put_client("dpc_full", secret="known")
    bench.nightly = await bench.put_schedule("nightly")
    for path, body in (
        ("constants/x", {"value": "y"}),
        ("endpoints/x", ENDPOINT),
        ("endpoints/y", ENDPOINT),
        ("secrets/x", {"value": "long enough", "endpoints": ["y"]}),
        ("libraries/x", {"source": "x"}),
    ):
        assert (await dev.put(f"/api/v1/plans/incidents/{path}", json=body)).status_code == 204
    return bench


async def key_of_zoe(bench):
    """Return the id of a key of somebody who does not ask."""
    issuing = bench.client("iris")
    for each in (await issuing.get("/api/v1/keys?user=zoe")).json()["data"]:
        await issuing.delete(f"/api/v1/keys/{each['id']}")
    return (await issuing.post("/api/v1/integrations/by-url/keys", json={"for": "zoe"})).json()["id"]


@pytest.mark.parametrize("caller", CALLERS)
async def test_every_operation_is_for_whom_it_is_for(full, caller):
    """W-01: each operation decides by itself, whoever shows or hides what."""
    full.stopping.set()
    statuses = {}
    for name, (method, path, body, _) in OPERATIONS.items():
        key = await key_of_zoe(full) if "{key}" in path else ""
        given = {"digest": full.nightly.digest} if body is CONSENT else body
        answer = await full.client(caller).request(method, "/api/v1" + path.format(key=key), **_sent(given))
        statuses[name] = answer.status_code

    column = CALLERS.index(caller)
    assert statuses == {name: expected[column] for name, (*_, expected) in OPERATIONS.items()}


def _sent(body):
    """Return what sends *body*: a zip, a message, JSON, or nothing."""
    if isinstance(body, bytes):
        kind = "application/zip" if body == PLAN_FILE else "message/rfc822"
        return {"content": body, "headers": {"Content-Type": kind}}
    return {} if body is None else {"json": body}


async def test_every_operation_is_in_the_matrix(bench):
    document = (await bench.client().get("/openapi.json")).json()
    named = {
        operation["operationId"]: (method.upper(), operation["security"])
        for item in document["paths"].values()
        for method, operation in item.items()
    }

    assert named.keys() == OPERATIONS.keys() | OPEN | OAUTH
    assert {name: named[name][0] for name in OPERATIONS} == {
        name: each[0] for name, each in OPERATIONS.items()
    }
    assert all(named[name][1] == [{"basic": []}] for name in OPERATIONS)
