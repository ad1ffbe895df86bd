"""A client gives a token back (RFC 7009): with a refresh token ends all that was granted."""

from deputize.credentials.access_tokens import Verified
from deputize.credentials.oauth_secrets import hash_of_refresh_token, is_refresh_token
from deputize.domain.oauth import OAuthClient
from deputize.oauth.authorization_server import AuthorizationServer
from deputize.oauth.client_authentication import authenticate, presented_client
from deputize.oauth.issuing import acting, end_grant
from deputize.oauth.refusals import Refusal, invalid_request
from deputize.oauth.token_request import ClientRequest
from deputize.store import Transaction
from deputize.use_cases.audit_trail import note
from deputize_client import Secret

_OTHERS = Refusal(
    error="unauthorized_client", description="The token was given to another client, and goes on."
)


async def revoke_token(server: AuthorizationServer, request: ClientRequest) -> Refusal | None:
    """End the token that *request* has; None as well for one that is unknown or has ended already."""
    presented = presented_client(request.authorization, request.form)
    if isinstance(presented, Refusal):
        return presented
    text = request.form.get("token")

    async def work(tx: Transaction) -> Refusal | None:
        client = await authenticate(tx, server.hasher, presented)
        if isinstance(client, Refusal):
            return client
        if text is None:
            return invalid_request("token is needed.")
        end = _end_refresh_token if is_refresh_token(text) else _end_access_token
        return await end(server, tx, client, Secret("token", text), source=request.place)

    return await server.database.write(work)


async def _end_refresh_token(
    server: AuthorizationServer, tx: Transaction, client: OAuthClient, token: Secret, *, source: str
) -> Refusal | None:
    found = await tx.oauth.refresh_token(hash_of_refresh_token(server.hasher, token))
    grant = None if found is None else await tx.oauth.grant(found.grant_id)
    if grant is None:
        return None
    if grant.client_id != client.id:
        return _OTHERS
    await end_grant(tx, client, grant, source=source, why="given back by the client")
    return None


async def _end_access_token(
    server: AuthorizationServer, tx: Transaction, client: OAuthClient, token: Secret, *, source: str
) -> Refusal | None:
    found = await server.tokens.verify(tx, token.reveal())
    if not isinstance(found, Verified):
        return None
    if found.client_id != client.id:
        return _OTHERS
    await tx.oauth.revoke_token(found.jti, expires=found.expires)
    await note(
        tx,
        acting(client, source),
        "token.revoked",
        f"client:{client.name}",
        grant=found.grant_id,
        client=client.id,
        user=found.account.name,
        token=found.jti,
    )
    return None
