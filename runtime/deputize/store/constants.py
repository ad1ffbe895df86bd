"""Constants of plans."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.store.rows import put
from deputize.store.tables import constants


class Constants:
    """Queries about constants."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_plan(self, plan_id: str) -> dict[str, str]:
        """Return the constants of a plan, by name."""
        rows = await self._connection.execute(
            select(constants.c.name, constants.c.value)
            .where(constants.c.plan_id == plan_id)
            .order_by(constants.c.name)
        )
        return {row.name: row.value for row in rows}

    async def put(self, plan_id: str, name: str, value: str) -> None:
        """Write a constant over the one of the same name, or as a new one."""
        await put(self._connection, constants, {"plan_id": plan_id, "name": name, "value": value})

    async def delete(self, plan_id: str, name: str) -> bool:
        """Remove a constant; tell whether it was there."""
        deleted = await self._connection.execute(
            delete(constants).where(constants.c.plan_id == plan_id, constants.c.name == name)
        )
        return deleted.rowcount > 0
