"""``/devices``, ``/people/{id}/devices`` and ``/device-names`` of the REST API."""

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import Field, JsonValue, StringConstraints

from deputize.domain.decision import Grant
from deputize.domain.device import Device, DeviceType, PriorityThreshold
from deputize.domain.person import Person
from deputize.errors import shown
from deputize.platform.embedded.permissions import Holder
from deputize.platform.embedded.rest.administration import note
from deputize.platform.embedded.rest.call import NOTHING_THERE, Answer, Call
from deputize.platform.embedded.rest.paging import Page
from deputize.platform.embedded.rest.people import find_person, seen_person
from deputize.platform.embedded.rest.problems import Problem, invalid, missing, not_found
from deputize.platform.embedded.rest.shapes import devices as shapes
from deputize.platform.embedded.rest.shapes.references import id_of, recipient_reference
from deputize.platform.embedded.rest.texts import Body, Key, Name, Reference, key_of
from deputize.platform.embedded.whom import find_whom

#: Names that are offered whether or not somebody has such a device.
_NAMES: dict[str, DeviceType] = {
    "Work Email": "EMAIL",
    "Home Email": "EMAIL",
    "Work Phone": "VOICE",
    "Mobile Phone": "VOICE",
    "Home Phone": "VOICE",
    "SMS Phone": "TEXT_PHONE",
}

_Email = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\s@]+@[^\s@]+$")]
_Telephone = Annotated[str, StringConstraints(max_length=50, pattern=r"^\+?[0-9(][0-9 ().x-]*$")]
_Minutes = Annotated[int, Field(ge=0, le=10_080)]


class DeviceBody(Body):
    """The body of ``POST /devices``: with ``id`` a change, without it a new device of ``owner``."""

    id: Key | None = None
    name: Name | None = None
    owner: Key | Reference | None = None
    device_type: DeviceType | None = None
    email_address: _Email | None = None
    phone_number: _Telephone | None = None
    sequence: Annotated[int, Field(ge=0, le=10_000)] | None = None
    delay: _Minutes | None = None
    priority_threshold: PriorityThreshold | None = None
    status: Literal["ACTIVE", "INACTIVE"] | None = None

    def applied_to(self, device: Device) -> Device:
        """Return *device* with what the body sets; its type and owner stay."""
        address = self.phone_number if device.type in shapes.TELEPHONES else self.email_address
        return replace(
            device,
            name=self.name or device.name,
            address=address or device.address,
            sequence=device.sequence if self.sequence is None else self.sequence,
            delay=device.delay if self.delay is None else self.delay,
            priority_threshold=self.priority_threshold or device.priority_threshold,
            status=self.status or device.status,
        )


async def list_devices_of_person(call: Call) -> Answer:
    """Answer with the devices of a person whom the actor may see."""
    page = Page.asked_for(call.query)
    owner = await seen_person(call, call.key)
    return Answer(
        body=page.of(
            await call.store.devices.of_owner(owner.id),
            lambda each: shapes.device(each, owner),
            path=call.path,
            query=call.query,
        )
    )


async def read_device(call: Call) -> Answer:
    """Answer with one device; it is seen by who may see its owner."""
    device, owner = await _find(call, call.key)
    call.require(call.rules.see_person(call.holder, Holder.of(owner)))
    return Answer(body=shapes.device(device, owner))


async def write_device(call: Call) -> Answer:
    """Change the device that ``id`` names (200), or make one for ``owner`` (201)."""
    body = call.body(DeviceBody)
    if body.id is not None:
        device, owner = await _find(call, body.id)
        call.require(call.rules.change_person(call.holder, Holder.of(owner)))
        if body.device_type not in (None, device.type):
            raise invalid("deviceType", str(body.device_type), f"that of the device, {device.type}")
        return await _keep(call, body.applied_to(device), owner, HTTPStatus.OK)
    if body.owner is None:
        raise missing("owner")
    owner = await find_person(call, key_of(body.owner))
    call.require(call.rules.change_person(call.holder, Holder.of(owner)))
    if body.name is None:
        raise missing("name")
    if body.device_type is None:
        raise missing("deviceType")
    new = body.applied_to(
        Device(id=str(uuid4()), owner_id=owner.id, name=body.name, type=body.device_type, address="")
    )
    if not new.address:
        raise missing("phoneNumber" if new.type in shapes.TELEPHONES else "emailAddress")
    return await _keep(call, new, owner, HTTPStatus.CREATED)


async def delete_device(call: Call) -> Answer:
    """Remove a device and answer with what it was; 204 when there is none."""
    found = await find_whom(call.store, call.key, type="DEVICE")
    if found is None or found.device is None or found.person is None:
        return NOTHING_THERE
    device, owner = found.device, found.person
    call.require(call.rules.change_person(call.holder, Holder.of(owner)))
    await call.store.devices.delete(device.id)
    await _note(call, "device.deleted", device, owner)
    return Answer(body=_as_seen(call, device, owner))


async def list_device_names(call: Call) -> Answer:
    """Answer with the names that devices have or may well have, to anybody."""
    page = Page.asked_for(call.query)
    used = {(each.name, each.type) for each in await call.store.devices.all()}
    return Answer(
        body=page.of(
            sorted(used | set(_NAMES.items())),
            lambda each: {"id": id_of("device-name", *each), "name": each[0], "deviceType": each[1]},
            path=call.path,
            query=call.query,
        )
    )


async def _find(call: Call, key: str) -> tuple[Device, Person]:
    """Return the device that *key* names, and its owner; raises the 404."""
    found = await find_whom(call.store, key, type="DEVICE")
    if found is None or found.device is None or found.person is None:
        raise not_found("device", key)
    return found.device, found.person


async def _keep(call: Call, device: Device, owner: Person, status: HTTPStatus) -> Answer:
    taken = await call.store.devices.by_name(owner.id, device.name)
    if taken is not None and taken.id != device.id:
        raise Problem(
            HTTPStatus.CONFLICT,
            f"{shown(owner.target_name)} has a device with the name {shown(device.name)} already. "
            "Choose another name.",
            subcode="device.name_taken",
            arguments=[shown(device.name)],
        )
    await call.store.devices.put(device)
    await _note(call, "device.set", device, owner)
    return Answer(body=_as_seen(call, device, owner), status=status)


async def _note(
    call: Call, action: Literal["device.set", "device.deleted"], device: Device, owner: Person
) -> None:
    """Write into the audit stream that a device came, changed or went.

    By an e-mail address messages are taken for its owner's: it is told. Telephone numbers are not.
    """
    detail: dict[str, JsonValue] = {"id": device.id, "type": device.type, "status": device.status}
    if device.type == "EMAIL":
        detail["address"] = device.address
    await note(call, action, f"device:{device.target_name(owner.target_name)}", **detail)


def _as_seen(call: Call, device: Device, owner: Person) -> dict[str, JsonValue]:
    """Return *device*, whole only for who may see its owner."""
    if isinstance(call.rules.see_person(call.holder, Holder.of(owner)), Grant):
        return shapes.device(device, owner)
    return recipient_reference("DEVICE", device.id, device.target_name(owner.target_name))
