"""Shifts of groups, and who is in them."""

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.group import Shift, ShiftMember
from deputize.store.groups import member
from deputize.store.rows import put, record, records, values_of
from deputize.store.tables import group_members, shift_members, shifts


class Shifts:
    """Queries about shifts."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_group(self, group_id: str) -> list[Shift]:
        """Return the shifts of a group, by name."""
        rows = await self._connection.execute(
            select(shifts).where(shifts.c.group_id == group_id).order_by(shifts.c.name)
        )
        return records(Shift, rows.all())

    async def find(self, group_id: str, key: str) -> Shift | None:
        """Return the shift of a group whose id or name is *key*."""
        rows = await self._connection.execute(
            select(shifts).where(shifts.c.group_id == group_id, or_(shifts.c.id == key, shifts.c.name == key))
        )
        return record(Shift, rows.first())

    async def put(self, shift: Shift) -> None:
        """Write *shift* over the one of the same id, or as a new one."""
        await put(self._connection, shifts, values_of(shift))

    async def delete(self, shift_id: str) -> None:
        """Remove a shift; its members stay in the group."""
        await self._connection.execute(delete(shifts).where(shifts.c.id == shift_id))

    async def members(self, shift_id: str) -> list[ShiftMember]:
        """Return who is in a shift, by position."""
        rows = await self._connection.execute(
            select(
                shift_members.c.position.label("place"),
                shift_members.c.delay,
                shift_members.c.escalation_type,
                shift_members.c.in_rotation,
                group_members,
            )
            .join(group_members, group_members.c.id == shift_members.c.member_id)
            .where(shift_members.c.shift_id == shift_id)
            .order_by(shift_members.c.position)
        )
        return [
            ShiftMember(
                member=member(row),
                position=row.place,
                delay=row.delay,
                escalation_type=row.escalation_type,
                in_rotation=row.in_rotation,
            )
            for row in rows
        ]

    async def next_position(self, shift_id: str) -> int:
        """Return the position after everybody who is in a shift."""
        last = await self._connection.scalar(
            select(func.max(shift_members.c.position)).where(shift_members.c.shift_id == shift_id)
        )
        return (last or 0) + 1

    async def put_member(self, shift_id: str, new: ShiftMember) -> None:
        """Put a member of the group into a shift, in the place of whoever has that position."""
        await self._connection.execute(
            delete(shift_members).where(
                shift_members.c.shift_id == shift_id, shift_members.c.position == new.position
            )
        )
        await self._connection.execute(
            insert(shift_members).values(
                shift_id=shift_id,
                position=new.position,
                member_id=new.member.id,
                delay=new.delay,
                escalation_type=new.escalation_type,
                in_rotation=new.in_rotation,
            )
        )

    async def remove_member(self, shift_id: str, member_id: str) -> bool:
        """Take a member of the group out of a shift; tell whether it was in it."""
        deleted = await self._connection.execute(
            delete(shift_members).where(
                shift_members.c.shift_id == shift_id, shift_members.c.member_id == member_id
            )
        )
        return deleted.rowcount > 0
