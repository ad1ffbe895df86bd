"""People, their devices, their roles and their groups."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

json = sa.JSON().with_variant(sa.Text(), "sqlite")
position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def text(length: int | None = None) -> sa.types.TypeEngine[str]:
    """Return a type that is sorted by code points, as SQLite sorts."""
    in_postgresql = postgresql.VARCHAR(length, collation="C")
    return sa.String(length).with_variant(in_postgresql, "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _people()
    _devices()
    _groups()


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", text(255), nullable=False),
        sa.Column("target_name", text(255), nullable=False),
        sa.Column("first_name", text(), nullable=False),
        sa.Column("last_name", text(), nullable=False),
        sa.Column("email", text(), nullable=False),
        sa.Column("language", text(255), nullable=False),
        sa.Column("timezone", text(255), nullable=False),
        sa.Column("status", text(255), nullable=False),
        sa.Column("vouched", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("target_name", name="uq_people_target_name"),
    )
    op.create_table(
        "roles",
        sa.Column("name", text(255), nullable=False),
        sa.Column("functions", json, nullable=False),
        sa.Column("rights", json, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_roles"),
    )
    op.create_table(
        "passwords",
        sa.Column("person_id", text(255), nullable=False),
        sa.Column("hash", text(), nullable=False),
        sa.Column("changed", text(), nullable=False),
        sa.Column("expires", text()),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_passwords_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_passwords"),
    )
    op.create_table(
        "person_roles",
        sa.Column("person_id", text(255), nullable=False),
        sa.Column("role", text(255), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_person_roles_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["role"], ["roles.name"], name="fk_person_roles_role", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "role", name="pk_person_roles"),
    )
    op.create_index("ix_person_roles_role", "person_roles", ["role"])
    op.create_table(
        "person_supervisors",
        sa.Column("person_id", text(255), nullable=False),
        sa.Column("supervisor_id", text(255), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_person_supervisors_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["people.id"], name="fk_person_supervisors_supervisor_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "supervisor_id", name="pk_person_supervisors"),
    )
    op.create_index("ix_person_supervisors_supervisor_id", "person_supervisors", ["supervisor_id"])
    op.create_table(
        "tokens",
        sa.Column("hash", text(255), nullable=False),
        sa.Column("person_id", text(255), nullable=False),
        sa.Column("run_id", text(255), nullable=False),
        sa.Column("scope", json),
        sa.Column("expires", text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_tokens_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", name="pk_tokens"),
    )
    op.create_index("ix_tokens_expires", "tokens", ["expires"])
    op.create_index("ix_tokens_person_id", "tokens", ["person_id"])
    op.create_index("ix_tokens_run_id", "tokens", ["run_id"])


def _devices() -> None:
    op.create_table(
        "devices",
        sa.Column("id", text(255), nullable=False),
        sa.Column("owner_id", text(255), nullable=False),
        sa.Column("name", text(255), nullable=False),
        sa.Column("type", text(255), nullable=False),
        sa.Column("address", text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("delay", sa.Integer(), nullable=False),
        sa.Column("priority_threshold", text(255), nullable=False),
        sa.Column("status", text(255), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name="fk_devices_owner_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
        sa.UniqueConstraint("owner_id", "name", name="uq_devices_owner_id_name"),
    )


def _groups() -> None:
    op.create_table(
        "groups",
        sa.Column("id", text(255), nullable=False),
        sa.Column("target_name", text(255), nullable=False),
        sa.Column("description", text(), nullable=False),
        sa.Column("status", text(255), nullable=False),
        sa.Column("allow_duplicates", sa.Boolean(), nullable=False),
        sa.Column("use_default_devices", sa.Boolean(), nullable=False),
        sa.Column("observed_by_all", sa.Boolean(), nullable=False),
        sa.Column("observers", json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
        sa.UniqueConstraint("target_name", name="uq_groups_target_name"),
    )
    op.create_table(
        "group_supervisors",
        sa.Column("group_id", text(255), nullable=False),
        sa.Column("person_id", text(255), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name="fk_group_supervisors_group_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_group_supervisors_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "person_id", name="pk_group_supervisors"),
    )
    op.create_index("ix_group_supervisors_person_id", "group_supervisors", ["person_id"])
    op.create_table(
        "shifts",
        sa.Column("id", text(255), nullable=False),
        sa.Column("group_id", text(255), nullable=False),
        sa.Column("name", text(255), nullable=False),
        sa.Column("description", text(), nullable=False),
        sa.Column("start", text(), nullable=False),
        sa.Column("end", text(), nullable=False),
        sa.Column("timezone", text(255), nullable=False),
        sa.Column("recurrence", json, nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_shifts_group_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_shifts"),
        sa.UniqueConstraint("group_id", "name", name="uq_shifts_group_id_name"),
    )
    op.create_table(
        "group_members",
        sa.Column("position", position, autoincrement=True, nullable=False),
        sa.Column("id", text(255), nullable=False),
        sa.Column("group_id", text(255), nullable=False),
        sa.Column("person_id", text(255)),
        sa.Column("device_id", text(255)),
        sa.Column("subgroup_id", text(255)),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.id"], name="fk_group_members_device_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name="fk_group_members_group_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_group_members_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["subgroup_id"], ["groups.id"], name="fk_group_members_subgroup_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("position", name="pk_group_members"),
        sa.UniqueConstraint("group_id", "device_id", name="uq_group_members_group_id_device_id"),
        sa.UniqueConstraint("group_id", "person_id", name="uq_group_members_group_id_person_id"),
        sa.UniqueConstraint("group_id", "subgroup_id", name="uq_group_members_group_id_subgroup_id"),
        sa.UniqueConstraint("id", name="uq_group_members_id"),
    )
    op.create_index("ix_group_members_device_id", "group_members", ["device_id"])
    op.create_index("ix_group_members_person_id", "group_members", ["person_id"])
    op.create_index("ix_group_members_subgroup_id", "group_members", ["subgroup_id"])
    op.create_table(
        "shift_members",
        sa.Column("shift_id", text(255), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("member_id", text(255), nullable=False),
        sa.Column("delay", sa.Integer(), nullable=False),
        sa.Column("escalation_type", text(255), nullable=False),
        sa.Column("in_rotation", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["group_members.id"], name="fk_shift_members_member_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shifts.id"], name="fk_shift_members_shift_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shift_id", "position", name="pk_shift_members"),
    )
    op.create_index("ix_shift_members_member_id", "shift_members", ["member_id"])
