"""Devices, groups, shifts, supervisors and the recipients of events, on both stores."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from deputize.domain.device import Device
from deputize.domain.group import Group, Member, Recurrence, Shift, ShiftMember
from deputize.domain.recipient import EventRecipient
from deputize.domain.stored_run import RunFilter

pytestmark = pytest.mark.anyio

START = datetime(2018, 4, 17, 9, 30, tzinfo=UTC)
OPS = Group(
    id="g-ops",
    target_name="ops",
    description="at night",
    status="INACTIVE",
    allow_duplicates=False,
    use_default_devices=False,
    observed_by_all=False,
    observers=frozenset({"Standard User", "Ärzte"}),
)
NIGHT = Shift(
    id="s-night",
    group_id="g-ops",
    name="Night",
    description="long",
    start=START,
    end=START + timedelta(hours=8),
    timezone="Europe/Vienna",
    recurrence=Recurrence(
        frequency="WEEKLY", every=2, days=frozenset({"MO", "TU"}), until=date(2019, 1, 1), times=7
    ),
)


def device(owner, name, **more):
    return Device(
        **{
            "id": f"d-{name}",
            "owner_id": owner.id,
            "name": name,
            "type": "EMAIL",
            "address": "a@b.example",
            **more,
        }
    )


@pytest.fixture
async def people(database, make):
    """Three people who are there."""
    people = [make.person(name) for name in ("dana", "rob", "will")]

    async def put(tx):
        for each in people:
            await tx.people.put(each)

    await database.write(put)
    return people


async def test_a_device_comes_back_as_it_was_put(database, people):
    dana, rob, _ = people
    mail = device(
        dana, "Work Email", sequence=2, delay=5, priority_threshold="HIGH", status="INACTIVE", type="VOICE"
    )

    async def put(tx):
        await tx.devices.put(device(dana, "Work Email"))
        await tx.devices.put(mail)
        await tx.devices.put(device(dana, "SMS", sequence=1))
        await tx.devices.put(device(rob, "Pager"))

    await database.write(put)

    assert await database.read(lambda tx: tx.devices.get(mail.id)) == mail
    assert await database.read(lambda tx: tx.devices.by_name(dana.id, "Work Email")) == mail
    assert await database.read(lambda tx: tx.devices.by_name(rob.id, "Work Email")) is None
    assert [each.name for each in await database.read(lambda tx: tx.devices.of_owner(dana.id))] == [
        "SMS",
        "Work Email",
    ]
    assert len(await database.read(lambda tx: tx.devices.all())) == 3


async def test_devices_go_alone_or_with_their_owner(database, people):
    dana, _, _ = people

    async def put(tx):
        await tx.devices.put(device(dana, "SMS"))
        await tx.devices.put(device(dana, "Pager"))

    await database.write(put)
    await database.write(lambda tx: tx.devices.delete("d-SMS"))
    assert [each.id for each in await database.read(lambda tx: tx.devices.all())] == ["d-Pager"]

    await database.write(lambda tx: tx.people.delete(dana.id))
    assert await database.read(lambda tx: tx.devices.all()) == []


async def test_a_group_comes_back_as_it_was_put_supervisors_included(database, people):
    dana, rob, _ = people
    first = replace(OPS, supervisors=frozenset({dana.id}))
    second = replace(OPS, target_name="ops 2", supervisors=frozenset({rob.id}), observers=frozenset())

    await database.write(lambda tx: tx.groups.put(first))
    assert await database.read(lambda tx: tx.groups.get("g-ops")) == first
    await database.write(lambda tx: tx.groups.put(second))

    assert await database.read(lambda tx: tx.groups.all()) == [second]
    assert await database.read(lambda tx: tx.groups.by_name("ops 2")) == second
    assert await database.read(lambda tx: tx.groups.find("g-ops")) == second
    assert await database.read(lambda tx: tx.groups.by_name("ops")) is None
    await database.write(lambda tx: tx.people.delete(rob.id))
    assert (await database.read(lambda tx: tx.groups.get("g-ops"))).supervisors == frozenset()


@pytest.fixture
async def group(database, people):
    """A group whose members are a person, a device and another group, in that order."""
    dana, rob, _ = people

    async def put(tx):
        await tx.devices.put(device(rob, "SMS"))
        for each in (OPS, Group(id="g-night", target_name="night")):
            await tx.groups.put(each)
        for kind, key in (("PERSON", dana.id), ("DEVICE", "d-SMS"), ("GROUP", "g-night")):
            await tx.groups.add_member(Member(id=f"m-{kind}", group_id="g-ops", type=kind, recipient_id=key))
        await tx.shifts.put(NIGHT)

    await database.write(put)
    return OPS


async def test_members_are_people_devices_and_groups_in_the_order_in_which_they_came(database, group, people):
    members = await database.read(lambda tx: tx.groups.members("g-ops"))

    assert [(each.type, each.recipient_id) for each in members] == [
        ("PERSON", people[0].id),
        ("DEVICE", "d-SMS"),
        ("GROUP", "g-night"),
    ]
    assert await database.read(lambda tx: tx.groups.member("g-ops", "g-night")) == members[2]
    assert await database.read(lambda tx: tx.groups.member("g-night", "d-SMS")) is None
    assert await database.read(lambda tx: tx.groups.of_member("DEVICE", "d-SMS")) == [members[1]]


async def test_what_a_member_is_takes_its_membership_along(database, group, people):
    async def delete(tx):
        await tx.people.delete(people[0].id)
        await tx.devices.delete("d-SMS")
        await tx.groups.delete("g-night")

    await database.write(delete)

    assert await database.read(lambda tx: tx.groups.members("g-ops")) == []


async def test_a_shift_comes_back_as_it_was_put(database, group):
    forever = replace(NIGHT, id="s-forever", name="Forever", recurrence=Recurrence())
    await database.write(lambda tx: tx.shifts.put(forever))

    assert await database.read(lambda tx: tx.shifts.find("g-ops", "Night")) == NIGHT
    assert await database.read(lambda tx: tx.shifts.find("g-ops", "s-night")) == NIGHT
    assert await database.read(lambda tx: tx.shifts.find("g-night", "Night")) is None
    assert await database.read(lambda tx: tx.shifts.of_group("g-ops")) == [forever, NIGHT]
    await database.write(lambda tx: tx.shifts.delete("s-night"))
    assert await database.read(lambda tx: tx.shifts.of_group("g-ops")) == [forever]


async def test_places_in_a_shift_are_taken_left_and_go_with_the_member(database, group):
    members = await database.read(lambda tx: tx.groups.members("g-ops"))
    first = ShiftMember(member=members[0], position=1, delay=3, escalation_type="Peer", in_rotation=True)
    second = ShiftMember(member=members[1], position=4)

    async def put(tx):
        assert await tx.shifts.next_position("s-night") == 1
        await tx.shifts.put_member("s-night", replace(second, position=1))
        await tx.shifts.put_member("s-night", first)
        await tx.shifts.put_member("s-night", second)
        return await tx.shifts.next_position("s-night")

    assert await database.write(put) == 5
    assert await database.read(lambda tx: tx.shifts.members("s-night")) == [first, second]
    assert await database.write(lambda tx: tx.shifts.remove_member("s-night", second.member.id))
    assert not await database.write(lambda tx: tx.shifts.remove_member("s-night", second.member.id))
    await database.write(lambda tx: tx.groups.remove_member(first.member.id))
    assert await database.read(lambda tx: tx.shifts.members("s-night")) == []


async def test_supervisors_are_those_who_were_put_last(database, people):
    dana, rob, will = people

    async def put(tx):
        await tx.supervisors.put(rob.id, {dana.id, will.id})
        await tx.supervisors.put(will.id, {dana.id})
        await tx.supervisors.put(rob.id, {dana.id})

    await database.write(put)

    assert await database.read(lambda tx: tx.supervisors.of_person(rob.id)) == {dana.id}
    assert await database.read(lambda tx: tx.supervisors.supervised_by(dana.id)) == {rob.id, will.id}
    assert await database.read(lambda tx: tx.supervisors.all()) == {
        rob.id: frozenset({dana.id}),
        will.id: frozenset({dana.id}),
    }
    await database.write(lambda tx: tx.people.delete(dana.id))
    assert await database.read(lambda tx: tx.supervisors.all()) == {}


async def test_recipients_of_an_event_stay_when_they_are_gone(database, make, people):
    dana = people[0]
    event = make.event(options={"expirationInMinutes": 5, "responseOptions": [{"number": 1, "text": "Yes"}]})
    told = [
        EventRecipient(type="GROUP", id="g", target_name="ops", person_id=None, targeted=True),
        EventRecipient(type="PERSON", id=dana.id, target_name="dana", person_id=dana.id, targeted=False),
    ]

    async def put(tx):
        await tx.events.add(event)
        await tx.recipients.add(event.id, told)
        await tx.recipients.add(event.id, [])

    await database.write(put)
    await database.write(lambda tx: tx.people.delete(dana.id))

    assert await database.read(lambda tx: tx.events.get(event.id)) == event
    assert await database.read(lambda tx: tx.recipients.of_event(event.id)) == told
    await database.write(lambda tx: tx.events.delete(event.id))
    assert await database.read(lambda tx: tx.recipients.of_event(event.id)) == []


async def test_a_part_of_the_runs_is_counted_from_the_newest(database, make):
    runs = [make.run(integration_id="i", queued=START + timedelta(seconds=second)) for second in range(5)]

    async def add(tx):
        for run in (*runs, make.run(integration_id="another")):
            await tx.runs.add(run)

    await database.write(add)
    wanted = RunFilter(integration_id="i")

    part = await database.read(lambda tx: tx.runs.part(wanted, offset=1, limit=2))
    assert [each.id for each in part] == [runs[3].id, runs[2].id]
    assert await database.read(lambda tx: tx.runs.matching(wanted)) == 5
