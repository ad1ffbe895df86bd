"""Audit records and remembered requests, on both stores."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from deputize.domain.audit import AuditRecord
from deputize.domain.idempotency import RememberedRequest

pytestmark = pytest.mark.anyio


@pytest.fixture
def act(database, epoch):
    """Keeps an audit record."""

    async def act(name, **more):
        kept = AuditRecord(
            **{
                "id": name,
                "ts": epoch,
                "actor": "dana",
                "action": "key.issued",
                "target": "integration:sync",
                "source": "127.0.0.1",
                "detail": {"subject": "rob"},
                **more,
            }
        )
        await database.write(lambda tx: tx.audit.add(kept))
        return kept

    return act


async def test_audit_records_are_paged_from_the_newest_to_the_oldest(database, act):
    kept = [await act(name) for name in "abc"]

    first = await database.read(lambda tx: tx.audit.page(limit=2))
    second = await database.read(lambda tx: tx.audit.page(limit=2, before=first[-1].position))

    found = [*first, *second]
    assert [replace(each, position=0) for each in found] == kept[::-1]
    assert found[0].position > found[1].position > found[2].position > 0


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"actor": "rob"}, "b"),
        ({"action": "key.revoked"}, "c"),
        ({"target": "user:rob"}, "d"),
        ({"since": timedelta(hours=1)}, "e"),
        ({"until": timedelta(hours=1)}, "dcba"),
        ({"actor": "dana", "action": "key.issued", "until": timedelta(hours=1)}, "da"),
        ({"actor": "rob", "action": "key.revoked"}, ""),
    ],
)
async def test_audit_records_are_listed_by_what_they_are(database, act, epoch, wanted, expected):
    await act("a")
    await act("b", actor="rob")
    await act("c", action="key.revoked")
    await act("d", target="user:rob")
    await act("e", ts=epoch + timedelta(hours=1))
    moments = {
        name: epoch + value if isinstance(value, timedelta) else value for name, value in wanted.items()
    }

    page = await database.read(lambda tx: tx.audit.page(limit=10, **moments))

    assert "".join(each.id for each in page) == expected


@pytest.fixture
def request_of(epoch):
    def request_of(subject="rob", key="k", **more):
        return RememberedRequest(
            **{
                "subject": subject,
                "key": key,
                "request_hash": "hash",
                "run_id": "run-1",
                "created": epoch,
                **more,
            }
        )

    return request_of


async def test_of_many_who_make_one_request_at_once_one_reserves_it(database, request_of, epoch):
    requests = [request_of(run_id=f"run-{number}") for number in range(6)]

    reserved = await asyncio.gather(
        *(database.write(lambda tx, each=each: tx.idempotency.reserve(each)) for each in requests)
    )

    assert sorted(reserved) == [False] * 5 + [True]
    assert (
        await database.read(lambda tx: tx.idempotency.find("rob", "k", now=epoch))
        == requests[reserved.index(True)]
    )


async def test_a_key_is_its_callers_own(database, request_of, epoch):
    mine, another = request_of(), request_of(subject="dana", run_id="run-2")

    assert await database.write(lambda tx: tx.idempotency.reserve(mine))
    assert await database.write(lambda tx: tx.idempotency.reserve(another))

    assert await database.read(lambda tx: tx.idempotency.find("rob", "k", now=epoch)) == mine
    assert await database.read(lambda tx: tx.idempotency.find("dana", "k", now=epoch)) == another
    assert await database.read(lambda tx: tx.idempotency.find("rob", "K", now=epoch)) is None


async def test_a_request_is_forgotten_after_a_day_to_the_microsecond(database, request_of, epoch):
    day, moment = timedelta(hours=24), timedelta(microseconds=1)
    first = request_of()
    again = request_of(run_id="run-2", created=epoch + day)
    await database.write(lambda tx: tx.idempotency.reserve(first))

    assert await database.read(lambda tx: tx.idempotency.find("rob", "k", now=epoch + day - moment)) == first
    assert await database.read(lambda tx: tx.idempotency.find("rob", "k", now=epoch + day)) is None
    too_early = request_of(created=epoch + day - moment)
    assert not await database.write(lambda tx: tx.idempotency.reserve(too_early))
    assert await database.write(lambda tx: tx.idempotency.reserve(again))
    assert await database.read(lambda tx: tx.idempotency.find("rob", "k", now=epoch + day)) == again


async def test_expired_requests_are_deleted_and_no_others(database, request_of, epoch):
    async def sweep(tx):
        await tx.idempotency.reserve(request_of(key="old"))
        await tx.idempotency.reserve(request_of(key="young", created=epoch + timedelta(seconds=1)))
        await tx.idempotency.delete_expired(epoch + timedelta(hours=24))

    await database.write(sweep)

    assert await database.read(lambda tx: tx.idempotency.find("rob", "old", now=epoch)) is None
    assert await database.read(lambda tx: tx.idempotency.find("rob", "young", now=epoch)) is not None
