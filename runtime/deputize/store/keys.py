"""Keys by which callers set integrations off."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.keys import ApiKey, ApiSecret, UrlKey
from deputize.store.rows import inserting, record, records, values_of
from deputize.store.tables import api_keys, api_secrets, url_keys


class Keys:
    """Queries about API keys, their secrets, and URL keys."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    # API keys: one for each person

    async def api_key(self, key_id: str) -> ApiKey | None:
        """Return the API key of that id."""
        rows = await self._connection.execute(select(api_keys).where(api_keys.c.id == key_id))
        return record(ApiKey, rows.first())

    async def api_key_of(self, subject: str) -> ApiKey | None:
        """Return the API key of a person."""
        rows = await self._connection.execute(select(api_keys).where(api_keys.c.subject == subject))
        return record(ApiKey, rows.first())

    async def create_api_key(self, key: ApiKey) -> ApiKey:
        """Keep *key* unless its subject has one already; return the one that the subject has."""
        await self._connection.execute(
            inserting(self._connection, api_keys)
            .values(**values_of(key))
            .on_conflict_do_nothing(index_elements=["subject"])
        )
        kept = await self.api_key_of(key.subject)
        if kept is None:
            raise RuntimeError(f"the API key {key.id} was not kept")
        return kept

    # API secrets: one person's at one integration

    async def add_secret(self, secret: ApiSecret) -> None:
        """Keep a new secret; its subject has an API key."""
        await self._connection.execute(insert(api_secrets).values(**values_of(secret)))

    async def secret(self, secret_id: str) -> ApiSecret | None:
        """Return the secret of that id, live or not."""
        rows = await self._connection.execute(select(api_secrets).where(api_secrets.c.id == secret_id))
        return record(ApiSecret, rows.first())

    async def live_secrets(self, integration_id: str, subject: str, *, now: datetime) -> list[ApiSecret]:
        """Return what opens an integration for a person now, the newest first."""
        rows = await self._connection.execute(
            _of(api_secrets, integration_id, subject).where(_live(api_secrets, now))
        )
        return records(ApiSecret, rows.all())

    async def secrets(
        self, *, integration_id: str | None = None, subject: str | None = None
    ) -> list[ApiSecret]:
        """Return the secrets of an integration, of a person, or of both, live or not, the newest first."""
        rows = await self._connection.execute(_of(api_secrets, integration_id, subject))
        return records(ApiSecret, rows.all())

    async def end_secret(self, secret_id: str, at: datetime) -> bool:
        """Let a secret end at that moment, or earlier as it was; tell whether it would have lived longer."""
        return await self._end(api_secrets, api_secrets.c.id == secret_id, at)

    async def touch_secret(self, secret_id: str, at: datetime) -> None:
        """Note when a secret was last used."""
        await self._connection.execute(
            update(api_secrets).where(api_secrets.c.id == secret_id).values(last_used=at)
        )

    # URL keys: one person's at one integration

    async def add_url_key(self, key: UrlKey) -> None:
        """Keep a new URL key."""
        await self._connection.execute(insert(url_keys).values(**values_of(key)))

    async def url_key(self, key_id: str) -> UrlKey | None:
        """Return the URL key of that id, live or not."""
        rows = await self._connection.execute(select(url_keys).where(url_keys.c.id == key_id))
        return record(UrlKey, rows.first())

    async def url_key_by_hash(self, hashed: str) -> UrlKey | None:
        """Return the URL key of that hash, live or not."""
        rows = await self._connection.execute(select(url_keys).where(url_keys.c.hash == hashed))
        return record(UrlKey, rows.first())

    async def url_keys(
        self, *, integration_id: str | None = None, subject: str | None = None
    ) -> list[UrlKey]:
        """Return the URL keys of an integration, of a person, or of both, live or not, the newest first."""
        rows = await self._connection.execute(_of(url_keys, integration_id, subject))
        return records(UrlKey, rows.all())

    async def end_url_key(self, key_id: str, at: datetime) -> bool:
        """Let a URL key end at that moment, or earlier as it was; tell whether it would have lived longer."""
        return await self._end(url_keys, url_keys.c.id == key_id, at)

    async def touch_url_key(self, key_id: str, at: datetime) -> None:
        """Note when a URL key was last used."""
        await self._connection.execute(update(url_keys).where(url_keys.c.id == key_id).values(last_used=at))

    async def _end(self, table: Table, which: Any, at: datetime) -> bool:
        ended = await self._connection.execute(update(table).where(which, _live(table, at)).values(ends=at))
        return ended.rowcount > 0


def _live(table: Table, at: datetime) -> Any:
    return or_(table.c.ends.is_(None), table.c.ends > at)


def _of(table: Table, integration_id: str | None, subject: str | None) -> Select[Any]:
    query = select(table).order_by(table.c.created.desc(), table.c.id.desc())
    if integration_id is not None:
        query = query.where(table.c.integration_id == integration_id)
    if subject is not None:
        query = query.where(table.c.subject == subject)
    return query
