"""People, devices and groups by their ids or names, as those who can be told of something."""

from dataclasses import dataclass

from deputize.domain.device import SEPARATOR, Device
from deputize.domain.group import Group, Member
from deputize.domain.person import Person
from deputize.domain.recipient import EventRecipient, RecipientType
from deputize.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """A person, a device with its owner, or a group."""

    type: RecipientType
    id: str
    #: The name of a person or group, or ``person|device``.
    target_name: str
    #: The person, or the owner of the device; None for a group.
    person: Person | None = None
    device: Device | None = None
    group: Group | None = None

    @classmethod
    def of_person(cls, person: Person) -> "Whom":
        """Return *person*."""
        return cls(type="PERSON", id=person.id, target_name=person.target_name, person=person)

    @classmethod
    def of_device(cls, device: Device, owner: Person) -> "Whom":
        """Return *device* of *owner*."""
        name = device.target_name(owner.target_name)
        return cls(type="DEVICE", id=device.id, target_name=name, person=owner, device=device)

    @classmethod
    def of_group(cls, group: Group) -> "Whom":
        """Return *group*."""
        return cls(type="GROUP", id=group.id, target_name=group.target_name, group=group)

    @property
    def active(self) -> bool:
        """Whether it can be told of anything."""
        if self.group is not None:
            return self.group.status == "ACTIVE"
        usable = self.device is None or self.device.status == "ACTIVE"
        return usable and self.person is not None and self.person.active

    def as_recipient(self, *, targeted: bool) -> EventRecipient:
        """Return it as a recipient of an event."""
        return EventRecipient(
            type=self.type,
            id=self.id,
            target_name=self.target_name,
            person_id=None if self.person is None else self.person.id,
            targeted=targeted,
        )


async def find_whom(tx: Transaction, key: str, *, type: RecipientType | None = None) -> Whom | None:  # noqa: A002 - what it is
    """Return whom *key*, an id or a name, stands for; None for nobody.

    Without a *type* a person goes before a group, and a group before a device.
    """
    if type in (None, "PERSON"):
        person = await tx.people.find(key)
        if person is not None:
            return Whom.of_person(person)
    if type in (None, "GROUP"):
        group = await tx.groups.find(key)
        if group is not None:
            return Whom.of_group(group)
    return await _find_device(tx, key) if type in (None, "DEVICE") else None


async def whom_of(tx: Transaction, member: Member) -> Whom | None:
    """Return who a member of a group is."""
    match member.type:
        case "PERSON":
            person = await tx.people.get(member.recipient_id)
            return None if person is None else Whom.of_person(person)
        case "GROUP":
            group = await tx.groups.get(member.recipient_id)
            return None if group is None else Whom.of_group(group)
        case "DEVICE":
            return await _find_device(tx, member.recipient_id)


async def _find_device(tx: Transaction, key: str) -> Whom | None:
    """Return the device whose id, or ``person|device``, is *key*."""
    device = await tx.devices.get(key)
    if device is not None:
        owner = await tx.people.get(device.owner_id)
        return None if owner is None else Whom.of_device(device, owner)
    name, separator, device_name = key.partition(SEPARATOR)
    owner = await tx.people.find(name) if separator else None
    device = None if owner is None else await tx.devices.by_name(owner.id, device_name)
    return None if owner is None or device is None else Whom.of_device(device, owner)
