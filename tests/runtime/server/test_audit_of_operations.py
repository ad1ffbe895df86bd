"""Every operation of /api/v1 that changes something is in the audit stream, or says why not."""

import pytest

from deputize.activity.journal import CallIntent
from deputize.domain.functions import FUNCTIONS
from deputize.domain.keys import StoredPassword
from deputize.domain.person import Person, Role
from deputize.domain.run import RunState
from deputize.domain.start import inbound_start
from deputize.plan_file import PlanFile, write_plan_file
from deputize.plan_file.records import PlanRecord

pytestmark = pytest.mark.anyio

ENDPOINT = {"definition": {"base_url": "https://desk.example/"}}
CLIENT = {"name": "Wall", "grants": ["password"], "scope": ["read"]}
#: To the schedule as it is.
CONSENT = {"digest": ""}
WEEKLY = {"name": "weekly", "cron": "0 3 * * 1", "as": "zoe"}
PLAN_FILE = write_plan_file(PlanFile(plan=PlanRecord(name="imported")))
MAIL = b"From: zoe@example.org\nTo: incidents+alert@x.example\n\n"

UNDER_WAY = CallIntent(
    fingerprint="f",
    occurrence=1,
    question=1,
    endpoint="platform",
    method="POST",
    path="/x",
    line=1,
    repeatable=False,
)

#: Each operation that changes credentials, permissions or settings, in an order in which each can be done:
#: how it is asked, and the record, or the two, that it leaves. "{key}" is a key that was issued to zoe before.
CHANGES = {
    "changePlan": ("PATCH", "/plans/incidents", {"requests_per_minute": 9}, "plan.changed plan:Incidents"),
    "changeForm": ("PATCH", "/forms/alert", {"start": ["email"]}, "form.changed form:Incidents/alert"),
    "replayRun": ("POST", "/runs/run-of-zoe/replays", None, "run.replayed run:run-of-zoe"),
    "retryDeadLetter": ("POST", "/dead-letters/dead/retries", None, "run.replayed run:dead"),
    "dismissDeadLetter": ("DELETE", "/dead-letters/dead-too", None, "run.dismissed run:dead-too"),
    "editIntegration": (
        "PATCH",
        "/integrations/by-url",
        {"enabled": False},
        "integration.changed integration:Incidents/by-url",
    ),
    "issueKey": (
        "POST",
        "/integrations/by-api-key/keys",
        {"for": "dev"},
        "key.issued integration:Incidents/by-api-key",
    ),
    "rotateKey": ("POST", "/keys/{key}/rotate", None, "key.rotated integration:Incidents/by-api-key"),
    "revokeKey": ("DELETE", "/keys/{key}", None, "key.revoked integration:Incidents/by-api-key"),
    "createSchedule": (
        "POST",
        "/integrations/by-basic/schedules",
        WEEKLY,
        "schedule.created schedule:Incidents/by-basic/weekly",
    ),
    "consentToSchedule": (
        "PUT",
        "/schedules/nightly/consent",
        CONSENT,
        "schedule.consented schedule:Incidents/by-basic/nightly",
    ),
    "withdrawConsent": (
        "DELETE",
        "/schedules/nightly/consent",
        None,
        "schedule.withdrawn schedule:Incidents/by-basic/nightly",
    ),
    "changeSchedule": (
        "PATCH",
        "/schedules/nightly",
        {"enabled": False},
        "schedule.changed schedule:Incidents/by-basic/nightly",
    ),
    "deleteSchedule": (
        "DELETE",
        "/schedules/nightly",
        None,
        "schedule.deleted schedule:Incidents/by-basic/nightly",
    ),
    "setConstant": (
        "PUT",
        "/plans/incidents/constants/x",
        {"value": "y"},
        "constant.set constant:Incidents/x",
    ),
    "deleteConstant": (
        "DELETE",
        "/plans/incidents/constants/x",
        None,
        "constant.deleted constant:Incidents/x",
    ),
    "setEndpoint": ("PUT", "/plans/incidents/endpoints/x", ENDPOINT, "endpoint.set endpoint:Incidents/x"),
    "setSecret": (
        "PUT",
        "/plans/incidents/secrets/s",
        {"value": "long enough", "endpoints": ["x"]},
        "secret.set secret:Incidents/s",
    ),
    "deleteSecret": ("DELETE", "/plans/incidents/secrets/s", None, "secret.deleted secret:Incidents/s"),
    "deleteEndpoint": (
        "DELETE",
        "/plans/incidents/endpoints/x",
        None,
        "endpoint.deleted endpoint:Incidents/x",
    ),
    "setLibrary": ("PUT", "/plans/incidents/libraries/x", {"source": "y"}, "library.set library:Incidents/x"),
    "deleteLibrary": ("DELETE", "/plans/incidents/libraries/x", None, "library.deleted library:Incidents/x"),
    "changeUser": ("PATCH", "/users/zoe", {"roles": []}, "user.changed user:zoe"),
    "setPassword": ("PUT", "/users/zoe/password", {"password": "correct horse"}, "password.set user:zoe"),
    "registerClient": ("POST", "/oauth/clients", CLIENT, "client.registered client:Wall"),
    "changeClient": (
        "PATCH",
        "/oauth/clients/dpc_full",
        {"enabled": False},
        "client.changed client:Wallboard",
    ),
    "revokeTokens": ("POST", "/users/zoe/revoke-tokens", None, "grant.revoked user:zoe"),
    "rotateSigningKey": ("POST", "/oauth/keys", None, "signing.rotated signing key"),
    "rotateClientSecret": ("POST", "/oauth/clients/dpc_full/secret", None, "client.rotated client:Wallboard"),
    "importPlan": ("POST", "/plans/import", PLAN_FILE, "plan.imported plan:imported"),
    "setEndpointOwner": (
        "PUT",
        "/plans/incidents/legacy/owner",
        {"owner": "zoe"},
        "legacy.changed plan:Incidents",
    ),
    "setLegacyPair": (
        "PUT",
        "/plans/incidents/legacy/pair",
        {"name": "reapi", "password": "correct horse"},
        "legacy.changed plan:Incidents",
    ),
    "startShadow": (
        "PUT",
        "/migration/old/shadow",
        {"as": "zoe"},
        "shadow.started integration:Incidents/old",
    ),
    "endShadow": ("DELETE", "/migration/old/shadow", None, "shadow.ended integration:Incidents/old"),
    "switchIntegration": (
        "POST",
        "/migration/old/switch",
        {"method": "basic", "confirmed": True},
        "integration.changed integration:Incidents/old, migration.switched integration:Incidents/old",
    ),
    "undoSwitch": ("POST", "/migration/old/undo", None, "migration.undone integration:Incidents/old"),
    "resumeRun": ("POST", "/runs/cut-off/resumption", {"call": "sent"}, "run.resumed run:cut-off"),
    "startByEmail": ("POST", "/email", MAIL, "email.refused email:zoe@example.org"),
}
#: What else is no GET, and why it leaves no record of its own here.
ELSEWHERE = {
    "triggerIntegration": "a run, whose stream says who set it off",
    "startForm": "an event, which says who started it",
    "checkScript": "nothing is saved",
    "answerAuthorization": "grant.given: a browser asks it; see oauth/test_authorization_page",
    "requestTokens": "token.issued: clients ask it; see oauth/test_token_requests",
    "requestTokensAsBefore": "as above",
    "revokeToken": "token.revoked: clients ask it; see oauth/test_revocation_and_introspection",
    "introspectToken": "nothing is changed",
}


@pytest.fixture
async def office(bench):
    """A deployment, and olga, who may do everything in it."""

    async def work(tx):
        await tx.roles.put(Role(name="Everything", functions=FUNCTIONS))
        await tx.people.put(
            Person(id="id-of-olga", target_name="olga", roles=frozenset({"Everything", "Developer"}))
        )
        await tx.passwords.put(
            StoredPassword(
                person_id="id-of-olga", hash=bench.hash.hash(b"password of olga"), changed=bench.clock()
            )
        )

    await bench.database.write(work)
    await bench.put_zoe()
    start = inbound_start(request_id="r", integration_id="by-basic", headers={}, body="", payload=None)
    await bench.add_run("run-of-zoe", name="zoe", start=start.model_dump(mode="json"))
    for dead in ("dead", "dead-too"):
        await bench.add_dead_letter(dead, name="olga", start=start.model_dump(mode="json"))
    await bench.put_legacy()
    await bench.put_client("dpc_full", secret="known")
    bench.nightly = await bench.put_schedule("nightly", of="olga")
    await bench.add_run("cut-off", state=RunState.INTERRUPTED)
    await bench.database.write(lambda tx: tx.calls.begin("cut-off", attempt=1, intents=[UNDER_WAY]))
    return bench


def sent(body):
    if isinstance(body, bytes):
        kind = "application/zip" if body == PLAN_FILE else "message/rfc822"
        return {"content": body, "headers": {"Content-Type": kind}}
    return {} if body is None else {"json": body}


async def test_each_change_is_on_record_with_who_did_it_and_from_where(office):
    olga = office.client("olga")
    await olga.get("/api/v1/me")
    told = {}

    for name, (method, path, body, _) in CHANGES.items():
        key = ""
        if "{key}" in path:
            await olga.post("/api/v1/integrations/by-api-key/keys", json={"for": "zoe"})
            (key, *_) = [
                each["id"]
                for each in (await olga.get("/api/v1/keys?user=zoe")).json()["data"]
                if each["ends"] is None
            ]
        before = len(await office.audit())
        given = {"digest": office.nightly.digest} if body is CONSENT else body
        answer = await olga.request(method, "/api/v1" + path.format(key=key), **sent(given))
        assert answer.is_success or name == "startByEmail", (name, answer.text)
        records = (await office.audit())[before:]
        told[name] = ", ".join(f"{action} {target}" for _, action, target in records)

    assert told == {name: record for name, (*_, record) in CHANGES.items()}
    records = await office.database.read(lambda tx: tx.audit.page(limit=1000))
    assert {(each.actor, each.source) for each in records[:-1]} == {("olga", "192.0.2.1")}


async def test_what_is_refused_or_changes_nothing_leaves_no_record(office):
    stan, olga = office.client("stan"), office.client("olga")
    for client in (stan, olga):
        await client.get("/api/v1/me")
    before = await office.audit()

    for name, (method, path, body, _) in CHANGES.items():
        # What does not exist is not told apart from what is not permitted by a record either.
        answer = await stan.request(method, "/api/v1" + path.format(key="none"), **sent(body))
        assert answer.is_client_error, name
    await olga.patch("/api/v1/plans/incidents", json={"enabled": True})
    await olga.patch("/api/v1/users/zoe", json={"status": "ACTIVE"})

    assert await office.audit() == before


async def test_every_operation_that_is_no_get_is_in_one_of_the_two_lists(office):
    document = (await office.client().get("/openapi.json")).json()
    changing = {
        operation["operationId"]
        for item in document["paths"].values()
        for method, operation in item.items()
        if method != "get"
    }

    assert changing == CHANGES.keys() | ELSEWHERE.keys()
    assert CHANGES.keys() & ELSEWHERE.keys() == set()
