"""Secrets that requests are signed with, and the signatures that have been seen."""

from datetime import datetime

from sqlalchemy import Select, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.keys import SigningSecret
from deputize.store.rows import inserting, record, records, values_of
from deputize.store.tables import seen_signatures, signing_secrets


class Signatures:
    """Queries about signing secrets and signatures."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_secret(self, secret: SigningSecret) -> None:
        """Keep a new signing secret."""
        await self._connection.execute(insert(signing_secrets).values(**values_of(secret)))

    async def secret(self, secret_id: str) -> SigningSecret | None:
        """Return the signing secret of that id, live or not."""
        rows = await self._connection.execute(
            select(signing_secrets).where(signing_secrets.c.id == secret_id)
        )
        return record(SigningSecret, rows.first())

    async def live_secrets(self, integration_id: str, *, now: datetime) -> list[SigningSecret]:
        """Return what requests to an integration may be signed with now, the newest first."""
        live = or_(signing_secrets.c.ends.is_(None), signing_secrets.c.ends > now)
        rows = await self._connection.execute(_of(integration_id, None).where(live))
        return records(SigningSecret, rows.all())

    async def secrets(
        self, *, integration_id: str | None = None, subject: str | None = None
    ) -> list[SigningSecret]:
        """Return the secrets of an integration, of a person, or of both, live or not, the newest first."""
        rows = await self._connection.execute(_of(integration_id, subject))
        return records(SigningSecret, rows.all())

    async def end_secret(self, secret_id: str, at: datetime) -> bool:
        """Let a secret end at that moment, or earlier as it was; tell whether it would have lived longer."""
        ended = await self._connection.execute(
            update(signing_secrets)
            .where(
                signing_secrets.c.id == secret_id,
                or_(signing_secrets.c.ends.is_(None), signing_secrets.c.ends > at),
            )
            .values(ends=at)
        )
        return ended.rowcount > 0

    async def touch_secret(self, secret_id: str, at: datetime) -> None:
        """Note when a secret was last used."""
        await self._connection.execute(
            update(signing_secrets).where(signing_secrets.c.id == secret_id).values(last_used=at)
        )

    async def see(
        self, integration_id: str, hashed: str, *, run_id: str, at: datetime, expires: datetime | None
    ) -> bool:
        """Remember a signature or the id of a message; False, and nothing changed, when it was seen before.

        It is forgotten after *expires*; None: never.
        """
        added = await self._connection.execute(
            inserting(self._connection, seen_signatures)
            .values(integration_id=integration_id, hash=hashed, run_id=run_id, seen=at, expires=expires)
            .on_conflict_do_nothing(index_elements=["integration_id", "hash"])
            .returning(seen_signatures.c.hash)
        )
        return added.first() is not None

    async def run_of(self, integration_id: str, hashed: str) -> str | None:
        """Return the run of a signature or message that has been seen."""
        found = await self._connection.scalar(
            select(seen_signatures.c.run_id).where(
                seen_signatures.c.integration_id == integration_id, seen_signatures.c.hash == hashed
            )
        )
        return None if found is None else str(found)

    async def delete_expired(self, now: datetime) -> None:
        """Forget signatures whose time is too old to be accepted anyway."""
        await self._connection.execute(delete(seen_signatures).where(seen_signatures.c.expires <= now))


def _of(integration_id: str | None, subject: str | None) -> Select[tuple[object, ...]]:
    query = select(signing_secrets).order_by(signing_secrets.c.created.desc(), signing_secrets.c.id.desc())
    if integration_id is not None:
        query = query.where(signing_secrets.c.integration_id == integration_id)
    if subject is not None:
        query = query.where(signing_secrets.c.subject == subject)
    return query
