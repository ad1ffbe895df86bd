"""Access tokens as this server issues them."""

import json
from datetime import timedelta

import pytest
from joserfc import jws
from joserfc.jwk import RSAKey

from deputize.credentials.access_tokens import AccessTokens
from deputize.credentials.authenticators import Account
from deputize.credentials.master_key import MasterKey
from deputize.credentials.sealing import SealBroken, Sealer
from deputize.credentials.signing_keys import SigningKeys
from deputize.domain.oauth import OAuthClient, OAuthGrant
from deputize.platform.embedded.accounts import EmbeddedAccounts
from deputize.store import Database

pytestmark = pytest.mark.anyio

HERE = "https://deputize.example"
ROB = Account(subject="id of rob", name="rob", display_name="Rob Roy")


@pytest.fixture
async def store(clock):
    store = Database("sqlite+aiosqlite:///:memory:", clock=clock)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def keys():
    return SigningKeys(Sealer(MasterKey(b"k" * 32)))


@pytest.fixture
def issue(store, keys, clock):
    """Issue a token of rob's."""
    tokens = AccessTokens(keys=keys, accounts=EmbeddedAccounts(store), issuer=lambda: HERE)

    async def issue(**more):
        client = OAuthClient(
            id="monitor",
            name="Monitoring",
            grants=frozenset({"password"}),
            scope=frozenset({"trigger", "read"}),
            created=clock(),
            created_by="operator",
        )
        grant = OAuthGrant(
            id="grant 1",
            client_id=client.id,
            person_id=ROB.subject,
            scope=client.scope,
            created=clock(),
            ends=clock() + timedelta(days=30),
        )
        return await store.write(
            lambda tx: tokens.issue(
                tx, client=client, account=ROB, grant=grant, **{"scope": client.scope, **more}
            )
        )

    return issue


def verified(token, key):
    return jws.deserialize_compact(token.reveal(), RSAKey.import_key({**key}), algorithms=["RS256"])


async def test_a_token_says_who_lets_whom_do_what_and_for_how_long(store, keys, issue, clock):
    token = await issue(jti="token 1")

    [key] = await store.read(keys.published)
    read = verified(token, key)
    assert read.headers() == {"typ": "at+jwt", "alg": "RS256", "kid": key["kid"]}
    assert json.loads(read.payload) == {
        "iss": HERE,
        "aud": HERE,
        "sub": "rob",
        "client_id": "monitor",
        "azp": "monitor",
        "jti": "token 1",
        "iat": int(clock().timestamp()),
        "exp": int(clock().timestamp()) + 900,
        "scope": "read trigger",
        "deputize_account": "id of rob",
        "deputize_grant": "grant 1",
    }


async def test_each_token_has_an_id_of_its_own(store, keys, issue):
    tokens = [await issue(), await issue()]

    [key] = await store.read(keys.published)
    ids = {json.loads(verified(token, key).payload)["jti"] for token in tokens}
    assert len(ids) == 2


async def test_a_token_shows_nothing_of_itself(issue):
    token = await issue()

    assert repr(token) == "‹secret:access token›"
    assert str(token) == "‹secret:access token›"


async def test_only_public_halves_are_published(store, keys, issue):
    await issue()

    [key] = await store.read(keys.published)
    assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}
    assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")


async def test_a_private_half_is_not_in_the_database_in_clear(store, keys, issue):
    await issue()

    [kept] = await store.read(lambda tx: tx.oauth.signing_keys())
    [key_id, opened] = await store.write(keys.signing)
    assert kept.id == key_id
    private = opened.as_dict(private=True)
    assert not any(private[part].encode() in kept.sealed for part in ("d", "p", "q"))
    assert "sealed" not in repr(kept)
    assert repr(keys) == "<SigningKeys>"


async def test_a_key_that_was_sealed_with_another_master_key_does_not_sign(store, issue):
    await issue()
    others = SigningKeys(Sealer(MasterKey(b"o" * 32)))

    with pytest.raises(SealBroken, match="cannot be opened"):
        await store.write(others.signing)


async def test_after_a_rotation_the_new_key_signs_and_the_old_one_verifies_what_it_signed(
    store, keys, issue, clock
):
    before = await issue()
    [old] = await store.read(keys.published)
    clock.forward(seconds=1)
    await store.write(keys.rotate)
    after = await issue()

    new, still = await store.read(keys.published)
    assert still == old
    assert verified(after, new).headers()["kid"] == new["kid"] != old["kid"]
    assert verified(before, still).headers()["kid"] == old["kid"]


async def test_a_retired_key_is_gone_when_all_that_it_signed_has_expired(store, keys, issue, clock):
    await issue()
    [old] = await store.read(keys.published)
    await store.write(keys.rotate)
    clock.forward(minutes=15)

    assert old not in await store.read(keys.published)
    assert await store.read(lambda tx: keys.verifying(tx, old["kid"])) is None
    await store.write(keys.rotate)
    assert old["kid"] not in {key.id for key in await store.read(lambda tx: tx.oauth.signing_keys())}
