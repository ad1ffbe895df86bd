"""Devices as the REST API shows them."""

from pydantic import JsonValue

from deputize.domain.device import Device
from deputize.domain.person import Person
from deputize.platform.embedded.rest.shapes.people import reference
from deputize.platform.embedded.rest.shapes.references import recipient_reference

#: Types whose address is a telephone number; that of the others is an e-mail address.
TELEPHONES = frozenset({"VOICE", "TEXT_PHONE", "VOICE_IVR", "FAX"})


def device(each: Device, owner: Person) -> dict[str, JsonValue]:
    """Return a device whole."""
    return {
        **recipient_reference("DEVICE", each.id, each.target_name(owner.target_name)),
        "name": each.name,
        "deviceType": each.type,
        ("phoneNumber" if each.type in TELEPHONES else "emailAddress"): each.address,
        "sequence": each.sequence,
        "delay": each.delay,
        "priorityThreshold": each.priority_threshold,
        "defaultDevice": True,
        "externallyOwned": False,
        "status": each.status,
        "testStatus": "UNTESTED",
        "owner": reference(owner),
    }
