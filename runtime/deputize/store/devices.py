"""Devices of people."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.device import Device
from deputize.store.rows import put, record, records, values_of
from deputize.store.tables import devices


class Devices:
    """Queries about devices."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[Device]:
        """Return every device, by owner and in the order in which they are tried."""
        rows = await self._connection.execute(
            select(devices).order_by(devices.c.owner_id, devices.c.sequence, devices.c.name)
        )
        return records(Device, rows.all())

    async def of_owner(self, owner_id: str) -> list[Device]:
        """Return a person's devices, in the order in which they are tried."""
        rows = await self._connection.execute(
            select(devices).where(devices.c.owner_id == owner_id).order_by(devices.c.sequence, devices.c.name)
        )
        return records(Device, rows.all())

    async def get(self, device_id: str) -> Device | None:
        """Return the device of that id."""
        rows = await self._connection.execute(select(devices).where(devices.c.id == device_id))
        return record(Device, rows.first())

    async def by_name(self, owner_id: str, name: str) -> Device | None:
        """Return a person's device by its name."""
        rows = await self._connection.execute(
            select(devices).where(devices.c.owner_id == owner_id, devices.c.name == name)
        )
        return record(Device, rows.first())

    async def put(self, device: Device) -> None:
        """Write *device* over the one of the same id, or as a new one."""
        await put(self._connection, devices, values_of(device))

    async def delete(self, device_id: str) -> None:
        """Remove a device; it leaves the groups that it belongs to."""
        await self._connection.execute(delete(devices).where(devices.c.id == device_id))
