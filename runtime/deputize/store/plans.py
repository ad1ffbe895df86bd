"""Plans and their forms."""

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.plan import Form, Plan
from deputize.store.rows import put, record, records, values_of
from deputize.store.tables import endpoints, forms, plans, secrets


class Plans:
    """Queries about plans."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[Plan]:
        """Return every plan, by name."""
        rows = await self._connection.execute(select(plans).order_by(plans.c.name))
        return records(Plan, rows.all())

    async def find(self, key: str) -> Plan | None:
        """Return the plan whose id, or else whose name, is *key*."""
        return await self.get(key) or await self.by_name(key)

    async def get(self, plan_id: str) -> Plan | None:
        """Return the plan of that id; names are not looked at."""
        rows = await self._connection.execute(select(plans).where(plans.c.id == plan_id))
        return record(Plan, rows.first())

    async def by_name(self, name: str) -> Plan | None:
        """Return the plan of that name; ids are not looked at."""
        rows = await self._connection.execute(select(plans).where(plans.c.name == name))
        return record(Plan, rows.first())

    async def hold(self, plan_id: str) -> None:
        """Have a plan to oneself until the transaction ends: whoever else holds it waits."""
        await self._connection.execute(
            select(plans.c.id).where(plans.c.id == plan_id).with_for_update(key_share=True)
        )

    async def put(self, plan: Plan) -> None:
        """Write *plan* over the one of the same id, or as a new one."""
        await put(self._connection, plans, values_of(plan))

    async def delete(self, plan_id: str) -> None:
        """Remove a plan and all that it holds; its events, runs and scripts' versions stay."""
        await self._connection.execute(delete(plans).where(plans.c.id == plan_id))
        await self._connection.execute(delete(endpoints).where(endpoints.c.scope == plan_id))
        await self._connection.execute(delete(secrets).where(secrets.c.scope == plan_id))


class Forms:
    """Queries about forms."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[Form]:
        """Return every form, by name."""
        rows = await self._connection.execute(select(forms).order_by(forms.c.name, forms.c.id))
        return records(Form, rows.all())

    async def of_plan(self, plan_id: str) -> list[Form]:
        """Return the forms of a plan, by name."""
        rows = await self._connection.execute(
            select(forms).where(forms.c.plan_id == plan_id).order_by(forms.c.name)
        )
        return records(Form, rows.all())

    async def get(self, form_id: str) -> Form | None:
        """Return the form of that id."""
        rows = await self._connection.execute(select(forms).where(forms.c.id == form_id))
        return record(Form, rows.first())

    async def find(self, plan_id: str, key: str) -> Form | None:
        """Return the form of a plan whose id or name is *key*."""
        rows = await self._connection.execute(
            select(forms).where(forms.c.plan_id == plan_id, or_(forms.c.id == key, forms.c.name == key))
        )
        return record(Form, rows.first())

    async def put(self, form: Form) -> None:
        """Write *form* over the one of the same id, or as a new one."""
        await put(self._connection, forms, values_of(form))

    async def delete(self, form_id: str) -> None:
        """Remove a form; integrations that belonged to it are left without one."""
        await self._connection.execute(delete(forms).where(forms.c.id == form_id))
