"""A group of people, devices and other groups, and the shifts in which they are on call."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from deputize.domain.recipient import RecipientType

Frequency: TypeAlias = Literal["ONCE", "DAILY", "WEEKLY", "MONTHLY"]
Day: TypeAlias = Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

#: The shift that every group begins with, which never ends.
DEFAULT_SHIFT = "Default Shift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group."""

    id: str
    target_name: str
    description: str = ""
    status: Literal["ACTIVE", "INACTIVE"] = "ACTIVE"
    #: Whether somebody may stand in a shift twice.
    allow_duplicates: bool = True
    use_default_devices: bool = True
    #: Whether everybody sees it, or only who may.
    observed_by_all: bool = True
    #: Names of roles whose holders see it.
    observers: frozenset[str] = frozenset()
    #: Ids of the people who see and change it.
    supervisors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody, or something, that belongs to a group."""

    id: str
    group_id: str
    type: RecipientType
    #: The id of the person, device or group.
    recipient_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """On which days a shift begins again."""

    frequency: Frequency = "DAILY"
    #: Every so many days, weeks or months.
    every: int = 1
    #: WEEKLY: the days; empty stands for all of them.
    days: frozenset[Day] = frozenset()
    #: The last day on which it may begin; None for no such day.
    until: date | None = None
    #: How often it begins in all; None for no bound.
    times: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A time in which members of a group are on call, again and again."""

    id: str
    group_id: str
    #: Unique in its group.
    name: str
    description: str = ""
    #: The first time.
    start: datetime
    end: datetime
    #: An IANA name: it begins at the same time of day there, summer and winter.
    timezone: str = "UTC"
    recurrence: Recurrence = Recurrence()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftMember:
    """A member of a group within one of its shifts."""

    member: Member
    #: 1, 2, 3, …: who is told first.
    position: int
    #: Minutes to wait before this one is told.
    delay: int = 0
    #: "None", "Peer" or "Management": why this one is told after those before.
    escalation_type: str = "None"
    in_rotation: bool = False
