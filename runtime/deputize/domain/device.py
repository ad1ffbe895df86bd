"""A device by which a person is told of events."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

DeviceType: TypeAlias = Literal["EMAIL", "VOICE", "TEXT_PHONE", "VOICE_IVR", "FAX"]
PriorityThreshold: TypeAlias = Literal["LOW", "MEDIUM", "HIGH"]

#: Stands between the names of a person and of a device.
SEPARATOR = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device; its name is unique among those of its owner."""

    id: str
    owner_id: str
    #: As "Work Email".
    name: str
    type: DeviceType
    #: An e-mail address, or a telephone number.
    address: str
    #: Its place among its owner's devices; the lowest is tried first.
    sequence: int = 1
    #: Minutes to wait before the next one is tried.
    delay: int = 0
    #: It is used for events of this priority and above.
    priority_threshold: PriorityThreshold = "LOW"
    status: Literal["ACTIVE", "INACTIVE"] = "ACTIVE"

    def target_name(self, owner: str) -> str:
        """Return the name by which it is told apart from everybody's: ``bsmith|Work Email``."""
        return f"{owner}{SEPARATOR}{self.name}"
