"""Access tokens of other issuers: whom they stand for here, and what they are good for."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, RSAKey

from deputize.credentials.access_tokens import AccessTokens
from deputize.credentials.bearer_tokens import BearerTokens
from deputize.credentials.compact_jws import TokenRefused
from deputize.credentials.issuers import Issuer
from deputize.credentials.key_sets import FixedKeys, KeySet, KeysUnavailable
from deputize.credentials.master_key import MasterKey
from deputize.credentials.sealing import Sealer
from deputize.credentials.signing_keys import SigningKeys
from deputize.domain.person import Person
from deputize.platform.embedded.accounts import EmbeddedAccounts
from deputize.store import Database

pytestmark = pytest.mark.anyio

HERE, THERE = "https://deputize.example", "https://login.example"
KEY = RSAKey.generate_key(2048)
ROB = Person(id="id of rob", target_name="rob", email="Rob@Example.com")


class Unreachable:
    async def key(self, _key_id):
        return KeysUnavailable(why="no answer")


class Bench:
    """A deployment that trusts one other issuer."""

    def __init__(self, database, clock):
        self.database, self.clock = database, clock
        public = {**KEY.as_dict(private=False), "kid": "theirs"}
        self.issuer = Issuer(
            name="corporate",
            issuer=THERE,
            audience="deputize",
            keys=FixedKeys(key_set=KeySet.read(json.dumps({"keys": [public]}).encode())),
            algorithms=frozenset({"RS256", "ES256"}),
            types=frozenset({"at+jwt"}),
            user_claim="sub",
            scope=frozenset({"trigger"}),
        )

    def token(self, *, header=(), without=(), key=KEY, algorithm="RS256", **claims):
        """Return a token as the issuer signs them, but for what is said."""
        now = int(self.clock().timestamp())
        said = {"iss": THERE, "aud": ["deputize", "another"], "sub": "rob", "iat": now, "exp": now + 300}
        said |= claims
        head = {"alg": algorithm, "typ": "at+jwt", "kid": "theirs"} | dict(header)
        for name in without:
            said.pop(name, None)
            head.pop(name, None)
        registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
        return jws.serialize_compact(head, json.dumps(said), key, registry=registry)

    async def verify(self, token, **more):
        """Return the verdict about *token*, where the project says *more* of the issuer."""
        accounts = EmbeddedAccounts(self.database)
        keys = SigningKeys(Sealer(MasterKey(b"k" * 32)))
        own = AccessTokens(keys=keys, accounts=accounts, issuer=lambda: HERE)
        bearer = BearerTokens(own=own, issuers={THERE: replace(self.issuer, **more)})
        proved = await bearer.prove(token)
        if isinstance(proved, TokenRefused | KeysUnavailable):
            return proved
        return await self.database.read(lambda tx: bearer.judge(tx, proved))

    async def why(self, token, **more):
        return (await self.verify(token, **more)).why

    async def put(self, *people):
        async def work(tx):
            for person in people:
                await tx.people.put(person)

        await self.database.write(work)


@pytest.fixture
async def bench(clock):
    database = Database("sqlite+aiosqlite:///:memory:", clock=clock)
    await database.open()
    bench = Bench(database, clock)
    await bench.put(ROB)
    yield bench
    await database.close()


async def test_a_token_stands_for_the_user_of_the_name_that_it_says(bench):
    verified = await bench.verify(bench.token(client_id="their client", jti="their id"))

    assert (verified.account.subject, verified.account.name) == ("id of rob", "rob")
    assert verified.scope == frozenset({"trigger"})
    assert (verified.client_id, verified.jti, verified.grant_id, verified.mobile) == (
        "their client",
        "their id",
        None,
        False,
    )


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"iss": "https://evil.example"}, "a token of an issuer that is not trusted"),
        ({"iss": THERE + "/"}, "a token of an issuer that is not trusted"),
        ({"iss": HERE}, "a token whose kid is not written as ours are"),
        ({"aud": "another"}, 'a token of "corporate" for another audience'),
        ({"aud": HERE}, 'a token of "corporate" for another audience'),
        ({"without": ["aud"]}, 'a token of "corporate" for another audience'),
        ({"header": {"typ": "JWT"}}, 'a token of "corporate" that is no access token'),
        ({"without": ["typ"]}, "a token whose header or claims cannot be read, or lack alg, typ or iss"),
        ({"nonce": "n-0S6_WzA2Mj"}, 'an ID token of "corporate"'),
        ({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}, 'an ID token of "corporate"'),
        ({"header": {"kid": "unknown"}}, 'a token of "corporate" with a key that it has not published'),
        ({"header": {"jku": THERE}}, "a token whose header has jku"),
        ({"exp": 1}, 'of "corporate": a token that has expired'),
        ({"nbf": 2_000_000_000}, 'of "corporate": a token that is not valid yet'),
        ({"without": ["exp"]}, 'a token of "corporate" without iat or exp, or with strange claims'),
        ({"without": ["iat"]}, 'a token of "corporate" without iat or exp, or with strange claims'),
        ({"sub": ["rob"]}, 'a token of "corporate" without iat or exp, or with strange claims'),
        ({"without": ["sub"]}, 'a token of "corporate" without a user in sub'),
        ({"sub": ""}, 'a token of "corporate" without a user in sub'),
        ({"sub": "rob\0"}, 'a token of "corporate" without a user in sub'),
        ({"sub": "r" * 201}, 'a token of "corporate" without a user in sub'),
        ({"sub": "ROB"}, 'a token of "corporate" whose sub names no active user'),
        ({"sub": "id of rob"}, 'a token of "corporate" whose sub names no active user'),
        ({"key": RSAKey.generate_key(2048)}, "a token whose signature is not that of its key"),
        (
            {"key": ECKey.generate_key("P-256"), "algorithm": "ES256"},
            "a token whose signature is not that of its key",
        ),
        (
            {"key": OctKey.import_key("s" * 32), "algorithm": "HS256"},
            "a token that is signed by an algorithm which is not accepted",
        ),
        ({"algorithm": "RS512"}, "a token that is signed by an algorithm which is not accepted"),
    ],
    ids=range(27),
)
async def test_a_token_that_says_anything_else_is_refused(bench, changed, why):
    assert await bench.why(bench.token(**changed)) == why


async def test_a_token_that_a_client_got_for_itself_has_no_initiator(bench):
    # Somebody even has the client's name.
    await bench.put(Person(id="x", target_name="nightly-job"))

    for name in ("client_id", "azp"):
        token = bench.token(sub="nightly-job", **{name: "nightly-job"})
        assert await bench.why(token) == 'a token of "corporate" that a client got for itself'


async def test_clocks_may_differ_by_half_a_minute(bench, clock):
    now = int(clock().timestamp())

    assert not isinstance(await bench.verify(bench.token(iat=now + 29, exp=now + 300)), TokenRefused)
    assert not isinstance(await bench.verify(bench.token(exp=now - 29)), TokenRefused)
    assert await bench.why(bench.token(exp=now - 31)) == 'of "corporate": a token that has expired'
    assert await bench.why(bench.token(iat=now + 31)) == 'of "corporate": a token that is not valid yet'


async def test_a_server_that_does_not_follow_rfc_9068_is_accepted_where_the_project_says_so(bench):
    token = bench.token(header={"typ": "JWT"})

    verified = await bench.verify(token, types=frozenset({"jwt", "at+jwt"}))
    assert verified.account.name == "rob"


async def test_another_claim_may_name_the_user(bench):
    token = bench.token(sub="00u1abcd", preferred_username="rob")

    assert await bench.why(token) == 'a token of "corporate" whose sub names no active user'
    verified = await bench.verify(token, user_claim="preferred_username")
    assert verified.account.subject == "id of rob"


async def test_an_address_names_the_one_active_user_who_has_it(bench):
    token = bench.token(sub="00u1abcd", email="rob@example.COM", email_verified=True)
    assert (await bench.verify(token, user_claim="email")).account.name == "rob"
    await bench.put(Person(id="gone", target_name="gone", email="rob@example.com", status="INACTIVE"))
    assert (await bench.verify(token, user_claim="email")).account.name == "rob"
    await bench.put(Person(id="other", target_name="other", email="rob@example.com"))

    assert await bench.why(token, user_claim="email") == (
        'a token of "corporate" whose email names no active user'
    )


@pytest.mark.parametrize(
    "verified", [{"email_verified": each} for each in (False, "false", "", "no")] + [{}], ids=str
)
async def test_an_address_that_is_not_verified_names_nobody(bench, verified):
    token = bench.token(sub="00u1abcd", email="rob@example.com", **verified)

    assert await bench.why(token, user_claim="email") == (
        'a token of "corporate" whose address is not verified'
    )


async def test_a_name_that_somebody_has_put_in_who_may_only_edit_people_is_not_believed(bench):
    await bench.put(replace(ROB, vouched=False))

    assert await bench.why(bench.token()) == 'a token of "corporate" whose sub names no active user'


async def test_users_without_an_address_are_not_found_by_an_empty_one(bench):
    await bench.put(Person(id="nobody", target_name="nobody"))

    assert await bench.why(bench.token(email=""), user_claim="email") == (
        'a token of "corporate" without a user in email'
    )


async def test_a_disabled_user_has_no_tokens_anywhere(bench):
    token = bench.token()
    await bench.put(replace(ROB, status="INACTIVE"))

    assert await bench.why(token) == 'a token of "corporate" whose sub names no active user'


@pytest.mark.parametrize(
    ("claims", "scope"),
    [
        ({"scope": "deputize.start other"}, {"trigger"}),
        ({"scope": "deputize.start deputize.look"}, {"trigger", "read"}),
        ({"scp": ["deputize.look"]}, {"read"}),
        ({"scp": "deputize.look", "scope": "deputize.start"}, {"trigger", "read"}),
        ({"scope": "trigger read write"}, set()),
        ({"scope": "DEPUTIZE.START"}, set()),
        ({}, set()),
    ],
    ids=range(7),
)
async def test_a_scope_is_good_for_what_the_project_says_of_it(bench, claims, scope):
    scopes = {"deputize.start": "trigger", "deputize.look": "read"}

    verified = await bench.verify(bench.token(**claims), scope=frozenset(), scopes=scopes)
    assert verified.scope == scope


async def test_tokens_from_before_all_were_revoked_are_refused_and_later_ones_are_not(bench, clock):
    before = bench.token()
    clock.forward(seconds=2)
    await bench.database.write(lambda tx: tx.oauth.revoke_grants_of(ROB.id, tx.now))
    clock.forward(seconds=2)

    assert await bench.why(before) == "a token of rob's that was issued before all were revoked"
    assert (await bench.verify(bench.token())).account.name == "rob"


async def test_while_the_keys_cannot_be_had_nothing_is_said_of_the_token(bench):
    assert await bench.verify(bench.token(), keys=Unreachable()) == KeysUnavailable(why="no answer")


async def test_whoever_names_our_own_address_is_held_against_our_own_keys(bench):
    bench.issuer = replace(bench.issuer, issuer=HERE)

    assert isinstance(await bench.verify(bench.token(iss=HERE)), TokenRefused)


async def test_a_token_that_has_expired_long_ago_is_refused_after_a_day_too(bench, clock):
    token = bench.token()
    clock.now += timedelta(days=1)

    assert await bench.why(token) == 'of "corporate": a token that has expired'
