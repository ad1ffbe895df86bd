"""Access tokens of other issuers: whose they are, and those that are good for nothing."""

import json
from dataclasses import replace

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from deputize.credentials.issuers import Issuer
from deputize.credentials.key_sets import FixedKeys, KeySet
from deputize.domain.person import Person
from deputize.inbound.answers import Accepted, CallerRefused

pytestmark = pytest.mark.anyio

HERE = "https://deputize.example"
ELSEWHERE = "https://login.example"
AUDIENCE = "deputize"
INTEGRATION = "by oauth"
CHALLENGE = 'Basic realm="Deputize", charset="UTF-8", Bearer realm="Deputize", error="invalid_token"'
#: By name: of another issuer, of nobody whom we know, and another one of that issuer.
KEYS = {
    "theirs": RSAKey.generate_key(2048, {"use": "sig", "kid": "theirs"}),
    "strange": RSAKey.generate_key(2048, {"use": "sig", "kid": "strange"}),
    "curve": ECKey.generate_key("P-256", {"use": "sig", "kid": "curve"}),
}


def bearer(token):
    return "Authorization", f"Bearer {token}"


def assert_refused(answer):
    assert isinstance(answer, CallerRefused), answer
    assert (answer.code, answer.run_id) == ("UNAUTHENTICATED", None)
    assert answer.headers == {"WWW-Authenticate": CHALLENGE}


class Elsewhere:
    """Another issuer that the project trusts for one claim, and its tokens for rob."""

    def __init__(self, bench, *, user_claim="sub"):
        self.clock = bench.clock
        keys = {"keys": [KEYS[each].as_dict(private=False) for each in ("theirs", "curve")]}
        bench.issuers[ELSEWHERE] = Issuer(
            name="sign-on",
            issuer=ELSEWHERE,
            audience=AUDIENCE,
            keys=FixedKeys(key_set=KeySet.read(json.dumps(keys).encode())),
            algorithms=frozenset({"RS256"}),
            types=frozenset({"at+jwt"}),
            user_claim=user_claim,
            scopes={"pages": "trigger"},
        )

    def token(self, *, header=None, key="theirs", **claims):
        now = int(self.clock().timestamp())
        header = {"typ": "at+jwt", "alg": "RS256", "kid": "theirs"} | (header or {})
        claims = {
            "iss": ELSEWHERE,
            "aud": AUDIENCE,
            "sub": "rob",
            "client_id": "app",
            "iat": now,
            "exp": now + 300,
            "jti": "theirs 1",
            "scope": "pages",
        } | claims
        return jws.serialize_compact(
            {name: value for name, value in header.items() if value is not None},
            json.dumps({name: value for name, value in claims.items() if value is not None}),
            KEYS[key],
            registry=jws.JWSRegistry(algorithms=["RS256", "RS384", "ES256"], strict_check_header=False),
        )


async def test_a_token_of_a_trusted_issuer_sets_off_a_run_as_the_user_that_it_names(bench):
    elsewhere = Elsewhere(bench)

    answer = await bench.take(INTEGRATION, bearer(elsewhere.token()))

    assert isinstance(answer, Accepted)
    [run] = await bench.runs()
    assert (run.initiator.subject, run.initiator.via) == ("id of rob", "oauth")


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"aud": HERE},
        {"aud": None},
        {"sub": "nobody"},
        {"sub": None},
        {"sub": ""},
        {"sub": "rob\n"},
        {"sub": "app"},
        {"exp": None},
        {"iat": None},
        {"nonce": "n"},
        {"at_hash": "h"},
        {"header": {"typ": "JWT"}},
        {"header": {"typ": None}},
        {"header": {"alg": "RS384"}},
        {"header": {"kid": None}},
        {"header": {"kid": "another"}},
        {"header": {"kid": "curve", "alg": "ES256"}, "key": "curve"},
        {"header": {"jku": "https://attacker.example/keys.json"}},
        {"key": "strange"},
        {"iss": "https://login.example.attacker.example"},
    ],
    ids=str,
)
async def test_tokens_of_others_that_are_not_meant_for_us(bench, changes):
    await bench.database.write(
        lambda store: store.people.put(Person(id="id of app", target_name="app", roles=frozenset({"Sender"})))
    )

    assert_refused(await bench.take(INTEGRATION, bearer(Elsewhere(bench).token(**changes))))


@pytest.mark.parametrize("kid", ["theirs", None])
async def test_a_key_that_the_token_brings_along_is_not_used(bench, kid):
    brought = KEYS["strange"].as_dict(private=False)
    token = Elsewhere(bench).token(header={"jwk": brought, "kid": kid}, key="strange")

    assert_refused(await bench.take(INTEGRATION, bearer(token)))


@pytest.mark.parametrize(("seconds", "good"), [(329, True), (330, False), (-30, True), (-31, False)])
async def test_clocks_may_differ_by_half_a_minute(bench, clock, seconds, good):
    token = Elsewhere(bench).token()
    clock.forward(seconds=seconds)

    answer = await bench.take(INTEGRATION, bearer(token))

    assert isinstance(answer, Accepted) == good, answer


async def test_no_issuer_speaks_in_our_name(bench):
    elsewhere = Elsewhere(bench)
    bench.issuers[HERE] = replace(bench.issuers[ELSEWHERE], issuer=HERE, audience=HERE)

    assert_refused(await bench.take(INTEGRATION, bearer(elsewhere.token(iss=HERE, aud=HERE))))


@pytest.mark.parametrize(
    ("verified", "good"),
    [(True, True), ("true", True), (False, False), ("false", False), (None, False), (1, False)],
)
async def test_an_address_counts_only_when_its_issuer_has_verified_it(bench, verified, good):
    await bench.change_person("rob", email="rob@example.org")
    elsewhere = Elsewhere(bench, user_claim="email")

    answer = await bench.take(
        INTEGRATION, bearer(elsewhere.token(sub="u-1", email="rob@example.org", email_verified=verified))
    )

    assert isinstance(answer, Accepted) == good, answer


async def test_what_somebody_wrote_about_a_person_is_not_believed(bench):
    elsewhere = Elsewhere(bench)
    await bench.change_person("rob", vouched=False)

    assert_refused(await bench.take(INTEGRATION, bearer(elsewhere.token())))


async def test_all_that_were_issued_until_then_can_be_cut_off(bench, clock):
    elsewhere = Elsewhere(bench)
    before = elsewhere.token()
    clock.forward(seconds=10)
    await bench.database.write(lambda tx: tx.oauth.revoke_grants_of("id of rob", clock()))

    assert_refused(await bench.take(INTEGRATION, bearer(before)))
    # Issuers write whole seconds.
    clock.forward(seconds=1)
    assert isinstance(await bench.take(INTEGRATION, bearer(elsewhere.token())), Accepted)


async def test_a_token_of_others_may_do_what_the_project_gives_for_its_scopes_and_no_more(bench):
    answer = await bench.take(INTEGRATION, bearer(Elsewhere(bench).token(scope="trigger write admin")))

    assert isinstance(answer, CallerRefused)
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
