"""Clients of OAuth, grants, codes, refresh tokens and signing keys, on both stores."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from deputize.domain.oauth import AuthorizationCode, OAuthClient, OAuthGrant, RefreshToken, SigningKey

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


@pytest.fixture
def client(epoch):
    return OAuthClient(
        id="dpc_1",
        name="Wallboard",
        redirect_uris=("https://wall.example/back", "com.example.wall:/back"),
        grants=frozenset({"authorization_code", "refresh_token"}),
        scope=frozenset({"read", "trigger"}),
        secret_hash="hash of a secret",
        created=epoch,
        created_by="operator",
    )


@pytest.fixture
async def grant(database, client, make, epoch):
    """Keeps a grant of rob to the client, unless said otherwise."""
    rob = make.person("rob")

    async def put_both(tx):
        await tx.people.put(rob)
        await tx.oauth.put_client(client)

    await database.write(put_both)

    async def grant(name="grant", **more):
        kept = OAuthGrant(
            **{
                "id": name,
                "client_id": client.id,
                "person_id": rob.id,
                "scope": frozenset({"read"}),
                "created": epoch,
                "ends": epoch + HOUR,
                **more,
            }
        )
        await database.write(lambda tx: tx.oauth.put_grant(kept))
        return kept

    return grant


def code_of(grant, epoch, hashed="code"):
    return AuthorizationCode(
        hash=hashed,
        grant_id=grant.id,
        redirect_uri="https://wall.example/back",
        challenge="c" * 43,
        expires=epoch + timedelta(seconds=60),
    )


def token_of(grant, epoch, hashed="token", **more):
    return RefreshToken(
        **{"hash": hashed, "grant_id": grant.id, "issued": epoch, "expires": epoch + HOUR, **more}
    )


async def keep(database, *things):
    async def work(tx):
        for each in things:
            add = tx.oauth.add_code if isinstance(each, AuthorizationCode) else tx.oauth.add_refresh_token
            await add(each)

    await database.write(work)


async def test_a_client_is_kept_as_it_is(database, client):
    await database.write(lambda tx: tx.oauth.put_client(client))
    public = replace(client, id="dpc_2", name="App", secret_hash=None, mobile=True, enabled=False)
    await database.write(lambda tx: tx.oauth.put_client(public))

    assert await database.read(lambda tx: tx.oauth.client("dpc_1")) == client
    assert await database.read(lambda tx: tx.oauth.client("dpc_3")) is None
    assert await database.read(lambda tx: tx.oauth.clients()) == [public, client]


async def test_a_client_is_written_over_itself(database, client):
    renamed = replace(client, name="Board", redirect_uris=())
    await database.write(lambda tx: tx.oauth.put_client(client))
    await database.write(lambda tx: tx.oauth.put_client(renamed))

    assert await database.read(lambda tx: tx.oauth.clients()) == [renamed]


async def test_the_grants_of_a_person_come_newest_first(database, grant, epoch):
    old, new = await grant("old"), await grant("new", created=epoch + HOUR, ends=epoch + 2 * HOUR)

    assert await database.read(lambda tx: tx.oauth.grants_of(old.person_id)) == [new, old]
    assert await database.read(lambda tx: tx.oauth.grants_of("nobody")) == []


async def test_a_grant_is_revoked_once(database, grant, epoch):
    await grant()

    revoked = [await database.write(lambda tx: tx.oauth.revoke_grant("grant", epoch)) for _ in range(2)]
    kept = await database.read(lambda tx: tx.oauth.grant("grant"))

    assert revoked == [True, False]
    assert (kept.revoked, kept.live(epoch)) == (epoch, False)


async def test_a_revoked_grant_is_not_prolonged(database, grant, epoch):
    await grant()
    await database.write(lambda tx: tx.oauth.revoke_grant("grant", epoch))

    prolonged = await database.write(lambda tx: tx.oauth.prolong_grant("grant", epoch + 2 * HOUR))

    assert prolonged is False
    assert (await database.read(lambda tx: tx.oauth.grant("grant"))).ends == epoch + HOUR


async def test_a_grant_is_prolonged_and_never_shortened(database, grant, epoch):
    await grant()
    ends = []
    for until in (epoch + 2 * HOUR, epoch):
        assert await database.write(lambda tx, until=until: tx.oauth.prolong_grant("grant", until))
        ends.append((await database.read(lambda tx: tx.oauth.grant("grant"))).ends)

    assert ends == [epoch + 2 * HOUR, epoch + 2 * HOUR]


async def test_everything_that_a_person_has_granted_is_revoked_at_once(database, grant, epoch):
    rob = (await grant("live")).person_id
    await grant("revoked", revoked=epoch - HOUR)
    await grant("over", ends=epoch)

    count = await database.write(lambda tx: tx.oauth.revoke_grants_of(rob, epoch))
    left = await database.read(lambda tx: tx.oauth.grants_of(rob))

    assert count == 1
    assert not any(each.live(epoch) for each in left)


async def test_of_two_uses_of_a_code_at_once_one_counts(database, grant, epoch):
    await keep(database, code_of(await grant(), epoch))

    async def use(tx):
        return await tx.oauth.use_code("code", epoch)

    used = await asyncio.gather(*(database.write(use) for _ in range(5)))

    assert sorted(used) == [False, False, False, False, True]
    assert (await database.read(lambda tx: tx.oauth.code("code"))).used == epoch


async def test_of_two_uses_of_a_refresh_token_at_once_one_counts(database, grant, epoch):
    await keep(database, token_of(await grant(), epoch))

    async def use(tx):
        return await tx.oauth.use_refresh_token("token", epoch)

    used = await asyncio.gather(*(database.write(use) for _ in range(5)))

    assert sorted(used) == [False, False, False, False, True]
    assert (await database.read(lambda tx: tx.oauth.refresh_token("token"))).used == epoch


async def test_what_is_not_there_is_not_used(database, epoch):
    assert await database.write(lambda tx: tx.oauth.use_code("none", epoch)) is False
    assert await database.write(lambda tx: tx.oauth.use_refresh_token("none", epoch)) is False
    assert await database.read(lambda tx: tx.oauth.code("none")) is None
    assert await database.read(lambda tx: tx.oauth.refresh_token("none")) is None


async def test_a_revoked_grant_is_known_with_what_was_used_until_its_time_is_over(database, grant, epoch):
    given = await grant()
    used = token_of(given, epoch, used=epoch)
    await keep(database, code_of(given, epoch), used)
    await database.write(lambda tx: tx.oauth.revoke_grant("grant", epoch))

    await database.write(lambda tx: tx.oauth.delete_ended(epoch + HOUR - timedelta(seconds=1)))
    before = await database.read(lambda tx: tx.oauth.refresh_token("token"))
    await database.write(lambda tx: tx.oauth.delete_ended(epoch + HOUR))

    assert before == used
    assert await database.read(lambda tx: tx.oauth.grant("grant")) is None
    assert await database.read(lambda tx: tx.oauth.code("code")) is None
    assert await database.read(lambda tx: tx.oauth.refresh_token("token")) is None


async def test_refresh_tokens_that_have_expired_are_forgotten_while_their_grant_goes_on(
    database, grant, epoch
):
    given = await grant(ends=epoch + 2 * HOUR)
    later = token_of(given, epoch, "later", expires=epoch + 2 * HOUR)
    await keep(database, token_of(given, epoch), later)

    await database.write(lambda tx: tx.oauth.delete_ended(epoch + HOUR))

    assert await database.read(lambda tx: tx.oauth.refresh_token("token")) is None
    assert await database.read(lambda tx: tx.oauth.refresh_token("later")) == later
    assert await database.read(lambda tx: tx.oauth.grant("grant")) == given


async def test_with_a_person_goes_what_they_have_granted(database, grant, client, epoch):
    given = await grant()
    await keep(database, code_of(given, epoch), token_of(given, epoch))

    await database.write(lambda tx: tx.people.delete(given.person_id))

    assert await database.read(lambda tx: tx.oauth.grant("grant")) is None
    assert await database.read(lambda tx: tx.oauth.code("code")) is None
    assert await database.read(lambda tx: tx.oauth.refresh_token("token")) is None
    assert await database.read(lambda tx: tx.oauth.client(client.id)) == client


async def test_an_access_token_is_revoked_until_it_expires(database, epoch):
    for _ in range(2):
        await database.write(lambda tx: tx.oauth.revoke_token("jti", expires=epoch + HOUR))

    assert await database.read(lambda tx: tx.oauth.token_revoked("jti"))
    assert not await database.read(lambda tx: tx.oauth.token_revoked("another"))
    await database.write(lambda tx: tx.oauth.delete_ended(epoch + HOUR))
    assert not await database.read(lambda tx: tx.oauth.token_revoked("jti"))


async def test_signing_keys_come_newest_first_and_are_forgotten_when_nothing_they_signed_can_live(
    database, epoch
):
    old = SigningKey(id="old", public={"kty": "RSA"}, sealed=b"1", created=epoch, retired=epoch + HOUR)
    new = SigningKey(id="new", public={"kty": "RSA"}, sealed=b"2", created=epoch + HOUR)
    for each in (old, new):
        await database.write(lambda tx, each=each: tx.oauth.put_signing_key(each))

    assert await database.read(lambda tx: tx.oauth.signing_keys()) == [new, old]
    await database.write(lambda tx: tx.oauth.delete_signing_keys(retired_before=epoch + HOUR / 2))
    assert await database.read(lambda tx: tx.oauth.signing_keys()) == [new, old]
    await database.write(lambda tx: tx.oauth.delete_signing_keys(retired_before=epoch + HOUR))
    assert await database.read(lambda tx: tx.oauth.signing_keys()) == [new]


@pytest.mark.parametrize("number", range(3))
def test_what_is_kept_shows_no_hash(client, epoch, number):
    grant = OAuthGrant(id="g", client_id="c", person_id="p", scope=frozenset(), created=epoch, ends=epoch)
    kept = (client, code_of(grant, epoch, "hash of a code"), token_of(grant, epoch, "hash of a token"))

    assert "hash of" not in repr(kept[number])
