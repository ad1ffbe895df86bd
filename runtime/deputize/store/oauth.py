"""Clients of OAuth, grants, codes, refresh tokens, and the keys that sign access tokens."""

from datetime import datetime

from sqlalchemy import case, delete, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.oauth import AuthorizationCode, OAuthClient, OAuthGrant, RefreshToken, SigningKey
from deputize.store.rows import inserting, put, record, records, values_of
from deputize.store.tables import (
    oauth_clients,
    oauth_codes,
    oauth_cutoffs,
    oauth_grants,
    oauth_refresh_tokens,
    oauth_revoked_tokens,
    oauth_signing_keys,
)


class OAuth:
    """Queries about OAuth."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    # Clients

    async def clients(self) -> list[OAuthClient]:
        """Return every client, by name."""
        rows = await self._connection.execute(
            select(oauth_clients).order_by(oauth_clients.c.name, oauth_clients.c.id)
        )
        return records(OAuthClient, rows.all())

    async def client(self, client_id: str) -> OAuthClient | None:
        """Return the client of that id, enabled or not."""
        rows = await self._connection.execute(select(oauth_clients).where(oauth_clients.c.id == client_id))
        return record(OAuthClient, rows.first())

    async def put_client(self, client: OAuthClient) -> None:
        """Write *client* over the one of the same id, or as a new one."""
        await put(self._connection, oauth_clients, values_of(client))

    # Grants

    async def grant(self, grant_id: str) -> OAuthGrant | None:
        """Return the grant of that id, live or not."""
        rows = await self._connection.execute(select(oauth_grants).where(oauth_grants.c.id == grant_id))
        return record(OAuthGrant, rows.first())

    async def grants_of(self, person_id: str) -> list[OAuthGrant]:
        """Return what a person has granted, live or not, the newest first."""
        rows = await self._connection.execute(
            select(oauth_grants)
            .where(oauth_grants.c.person_id == person_id)
            .order_by(oauth_grants.c.created.desc(), oauth_grants.c.id)
        )
        return records(OAuthGrant, rows.all())

    async def put_grant(self, grant: OAuthGrant) -> None:
        """Write *grant* over the one of the same id, or as a new one."""
        await put(self._connection, oauth_grants, values_of(grant))

    async def prolong_grant(self, grant_id: str, ends: datetime) -> bool:
        """Let a grant last until *ends* at least; False when it has been revoked, by however little."""
        until = literal(ends, oauth_grants.c.ends.type)
        prolonged = await self._connection.execute(
            update(oauth_grants)
            .where(oauth_grants.c.id == grant_id, oauth_grants.c.revoked.is_(None))
            .values(ends=case((oauth_grants.c.ends < until, until), else_=oauth_grants.c.ends))
        )
        return prolonged.rowcount > 0

    async def revoke_grant(self, grant_id: str, at: datetime) -> bool:
        """End a grant with all of its tokens; tell whether it would have gone on."""
        ended = await self._connection.execute(
            update(oauth_grants)
            .where(oauth_grants.c.id == grant_id, oauth_grants.c.revoked.is_(None))
            .values(revoked=at)
        )
        return ended.rowcount > 0

    async def revoke_grants_of(self, person_id: str, at: datetime) -> int:
        """End everything that a person has granted; tell how many grants would have gone on.

        Tokens of other issuers that they got before *at* are refused as well.
        """
        await put(self._connection, oauth_cutoffs, {"person_id": person_id, "before": at})
        ended = await self._connection.execute(
            update(oauth_grants)
            .where(
                oauth_grants.c.person_id == person_id,
                oauth_grants.c.revoked.is_(None),
                oauth_grants.c.ends > at,
            )
            .values(revoked=at)
        )
        return ended.rowcount

    # Codes and refresh tokens: each is used once

    async def add_code(self, code: AuthorizationCode) -> None:
        """Keep a new code."""
        await self._connection.execute(insert(oauth_codes).values(**values_of(code)))

    async def code(self, hashed: str) -> AuthorizationCode | None:
        """Return the code of that hash, used and expired ones too."""
        rows = await self._connection.execute(select(oauth_codes).where(oauth_codes.c.hash == hashed))
        return record(AuthorizationCode, rows.first())

    async def use_code(self, hashed: str, at: datetime) -> bool:
        """Use a code up; False when it was used before, by however little."""
        used = await self._connection.execute(
            update(oauth_codes)
            .where(oauth_codes.c.hash == hashed, oauth_codes.c.used.is_(None))
            .values(used=at)
        )
        return used.rowcount > 0

    async def add_refresh_token(self, token: RefreshToken) -> None:
        """Keep a new refresh token."""
        await self._connection.execute(insert(oauth_refresh_tokens).values(**values_of(token)))

    async def refresh_token(self, hashed: str) -> RefreshToken | None:
        """Return the refresh token of that hash, used and expired ones too."""
        rows = await self._connection.execute(
            select(oauth_refresh_tokens).where(oauth_refresh_tokens.c.hash == hashed)
        )
        return record(RefreshToken, rows.first())

    async def use_refresh_token(self, hashed: str, at: datetime) -> bool:
        """Use a refresh token up; False when it was used before, by however little."""
        used = await self._connection.execute(
            update(oauth_refresh_tokens)
            .where(oauth_refresh_tokens.c.hash == hashed, oauth_refresh_tokens.c.used.is_(None))
            .values(used=at)
        )
        return used.rowcount > 0

    # Access tokens

    async def revoke_token(self, jti: str, *, expires: datetime) -> None:
        """Refuse the access token of that id from now on."""
        await self._connection.execute(
            inserting(self._connection, oauth_revoked_tokens)
            .values(jti=jti, expires=expires)
            .on_conflict_do_nothing(index_elements=["jti"])
        )

    async def token_revoked(self, jti: str) -> bool:
        """Whether the access token of that id has been revoked."""
        found = await self._connection.scalar(
            select(oauth_revoked_tokens.c.jti).where(oauth_revoked_tokens.c.jti == jti)
        )
        return found is not None

    async def cutoff(self, person_id: str) -> datetime | None:
        """Return the moment before which tokens of other issuers were issued in vain to a person."""
        before: datetime | None = await self._connection.scalar(
            select(oauth_cutoffs.c.before).where(oauth_cutoffs.c.person_id == person_id)
        )
        return before

    async def signing_keys(self) -> list[SigningKey]:
        """Return every key that access tokens were signed with, the newest first."""
        rows = await self._connection.execute(
            select(oauth_signing_keys).order_by(oauth_signing_keys.c.created.desc(), oauth_signing_keys.c.id)
        )
        return records(SigningKey, rows.all())

    async def signing_key(self, key_id: str) -> SigningKey | None:
        """Return the key of that id, retired or not."""
        rows = await self._connection.execute(
            select(oauth_signing_keys).where(oauth_signing_keys.c.id == key_id)
        )
        return record(SigningKey, rows.first())

    async def put_signing_key(self, key: SigningKey) -> None:
        """Write *key* over the one of the same id, or as a new one."""
        await put(self._connection, oauth_signing_keys, values_of(key))

    async def retire_signing_key(self, key_id: str, at: datetime) -> None:
        """Let a key sign nothing more; one that is retired already stays as it is."""
        await self._connection.execute(
            update(oauth_signing_keys)
            .where(oauth_signing_keys.c.id == key_id, oauth_signing_keys.c.retired.is_(None))
            .values(retired=at)
        )

    async def delete_signing_keys(self, *, retired_before: datetime) -> None:
        """Forget keys that were retired so long ago that nothing they signed can be live."""
        await self._connection.execute(
            delete(oauth_signing_keys).where(oauth_signing_keys.c.retired <= retired_before)
        )

    async def delete_ended(self, now: datetime) -> None:
        """Forget what is refused without being known: codes, tokens and grants whose time is over.

        A grant that was revoked stays until then, with the codes and tokens that were used: a second use
        tells that somebody else has them.
        """
        for expiring in (oauth_revoked_tokens, oauth_refresh_tokens):
            await self._connection.execute(delete(expiring).where(expiring.c.expires <= now))
        await self._connection.execute(delete(oauth_grants).where(oauth_grants.c.ends <= now))
