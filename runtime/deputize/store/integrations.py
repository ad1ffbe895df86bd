"""Integrations of plans."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.integration import CallbackKind, Integration
from deputize.store.rows import put, record, records, values_of
from deputize.store.tables import integrations


class Integrations:
    """Queries about integrations."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[Integration]:
        """Return every integration, by name."""
        rows = await self._connection.execute(
            select(integrations).order_by(integrations.c.name, integrations.c.id)
        )
        return records(Integration, rows.all())

    async def of_plan(self, plan_id: str) -> list[Integration]:
        """Return the integrations of a plan, by name."""
        rows = await self._connection.execute(
            select(integrations).where(integrations.c.plan_id == plan_id).order_by(integrations.c.name)
        )
        return records(Integration, rows.all())

    async def legacy_of_plan(self, plan_id: str) -> list[Integration]:
        """Return the integrations of a plan that are still legacy, by name."""
        rows = await self._connection.execute(
            select(integrations)
            .where(integrations.c.plan_id == plan_id, integrations.c.legacy.is_(True))
            .order_by(integrations.c.name)
        )
        return records(Integration, rows.all())

    async def named(self, name: str) -> list[Integration]:
        """Return the integrations of that name, of whatever plan."""
        rows = await self._connection.execute(
            select(integrations).where(integrations.c.name == name).order_by(integrations.c.id)
        )
        return records(Integration, rows.all())

    async def get(self, integration_id: str) -> Integration | None:
        """Return the integration of that id."""
        rows = await self._connection.execute(select(integrations).where(integrations.c.id == integration_id))
        return record(Integration, rows.first())

    async def by_name(self, plan_id: str, name: str) -> Integration | None:
        """Return the integration of a plan by its name."""
        rows = await self._connection.execute(
            select(integrations).where(integrations.c.plan_id == plan_id, integrations.c.name == name)
        )
        return record(Integration, rows.first())

    async def on(self, form_id: str, callback: CallbackKind) -> list[Integration]:
        """Return the enabled integrations bound to changes of that kind of a form's events, by name."""
        rows = await self._connection.execute(
            select(integrations)
            .where(
                integrations.c.form_id == form_id,
                integrations.c.callback == callback,
                integrations.c.enabled.is_(True),
            )
            .order_by(integrations.c.name, integrations.c.id)
        )
        return records(Integration, rows.all())

    async def put(self, integration: Integration) -> None:
        """Write *integration* over the one of the same id, or as a new one."""
        await put(self._connection, integrations, values_of(integration))

    async def delete(self, integration_id: str) -> None:
        """Remove an integration, its keys and schedules; its runs and its scripts' versions stay."""
        await self._connection.execute(delete(integrations).where(integrations.c.id == integration_id))
