"""What becomes of tokens: given back by their client, and looked at by it – and by nobody else."""

import pytest

pytestmark = pytest.mark.anyio

CLIENT = "The client is not known, is disabled, or has not proved that it is itself."
OTHERS = "The token was given to another client, and goes on."
REVOKE, INTROSPECT = "/oauth2/revoke", "/oauth2/introspect"


@pytest.fixture
async def second(bench, application):
    """Another confidential client."""
    return await application(bench, "dpc_second", secret="dpcs_" + "t" * 43, name="Second")


async def test_a_refresh_token_that_is_given_back_ends_the_grant(office, bench):
    tokens = await office.tokens()

    answered = await office.at(REVOKE, tokens["refresh_token"])

    assert (answered.status_code, answered.content) == (200, b"")
    assert not await office.active(tokens["access_token"])
    assert not await office.active(tokens["refresh_token"])
    assert (await office.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    record = (await bench.database.read(lambda tx: tx.audit.page(action="grant.revoked", limit=1)))[0]
    assert (record.actor, record.target, record.detail["why"]) == (
        "dpc_office",
        "client:Office",
        "given back by the client",
    )


async def test_an_access_token_that_is_given_back_ends_alone(office, bench):
    tokens = await office.tokens()

    answered = await office.at(REVOKE, tokens["access_token"], token_type_hint="refresh_token")

    assert answered.status_code == 200
    assert not await office.active(tokens["access_token"])
    assert await office.active(tokens["refresh_token"])
    record = (await bench.database.read(lambda tx: tx.audit.page(limit=1)))[0]
    assert (record.action, record.detail["token"], record.detail["user"]) == (
        "token.revoked",
        tokens["jti"],
        "stan",
    )


@pytest.mark.parametrize("token", ["x", "dpr_" + "x" * 43, "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "é" * 300])
async def test_an_unknown_token_is_answered_like_one_that_has_ended(office, bench, token):
    answered = await office.at(REVOKE, token)

    assert (answered.status_code, answered.content) == (200, b"")
    assert await bench.audit() == []


async def test_to_give_a_token_back_twice_is_to_give_it_back(office, bench):
    tokens = await office.tokens()

    for token in (tokens["access_token"], tokens["refresh_token"]) * 2:
        assert (await office.at(REVOKE, token)).status_code == 200

    actions = [action for _, action, _ in await bench.audit()]
    assert (actions.count("token.revoked"), actions.count("grant.revoked")) == (1, 1)


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
async def test_the_token_of_another_client_goes_on(office, second, kind):
    tokens = await office.tokens()

    answered = await second.at(REVOKE, tokens[kind])

    assert (answered.status_code, answered.json()) == (
        400,
        {"error": "unauthorized_client", "error_description": OTHERS},
    )
    assert await office.active(tokens[kind])


async def test_a_public_client_gives_its_tokens_back(wall):
    tokens = await wall.tokens()

    assert (await wall.at(REVOKE, tokens["refresh_token"])).status_code == 200
    assert (await wall.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_client_sees_what_its_access_token_is_worth(office, issuer, bench):
    tokens = await office.tokens(scope="read write")

    now = int(bench.clock().timestamp())
    assert (await office.at(INTROSPECT, tokens["access_token"])).json() == {
        "active": True,
        "scope": "read write",
        "client_id": "dpc_office",
        "username": "stan",
        "token_type": "bearer",
        "exp": now + 900,
        "iat": now,
        "sub": "stan",
        "aud": issuer,
        "iss": issuer,
        "jti": tokens["jti"],
    }


async def test_a_client_sees_what_its_refresh_token_is_worth(office, issuer, bench):
    tokens = await office.tokens(scope="read write")

    now = int(bench.clock().timestamp())
    assert (await office.at(INTROSPECT, tokens["refresh_token"])).json() == {
        "active": True,
        "scope": "read write",
        "client_id": "dpc_office",
        "username": "stan",
        "exp": now + 30 * 24 * 3600,
        "iat": now,
        "sub": "stan",
        "iss": issuer,
    }


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
async def test_of_anothers_token_nothing_is_said(office, second, kind):
    tokens = await office.tokens()

    answered = await second.at(INTROSPECT, tokens[kind])

    assert (answered.status_code, answered.json()) == (200, {"active": False})


@pytest.mark.parametrize("token", ["x", "dpr_" + "x" * 43, "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "é" * 300])
async def test_of_what_is_no_token_nothing_is_said(office, token):
    assert (await office.at(INTROSPECT, token)).json() == {"active": False}


@pytest.mark.parametrize("ending", ["time", "person", "client scope", "used"])
@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
async def test_what_has_ended_is_worth_nothing(office, bench, ending, kind):
    tokens = await office.tokens(scope="write")
    match ending:
        case "time":
            bench.clock.forward(days=30)
        case "person":
            await bench.change_person("stan", status="INACTIVE")
        case "client scope":
            await office.at(REVOKE, tokens["refresh_token"])
        case "used":
            await office.refresh(tokens["refresh_token"])
            await office.refresh(tokens["refresh_token"])

    assert (await office.at(INTROSPECT, tokens[kind])).json() == {"active": False}


@pytest.mark.parametrize("path", [REVOKE, INTROSPECT])
async def test_without_its_secret_a_client_is_told_nothing(office, path):
    tokens = await office.tokens()
    office.secret = None

    answered = await office.at(path, tokens["access_token"])

    assert (answered.status_code, answered.json()) == (
        401,
        {"error": "invalid_client", "error_description": CLIENT},
    )


async def test_a_public_client_is_told_nothing(wall):
    """C-46: everybody knows its id."""
    tokens = await wall.tokens()

    answered = await wall.at(INTROSPECT, tokens["access_token"])

    assert (answered.status_code, answered.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("path", [REVOKE, INTROSPECT])
async def test_a_request_without_a_token_is_told(office, path):
    answered = await office.at(path, "")

    assert (answered.status_code, answered.json()) == (
        400,
        {"error": "invalid_request", "error_description": "token is needed."},
    )
