"""Events, comments and audits, on both stores."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from deputize.domain.event import Annotation, Audit

pytestmark = pytest.mark.anyio


async def test_an_event_comes_back_as_it_was_added_by_id_or_number(database, make):
    event = make.event(
        priority="HIGH",
        form_id="form-1",
        plan_id="plan-1",
        properties={"number": "INC1", "Tags": ["a", "b"], "n": 1.5, "on": True, "none": None},
        recipients=("mmcbride", "bsmith|Work Email"),
        options={"expirationInMinutes": 60, "conference": {"name": "bridge"}},
        request_id="request-1",
        chain=("integration-1", "integration-2"),
    )
    await database.write(lambda tx: tx.events.add(event))

    assert await database.read(lambda tx: tx.events.get(event.id)) == event
    assert await database.read(lambda tx: tx.events.get(event.number)) == event
    assert await database.read(lambda tx: tx.events.get("no event")) is None
    assert await database.read(lambda tx: tx.events.all(request_id="request-1")) == [event]
    assert await database.read(lambda tx: tx.events.all(request_id="request-2")) == []


async def test_events_are_listed_newest_first_and_by_number_within_a_moment(database, make, epoch):
    old = make.event(number="900", created=epoch - timedelta(microseconds=1))
    low, high = make.event(number="99"), make.event(number="100")

    async def put(tx):
        for each in (high, old, low):
            await tx.events.add(each)

    await database.write(put)

    assert await database.read(lambda tx: tx.events.all()) == [high, low, old]


async def test_events_are_listed_by_what_they_are(database, make, epoch):
    rob = make.event(submitter_id="person-rob", form="alert", form_id="form-1")
    dana = make.event(submitter_id="person-dana", status="SUSPENDED", form="other", form_id="form-2")
    late = make.event(status="TERMINATED", created=epoch + timedelta(hours=1), priority="LOW", form="")

    async def put(tx):
        for each in (rob, dana, late):
            await tx.events.add(each)

    await database.write(put)

    async def ids(**wanted):
        return [each.id for each in await database.read(lambda tx: tx.events.all(**wanted))]

    assert await ids(submitters={"person-dana"}) == [dana.id]
    assert await ids(submitters=()) == []
    assert await ids(request_id="unknown") == []
    assert await ids(statuses={"ACTIVE", "SUSPENDED"}) == [dana.id, rob.id]
    assert await ids(priorities={"LOW"}) == [late.id]
    assert await ids(form="alert") == await ids(form="form-1") == [rob.id]
    assert await ids(since=epoch + timedelta(hours=1)) == [late.id]
    assert await ids(until=epoch + timedelta(hours=1)) == [dana.id, rob.id]
    assert await ids(statuses={"ACTIVE"}, submitters={"person-dana"}) == []


@pytest.mark.parametrize(("by_priority", "newest_first"), [(False, [3, 2, 4, 1, 0]), (True, [4, 0, 3, 1, 2])])
async def test_a_part_of_the_events_is_taken_in_the_order_that_is_asked_for(
    database, make, epoch, by_priority, newest_first
):
    def event(minute, priority, **more):
        return make.event(created=epoch + timedelta(minutes=minute), priority=priority, **more)

    events = [
        event(0, "HIGH", number="7"),
        event(1, "MEDIUM", number="99"),
        event(2, "LOW", number="8"),
        event(2, "MEDIUM", number="10"),
        event(1, "HIGH", number="100"),
        event(9, "HIGH", status="TERMINATED"),
    ]

    async def put(tx):
        for each in events:
            await tx.events.add(each)

    async def part(**more):
        found = await database.read(
            lambda tx: tx.events.part(by_priority=by_priority, statuses={"ACTIVE"}, **more)
        )
        return [events.index(each) for each in found]

    await database.write(put)

    assert await part() == newest_first
    assert await part(descending=False) == newest_first[::-1]
    assert await part(offset=1, limit=2) == newest_first[1:3]
    assert await part(offset=4, limit=2) == newest_first[4:]
    assert await part(offset=5, limit=1) == []
    assert await database.read(lambda tx: tx.events.matching(statuses={"ACTIVE"})) == 5
    assert await database.read(lambda tx: tx.events.matching()) == 6
    assert await database.read(lambda tx: tx.events.matching(submitters=())) == 0


async def test_the_status_of_an_event_is_changed_and_nothing_else(database, make):
    event, other = make.event(), make.event()

    async def put(tx):
        await tx.events.add(event)
        await tx.events.add(other)
        await tx.events.set_status(event.id, "TERMINATED")

    await database.write(put)

    assert await database.read(lambda tx: tx.events.get(event.id)) == replace(event, status="TERMINATED")
    assert await database.read(lambda tx: tx.events.get(other.id)) == other


async def test_numbers_are_given_once_whoever_asks_at_once(database, make):
    await database.write(lambda tx: tx.events.add(make.event(number="12600002")))

    async def take(tx):
        number = await tx.events.next_number()
        await tx.events.add(make.event(number=number))
        return number

    taken = await asyncio.gather(*(database.write(take) for _ in range(6)))

    assert sorted(taken) == ["12600001", *(str(12600003 + n) for n in range(5))]


async def test_a_number_that_was_not_used_after_all_is_given_again(database):
    async def take_and_fail(tx):
        await tx.events.next_number()
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(take_and_fail)

    assert await database.write(lambda tx: tx.events.next_number()) == "12600001"


async def test_comments_and_audits_are_listed_in_the_order_in_which_they_came(database, make, epoch):
    event, other = make.event(), make.event()

    def comment(number):
        # All at one moment, so that it is not the time that sorts them.
        return Annotation(
            id=f"c{9 - number}", author_id="p", author_name="rob", comment=f"{number}", created=epoch
        )

    def audit(number, kind):
        return Audit(
            id=f"a{9 - number}", event_id=event.id, type=kind, at=epoch, detail={"response": "Ignore"}
        )

    comments = [comment(number) for number in range(3)]
    audits = [audit(0, "EVENT_CREATED"), audit(1, "RESPONSE_RECEIVED"), audit(2, "EVENT_ANNOTATED")]

    async def put(tx):
        await tx.events.add(event)
        await tx.events.add(other)
        for each in comments:
            await tx.events.add_annotation(event.id, each)
        for each in audits:
            await tx.events.add_audit(each)

    await database.write(put)

    assert await database.read(lambda tx: tx.events.annotations(event.id)) == comments
    assert await database.read(lambda tx: tx.events.annotations(other.id)) == []
    assert await database.read(lambda tx: tx.events.annotation(event.id, "c8")) == comments[1]
    assert await database.read(lambda tx: tx.events.annotation(other.id, "c8")) is None
    assert await database.read(lambda tx: tx.events.audits(event.id)) == audits
    wanted = {"EVENT_ANNOTATED", "EVENT_CREATED"}
    assert await database.read(lambda tx: tx.events.audits(event.id, types=wanted)) == [audits[0], audits[2]]
    assert await database.read(lambda tx: tx.events.audits(other.id)) == []


async def test_with_an_event_go_its_comments_and_audits(database, make, epoch):
    event = make.event()

    async def put_and_delete(tx):
        await tx.events.add(event)
        await tx.events.add_annotation(
            event.id, Annotation(id="c", author_id="p", author_name="rob", comment="x", created=epoch)
        )
        await tx.events.add_audit(Audit(id="a", event_id=event.id, type="X", at=epoch, detail={}))
        await tx.events.delete(event.id)

    await database.write(put_and_delete)

    assert await database.read(lambda tx: tx.events.all()) == []
    assert await database.read(lambda tx: tx.events.annotations(event.id)) == []
    assert await database.read(lambda tx: tx.events.audits(event.id)) == []
