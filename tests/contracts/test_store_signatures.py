"""Signing secrets, and the signatures that have been seen, on both stores."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from deputize.domain.keys import SigningSecret

pytestmark = pytest.mark.anyio

MOMENT = timedelta(microseconds=1)


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
    """Keeps a signing secret of rob at the first integration, unless said otherwise."""

    async def secret(name, **more):
        kept = SigningSecret(
            **{
                "id": name,
                "integration_id": integrations[0],
                "subject": "rob",
                "sealed": b"\x01sealed\x00\xff",
                "created": epoch,
                "issued_by": "dana",
                **more,
            }
        )
        await database.write(lambda tx: tx.signatures.add_secret(kept))
        return kept

    return secret


@pytest.fixture
def see(database, integrations, epoch):
    """Sees a signature at the first integration, unless said otherwise; tells whether it was new."""

    async def see(hashed, *, where=None, run_id="run-1", expires=None):
        return await database.write(
            lambda tx: tx.signatures.see(
                where or integrations[0], hashed, run_id=run_id, at=epoch, expires=expires
            )
        )

    return see


async def test_a_secret_is_kept_as_it_was_sealed(database, secret):
    kept = await secret("s")

    assert await database.read(lambda tx: tx.signatures.secret("s")) == kept
    assert await database.read(lambda tx: tx.signatures.secret("nobody's")) is None
    assert "sealed" not in repr(kept)


async def test_several_secrets_of_several_people_live_at_an_integration(
    database, integrations, secret, epoch
):
    here, there = integrations
    await secret("1")
    await secret("2", created=epoch + timedelta(seconds=1))
    await secret("3", subject="dana")
    await secret("ended", ends=epoch)
    await secret("ending", ends=epoch + MOMENT, created=epoch - MOMENT)
    await secret("elsewhere", integration_id=there)

    async def live(at):
        return [each.id for each in await database.read(lambda tx: tx.signatures.live_secrets(here, now=at))]

    assert await live(epoch) == ["2", "3", "1", "ending"]
    assert await live(epoch + MOMENT) == ["2", "3", "1"]


async def test_an_end_that_was_set_is_brought_forward_and_never_put_off(database, secret, epoch):
    kept = await secret("s", ends=epoch)

    async def end(at):
        return await database.write(lambda tx: tx.signatures.end_secret("s", at))

    assert not await end(epoch + timedelta(days=1))
    assert not await end(epoch)
    assert await end(epoch - timedelta(days=1))
    assert await database.read(lambda tx: tx.signatures.secret("s")) == replace(
        kept, ends=epoch - timedelta(days=1)
    )
    assert not await database.write(lambda tx: tx.signatures.end_secret("nobody's", epoch))


async def test_secrets_are_listed_by_integration_and_person_the_newest_first(
    database, integrations, secret, epoch
):
    here, there = integrations
    await secret("1")
    await secret("2", created=epoch + timedelta(seconds=1), ends=epoch)
    await secret("3", integration_id=there)
    await secret("4", subject="dana")

    async def ids(**wanted):
        return [each.id for each in await database.read(lambda tx: tx.signatures.secrets(**wanted))]

    assert await ids(integration_id=here, subject="rob") == ["2", "1"]
    assert await ids(subject="rob") == ["2", "3", "1"]
    assert await ids(integration_id=here) == ["2", "4", "1"]
    assert await ids() == ["2", "4", "3", "1"]


async def test_the_last_use_is_noted(database, secret, epoch):
    await secret("s")
    await database.write(lambda tx: tx.signatures.touch_secret("s", epoch))

    assert (await database.read(lambda tx: tx.signatures.secret("s"))).last_used == epoch


async def test_with_an_integration_or_a_person_go_their_secrets(database, integrations, secret):
    here, there = integrations
    await secret("rob's here")
    await secret("rob's there", integration_id=there)
    await secret("dana's there", integration_id=there, subject="dana")

    await database.write(lambda tx: tx.integrations.delete(here))
    assert [each.id for each in await database.read(lambda tx: tx.signatures.secrets())] == [
        "rob's there",
        "dana's there",
    ]
    await database.write(lambda tx: tx.people.delete("rob"))
    assert [each.id for each in await database.read(lambda tx: tx.signatures.secrets())] == ["dana's there"]


async def test_a_signature_is_seen_once_at_its_integration(database, integrations, see):
    here, there = integrations

    assert await see("a", run_id="first")
    assert not await see("a", run_id="second")
    assert await see("b", run_id="other")
    assert await see("a", where=there, run_id="elsewhere")

    async def run_of(where, hashed):
        return await database.read(lambda tx: tx.signatures.run_of(where, hashed))

    assert [await run_of(here, "a"), await run_of(here, "b"), await run_of(there, "a")] == [
        "first",
        "other",
        "elsewhere",
    ]
    assert await run_of(there, "b") is None


async def test_of_many_at_once_one_sees_it_first(database, integrations, see):
    new = await asyncio.gather(*(see("a", run_id=f"run-{number}") for number in range(10)))

    seen_by = await database.read(lambda tx: tx.signatures.run_of(integrations[0], "a"))
    assert sum(new) == 1
    assert seen_by == f"run-{new.index(True)}"


async def test_what_has_a_time_is_forgotten_after_it_and_the_rest_never(database, see, epoch):
    await see("timed", expires=epoch + timedelta(seconds=1))
    await see("untimed")

    async def forget(at):
        await database.write(lambda tx: tx.signatures.delete_expired(at))

    await forget(epoch + timedelta(seconds=1) - MOMENT)
    assert not await see("timed")
    await forget(epoch + timedelta(seconds=1))
    assert await see("timed")
    await forget(epoch + timedelta(days=36500))
    assert not await see("untimed")


async def test_with_an_integration_goes_what_was_seen_there(database, integrations, see):
    await see("a")
    await database.write(lambda tx: tx.integrations.delete(integrations[0]))

    assert await database.read(lambda tx: tx.signatures.run_of(integrations[0], "a")) is None
