"""Roles of the embedded platform."""

from typing import Any

from sqlalchemy import Row, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.person import Role
from deputize.store.rows import put
from deputize.store.tables import roles


class Roles:
    """Queries about roles."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[Role]:
        """Return every role, by name."""
        rows = await self._connection.execute(select(roles).order_by(roles.c.name))
        return [_role(row) for row in rows]

    async def get(self, name: str) -> Role | None:
        """Return the role of that name."""
        row = (await self._connection.execute(select(roles).where(roles.c.name == name))).first()
        return None if row is None else _role(row)

    async def is_empty(self) -> bool:
        """Whether there is no role."""
        return not await self._connection.scalar(select(exists().where(roles.c.name.is_not(None))))

    async def put(self, role: Role) -> None:
        """Write *role* over the one of the same name, or as a new one."""
        await put(
            self._connection,
            roles,
            {"name": role.name, "functions": role.functions, "rights": role.on},
        )

    async def delete(self, name: str) -> None:
        """Remove a role; nobody has it any more."""
        await self._connection.execute(delete(roles).where(roles.c.name == name))


def _role(row: Row[Any]) -> Role:
    return Role(name=row.name, functions=row.functions, on=row.rights)
