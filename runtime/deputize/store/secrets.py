"""Secrets of plans, sealed."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.endpoint import EVERY_PLAN, SealedSecret
from deputize.store.rows import put, record, records, values_of
from deputize.store.tables import secrets


class Secrets:
    """Queries about secrets. A scope is the id of a plan, or ``EVERY_PLAN``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[SealedSecret]:
        """Return every secret, by scope and name."""
        rows = await self._connection.execute(select(secrets).order_by(secrets.c.scope, secrets.c.name))
        return records(SealedSecret, rows.all())

    async def in_scope(self, scope: str) -> list[SealedSecret]:
        """Return the secrets of exactly that scope, by name."""
        rows = await self._connection.execute(
            select(secrets).where(secrets.c.scope == scope).order_by(secrets.c.name)
        )
        return records(SealedSecret, rows.all())

    async def of_plan(self, plan_id: str) -> list[SealedSecret]:
        """Return what a plan's scripts may use, by name: of one name, the plan's own counts."""
        found = {each.name: each for each in await self.in_scope(EVERY_PLAN)}
        found |= {each.name: each for each in await self.in_scope(plan_id)}
        return [found[name] for name in sorted(found)]

    async def get(self, scope: str, name: str) -> SealedSecret | None:
        """Return one secret of exactly that scope."""
        rows = await self._connection.execute(
            select(secrets).where(secrets.c.scope == scope, secrets.c.name == name)
        )
        return record(SealedSecret, rows.first())

    async def put(self, secret: SealedSecret) -> None:
        """Write *secret* over the one of the same scope and name, or as a new one."""
        await put(self._connection, secrets, values_of(secret))

    async def delete(self, scope: str, name: str) -> bool:
        """Remove a secret; tell whether it was there."""
        deleted = await self._connection.execute(
            delete(secrets).where(secrets.c.scope == scope, secrets.c.name == name)
        )
        return deleted.rowcount > 0
