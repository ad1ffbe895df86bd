"""Gives tokens for what a person has granted, and ends that: whatever a client presents for it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from deputize.credentials.authenticators import Account
from deputize.credentials.oauth_secrets import hash_of_refresh_token, mint_refresh_token
from deputize.credentials.signing_keys import LIFETIME
from deputize.domain.oauth import GrantType, OAuthClient, OAuthGrant, RefreshToken
from deputize.domain.scope import Scope
from deputize.oauth.authorization_server import AuthorizationServer
from deputize.oauth.refusals import Refusal, invalid_grant
from deputize.oauth.scopes import written
from deputize.store import Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize_client import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What a client gets, the only time that it is there."""

    access_token: Secret
    #: The id of the access token.
    jti: str
    #: None where the client may not refresh.
    refresh_token: Secret | None
    #: Seconds.
    expires_in: int
    scope: Scope


async def give_grant(
    tx: Transaction, actor: Actor, client: OAuthClient, *, scope: Scope, ends: datetime
) -> OAuthGrant:
    """Keep that *actor* lets *client* act in the bounds of *scope*; it lasts until *ends* at first."""
    grant = OAuthGrant(
        id=str(uuid4()),
        client_id=client.id,
        person_id=actor.subject,
        scope=scope,
        created=tx.now,
        ends=ends,
    )
    await tx.oauth.put_grant(grant)
    await note(
        tx,
        actor,
        "grant.given",
        f"client:{client.name}",
        grant=grant.id,
        client=client.id,
        scope=written(scope),
    )
    return grant


async def end_grant(
    tx: Transaction, client: OAuthClient, grant: OAuthGrant, *, source: str, why: str
) -> None:
    """End *grant* with all of its tokens; *why* is a word for the audit stream."""
    if await tx.oauth.revoke_grant(grant.id, tx.now):
        person = await tx.people.get(grant.person_id)
        await note(
            tx,
            acting(client, source),
            "grant.revoked",
            f"client:{client.name}",
            grant=grant.id,
            client=client.id,
            user=None if person is None else person.target_name,
            why=why,
        )


async def holder(server: AuthorizationServer, tx: Transaction, grant: OAuthGrant) -> Account | Refusal:
    """Return whose *grant* is: somebody active, whose password has not expired. Else no tokens are given."""
    account = await server.accounts.account(tx, grant.person_id)
    password = await tx.passwords.get(grant.person_id)
    expired = password is None or (password.expires is not None and password.expires <= tx.now)
    if account is None or expired:
        return invalid_grant("Who has granted it may not act now.")
    return account


async def give_tokens(
    server: AuthorizationServer,
    tx: Transaction,
    client: OAuthClient,
    grant: OAuthGrant,
    *,
    account: Account,
    scope: Scope,
    by: GrantType,
    source: str,
) -> Tokens | Refusal:
    """Give *client* tokens for *grant*, in the bounds of *scope*, of the grant, and of what it may now."""
    bounded = scope & grant.scope & client.scope
    if not bounded:
        return Refusal(error="invalid_scope", description="Nothing of what was granted may be granted now.")
    refresh_until = min(tx.now + server.refresh_lifetime, grant.created + server.longest_grant)
    if refresh_until <= tx.now or not await tx.oauth.prolong_grant(
        grant.id, max(refresh_until, tx.now + LIFETIME)
    ):
        return invalid_grant("What was granted has ended.")
    refresh_token = mint_refresh_token() if "refresh_token" in client.grants else None
    if refresh_token is not None:
        await tx.oauth.add_refresh_token(
            RefreshToken(
                hash=hash_of_refresh_token(server.hasher, refresh_token),
                grant_id=grant.id,
                issued=tx.now,
                expires=refresh_until,
            )
        )
    jti = str(uuid4())
    access_token = await server.tokens.issue(
        tx, client=client, account=account, grant=grant, scope=bounded, jti=jti
    )
    await tx.oauth.delete_ended(tx.now)
    await note(
        tx,
        acting(client, source),
        "token.issued",
        f"client:{client.name}",
        grant=grant.id,
        client=client.id,
        user=account.name,
        scope=written(bounded),
        by=by,
        token=jti,
    )
    return Tokens(
        access_token=access_token,
        jti=jti,
        refresh_token=refresh_token,
        expires_in=int(LIFETIME.total_seconds()),
        scope=bounded,
    )


def acting(client: OAuthClient, source: str) -> Actor:
    """Return *client* as who does something: a token request has no other actor."""
    return Actor(subject=client.id, name=client.id, source=source)
