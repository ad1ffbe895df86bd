"""Groups, their supervisors and their members."""

from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.group import Group, Member
from deputize.domain.recipient import RecipientType
from deputize.store.rows import put, values_of
from deputize.store.tables import group_members, group_supervisors, groups

_COLUMNS = {
    "PERSON": group_members.c.person_id,
    "DEVICE": group_members.c.device_id,
    "GROUP": group_members.c.subgroup_id,
}


class Groups:
    """Queries about groups."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[Group]:
        """Return every group, by name."""
        return await self._groups(None)

    async def find(self, key: str) -> Group | None:
        """Return the group whose id, or else whose name, is *key*."""
        return await self.get(key) or await self.by_name(key)

    async def get(self, group_id: str) -> Group | None:
        """Return the group of that id; names are not looked at."""
        found = await self._groups(groups.c.id == group_id)
        return found[0] if found else None

    async def by_name(self, name: str) -> Group | None:
        """Return the group of that name; ids are not looked at."""
        found = await self._groups(groups.c.target_name == name)
        return found[0] if found else None

    async def put(self, group: Group) -> None:
        """Write *group* over the one of the same id, or as a new one, supervisors included."""
        values = values_of(group)
        supervisors = values.pop("supervisors")
        await put(self._connection, groups, values)
        await self._connection.execute(
            delete(group_supervisors).where(group_supervisors.c.group_id == group.id)
        )
        if supervisors:
            rows = [{"group_id": group.id, "person_id": each} for each in sorted(supervisors)]
            await self._connection.execute(insert(group_supervisors), rows)

    async def delete(self, group_id: str) -> None:
        """Remove a group with its members and shifts; it leaves the groups that it belongs to."""
        await self._connection.execute(delete(groups).where(groups.c.id == group_id))

    async def members(self, group_id: str) -> list[Member]:
        """Return the members of a group, in the order in which they came."""
        rows = await self._connection.execute(
            select(group_members)
            .where(group_members.c.group_id == group_id)
            .order_by(group_members.c.position)
        )
        return [member(row) for row in rows]

    async def member(self, group_id: str, recipient_id: str) -> Member | None:
        """Return the member of a group that is the person, device or group of that id."""
        rows = await self._connection.execute(
            select(group_members).where(
                group_members.c.group_id == group_id,
                or_(*(column == recipient_id for column in _COLUMNS.values())),
            )
        )
        row = rows.first()
        return None if row is None else member(row)

    async def add_member(self, new: Member) -> None:
        """Add to a group who does not belong to it yet."""
        await self._connection.execute(
            insert(group_members).values(
                {"id": new.id, "group_id": new.group_id, _COLUMNS[new.type].name: new.recipient_id}
            )
        )

    async def remove_member(self, member_id: str) -> None:
        """Remove a member from its group and from the group's shifts."""
        await self._connection.execute(delete(group_members).where(group_members.c.id == member_id))

    async def of_member(self, type: RecipientType, recipient_id: str) -> list[Member]:  # noqa: A002 - what it is
        """Return where a person, device or group belongs to, in the order in which it came there."""
        rows = await self._connection.execute(
            select(group_members).where(_COLUMNS[type] == recipient_id).order_by(group_members.c.position)
        )
        return [member(row) for row in rows]

    async def _groups(self, which: ColumnElement[bool] | None) -> list[Group]:
        query = select(groups).order_by(groups.c.target_name)
        above = select(group_supervisors)
        if which is not None:
            query = query.where(which)
            above = above.join(groups).where(which)
        supervisors: dict[str, set[str]] = {}
        for row in await self._connection.execute(above):
            supervisors.setdefault(row.group_id, set()).add(row.person_id)
        rows = await self._connection.execute(query)
        return [
            Group(**row._mapping, supervisors=frozenset(supervisors.get(row.id, ())))  # noqa: SLF001 - public, whatever its name
            for row in rows
        ]


def member(row: Row[Any]) -> Member:
    """Return a row of the table of members as what it stands for."""
    held: dict[RecipientType, str | None] = {
        "PERSON": row.person_id,
        "DEVICE": row.device_id,
        "GROUP": row.subgroup_id,
    }
    kind, recipient_id = next((kind, each) for kind, each in held.items() if each is not None)
    return Member(id=row.id, group_id=row.group_id, type=kind, recipient_id=recipient_id)
