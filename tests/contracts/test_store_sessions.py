"""Sessions of people who have signed in, on both stores."""

from datetime import timedelta

import pytest

from deputize.domain.person import Person
from deputize.domain.session import Session

pytestmark = pytest.mark.anyio


@pytest.fixture
async def session(database, epoch):
    """Keeps a session of rob, unless said otherwise."""
    for name in ("rob", "dana"):
        person = Person(id=name, target_name=name)
        await database.write(lambda tx, person=person: tx.people.put(person))

    async def session(hashed, **more):
        kept = Session(
            **{
                "hash": hashed,
                "person_id": "rob",
                "password_changed": epoch,
                "source": "192.0.2.1",
                "created": epoch,
                "used": epoch,
                **more,
            }
        )
        await database.write(lambda tx: tx.sessions.add(kept))
        return kept

    return session


async def get(database, hashed):
    return await database.read(lambda tx: tx.sessions.get(hashed))


async def test_a_session_is_found_by_the_hash_of_its_token(database, session):
    kept = await session("h1")
    by_no_password = await session("h2", person_id="dana", password_changed=None)

    assert [await get(database, each) for each in ("h1", "h2", "h3")] == [kept, by_no_password, None]


async def test_when_it_was_used_last_is_kept(database, session, epoch):
    await session("h1")

    await database.write(lambda tx: tx.sessions.use("h1", epoch + timedelta(hours=1)))

    assert (await get(database, "h1")).used == epoch + timedelta(hours=1)


async def test_a_session_is_ended_once(database, session):
    await session("h1")

    assert [await database.write(lambda tx: tx.sessions.delete("h1")) for _ in range(2)] == [True, False]
    assert await get(database, "h1") is None


async def test_what_was_opened_or_used_too_long_ago_is_removed(database, session, epoch):
    hour = timedelta(hours=1)
    await session("old", created=epoch - 3 * hour, used=epoch)
    await session("unused", created=epoch, used=epoch - 2 * hour)
    await session("kept", created=epoch - 2 * hour, used=epoch - hour)

    await database.write(
        lambda tx: tx.sessions.delete_old(opened_before=epoch - 2 * hour, unused_since=epoch - hour)
    )

    found = {each for each in ("old", "unused", "kept") if await get(database, each) is not None}
    assert found == {"kept"}


async def test_a_person_who_is_deleted_leaves_no_session(database, session):
    await session("h1")
    await session("h2", person_id="dana")

    await database.write(lambda tx: tx.people.delete("rob"))

    assert await get(database, "h1") is None
    assert await get(database, "h2") is not None
