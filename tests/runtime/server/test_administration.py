"""The operations of /api/v1: what each answers."""

import asyncio
import hashlib
import json
import math

import pytest

from deputize.errors import StoreUnavailable
from deputize.store import Database

pytestmark = pytest.mark.anyio

ENDPOINT = {"definition": {"base_url": "https://desk.example/"}}


async def test_a_plan_is_shown_and_changed(bench):
    sue = bench.client("sue")
    changed = await sue.patch(
        "/api/v1/plans/incidents",
        json={
            "access": {"roles": ["Standard"], "users": ["dev", "sue"]},
            "requests_per_minute": 60,
            "enabled": False,
        },
    )

    assert changed.json() == {
        "id": "incidents",
        "name": "Incidents",
        "enabled": False,
        "access": {"everybody": False, "roles": ["Standard"], "users": ["dev", "sue"]},
        "requests_per_minute": 60,
    }
    assert (await sue.get("/api/v1/plans/Incidents")).json() == changed.json()
    assert (await sue.get("/api/v1/plans")).json()["data"][0] == changed.json()
    unlimited = await sue.patch("/api/v1/plans/incidents", json={"requests_per_minute": None})
    assert unlimited.json() == {**changed.json(), "requests_per_minute": None}


async def test_a_form_is_shown_and_changed(bench):
    sue = bench.client("sue")
    changed = await sue.patch(
        "/api/v1/forms/alert", json={"senders": {"users": ["rob"]}, "start": ["api", "api"]}
    )

    assert changed.json() == {
        "id": "alert",
        "name": "alert",
        "plan_id": "incidents",
        "plan": "Incidents",
        "senders": {"everybody": False, "roles": [], "users": ["rob"]},
        "start": ["api"],
        "response_options": ["Yes", "No"],
    }
    assert (await sue.get("/api/v1/forms/alert")).json() == changed.json()
    assert (await sue.get("/api/v1/forms?plan=incidents")).json() == {"data": [changed.json()]}


async def test_an_integration_is_shown_and_edited(bench):
    dev = bench.client("dev")
    edited = await dev.patch("/api/v1/integrations/by-url", json={"script": "def main():\n    return 2\n"})

    version = {
        "number": 2,
        "sha256": hashlib.sha256(b"def main():\n    return 2\n").hexdigest(),
        "author": "dev",
        "created": "2026-11-25T08:34:28Z",
        "language": "python",
    }
    assert edited.json() == {
        "id": "by-url",
        "name": "by-url",
        "plan_id": "incidents",
        "plan": "Incidents",
        "action": "CREATE_EVENT",
        "method": "url",
        "legacy": False,
        "signature": None,
        "on": None,
        "form": "alert",
        "response_choice": None,
        "enabled": True,
        "version": version,
        "warnings": [],
        "trigger_path": "/api/integration/1/functions/by-url/triggers",
        "script": "def main():\n    return 2\n",
    }
    assert (await dev.get("/api/v1/integrations/by-url")).json() == edited.json()
    versions = (await dev.get("/api/v1/integrations/by-url/versions")).json()["data"]
    first = (await dev.get("/api/v1/integrations/by-url/versions/1")).json()
    assert [each["number"] for each in versions] == [2, 1]
    assert first["source"] == "def main():\n    return 1\n"


async def test_integrations_are_listed_without_their_scripts_and_with_what_is_to_be_seen_to(bench):
    listed = (await bench.client("dev").get("/api/v1/integrations?plan=incidents")).json()["data"]
    by_name = {each["name"]: each for each in listed}

    assert list(by_name) == ["by-api-key", "by-basic", "by-url", "outbound", "unchosen"]
    assert not any("script" in each for each in listed)
    assert by_name["unchosen"]["warnings"] == [
        {
            "code": "METHOD_NOT_CHOSEN",
            "detail": "No method of authentication has been chosen: every request is refused, and the script "
            "cannot be edited until one is.",
        }
    ]
    assert (by_name["outbound"]["on"], by_name["outbound"]["trigger_path"]) == ("RESPONSE", None)


async def test_a_script_that_is_rejected_is_told_with_its_places(bench):
    sent = {"script": "eval('1')"}
    rejected = await bench.client("dev").patch("/api/v1/integrations/by-url", json=sent)
    checked = await bench.client("dev").post("/api/v1/integrations/by-url/check", json=sent)
    diagnostics = [
        {
            "code": "NAME_NOT_ALLOWED",
            "message": "eval is not available.",
            "file": "by-url",
            "line": 1,
            "column": 1,
            "severity": "error",
        }
    ]

    assert (rejected.status_code, rejected.json()["code"]) == (422, "SCRIPT_REJECTED")
    assert rejected.json()["diagnostics"] == diagnostics
    assert checked.json()["errors"] == 1
    assert [dict(sorted(each.items())) for each in checked.json()["diagnostics"]] == [
        dict(sorted(each.items())) for each in diagnostics
    ]


async def test_conflicts_are_told_as_such(bench):
    dev = bench.client("dev")
    locked = await dev.patch("/api/v1/integrations/unchosen", json={"script": "x"})
    outdated = await dev.patch("/api/v1/integrations/by-url", json={"script": "x", "edited_version": 7})
    keyless = await dev.post("/api/v1/integrations/by-basic/keys")

    assert [(each.status_code, each.json()["code"]) for each in (locked, outdated, keyless)] == [
        (409, "METHOD_REQUIRED"),
        (409, "CONFLICT"),
        (409, "CONFLICT"),
    ]


async def test_a_secret_is_in_the_answer_that_makes_it_and_in_no_other(bench):
    """A-07, W-10: shown once."""
    dev = bench.client("dev")
    issued = (await dev.post("/api/v1/integrations/by-api-key/keys", json={"for": "dev"})).json()
    rotated = (await dev.post(f"/api/v1/keys/{issued['id']}/rotate", json={"overlap_seconds": 60})).json()
    url = (await dev.post("/api/v1/integrations/by-url/keys")).json()["url"]
    keys = (await dev.get("/api/v1/keys")).json()["data"]

    assert issued["secret"].startswith("dps_")
    assert issued["url"] is None
    assert url.startswith("https://deputize.example/api/integration/1/functions/by-url/triggers?apiKey=dpu_")
    assert [each["ends"] for each in keys if each["id"] == issued["id"]] == ["2026-11-25T08:35:28Z"]
    assert {each["id"] for each in keys} >= {issued["id"], rotated["id"]}
    pages = [
        await bench.client("ann").get(f"/api/v1{path}")
        for path in ("/keys", "/keys?user=dev", "/integrations/by-url/keys", "/audit", "/integrations/by-url")
    ]
    for secret in (issued["secret"], rotated["secret"], url.partition("=")[2]):
        assert secret not in json.dumps(keys)
        assert not any(secret in each.text for each in pages)


async def test_a_revoked_key_opens_nothing_from_the_next_request_on(bench):
    dev, anybody = bench.client("dev"), bench.client()
    issued = (await dev.post("/api/v1/integrations/by-url/keys")).json()
    before = await anybody.post(issued["url"])
    revoked = await dev.delete(f"/api/v1/keys/{issued['id']}")
    after = await anybody.post(issued["url"])
    again = await dev.delete(f"/api/v1/keys/{issued['id']}")

    assert [each.status_code for each in (before, revoked, after, again)] == [202, 204, 401, 204]
    assert revoked.content == b""


async def test_the_value_of_a_secret_can_be_written_and_not_read(bench):
    dev = bench.client("dev")
    await dev.put("/api/v1/plans/incidents/endpoints/Desk", json=ENDPOINT)
    written = await dev.put(
        "/api/v1/plans/incidents/secrets/token", json={"value": "s3cr3t-value", "endpoints": ["Desk"]}
    )
    listed = await dev.get("/api/v1/plans/incidents/secrets")
    wrong = await dev.put("/api/v1/plans/incidents/secrets/token", json={"value": ["s3cr3t-value"]})

    assert written.status_code == 204
    assert listed.json() == {
        "data": [
            {
                "name": "token",
                "every_plan": False,
                "endpoints": ["Desk"],
                "is_set": True,
                "changed": "2026-11-25T08:34:28Z",
            }
        ]
    }
    assert wrong.json()["errors"] == [{"pointer": "/value", "detail": "Input should be a valid string."}]
    assert "s3cr3t" not in wrong.text
    assert (await dev.get("/api/v1/plans/incidents/secrets/token")).status_code == 405


async def test_names_with_spaces_and_other_letters_are_asked_for_by_their_encoding(bench):
    dev = bench.client("dev")
    for name in ("Application Prefix", "ünïcode", "100%", "a;b", "a+b", "a?b", "a#b", "..."):
        path = "/api/v1/plans/incidents/constants/" + "".join(
            f"%{byte:02X}" for byte in name.encode()
        ).replace("%2E", ".")
        assert (await dev.put(path, json={"value": name})).status_code == 204
    listed = (await dev.get("/api/v1/plans/incidents/constants")).json()["data"]

    assert all(each["name"] == each["value"] for each in listed)
    assert len(listed) == 8


async def test_a_user_is_shown_and_changed_and_gets_a_password(bench):
    sue = bench.client("sue")
    changed = await sue.patch("/api/v1/users/stan", json={"roles": ["Standard", "Supervisor"]})
    await sue.put("/api/v1/users/stan/password", json={"password": "correct horse"})
    old = await bench.client("stan").get("/api/v1/me")
    bench.clients.clear()

    assert changed.json()["roles"] == ["Standard", "Supervisor"]
    assert changed.json()["functions"] == ["login", "people", "plans"]
    assert old.status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/plans/nowhere",
        "/forms/nowhere",
        "/integrations/nowhere",
        "/integrations/by-url/versions/9",
        "/runs/nowhere",
        "/runs/nowhere/activity",
        "/users/nowhere",
        "/keys?user=nowhere",
        "/integrations?plan=nowhere",
    ],
)
async def test_what_is_not_there_is_told_as_such(bench, path):
    answer = await bench.client("ann").get(f"/api/v1{path}")

    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


async def test_the_documentation_of_codes_may_be_elsewhere(open_bench):
    async with open_bench(documentation="https://docs.example/deputize") as bench:
        answer = await bench.client().get("/api/v1/me")

    assert answer.json()["type"] == "https://docs.example/deputize/errors/UNAUTHENTICATED"


async def test_readiness_is_told_truly(bench):
    ready = await bench.client().get("/readyz")
    bench.sandbox = False
    without_sandbox = await bench.client().get("/readyz")
    bench.sandbox = True
    bench.stopping.set()
    stopping = await bench.client().get("/readyz")

    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    assert without_sandbox.status_code == 503
    assert without_sandbox.headers["Retry-After"] == "2"
    assert without_sandbox.json()["checks"] == {"accepting": True, "database": True, "sandbox": False}
    assert stopping.json()["checks"] == {"accepting": False, "database": True, "sandbox": True}
    assert (await bench.client().get("/healthz")).json() == {"status": "alive"}


async def test_a_database_that_keeps_nothing_is_not_ready_however_many_ask(bench, monkeypatch):
    asked = []

    async def write(self, work):
        asked.append(work)
        raise StoreUnavailable("no")

    monkeypatch.setattr(Database, "write", write)
    monkeypatch.setattr("deputize.server.readiness._GOOD_FOR", math.inf)
    answer, *_ = await asyncio.gather(*(bench.client().get("/readyz") for _ in range(5)))

    assert len(asked) == 1
    assert answer.json()["checks"] == {"accepting": True, "database": False, "sandbox": True}


async def test_there_is_no_page_that_tries_operations_out(bench):
    for path in ("/docs", "/redoc", "/docs/oauth2-redirect"):
        assert (await bench.client().get(path)).status_code == 404
