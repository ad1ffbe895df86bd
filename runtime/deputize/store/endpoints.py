"""Endpoints of plans, and of every plan."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.endpoint import EVERY_PLAN, StoredEndpoint
from deputize.store.rows import put, record, records
from deputize.store.tables import endpoints


class Endpoints:
    """Queries about endpoints. A scope is the id of a plan, or ``EVERY_PLAN``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def in_scope(self, scope: str) -> list[StoredEndpoint]:
        """Return the endpoints of exactly that scope, by name."""
        rows = await self._connection.execute(
            select(endpoints).where(endpoints.c.scope == scope).order_by(endpoints.c.name)
        )
        return records(StoredEndpoint, rows.all())

    async def of_plan(self, plan_id: str) -> list[StoredEndpoint]:
        """Return what a plan's scripts may call, by name: of one name, the plan's own counts."""
        found = {each.name: each for each in await self.in_scope(EVERY_PLAN)}
        found |= {each.name: each for each in await self.in_scope(plan_id)}
        return [found[name] for name in sorted(found)]

    async def get(self, scope: str, name: str) -> StoredEndpoint | None:
        """Return one endpoint of exactly that scope."""
        rows = await self._connection.execute(
            select(endpoints).where(endpoints.c.scope == scope, endpoints.c.name == name)
        )
        return record(StoredEndpoint, rows.first())

    async def put(self, endpoint: StoredEndpoint) -> None:
        """Write *endpoint* over the one of the same scope and name, or as a new one."""
        await put(
            self._connection,
            endpoints,
            {"scope": endpoint.scope, "name": endpoint.name, "definition": dict(endpoint.definition)},
        )

    async def delete(self, scope: str, name: str) -> bool:
        """Remove an endpoint; tell whether it was there."""
        deleted = await self._connection.execute(
            delete(endpoints).where(endpoints.c.scope == scope, endpoints.c.name == name)
        )
        return deleted.rowcount > 0
