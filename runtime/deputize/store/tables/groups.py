"""Groups: who belongs to them, and their shifts."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table, UniqueConstraint

from deputize.store.tables.devices import devices
from deputize.store.tables.metadata import metadata
from deputize.store.tables.people import people
from deputize.store.tables.types import Moment, Name, Position, Repeated, Text, WordSet

groups = Table(
    "groups",
    metadata,
    Column("id", Name, primary_key=True),
    Column("target_name", Name, nullable=False, unique=True),
    Column("description", Text, nullable=False),
    Column("status", Name, nullable=False),
    Column("allow_duplicates", Boolean, nullable=False),
    Column("use_default_devices", Boolean, nullable=False),
    Column("observed_by_all", Boolean, nullable=False),
    # Names of roles.
    Column("observers", WordSet, nullable=False),
)

group_supervisors = Table(
    "group_supervisors",
    metadata,
    Column("group_id", ForeignKey(groups.c.id, ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True, index=True),
)

# Exactly one of person, device and subgroup is there, and goes with what it refers to.
group_members = Table(
    "group_members",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=True),
    Column("id", Name, nullable=False, unique=True),
    Column("group_id", ForeignKey(groups.c.id, ondelete="CASCADE"), nullable=False),
    Column("person_id", ForeignKey(people.c.id, ondelete="CASCADE"), index=True),
    Column("device_id", ForeignKey(devices.c.id, ondelete="CASCADE"), index=True),
    Column("subgroup_id", ForeignKey(groups.c.id, ondelete="CASCADE"), index=True),
    UniqueConstraint("group_id", "person_id"),
    UniqueConstraint("group_id", "device_id"),
    UniqueConstraint("group_id", "subgroup_id"),
)

shifts = Table(
    "shifts",
    metadata,
    Column("id", Name, primary_key=True),
    Column("group_id", ForeignKey(groups.c.id, ondelete="CASCADE"), nullable=False),
    Column("name", Name, nullable=False),
    Column("description", Text, nullable=False),
    Column("start", Moment, nullable=False),
    Column("end", Moment, nullable=False),
    Column("timezone", Name, nullable=False),
    Column("recurrence", Repeated, nullable=False),
    UniqueConstraint("group_id", "name"),
)

shift_members = Table(
    "shift_members",
    metadata,
    Column("shift_id", ForeignKey(shifts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    # Who leaves the group leaves its shifts.
    Column("member_id", ForeignKey(group_members.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("delay", Integer, nullable=False),
    Column("escalation_type", Name, nullable=False),
    Column("in_rotation", Boolean, nullable=False),
)
