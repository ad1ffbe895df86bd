"""What the embedded platform begins with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

PersonStatus = Literal["ACTIVE", "INACTIVE"]
EventStatus = Literal["ACTIVE", "SUSPENDED", "TERMINATED"]

PropertyValue: TypeAlias = str | int | float | bool | Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSeed:
    """A person; ``roles`` are names of roles of the same seed."""

    #: The name by which requests and scripts know the person.
    name: str
    roles: tuple[str, ...] = ()
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    language: str = "en"
    #: An IANA name.
    timezone: str = "UTC"
    #: INACTIVE people are seen, but nothing is done in their name.
    status: PersonStatus = "ACTIVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSeed:
    """A role: what its holders may do, and to whom."""

    name: str
    #: "events": every event. "rest": create and change every person.
    functions: tuple[str, ...] = ()
    #: Rights (View, Use, Edit, Delete, Assign) on people by a role that they have; "*" is everybody.
    on: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSeed:
    """An event that somebody has initiated."""

    #: The decimal number of the event, or its UUID; the other one is made.
    id: str
    #: The name of a person of the same seed.
    initiator: str
    status: EventStatus = "ACTIVE"
    properties: Mapping[str, PropertyValue] = field(default_factory=dict)
    #: The name of the form; empty for none.
    form: str = ""
    #: Names of those whom the event was sent to; they need not exist.
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformSeed:
    """The people, roles and events that there are at first."""

    people: tuple[PersonSeed, ...] = ()
    roles: tuple[RoleSeed, ...] = ()
    events: tuple[EventSeed, ...] = ()
