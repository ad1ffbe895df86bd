"""Who may call /api/v1: a person with a password and the right to log in."""

import base64
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from deputize.errors import StoreUnavailable
from deputize.store import Database

pytestmark = pytest.mark.anyio

UNAUTHENTICATED = {
    "type": "/errors/UNAUTHENTICATED",
    "title": "Not authenticated",
    "status": 401,
    "detail": "The request has no credential, or none that is accepted here.",
    "code": "UNAUTHENTICATED",
}


def basic(name, password):
    token = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {token}"}


async def me(bench, **more):
    return await bench.client().get("/api/v1/me", **more)


async def test_a_person_with_a_password_and_the_right_to_log_in_is_let_in(bench):
    answer = await bench.client("dev").get("/api/v1/me")

    assert answer.json() == {
        "id": "id-of-dev",
        "name": "dev",
        "display_name": "dev",
        "status": "ACTIVE",
        "roles": ["Developer"],
        "functions": ["developer", "login"],
        "password_changed": "2026-11-25T08:34:28Z",
        "password_expires": None,
    }


async def test_whoever_is_not_let_in_is_told_the_same(bench):
    await bench.change_person("stan", status="INACTIVE")
    issued = (await bench.client("dev").post("/api/v1/integrations/by-api-key/keys")).json()
    url_key = (
        (await bench.client("dev").post("/api/v1/integrations/by-url/keys")).json()["url"].partition("=")[2]
    )
    attempts = [
        {},
        {"headers": basic("dev", "wrong")},
        {"headers": basic("ghost", "password of dev")},
        {"headers": basic("stan", "password of stan")},
        {"headers": basic("DEV", "password of dev")},
        {"headers": basic("id-of-dev", "password of dev")},
        {"headers": basic("dev", "")},
        {"headers": basic("", "password of dev")},
        {"headers": basic("dev\0", "password of dev")},
        # What opens an integration opens nothing here.
        {"headers": basic(issued["key"], issued["secret"])},
        {"headers": basic("dev", issued["secret"])},
        {"params": {"apiKey": url_key}},
        {"headers": {"Authorization": f"Bearer {url_key}"}},
        {"headers": {"Authorization": "Bearer dpt_" + "a" * 43}},
        {"headers": {"Authorization": "Basic"}},
        {"headers": {"Authorization": "Basic !!!"}},
        {"headers": {"Authorization": "Digest username=dev"}},
        {"headers": {"Cookie": f"session={url_key}"}},
        {"headers": {"X-API-Key": issued["secret"]}},
    ]

    answers = [await me(bench, **each) for each in attempts]

    assert [each.status_code for each in answers] == [401] * len(attempts)
    assert [each.json() for each in answers] == [UNAUTHENTICATED] * len(attempts)
    assert len({each.headers["WWW-Authenticate"] for each in answers}) == 1


async def test_two_credentials_or_one_in_a_wrong_place_are_refused(bench):
    right = basic("dev", "password of dev")
    answers = [
        await me(bench, headers=right, params={"apiKey": "dpu_" + "a" * 43}),
        await me(bench, headers=[*right.items(), *right.items()]),
        await me(bench, headers=[*right.items(), *basic("ann", "password of ann").items()]),
        await me(bench, headers=right, params={"access_token": "x"}),
        await me(bench, params={"access_token": "x"}),
        await me(bench, params=[("apiKey", "a"), ("apiKey", "b")]),
    ]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (400, "CREDENTIALS_AMBIGUOUS")
    ] * len(answers)


async def test_a_person_without_the_right_to_log_in_is_told_so(bench):
    answer = await bench.client("rob").get("/api/v1/me")

    assert answer.json() == {
        "type": "/errors/LOGIN_NOT_PERMITTED",
        "title": "Log-in not permitted",
        "status": 403,
        "detail": "The account may not log in.",
        "code": "LOGIN_NOT_PERMITTED",
    }


async def test_a_password_that_has_expired_is_told_so_only_if_it_was_right(bench):
    bench.clock.forward(days=1)
    stored = await bench.database.read(lambda tx: tx.passwords.get("id-of-dev"))
    await bench.database.write(lambda tx: tx.passwords.put(replace(stored, expires=bench.clock())))

    right = await me(bench, headers=basic("dev", "password of dev"))
    wrong = await me(bench, headers=basic("dev", "wrong"))

    assert (right.status_code, right.json()["code"]) == (401, "PASSWORD_EXPIRED")
    assert wrong.json() == UNAUTHENTICATED


async def test_failures_are_slowed_down_and_a_place_of_ones_own_is_not(bench):
    answers = [await me(bench, headers=basic("dev", "wrong")) for _ in range(21)]
    right = await bench.client("dev").get("/api/v1/me")

    assert [each.status_code for each in answers] == [401] * 20 + [429]
    assert answers[-1].headers["Retry-After"] == "300"
    assert answers[-1].json()["code"] == "THROTTLED"
    assert right.status_code == 429

    bench.clock.forward(seconds=301)
    assert (await bench.client("dev").get("/api/v1/me")).status_code == 200


async def test_what_somebody_may_do_counts_from_the_next_request_on(bench):
    client = bench.client("stan")
    statuses = []
    for change in (
        {},
        {"roles": {"Developer"}},
        {"roles": {"REST"}},
        {"roles": {"Standard"}},
        {"status": "INACTIVE"},
    ):
        await bench.change_person("stan", **change)
        statuses.append((await client.get("/api/v1/integrations/by-url")).status_code)

    assert statuses == [403, 200, 403, 403, 401]


async def test_who_calls_is_known_before_anything_else_of_a_request_is_looked_at(bench):
    for content, kind in (
        (b"{", "application/json"),
        (b"{}", "text/plain"),
        (b'{"x": 1}', "application/json"),
    ):
        answer = await bench.client().patch(
            "/api/v1/plans/incidents", content=content, headers={"Content-Type": kind}
        )

        assert answer.json() == UNAUTHENTICATED


async def test_log_ins_are_in_the_audit_stream_and_not_every_time(bench):
    for _ in range(3):
        await bench.client("dev").get("/api/v1/me")
        await bench.client("rob").get("/api/v1/me")
        await me(bench, headers=basic("dev", "wrong"))
        await me(bench, headers=basic("my-pass-word", "dev"))

    assert await bench.audit() == [
        ("dev", "login.succeeded", "user:dev"),
        ("rob", "login.refused", "user:rob"),
        ("unknown", "login.failed", "user:dev"),
        ("unknown", "login.failed", "user:unknown"),
    ]


async def test_a_database_that_does_not_answer_is_told_without_its_address(bench, monkeypatch):
    async def read(self, work):
        raise StoreUnavailable("The database postgresql+psycopg://somebody@internal/name does not answer.")

    monkeypatch.setattr(Database, "read", read)
    answer = await bench.client("dev").get("/api/v1/me")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert answer.json() == {
        "type": "/errors/STORE_UNAVAILABLE",
        "title": "Database unavailable",
        "status": 503,
        "detail": "The database does not answer. Nothing was kept; try again.",
        "code": "STORE_UNAVAILABLE",
    }


async def test_a_fault_of_our_own_names_nothing(bench, monkeypatch):
    async def read(self, work):
        raise RuntimeError("SELECT secret FROM /etc/passwd")

    monkeypatch.setattr(Database, "read", read)
    with capture_logs() as logged:
        answer = await bench.client("dev").get("/api/v1/me")

    assert [(each["event"], each["method"], each["path"]) for each in logged] == [
        ("server.fault", "GET", "/api/v1/me")
    ]
    assert "secret" not in str(logged)
    assert answer.json() == {
        "type": "/errors/INTERNAL",
        "title": "Server failed",
        "status": 500,
        "detail": "The server has failed; its log says why.",
        "code": "INTERNAL",
    }


async def test_what_is_presented_costs_the_same_whoever_it_is_not(bench):
    """C-08: one verification for a name and password, none for anything else."""
    bench.hash.verified = 0
    costs = {}
    for what, headers in {
        "a wrong password": basic("dev", "wrong"),
        "nobody's name": basic("ghost", "wrong"),
        "the name of somebody disabled": basic("stan", "password of stan"),
        "an API key": basic("dpk_" + "0" * 32, "dps_" + "a" * 43),
        "a token": {"Authorization": "Bearer dpt_" + "a" * 43},
        "nothing": {},
    }.items():
        await bench.change_person("stan", status="INACTIVE")
        before = bench.hash.verified
        await me(bench, headers=headers)
        costs[what] = bench.hash.verified - before

    assert costs == {
        "a wrong password": 1,
        "nobody's name": 1,
        "the name of somebody disabled": 1,
        "an API key": 0,
        "a token": 0,
        "nothing": 0,
    }
