"""The entries of activity streams, on both stores."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from deputize.domain.stored_entry import FEED_START, EntryFilter, FeedPlace
from deputize.domain.stored_run import Visible
from deputize.store import Database
from deputize.store.tables import audit, entries

pytestmark = pytest.mark.anyio

#: A row of the audit stream.
AUDIT = {
    "id": "a",
    "ts": datetime(2018, 4, 17, tzinfo=UTC),
    "actor": "dana",
    "action": "key.issued",
    "target": "x",
    "source": "cli",
    "detail": {},
}


@pytest.fixture
async def append(database, make):
    """Keeps a run with one entry for each dict of fields; returns the entries."""

    async def append(*more, **run):
        run = make.run(**run)
        new = [make.entry(seq, **fields) for seq, fields in enumerate(more, 1)]

        async def add(tx):
            await tx.runs.add(run)
            await tx.entries.append(run.id, new)

        await database.write(add)
        return run, new

    return append


async def test_the_entries_of_a_run_come_back_in_order_as_they_were(database, append):
    run, new = await append(
        {"message": "\0 \ud800 ü"}, {"fields": {"a": [1, None, 0.1, 2**70]}}, {"statusCode": 403}
    )

    assert await database.read(lambda tx: tx.entries.of_run(run.id)) == new
    assert await database.read(lambda tx: tx.entries.of_run(run.id, after_seq=1, limit=1)) == [new[1]]
    assert await database.read(lambda tx: tx.entries.of_run("no run")) == []
    assert await database.read(lambda tx: tx.entries.last_seq(run.id)) == 3
    assert await database.read(lambda tx: tx.entries.last_seq("no run")) == 0


async def test_no_number_is_given_twice_within_a_run(database, append, make):
    run, _ = await append({})

    with pytest.raises(IntegrityError):
        await database.write(lambda tx: tx.entries.append(run.id, [make.entry(1)]))

    assert await database.read(lambda tx: tx.entries.last_seq(run.id)) == 1


@pytest.mark.parametrize("table", [entries, audit])
async def test_a_row_of_a_stream_cannot_be_changed(database, append, table):
    run, new = await append({})

    async def change(tx):
        if table is audit:
            await tx.audit._connection.execute(audit.insert().values(AUDIT))
        await tx.entries._connection.execute(update(table).values(id="changed"))

    with pytest.raises(DBAPIError, match=f"{table.name}: rows are never changed"):
        await database.write(change)

    assert await database.read(lambda tx: tx.entries.of_run(run.id)) == new


async def test_pages_follow_one_another_from_the_newest_to_the_oldest(database, append):
    _, first = await append({}, {}, {})
    _, second = await append({}, {})

    found, before = [], None
    while page := await database.read(lambda tx, before=before: tx.entries.page(before=before, limit=2)):
        found += page
        before = page[-1].position

    assert [each.document for each in found] == [*reversed(second), *reversed(first)]
    assert (found[0].integration_id, found[0].plan_id) == ("integration-1", "plan-1")


async def test_a_position_is_not_given_again_when_the_newest_entries_are_deleted(database, append):
    await append({}, {})
    last = (await database.read(lambda tx: tx.entries.page(limit=1)))[0].position
    await database.write(lambda tx: tx.entries._connection.execute(delete(entries)))

    await append({})

    assert (await database.read(lambda tx: tx.entries.page(limit=1)))[0].position > last


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, "abcdefg"),
        ({"integration_id": "i2"}, "fg"),
        ({"subject": "person-dana"}, "fg"),
        ({"initiator": "dana"}, "fg"),
        ({"kind": "http.exchange"}, "bc"),
        ({"status_code": 403}, "c"),
        ({"text": "lost & found"}, "d"),
        ({"text": "LOST"}, "d"),
        ({"text": "STRASSE"}, "e"),
        ({"text": "100%_"}, "d"),
        ({"text": "%"}, "d"),
        ({"text": "people/bsmith"}, "b"),
        ({"text": "\\"}, "d"),
        ({"text": ""}, "abcdefg"),
        ({"text": "rob"}, ""),
        ({"since": timedelta(hours=1)}, "eg"),
        ({"until": timedelta(hours=1)}, "abcdf"),
        ({"since": timedelta(0), "until": timedelta(hours=1)}, "abcdf"),
        ({"since": timedelta(hours=2)}, ""),
        ({"until": timedelta(0)}, ""),
        ({"initiator": "dana", "since": timedelta(hours=1), "kind": "log"}, "g"),
        ({"initiator": "dana", "kind": "http.exchange"}, ""),
    ],
)
async def test_entries_are_listed_and_followed_by_what_they_are(
    database, append, epoch, follow, wanted, expected
):
    later = {"ts": (epoch + timedelta(hours=1)).isoformat()}
    await append(
        {"id": "a"},
        {"id": "b", "kind": "http.exchange", "statusCode": 200, "request": {"url": "/people/bsmith"}},
        {"id": "c", "kind": "http.exchange", "statusCode": 403},
        {"id": "d", "message": "Lost & Found: 100%_ of C:\\", "fields": {"rows": [1, "x"]}},
        {"id": "e", "message": "Straße", **later},
    )
    await append(
        {"id": "f"},
        {"id": "g", **later},
        integration_id="i2",
        subject="person-dana",
        initiator="dana",
    )
    moments = {
        name: epoch + value if isinstance(value, timedelta) else value for name, value in wanted.items()
    }
    asked = EntryFilter(**moments)

    page = await database.read(lambda tx: tx.entries.page(asked, limit=10))
    followed = await follow(database, FEED_START, len(expected), asked)

    assert "".join(each.document["id"] for each in reversed(page)) == expected
    assert "".join(each.document["id"] for each in followed) == expected


async def test_an_entry_of_an_earlier_time_written_later_is_found_by_its_time(database, append, epoch):
    hour = timedelta(hours=1)
    for name, at in (("a", epoch), ("b", epoch + hour), ("set back", epoch - hour), ("c", epoch + 2 * hour)):
        await append({"id": name, "ts": at.isoformat()})

    async def names(**wanted):
        page = await database.read(lambda tx: tx.entries.page(EntryFilter(**wanted), limit=10))
        return [each.document["id"] for each in page]

    assert await names(until=epoch) == ["set back"]
    assert await names(since=epoch) == ["c", "b", "a"]
    assert await names(since=epoch - hour, until=epoch + hour) == ["set back", "a"]


@pytest.mark.parametrize(
    ("visible", "expected"),
    [
        (Visible(), "abcd"),
        (Visible(plans=frozenset()), ""),
        (Visible(plans=frozenset(), subject="person-rob"), "ad"),
        (Visible(plans=frozenset({"p2"})), "b"),
        (Visible(plans=frozenset({"p1", "p2"}), subject="person-rob"), "abcd"),
        (Visible(plans=frozenset({"p1"} | {f"q{number}" for number in range(200)})), "ac"),
    ],
)
async def test_whoever_lists_or_follows_sees_what_they_may(database, append, follow, visible, expected):
    await append({"id": "a"}, plan_id="p1")
    await append({"id": "b"}, plan_id="p2", subject="person-dana")
    await append({"id": "c"}, plan_id="p1", subject="person-dana")
    await append({"id": "d"}, plan_id=None)

    page = await database.read(lambda tx: tx.entries.page(visible=visible, limit=10))
    two = await database.read(lambda tx: tx.entries.page(visible=visible, limit=2))
    followed = await follow(database, FEED_START, len(expected), visible=visible)

    assert "".join(each.document["id"] for each in reversed(page)) == expected
    assert two == page[:2]
    assert "".join(each.document["id"] for each in followed) == expected


async def test_the_feed_goes_on_after_any_place(database, append, follow):
    _, first = await append({}, {})
    start = await follow(database, FEED_START, 2)
    end = await database.read(lambda tx: tx.entries.end_of_feed())
    _, second = await append({})

    assert [each.document for each in start] == first
    assert end == start[-1].place
    assert [each.document for each in await follow(database, end, 1)] == second
    assert [each.document for each in await follow(database, start[0].place, 2)] == [first[1], *second]


async def test_the_feed_of_a_new_database_ends_where_it_starts(database):
    assert await database.read(lambda tx: tx.entries.end_of_feed()) == FEED_START
    assert FeedPlace(transaction=0, position=1) > FEED_START


async def test_who_follows_the_feed_misses_no_entry_that_is_committed_late(
    postgresql_url, clock, make, follow
):
    """PostgreSQL alone: the late one takes its position first, and commits last."""
    database = Database(postgresql_url, clock=clock)
    await database.open()
    try:
        run, other = make.run(), make.run()

        async def add(tx):
            await tx.runs.add(run)
            await tx.runs.add(other)

        await database.write(add)
        written, released = asyncio.Event(), asyncio.Event()

        async def late(tx):
            await tx.entries.append(run.id, [make.entry(id="late")])
            written.set()
            await released.wait()

        writing = asyncio.create_task(database.write(late))
        await written.wait()
        await database.write(lambda tx: tx.entries.append(other.id, [make.entry(id="early")]))
        meanwhile = await database.read(lambda tx: tx.entries.after(FEED_START, limit=10))
        released.set()
        await writing

        assert meanwhile == []
        followed = await follow(database, FEED_START, 2)
        assert [each.document["id"] for each in followed] == ["late", "early"]
        assert followed[0].place < followed[1].place
    finally:
        await database.close()
