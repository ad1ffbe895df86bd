"""Access tokens that are good for nothing: forged, misused, out of time, or of somebody who is gone."""

import base64
import hmac
import json
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from deputize.credentials.access_tokens import AccessTokens, Verified
from deputize.credentials.authenticators import Account
from deputize.credentials.compact_jws import LONGEST, TokenRefused, read_unverified
from deputize.credentials.master_key import MasterKey
from deputize.credentials.sealing import Sealer
from deputize.credentials.signing_keys import SigningKeys
from deputize.domain.oauth import OAuthClient, OAuthGrant
from deputize.domain.person import Person
from deputize.platform.embedded.accounts import EmbeddedAccounts
from deputize.store import Database

pytestmark = pytest.mark.anyio

HERE = "https://deputize.example"
ROB = Person(id="id of rob", target_name="rob", first_name="Rob")


@dataclass
class Bench:
    """A deployment in which rob has let one client act for him."""

    database: Database
    tokens: AccessTokens
    client: OAuthClient
    grant: OAuthGrant

    async def issue(self, **more):
        account = Account(subject=ROB.id, name="rob", display_name="Rob")
        issued = {"client": self.client, "account": account, "grant": self.grant, "scope": self.grant.scope}
        token = await self.database.write(lambda tx: self.tokens.issue(tx, **{**issued, **more}))
        return token.reveal()

    async def key(self):
        """Return the key that signs: what a thief of it could do."""
        _, key = await self.database.write(self.tokens.keys.signing)
        return key

    async def forge(self, *, header=(), claims=(), without=(), key=None, algorithm="RS256"):
        """Return a token that is signed as ours are, but for what is said."""
        issued = await self.issue()
        head, body, _ = issued.split(".")
        header = {**decoded(head), **dict(header)}
        claims = {**decoded(body), **dict(claims)}
        for name in without:
            header.pop(name, None)
            claims.pop(name, None)
        signed = f"{encoded(header)}.{encoded(claims)}"
        signature = JWSRegistry.algorithms[algorithm].sign(
            signed.encode(), await self.key() if key is None else key
        )
        return f"{signed}.{encoded(signature)}"

    async def verify(self, token):
        return await self.database.read(lambda tx: self.tokens.verify(tx, token))

    async def do(self, work):
        await self.database.write(work)


def decoded(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def encoded(value):
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@pytest.fixture
async def bench(clock):
    database = Database("sqlite+aiosqlite:///:memory:", clock=clock)
    await database.open()
    client = OAuthClient(
        id="wallboard",
        name="Wallboard",
        grants=frozenset({"authorization_code"}),
        scope=frozenset({"read", "trigger"}),
        created=clock(),
        created_by="operator",
    )
    grant = OAuthGrant(
        id="grant",
        client_id=client.id,
        person_id=ROB.id,
        scope=client.scope,
        created=clock(),
        ends=clock() + timedelta(days=30),
    )

    async def put(tx):
        await tx.people.put(ROB)
        await tx.oauth.put_client(client)
        await tx.oauth.put_grant(grant)

    await database.write(put)
    keys = SigningKeys(Sealer(MasterKey(b"k" * 32)))
    tokens = AccessTokens(keys=keys, accounts=EmbeddedAccounts(database), issuer=lambda: HERE)
    yield Bench(database, tokens, client, grant)
    await database.close()


async def test_a_token_as_it_was_issued_is_good(bench, clock):
    verified = await bench.verify(await bench.issue(jti="token"))

    issued = clock().replace(microsecond=0)
    assert verified == Verified(
        account=Account(subject=ROB.id, name="rob", display_name="Rob"),
        client_id="wallboard",
        scope=frozenset({"read", "trigger"}),
        mobile=False,
        jti="token",
        grant_id="grant",
        issued=issued,
        expires=issued + timedelta(minutes=15),
    )


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"claims": {"iss": "https://evil.example"}}, "a token of an issuer that is not trusted"),
        ({"claims": {"iss": HERE + "/"}}, "a token of an issuer that is not trusted"),
        ({"claims": {"aud": "https://evil.example"}}, "a token for another audience"),
        ({"claims": {"aud": [HERE + "/", "x"]}}, "a token for another audience"),
        ({"claims": {"aud": {HERE: True}}}, "a token for another audience"),
        ({"without": ["aud"]}, "a token for another audience"),
        ({"header": {"typ": "JWT"}}, "a signed token that is no access token"),
        ({"header": {"typ": "id_token"}}, "a signed token that is no access token"),
        ({"header": {"kid": "../../etc/passwd"}}, "a token whose kid is not written as ours are"),
        ({"header": {"kid": "https://evil.example/key"}}, "a token whose kid is not written as ours are"),
        ({"header": {"kid": "' OR 1=1 --"}}, "a token whose kid is not written as ours are"),
        ({"header": {"kid": "\0" * 43}}, "a token whose kid is not written as ours are"),
        ({"header": {"kid": "A" * 43}}, "a token that was signed with an unknown or retired key"),
        ({"without": ["kid"]}, "a token whose kid is not written as ours are"),
        ({"header": {"jku": "https://evil.example/keys"}}, "a token whose header has jku"),
        ({"header": {"x5u": "https://evil.example/chain"}}, "a token whose header has x5u"),
        ({"header": {"x5c": ["MIIB"]}}, "a token whose header has x5c"),
        ({"claims": {"exp": 1}}, "a token that has expired"),
        ({"claims": {"iat": 2_000_000_000}}, "a token that is not valid yet"),
        ({"claims": {"nbf": 2_000_000_000}}, "a token that is not valid yet"),
        *(
            ({"claims": {name: value}}, "a token whose claims are not those that are issued here")
            for name, value in (
                ("exp", "2000000000"),
                ("exp", True),
                ("exp", None),
                ("exp", 10**30),
                ("iat", -1),
                ("sub", 7),
                ("sub", ["rob"]),
                ("scope", ["read"]),
                ("jti", None),
                ("client_id", None),
                ("deputize_account", None),
                ("deputize_grant", 1),
            )
        ),
        ({"without": ["exp"]}, "a token whose claims are not those that are issued here"),
        ({"without": ["sub"]}, "a token whose claims are not those that are issued here"),
        (
            {"claims": {"client_id": "another"}},
            "a token of a client that is not there or not enabled",
        ),
        ({"claims": {"deputize_grant": "another"}}, "a token of a grant that has ended"),
        ({"claims": {"deputize_account": "id of eve"}}, "a token that does not go with its grant"),
        (
            {"claims": {"sub": "eve"}},
            "a token of an account that is not active, or has another name now",
        ),
    ],
)
async def test_a_token_that_says_anything_else_is_refused_though_its_signature_is_right(bench, changed, why):
    assert await bench.verify(await bench.forge(**changed)) == TokenRefused(why=why)


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt"])
async def test_the_type_is_written_in_any_case_and_as_a_media_type(bench, typ):
    assert isinstance(await bench.verify(await bench.forge(header={"typ": typ})), Verified)


@pytest.mark.parametrize("algorithm", ["none", "None", "nOnE", ""])
@pytest.mark.parametrize("signature", ["", "AAAA"])
async def test_a_token_that_nobody_signed_is_refused(bench, algorithm, signature):
    head, body, _ = (await bench.issue()).split(".")
    token = f"{encoded({**decoded(head), 'alg': algorithm})}.{body}.{signature}"

    assert await bench.verify(token) == TokenRefused(
        why="a token that is signed by an algorithm which is not accepted"
    )


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
async def test_the_public_key_is_no_secret_to_sign_with(bench, algorithm):
    key = await bench.key()
    head, body, _ = (await bench.issue()).split(".")
    signed = f"{encoded({**decoded(head), 'alg': algorithm})}.{body}"
    for secret in (key.as_pem(private=False), key.as_der(private=False), key.as_dict()["n"].encode()):
        signature = hmac.digest(secret, signed.encode(), algorithm.replace("HS", "sha"))

        assert await bench.verify(f"{signed}.{encoded(signature)}") == TokenRefused(
            why="a token that is signed by an algorithm which is not accepted"
        )


@pytest.mark.parametrize("algorithm", ["PS256", "RS384", "RS512"])
async def test_our_own_key_with_another_algorithm_is_refused(bench, algorithm):
    token = await bench.forge(header={"alg": algorithm}, algorithm=algorithm)

    assert await bench.verify(token) == TokenRefused(
        why="a token that is signed by an algorithm which is not accepted"
    )


async def test_another_key_under_our_keys_id_is_refused(bench):
    token = await bench.forge(key=RSAKey.generate_key(2048))

    assert await bench.verify(token) == TokenRefused(why="a token whose signature is not that of its key")


async def test_a_key_that_the_token_brings_along_is_not_looked_at(bench):
    theirs = RSAKey.generate_key(2048)
    token = await bench.forge(header={"jwk": theirs.as_dict(private=False)}, key=theirs)

    assert await bench.verify(token) == TokenRefused(why="a token whose header has jwk")


async def test_an_elliptic_key_is_none_of_ours(bench):
    token = await bench.forge(header={"alg": "ES256"}, key=ECKey.generate_key("P-256"), algorithm="ES256")

    assert await bench.verify(token) == TokenRefused(
        why="a token that is signed by an algorithm which is not accepted"
    )


@pytest.mark.parametrize("header", [{"crit": ["exp"]}, {"crit": []}, {"b64": False}, {"zip": "DEF"}])
async def test_a_header_that_changes_how_the_rest_is_read_is_refused(bench, header):
    head, body, signature = (await bench.issue()).split(".")
    token = f"{encoded({**decoded(head), **header})}.{body}.{signature}"

    assert await bench.verify(token) == TokenRefused(why=f"a token whose header has {next(iter(header))}")


@pytest.mark.parametrize("part", [0, 1, 2])
async def test_a_token_of_which_anything_is_changed_is_refused(bench, part):
    parts = (await bench.issue()).split(".")
    for place in (0, len(parts[part]) // 2):
        letter = "A" if parts[part][place] != "A" else "B"
        changed = [*parts]
        changed[part] = parts[part][:place] + letter + parts[part][place + 1 :]

        assert isinstance(await bench.verify(".".join(changed)), TokenRefused)


async def test_the_parts_of_two_tokens_make_none(bench):
    one, other = await bench.issue(), await bench.issue(scope=frozenset({"trigger"}))
    head, body, _ = one.split(".")

    assert await bench.verify(f"{head}.{body}.{other.split('.')[2]}") == TokenRefused(
        why="a token whose signature is not that of its key"
    )


# What has become of them meanwhile


async def test_a_token_is_good_for_fifteen_minutes_to_the_second(bench, clock):
    token = await bench.issue()
    clock.forward(seconds=899)
    assert isinstance(await bench.verify(token), Verified)
    clock.forward(seconds=1)

    assert await bench.verify(token) == TokenRefused(why="a token that has expired")


async def test_the_clock_of_another_server_may_be_a_little_ahead(bench, clock):
    now = int(clock().timestamp())

    assert isinstance(await bench.verify(await bench.forge(claims={"iat": now + 9})), Verified)
    assert await bench.verify(await bench.forge(claims={"iat": now + 11})) == TokenRefused(
        why="a token that is not valid yet"
    )


async def test_a_token_that_was_revoked_is_refused_and_others_of_its_grant_are_not(bench, clock):
    one, other = await bench.issue(jti="one"), await bench.issue(jti="other")
    await bench.do(lambda tx: tx.oauth.revoke_token("one", expires=clock() + timedelta(minutes=15)))

    assert await bench.verify(one) == TokenRefused(why="a token that has been revoked")
    assert isinstance(await bench.verify(other), Verified)


async def test_with_a_grant_end_its_tokens(bench, clock):
    token = await bench.issue()
    await bench.do(lambda tx: tx.oauth.revoke_grant("grant", clock()))

    assert await bench.verify(token) == TokenRefused(why="a token of a grant that has ended")


async def test_with_everything_that_a_person_granted_end_their_tokens(bench, clock):
    token = await bench.issue()
    await bench.do(lambda tx: tx.oauth.revoke_grants_of(ROB.id, clock()))

    assert await bench.verify(token) == TokenRefused(why="a token of a grant that has ended")


async def test_a_disabled_client_has_no_tokens(bench):
    token = await bench.issue()
    await bench.do(lambda tx: tx.oauth.put_client(replace(bench.client, enabled=False)))

    assert await bench.verify(token) == TokenRefused(
        why="a token of a client that is not there or not enabled"
    )


async def test_a_disabled_person_has_no_tokens(bench):
    token = await bench.issue()
    await bench.do(lambda tx: tx.people.put(replace(ROB, status="INACTIVE")))

    assert await bench.verify(token) == TokenRefused(
        why="a token of an account that is not active, or has another name now"
    )


async def test_a_person_who_comes_after_a_deleted_one_of_the_name_inherits_no_token(bench):
    token = await bench.issue()
    await bench.do(lambda tx: tx.people.delete(ROB.id))
    await bench.do(lambda tx: tx.people.put(replace(ROB, id="id of another rob")))

    assert await bench.verify(token) == TokenRefused(why="a token of a grant that has ended")


async def test_a_token_does_not_outlive_the_name_that_it_says(bench):
    token = await bench.issue()
    await bench.do(lambda tx: tx.people.put(replace(ROB, target_name="robert")))
    await bench.do(lambda tx: tx.people.put(Person(id="id of another rob", target_name="rob")))

    assert await bench.verify(token) == TokenRefused(
        why="a token of an account that is not active, or has another name now"
    )


async def test_what_the_client_may_is_taken_from_its_tokens_too(bench):
    token = await bench.issue()
    await bench.do(lambda tx: tx.oauth.put_client(replace(bench.client, scope=frozenset({"read", "write"}))))

    verified = await bench.verify(token)
    assert verified.scope == frozenset({"read"})


async def test_a_token_is_good_for_no_more_than_its_grant_whatever_it_says(bench):
    token = await bench.forge(claims={"scope": "read trigger write admin"})

    verified = await bench.verify(token)
    assert verified.scope == frozenset({"read", "trigger"})


async def test_after_a_rotation_a_token_is_good_as_long_as_it_would_have_been(bench, clock):
    token = await bench.issue()
    await bench.do(bench.tokens.keys.rotate)
    clock.forward(seconds=899)
    assert isinstance(await bench.verify(token), Verified)
    # Whoever had stolen the key could say any time.
    stolen = await bench.forge(claims={"exp": 2_000_000_000})
    head, _, _ = token.split(".")
    assert stolen.split(".")[0] != head
    clock.forward(seconds=1)

    assert await bench.verify(token) == TokenRefused(
        why="a token that was signed with an unknown or retired key"
    )


# Garbage


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "a.b.c.d",
        "a.b.c.d.e",
        "eyJhbGciOiJub25lIn0.e30.",
        " e30.e30.e30",
        "e30.e30.e30\n",
        "e30=.e30=.e30=",
        "é.é.é",
        "e30.e30." + "A" * LONGEST,
        encoded(b"[" * 3000) + ".e30.AA",
        encoded(b'{"alg":' + b"[" * 2000) + ".e30.AA",
        encoded(b"\xff\xfe") + ".e30.AA",
        encoded(b'{"alg":NaN}') + ".e30.AA",
        encoded({"alg": ["RS256"], "typ": "at+jwt"}) + "." + encoded({"iss": HERE}) + ".AA",
        encoded({"alg": "RS256", "typ": None}) + "." + encoded({"iss": HERE}) + ".AA",
        encoded({"alg": "RS256", "typ": "at+jwt", "kid": 1}) + "." + encoded({"iss": HERE}) + ".AA",
        encoded({"alg": "RS256", "typ": "at+jwt"}) + "." + encoded({"iss": [HERE]}) + ".AA",
        encoded({"alg": "RS256", "typ": "at+jwt"}) + "." + encoded([{"iss": HERE}]) + ".AA",
        encoded({"alg": "RS256", "typ": "at+jwt"}) + "." + encoded(b"null") + ".AA",
    ],
)
async def test_what_is_no_token_is_refused(bench, token):
    assert isinstance(await bench.verify(token), TokenRefused)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "alg": st.sampled_from(["RS256", "none", "HS256"]) | json_values,
        "typ": st.sampled_from(["at+jwt", "JWT"]) | json_values,
        "kid": st.just("A" * 43) | json_values,
        "jku": json_values,
        "crit": json_values,
    },
)
claims = st.fixed_dictionaries(
    {},
    optional={"iss": st.just(HERE) | json_values, "aud": json_values, "exp": json_values, "sub": json_values},
)
parts = st.binary(max_size=60).map(encoded) | json_values.map(encoded) | st.text(max_size=20)


@given(st.text() | st.lists(parts, max_size=5).map(".".join))
def test_no_text_whatever_makes_a_reader_stumble(text):
    assert isinstance(read_unverified(text), TokenRefused) or text.count(".") == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(header=headers, claims=claims, signature=st.binary(max_size=300))
async def test_nothing_that_we_did_not_sign_is_good(bench, header, claims, signature):
    token = f"{encoded(header)}.{encoded(claims)}.{encoded(signature)}"

    assert isinstance(await bench.verify(token), TokenRefused)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    header=st.dictionaries(st.sampled_from(["typ", "x", "cty", "kid", "jku"]), json_values, max_size=3),
    claims=st.dictionaries(
        st.sampled_from(["iss", "aud", "exp", "iat", "nbf", "sub", "jti", "scope", "deputize_account", "x"]),
        json_values,
        min_size=1,
    ),
)
async def test_what_a_stolen_key_could_sign_is_rob_in_the_bounds_of_his_grant_or_nobody(
    bench, header, claims
):
    verified = await bench.verify(await bench.forge(header=header, claims=claims))

    assert isinstance(verified, TokenRefused) or (
        verified.account.subject == ROB.id and verified.scope <= bench.grant.scope
    )
