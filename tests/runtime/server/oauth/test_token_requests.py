"""Tokens for a code, a refresh token or a password: who gets them, once, and what ends them."""

import asyncio
import json
import re
from base64 import urlsafe_b64decode

import pytest

from deputize.errors import StoreUnavailable

pytestmark = pytest.mark.anyio

CODE = "The code is unknown, used or expired, or was given for another request."
TOKEN = "The refresh token is unknown, used, expired or revoked."
ENDED = "Who has granted it may not act now."
CLIENT = "The client is not known, is disabled, or has not proved that it is itself."
NOBODY = "The user name or the password is wrong."


def claims(token):
    payload = token.split(".")[1]
    return json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def assert_refused(response, error, description, status=400):
    assert (response.status_code, response.json()) == (
        status,
        {"error": error, "error_description": description},
    )
    assert (response.headers["Cache-Control"], response.headers["Pragma"]) == ("no-store", "no-cache")
    assert ("WWW-Authenticate" in response.headers) == (status == 401)


# Codes


async def test_a_code_is_exchanged_for_tokens(wall, bench, issuer):
    answered = await wall.exchange(await wall.code())

    tokens = answered.json()
    assert answered.status_code == 200
    assert (answered.headers["Cache-Control"], answered.headers["Pragma"]) == ("no-store", "no-cache")
    assert re.fullmatch(r"dpr_[\w-]{43}", tokens.pop("refresh_token"))
    claimed = claims(tokens.pop("access_token"))
    assert tokens == {"token_type": "bearer", "expires_in": 900, "scope": "read", "jti": claimed["jti"]}
    assert (claimed["sub"], claimed["client_id"], claimed["scope"]) == ("stan", "dpc_wall", "read")
    assert (claimed["iss"], claimed["aud"], claimed["exp"] - claimed["iat"]) == (issuer, issuer, 900)
    assert (await bench.audit())[-1] == ("dpc_wall", "token.issued", "client:Wallboard")


async def test_a_confidential_client_proves_itself_in_the_form_or_by_basic(office):
    in_form = await office.exchange(await office.code())
    code = await office.code()
    by_basic = await office.http.post(
        "/oauth2/token",
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": office.redirect_uri,
            "code_verifier": "correct-horse-battery-staple~0123456789._AZaz",
        },
        auth=(office.id, office.secret),
    )

    assert (in_form.status_code, by_basic.status_code) == (200, 200)


async def test_no_secret_is_in_the_audit_stream_or_the_database(office, bench):
    code = await office.code()
    tokens = (await office.exchange(code)).json()
    secrets = (code, tokens["refresh_token"], tokens["access_token"], office.secret)

    records = await bench.database.read(lambda tx: tx.audit.page(limit=1000))
    grants = await bench.database.read(lambda tx: tx.oauth.grants_of("id-of-stan"))
    kept = repr((records, grants, await bench.database.read(lambda tx: tx.oauth.clients())))

    assert [each for each in secrets if each in kept] == []


async def test_the_second_use_of_a_code_ends_what_the_first_gave(office, bench):
    code = await office.code()
    tokens = (await office.exchange(code)).json()
    assert await office.active(tokens["access_token"])

    assert_refused(await office.exchange(code), "invalid_grant", CODE)

    assert not await office.active(tokens["access_token"])
    assert_refused(await office.refresh(tokens["refresh_token"]), "invalid_grant", TOKEN)
    assert ("dpc_office", "grant.revoked", "client:Office") in await bench.audit()


@pytest.mark.parametrize("seconds", [59, 60])
async def test_a_code_is_good_for_a_minute(wall, bench, seconds):
    code = await wall.code()
    bench.clock.forward(seconds=seconds)

    assert (await wall.exchange(code)).status_code == (200 if seconds < 60 else 400)


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "x" * 43},
        {"code_verifier": "x"},
        {"code_verifier": "x" * 129},
        {"code_verifier": "é" * 43},
        {"code_verifier": "correct-horse-battery-staple~0123456789._AZaz\n"},
        {"redirect_uri": "https://wall.example/back/"},
        {"redirect_uri": "https://wall.example/BACK"},
        {"code": "dpa_" + "x" * 43},
        {"code": "x"},
    ],
)
async def test_a_code_is_of_no_use_without_what_it_was_asked_for_with(wall, changed):
    form = {"code": await wall.code(), **changed}

    assert_refused(await wall.exchange(**form), "invalid_grant", CODE)


@pytest.mark.parametrize("missing", ["code", "code_verifier", "redirect_uri"])
async def test_an_exchange_needs_all_three(wall, missing):
    form = {"code": await wall.code(), missing: None}

    answered = await wall.exchange(**form)

    assert_refused(answered, "invalid_request", "code, code_verifier and redirect_uri are needed.")


async def test_the_challenge_itself_is_no_verifier(wall):
    """A downgrade to plain: who has seen the challenge has not seen the verifier."""
    challenge = wall.parameters()["code_challenge"]

    assert_refused(await wall.exchange(await wall.code(), code_verifier=challenge), "invalid_grant", CODE)


async def test_a_code_that_was_tried_with_a_wrong_verifier_is_used_up(wall):
    code = await wall.code()
    await wall.exchange(code, code_verifier="x" * 43)

    assert_refused(await wall.exchange(code), "invalid_grant", CODE)


async def test_the_code_of_another_client_is_refused_and_left_alone(wall, office):
    code = await wall.code()

    injected = await office.exchange(code, redirect_uri=wall.redirect_uri)

    assert_refused(injected, "invalid_grant", CODE)
    assert (await wall.exchange(code)).status_code == 200


async def test_a_client_without_refresh_gets_no_refresh_token(bench, application):
    client = await application(bench, "dpc_once", grants=frozenset({"authorization_code"}))

    assert "refresh_token" not in await client.tokens()


async def test_what_a_client_may_no_more_is_not_given_any_more(wall, bench):
    code = await wall.code(scope="read trigger")
    await bench.put_client("dpc_wall", scope=frozenset({"trigger", "write"}))

    assert (await wall.exchange(code)).json()["scope"] == "trigger"


# Refresh tokens


async def test_a_refresh_brings_new_tokens_and_the_old_one_is_used_up(wall):
    first = await wall.tokens()

    second = (await wall.refresh(first["refresh_token"])).json()
    third = (await wall.refresh(second["refresh_token"])).json()

    assert len({each["refresh_token"] for each in (first, second, third)}) == 3
    assert len({each["jti"] for each in (first, second, third)}) == 3
    assert third["scope"] == "read"


async def test_a_refresh_token_that_comes_twice_ends_the_whole_grant(office, bench):
    """C-45: nobody can tell the thief from the one who was stolen from."""
    first = await office.tokens()
    second = (await office.refresh(first["refresh_token"])).json()
    assert await office.active(second["access_token"])

    assert_refused(await office.refresh(first["refresh_token"]), "invalid_grant", TOKEN)

    assert_refused(await office.refresh(second["refresh_token"]), "invalid_grant", TOKEN)
    assert not await office.active(first["access_token"])
    assert not await office.active(second["access_token"])
    records = await bench.database.read(lambda tx: tx.audit.page(action="grant.revoked", limit=10))
    assert [(each.actor, each.source, each.detail["why"], each.detail["user"]) for each in records] == [
        ("dpc_office", "192.0.2.1", "refresh token used twice", "stan")
    ]


async def test_another_grant_of_the_same_person_goes_on(office):
    lost, kept = await office.tokens(), await office.tokens()
    await office.refresh(lost["refresh_token"])
    await office.refresh(lost["refresh_token"])

    assert await office.active(kept["access_token"])
    assert (await office.refresh(kept["refresh_token"])).status_code == 200


async def test_of_two_refreshes_at_once_one_wins(open_bench, application, database_url):
    async with open_bench(database_url) as bench:
        office = await application(bench)
        tokens = await office.tokens()

        answered = await asyncio.gather(*(office.refresh(tokens["refresh_token"]) for _ in range(4)))

        assert sorted(each.status_code for each in answered) == [200, 400, 400, 400]
        (won,) = (each.json() for each in answered if each.status_code == 200)
        assert_refused(await office.refresh(won["refresh_token"]), "invalid_grant", TOKEN)


async def test_of_two_exchanges_at_once_one_wins(open_bench, application, database_url):
    async with open_bench(database_url) as bench:
        office = await application(bench)
        code = await office.code()

        answered = await asyncio.gather(*(office.exchange(code) for _ in range(4)))

        assert sorted(each.status_code for each in answered) == [200, 400, 400, 400]


async def test_a_refresh_token_of_another_client_is_refused_and_left_alone(wall, office):
    tokens = await wall.tokens()

    assert_refused(await office.refresh(tokens["refresh_token"]), "invalid_grant", TOKEN)
    assert (await wall.refresh(tokens["refresh_token"])).status_code == 200


async def test_a_refresh_may_ask_for_less_and_the_next_one_for_all_again(wall):
    tokens = await wall.tokens(scope="read trigger")

    less = (await wall.refresh(tokens["refresh_token"], scope="trigger")).json()
    again = (await wall.refresh(less["refresh_token"])).json()

    assert (less["scope"], claims(less["access_token"])["scope"]) == ("trigger", "trigger")
    assert again["scope"] == "read trigger"


@pytest.mark.parametrize("scope", ["write", "read trigger", "admin", "x" * 300])
async def test_a_refresh_for_more_than_was_granted_is_refused_and_uses_nothing_up(wall, scope):
    tokens = await wall.tokens(scope="read")

    assert_refused(
        await wall.refresh(tokens["refresh_token"], scope=scope),
        "invalid_scope",
        "What can be granted here is read; name no more than that.",
    )
    assert (await wall.refresh(tokens["refresh_token"])).status_code == 200


async def test_a_client_that_may_nothing_of_what_was_granted_does_not_use_its_refresh_token_up(wall, bench):
    tokens = await wall.tokens(scope="read")
    await bench.put_client("dpc_wall", scope=frozenset({"write"}))

    refused = await wall.refresh(tokens["refresh_token"])
    await bench.put_client("dpc_wall")

    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")
    assert (await wall.refresh(tokens["refresh_token"])).status_code == 200


async def test_a_refresh_token_is_good_for_its_time_from_each_refresh_on(wall, bench):
    token = (await wall.tokens())["refresh_token"]
    for _ in range(3):
        bench.clock.forward(days=29)
        token = (await wall.refresh(token)).json()["refresh_token"]
    bench.clock.forward(days=30)

    assert_refused(await wall.refresh(token), "invalid_grant", TOKEN)


async def test_after_half_a_year_a_person_is_asked_again_however_often_was_refreshed(wall, bench):
    token = (await wall.tokens())["refresh_token"]
    for _ in range(6):
        bench.clock.forward(days=29)
        token = (await wall.refresh(token)).json()["refresh_token"]
    bench.clock.forward(days=6)

    assert_refused(await wall.refresh(token), "invalid_grant", TOKEN)


async def test_what_has_ended_is_forgotten_by_the_next_who_gets_tokens(wall, bench):
    await wall.tokens()
    bench.clock.forward(days=31)

    await wall.tokens()

    assert len(await bench.database.read(lambda tx: tx.oauth.grants_of("id-of-stan"))) == 1


async def test_nothing_is_given_in_the_name_of_who_may_not_act(wall, bench):
    token = (await wall.tokens())["refresh_token"]

    await bench.change_person("stan", status="INACTIVE")
    assert_refused(await wall.refresh(token), "invalid_grant", ENDED)
    await bench.change_person("stan", status="ACTIVE")

    assert (await wall.refresh(token)).status_code == 200


async def test_nothing_is_given_by_a_password_that_has_expired(wall, bench):
    code, token = await wall.code(), (await wall.tokens())["refresh_token"]
    await bench.expire_password("stan")

    assert_refused(await wall.refresh(token), "invalid_grant", ENDED)
    assert_refused(await wall.exchange(code), "invalid_grant", ENDED)


async def test_a_disabled_client_gets_nothing_until_it_is_enabled(wall, bench):
    tokens = await wall.tokens()

    await bench.put_client("dpc_wall", enabled=False)
    assert_refused(await wall.refresh(tokens["refresh_token"]), "invalid_client", CLIENT, 401)
    await bench.put_client("dpc_wall")

    assert (await wall.refresh(tokens["refresh_token"])).status_code == 200


async def test_an_account_of_the_same_name_inherits_nothing(wall, bench):
    tokens, code = await wall.tokens(), await wall.code()
    stan = await bench.database.read(lambda tx: tx.people.by_name("stan"))

    async def replace_stan(tx):
        await tx.people.delete(stan.id)
        await tx.people.put(stan)

    await bench.database.write(replace_stan)

    assert_refused(await wall.refresh(tokens["refresh_token"]), "invalid_grant", TOKEN)
    assert_refused(await wall.exchange(code), "invalid_grant", CODE)


# Passwords


@pytest.mark.parametrize("path", ["/oauth2/token", "/api/xm/1/oauth2/token"])
async def test_a_password_is_turned_into_tokens_where_that_is_turned_on(office, bench, path):
    answered = await office.by_password(path=path, scope="read trigger")

    tokens = answered.json()
    assert answered.status_code == 200
    assert set(tokens) == {"access_token", "token_type", "refresh_token", "expires_in", "scope", "jti"}
    assert (claims(tokens["access_token"])["sub"], tokens["scope"]) == ("rob", "read trigger")
    assert (await bench.audit())[-2:] == [
        ("rob", "grant.given", "client:Office"),
        ("dpc_office", "token.issued", "client:Office"),
    ]


async def test_passwords_are_no_grant_unless_it_is_turned_on(open_bench, application):
    async with open_bench(password_grant=False) as bench:
        client = await application(bench, grants=frozenset({"password"}))

        answered = await client.by_password()

        assert_refused(answered, "unsupported_grant_type", "Tokens are not given for this grant_type.")
        assert bench.hash.verified == 0


async def test_a_client_that_may_not_use_passwords_has_none_verified(wall, bench):
    assert_refused(
        await wall.by_password(), "unauthorized_client", "The client may not use the grant password."
    )
    assert bench.hash.verified == 0


@pytest.mark.parametrize(
    ("form", "description"),
    [
        ({"password": "wrong"}, NOBODY),
        ({"username": "nobody"}, NOBODY),
        ({"username": "x" * 101}, NOBODY),
        ({"password": "x" * 1025}, NOBODY),
        ({"username": None}, "Send username and password."),
        ({"password": ""}, "Send username and password."),
    ],
)
async def test_a_password_that_is_nobodys_is_refused(office, form, description):
    assert_refused(await office.by_password(**form), "invalid_grant", description)


async def test_nobodys_password_costs_what_somebodys_costs(office, bench):
    costs = []
    for name in ("rob", "nobody"):
        before = bench.hash.verified
        await office.by_password(name=name, password="wrong")
        costs.append(bench.hash.verified - before)

    assert costs == [1, 1]


async def test_guessing_is_slowed_down(office, bench):
    for _ in range(20):
        await office.by_password(password="wrong")

    answered = await office.by_password()

    assert_refused(
        answered,
        "temporarily_unavailable",
        "There were too many wrong passwords for this account or from this address. Try again later.",
        429,
    )
    assert answered.headers["Retry-After"] == "300"
    assert ("unknown", "login.failed", "user:rob") in await bench.audit()


async def test_an_expired_password_and_a_disabled_account_get_nothing(office, bench):
    await bench.expire_password("rob")
    assert_refused(await office.by_password(), "invalid_grant", "The password has expired. Have it changed.")
    await bench.change_person("rob", status="INACTIVE")
    assert_refused(await office.by_password(), "invalid_grant", NOBODY)


# Clients


@pytest.mark.parametrize(
    ("client_id", "secret", "header"),
    [
        ("dpc_nobody", None, None),
        ("dpc_nobody", "dpcs_" + "s" * 43, None),
        ("dpc_office", None, None),
        ("dpc_office", "dpcs_" + "x" * 43, None),
        ("dpc_office", "", None),
        ("dpc_wall", "dpcs_" + "s" * 43, None),
        (None, None, None),
        ("x" * 201, None, None),
        (None, None, "Basic x"),
        (None, None, "Basic ZHBjX29mZmljZTo="),
        (None, None, "Basic ZHBjX29mZmljZQ=="),
        (None, None, "Bearer dpc_office"),
        (None, None, "Negotiate x"),
    ],
)
async def test_who_does_not_prove_to_be_a_client_gets_one_answer(wall, office, client_id, secret, header):
    form = {
        "grant_type": "refresh_token",
        "refresh_token": "x",
        "client_id": client_id,
        "client_secret": secret,
    }
    answered = await wall.http.post(
        "/oauth2/token",
        data={name: value for name, value in form.items() if value is not None},
        headers={} if header is None else {"Authorization": header},
    )

    assert_refused(answered, "invalid_client", CLIENT, 401)
    assert answered.headers["WWW-Authenticate"] == 'Basic realm="Deputize", charset="UTF-8"'


async def test_a_client_presents_one_credential(office):
    form = {"grant_type": "refresh_token", "refresh_token": "x", "client_secret": office.secret}
    twice = await office.http.post("/oauth2/token", data=form, auth=(office.id, office.secret))
    other = await office.http.post(
        "/oauth2/token", data={"grant_type": "x", "client_id": "dpc_wall"}, auth=(office.id, office.secret)
    )
    headers = [("Authorization", "Basic YTpi"), ("Authorization", "Basic YTpi")]
    doubled = await office.http.post("/oauth2/token", data={"grant_type": "x"}, headers=headers)

    more = "The request has more than one credential. Send one."
    assert_refused(twice, "invalid_request", more)
    assert_refused(doubled, "invalid_request", more)
    assert_refused(other, "invalid_request", "The header Authorization and client_id name different clients.")


async def test_a_secret_that_was_rotated_is_no_good_at_once(office, bench):
    tokens = await office.tokens()
    rotated = await bench.client("ann").post("/api/v1/oauth/clients/dpc_office/secret")

    assert_refused(await office.refresh(tokens["refresh_token"]), "invalid_client", CLIENT, 401)
    office.secret = rotated.json()["secret"]
    assert (await office.refresh(tokens["refresh_token"])).status_code == 200


# What is no token request

FORM = "Send the parameters as a form, with Content-Type: application/x-www-form-urlencoded."
ADDRESS = "Send the parameters in the body, as a form. The address has a query."


@pytest.mark.parametrize("grant_type", ["client_credentials", "implicit", "urn:x", "authorization_code "])
async def test_other_grants_are_not_there(wall, grant_type):
    assert_refused(
        await wall.request_tokens(grant_type=grant_type),
        "unsupported_grant_type",
        "Tokens are not given for this grant_type.",
    )


async def test_a_request_without_grant_type_is_told(wall):
    assert_refused(await wall.request_tokens(), "invalid_request", "grant_type is missing.")
    assert_refused(await wall.request_tokens(grant_type=""), "invalid_request", "grant_type is missing.")


@pytest.mark.parametrize(
    "repeated", ["grant_type", "client_id", "refresh_token", "scope", "unknown", "client_secret"]
)
async def test_a_parameter_that_comes_twice_is_refused_whichever_it_is(wall, repeated):
    body = f"grant_type=refresh_token&client_id=dpc_wall&refresh_token=x&{repeated}=a&{repeated}=a"
    answered = await wall.http.post(
        "/oauth2/token", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )

    assert_refused(answered, "invalid_request", "A parameter stands in the body more than once.")


@pytest.mark.parametrize(
    "path", ["/oauth2/token", "/api/xm/1/oauth2/token", "/oauth2/revoke", "/oauth2/introspect"]
)
async def test_nothing_is_read_from_the_address(office, path):
    answered = await office.http.post(
        f"{path}?grant_type=password&client_id=dpc_office&username=rob&password=password+of+rob"
    )

    assert_refused(answered, "invalid_request", ADDRESS)


@pytest.mark.parametrize(
    ("kind", "body", "description"),
    [
        ("application/json", b'{"grant_type":"password"}', FORM),
        ("text/plain", b"grant_type=password", FORM),
        ("multipart/form-data; boundary=x", b"--x--", FORM),
        ("application/x-www-form-urlencoded; charset=utf-16", b"x=y", FORM),
        ("", b"grant_type=password", FORM),
        ("application/x-www-form-urlencoded", b"\xff=x", "The body is not UTF-8."),
        (
            "application/x-www-form-urlencoded",
            b"x=%ff",
            "The body is not percent-encoded UTF-8, or has too many parameters.",
        ),
        ("application/x-www-form-urlencoded", b"x=%00", "A parameter of the body holds a NUL."),
        (
            "application/x-www-form-urlencoded",
            b"&".join(b"a%d=1" % number for number in range(1001)),
            "The body is not percent-encoded UTF-8, or has too many parameters.",
        ),
    ],
)
async def test_a_body_is_one_form(wall, kind, body, description):
    answered = await wall.http.post("/oauth2/token", content=body, headers={"Content-Type": kind})

    assert_refused(answered, "invalid_request", description)


async def test_a_form_in_utf_8_may_say_so(wall):
    answered = await wall.http.post(
        "/oauth2/token",
        content=b"grant_type=x&client_id=dpc_wall",
        headers={"Content-Type": "Application/X-WWW-Form-Urlencoded;charset=UTF-8"},
    )

    assert answered.json()["error"] == "unsupported_grant_type"


async def test_a_body_that_is_too_large_is_cut_off_before_it_is_read(wall):
    answered = await wall.http.post("/oauth2/token", content=b"x" * (1024 * 1024 + 1))

    assert (answered.status_code, answered.json()["code"]) == (413, "BODY_TOO_LARGE")


async def test_tokens_are_asked_for_with_post(wall):
    answered = await wall.http.get("/oauth2/token?grant_type=refresh_token")

    assert (answered.status_code, answered.headers["Allow"]) == (405, "POST")


async def test_a_database_that_does_not_answer_is_told_as_oauth_does(wall, bench, monkeypatch):
    async def unavailable(_work):
        raise StoreUnavailable("The database at an address does not answer.")

    monkeypatch.setattr(bench.database, "write", unavailable)

    answered = await wall.refresh("x")

    assert_refused(answered, "temporarily_unavailable", "The database does not answer. Try again.", 503)
    assert answered.headers["Retry-After"] == "2"


@pytest.mark.parametrize(
    "path", ["/oauth2/token/", "/oauth2//token", "/OAUTH2/token", "/api/xm/1/oauth2/tokens"]
)
async def test_a_path_has_one_spelling(wall, path):
    assert (await wall.http.post(path)).status_code in (404, 418)
