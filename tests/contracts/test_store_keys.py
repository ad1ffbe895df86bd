"""API keys, their secrets and URL keys, on both stores."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from deputize.domain.keys import ApiKey, ApiSecret, UrlKey

pytestmark = pytest.mark.anyio


@pytest.fixture
async def integrations(database, make):
    """Two integrations of one plan."""
    plan = make.plan()
    first, second = make.integration(plan), make.integration(plan)

    async def put(tx):
        await tx.plans.put(plan)
        await tx.integrations.put(first)
        await tx.integrations.put(second)

    await database.write(put)
    return first.id, second.id


@pytest.fixture
async def secret(database, integrations, epoch):
    """Keeps an API secret of rob at the first integration, unless said otherwise."""

    async def secret(name, **more):
        kept = ApiSecret(
            **{
                "id": name,
                "integration_id": integrations[0],
                "subject": "rob",
                "hash": f"hash of {name}",
                "created": epoch,
                "issued_by": "dana",
                **more,
            }
        )

        async def put(tx):
            await tx.keys.create_api_key(
                ApiKey(id=f"dpk_{kept.subject}", subject=kept.subject, created=epoch)
            )
            await tx.keys.add_secret(kept)

        await database.write(put)
        return kept

    return secret


@pytest.fixture
async def url_key(database, integrations, epoch):
    """Keeps a URL key of rob at the first integration, unless said otherwise."""

    async def url_key(name, **more):
        kept = UrlKey(
            **{
                "id": name,
                "integration_id": integrations[0],
                "subject": "rob",
                "hash": f"hash of {name}",
                "created": epoch,
                "issued_by": "rob",
                **more,
            }
        )
        await database.write(lambda tx: tx.keys.add_url_key(kept))
        return kept

    return url_key


async def test_a_person_has_one_api_key_however_often_one_is_made(database, epoch):
    keys = await asyncio.gather(
        *(
            database.write(
                lambda tx, n=number: tx.keys.create_api_key(
                    ApiKey(id=f"dpk_{n}", subject="rob", created=epoch)
                )
            )
            for number in range(8)
        )
    )

    assert len({key.id for key in keys}) == 1
    assert await database.read(lambda tx: tx.keys.api_key_of("rob")) == keys[0]
    assert await database.read(lambda tx: tx.keys.api_key(keys[0].id)) == keys[0]
    assert await database.read(lambda tx: tx.keys.api_key("dpk_rob")) is None


async def test_a_secret_opens_for_its_person_at_its_integration_only(database, integrations, secret, epoch):
    here, there = integrations
    mine = await secret("mine")
    await secret("elsewhere", integration_id=there)
    await secret("another's", subject="dana")

    assert await database.read(lambda tx: tx.keys.live_secrets(here, "rob", now=epoch)) == [mine]
    assert await database.read(lambda tx: tx.keys.secret("mine")) == mine


async def test_a_secret_that_has_ended_opens_nothing_from_that_moment_on(
    database, integrations, secret, epoch
):
    kept = await secret("s")

    assert await database.write(lambda tx: tx.keys.end_secret("s", epoch))

    async def live(at):
        return await database.read(lambda tx: tx.keys.live_secrets(integrations[0], "rob", now=at))

    ended = replace(kept, ends=epoch)
    assert await live(epoch - timedelta(microseconds=1)) == [ended]
    assert await live(epoch) == []
    assert not ended.live(epoch)
    assert not await database.write(lambda tx: tx.keys.end_secret("s", epoch))
    assert not await database.write(lambda tx: tx.keys.end_secret("nobody's", epoch))


async def test_after_a_rotation_old_and_new_open_until_the_overlap_ends(
    database, integrations, secret, epoch
):
    here, there = integrations
    await secret("revoked", ends=epoch - timedelta(days=1))
    await secret("old")
    elsewhere = await secret("elsewhere", integration_id=there)
    overlap_ends = epoch + timedelta(hours=1)

    await database.write(lambda tx: tx.keys.end_secret("old", overlap_ends))
    await secret("new", created=epoch + timedelta(seconds=1))

    async def names(at):
        found = await database.read(lambda tx: tx.keys.live_secrets(here, "rob", now=at))
        return [each.id for each in found]

    assert await names(overlap_ends - timedelta(microseconds=1)) == ["new", "old"]
    assert await names(overlap_ends) == ["new"]
    assert await database.read(lambda tx: tx.keys.secret("elsewhere")) == elsewhere


async def test_an_end_that_was_set_is_brought_forward_and_never_put_off(database, secret, epoch):
    await secret("s", ends=epoch)

    await database.write(lambda tx: tx.keys.end_secret("s", epoch + timedelta(days=1)))
    assert (await database.read(lambda tx: tx.keys.secret("s"))).ends == epoch
    await database.write(lambda tx: tx.keys.end_secret("s", epoch - timedelta(days=1)))
    assert (await database.read(lambda tx: tx.keys.secret("s"))).ends == epoch - timedelta(days=1)


async def test_a_url_key_is_found_by_its_hash_whether_it_lives_or_not(database, url_key, epoch):
    kept = await url_key("u")

    assert await database.read(lambda tx: tx.keys.url_key_by_hash("hash of u")) == kept
    assert await database.read(lambda tx: tx.keys.url_key_by_hash("u")) is None
    assert await database.write(lambda tx: tx.keys.end_url_key("u", epoch))
    ended = await database.read(lambda tx: tx.keys.url_key_by_hash("hash of u"))
    assert ended == replace(kept, ends=epoch)
    assert not ended.live(epoch)
    assert ended.live(epoch - timedelta(microseconds=1))


async def test_keys_are_listed_by_integration_and_person_the_newest_first(
    database, integrations, secret, url_key, epoch
):
    here, there = integrations
    for keep in (secret, url_key):
        await keep("1")
        await keep("2", created=epoch + timedelta(seconds=1))
        await keep("3", integration_id=there)
        await keep("4", subject="dana")

    async def ids(listing):
        return [each.id for each in await database.read(listing)]

    for list_ in (lambda tx: tx.keys.secrets, lambda tx: tx.keys.url_keys):
        assert await ids(lambda tx, list_=list_: list_(tx)(integration_id=here, subject="rob")) == ["2", "1"]
        assert await ids(lambda tx, list_=list_: list_(tx)(subject="rob")) == ["2", "3", "1"]
        assert await ids(lambda tx, list_=list_: list_(tx)(integration_id=here)) == ["2", "4", "1"]
        assert await ids(lambda tx, list_=list_: list_(tx)()) == ["2", "4", "3", "1"]


async def test_the_last_use_is_noted(database, secret, url_key, epoch):
    await secret("s")
    await url_key("u")

    async def touch(tx):
        await tx.keys.touch_secret("s", epoch)
        await tx.keys.touch_url_key("u", epoch)

    await database.write(touch)

    assert (await database.read(lambda tx: tx.keys.secret("s"))).last_used == epoch
    assert (await database.read(lambda tx: tx.keys.url_key("u"))).last_used == epoch


async def test_with_an_integration_go_the_keys_to_it(database, integrations, secret, url_key):
    here, there = integrations
    for keep in (secret, url_key):
        await keep("here")
        await keep("there", integration_id=there)

    await database.write(lambda tx: tx.integrations.delete(here))

    assert [each.id for each in await database.read(lambda tx: tx.keys.secrets())] == ["there"]
    assert [each.id for each in await database.read(lambda tx: tx.keys.url_keys())] == ["there"]
    assert await database.read(lambda tx: tx.keys.api_key_of("rob")) is not None


async def test_with_a_person_go_their_key_its_secrets_and_their_url_keys(database, secret, url_key):
    for subject in ("rob", "dana"):
        await secret(f"s {subject}", subject=subject)
        await url_key(f"u {subject}", subject=subject)

    await database.write(lambda tx: tx.people.delete("rob"))

    assert await database.read(lambda tx: tx.keys.api_key_of("rob")) is None
    assert [each.id for each in await database.read(lambda tx: tx.keys.secrets())] == ["s dana"]
    assert [each.id for each in await database.read(lambda tx: tx.keys.url_keys())] == ["u dana"]
