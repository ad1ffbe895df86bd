"""Access tokens of other issuers: whose they are, and those that are good for nothing."""

import json

import pytest
from joserfc import jws
from joserfc.jwk import RSAKey

from deputize.credentials.issuers import Issuer
from deputize.credentials.key_sets import FixedKeys, KeySet
from deputize.inbound.answers import Accepted, CallerRefused

pytestmark = pytest.mark.anyio

HERE = "https://deputize.example"
ELSEWHERE = "https://login.example"
INTEGRATION = "by oauth"
CHALLENGE = 'Basic realm="Deputize", charset="UTF-8", Bearer realm="Deputize", error="invalid_token"'
KEY = RSAKey.generate_key(2048, {"use": "sig", "kid": "theirs"})


def bearer(token):
    return "Authorization", f"Bearer {token}"


def assert_refused(answer):
    assert isinstance(answer, CallerRefused), answer
    assert (answer.code, answer.run_id) == ("UNAUTHENTICATED", None)
    assert answer.headers == {"WWW-Authenticate": CHALLENGE}


class Elsewhere:
    """Another issuer that the project trusts, and its tokens for rob."""

    def __init__(self, bench):
        self.clock = bench.clock
        keys = {"keys": [KEY.as_dict(private=False)]}
        bench.issuers[ELSEWHERE] = Issuer(
            name="sign-on",
            issuer=ELSEWHERE,
            audience="deputize",
            keys=FixedKeys(key_set=KeySet.read(json.dumps(keys).encode())),
            algorithms=frozenset({"RS256"}),
            types=frozenset({"at+jwt"}),
            user_claim="sub",
            scopes={"pages": "trigger"},
        )

    def token(self, *, typ="at+jwt", **claims):
        now = int(self.clock().timestamp())
        claims = {
            "iss": ELSEWHERE,
            "aud": "deputize",
            "sub": "rob",
            "iat": now,
            "exp": now + 300,
            "scope": "pages",
        } | claims
        header = {"typ": typ, "alg": "RS256", "kid": "theirs"}
        return jws.serialize_compact(header, json.dumps(claims), KEY, algorithms=["RS256"])


async def test_a_token_of_a_trusted_issuer_sets_off_a_run_as_the_user_that_it_names(bench):
    elsewhere = Elsewhere(bench)

    answer = await bench.take(INTEGRATION, bearer(elsewhere.token()))

    assert isinstance(answer, Accepted)
    [run] = await bench.runs()
    assert (run.initiator.subject, run.initiator.via) == ("id of rob", "oauth")


@pytest.mark.parametrize("changes", [{"aud": HERE}, {"sub": "nobody"}, {"exp": 1}, {"typ": "JWT"}], ids=str)
async def test_one_that_is_not_meant_for_us_is_told_no_more_than_that(bench, changes):
    assert_refused(await bench.take(INTEGRATION, bearer(Elsewhere(bench).token(**changes))))


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
