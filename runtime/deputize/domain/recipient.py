"""Who can be told of an event: a person, one of their devices, or a group."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

RecipientType: TypeAlias = Literal["PERSON", "GROUP", "DEVICE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecipient:
    """Somebody whom an event is sent to, as it was when the event began."""

    type: RecipientType
    id: str
    #: The name of a person or group, or ``person|device``.
    target_name: str
    #: The person, or the owner of the device; None for a group.
    person_id: str | None
    #: Whether whoever sent the form named them; else a group that was named led to them.
    targeted: bool
