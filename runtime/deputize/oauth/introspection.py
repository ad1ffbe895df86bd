"""What a token is worth at this moment (RFC 7662): told to the confidential client that it was given to."""

from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

from deputize.credentials.access_tokens import Verified
from deputize.credentials.oauth_secrets import hash_of_refresh_token, is_refresh_token
from deputize.domain.oauth import OAuthClient
from deputize.oauth.authorization_server import AuthorizationServer
from deputize.oauth.client_authentication import authenticate, presented_client
from deputize.oauth.issuing import holder
from deputize.oauth.refusals import Refusal, invalid_client, invalid_request
from deputize.oauth.scopes import written
from deputize.oauth.token_request import ClientRequest
from deputize.store import Transaction
from deputize_client import Secret

#: All that is said of every other token: not why it is none, and not whose it is.
INACTIVE: Final[Mapping[str, JsonValue]] = {"active": False}


async def introspect(
    server: AuthorizationServer, request: ClientRequest
) -> Mapping[str, JsonValue] | Refusal:
    """Return what the token is worth that *request* has, or that it is worth nothing to this client."""
    presented = presented_client(request.authorization, request.form)
    if isinstance(presented, Refusal):
        return presented
    text = request.form.get("token")

    async def work(tx: Transaction) -> Mapping[str, JsonValue] | Refusal:
        client = await authenticate(tx, server.hasher, presented)
        if isinstance(client, Refusal):
            return client
        if client.secret_hash is None:
            return invalid_client()
        if text is None:
            return invalid_request("token is needed.")
        look = _refresh_token if is_refresh_token(text) else _access_token
        return await look(server, tx, client, Secret("token", text))

    return await server.database.read(work)


async def _access_token(
    server: AuthorizationServer, tx: Transaction, client: OAuthClient, token: Secret
) -> Mapping[str, JsonValue]:
    found = await server.tokens.verify(tx, token.reveal())
    if not isinstance(found, Verified) or found.client_id != client.id:
        return INACTIVE
    return {
        "active": True,
        "scope": written(found.scope),
        "client_id": client.id,
        "username": found.account.name,
        "token_type": "bearer",
        "exp": int(found.expires.timestamp()),
        "iat": int(found.issued.timestamp()),
        "sub": found.account.name,
        "aud": server.issuer,
        "iss": server.issuer,
        "jti": found.jti,
    }


async def _refresh_token(
    server: AuthorizationServer, tx: Transaction, client: OAuthClient, token: Secret
) -> Mapping[str, JsonValue]:
    found = await tx.oauth.refresh_token(hash_of_refresh_token(server.hasher, token))
    grant = None if found is None else await tx.oauth.grant(found.grant_id)
    if found is None or grant is None or grant.client_id != client.id:
        return INACTIVE
    account = await holder(server, tx, grant)
    live = found.used is None and found.expires > tx.now and grant.live(tx.now)
    if isinstance(account, Refusal) or not live:
        return INACTIVE
    return {
        "active": True,
        "scope": written(grant.scope & client.scope),
        "client_id": client.id,
        "username": account.name,
        "exp": int(found.expires.timestamp()),
        "iat": int(found.issued.timestamp()),
        "sub": account.name,
        "iss": server.issuer,
    }
