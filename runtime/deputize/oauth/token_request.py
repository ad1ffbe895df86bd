"""What a client presents for tokens: a code, a refresh token, or a person's password (RFC 6749 §4 to §6).

Theory of operation. A request is judged and answered in one transaction. A code and a refresh token are
used up in it by one conditional statement, so that of two requests at once one finds it unused; the other
presents what was used, as a thief would or the one who was stolen from. Nobody can tell which, so both
lose: the grant ends with every token that came of it (RFC 9700 §4.14.2). That is kept, although the request
is refused. What cannot be the presenter's own – another client's – is refused and left alone. A code that
is presented with a wrong verifier is used up.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oauth2.rfc7636.challenge import CODE_VERIFIER_PATTERN

from deputize.credentials.keys import same
from deputize.credentials.oauth_secrets import hash_of_code, hash_of_refresh_token
from deputize.credentials.signing_keys import LIFETIME
from deputize.domain.oauth import AuthorizationCode, GrantType, OAuthClient
from deputize.oauth.authorization_server import AuthorizationServer
from deputize.oauth.client_authentication import PresentedClient, authenticate, presented_client
from deputize.oauth.issuing import Tokens, end_grant, give_grant, give_tokens, holder
from deputize.oauth.parameters import Parameters
from deputize.oauth.refusals import Refusal, invalid_grant, invalid_request
from deputize.oauth.scopes import read_scope
from deputize.oauth.signing_in import sign_in
from deputize.store import Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import NotPermitted
from deputize.use_cases.note_login import LoginTrail
from deputize_client import Secret

Answer: TypeAlias = Tokens | Refusal

_UNKNOWN_CODE = invalid_grant("The code is unknown, used or expired, or was given for another request.")
_UNKNOWN_TOKEN = invalid_grant("The refresh token is unknown, used, expired or revoked.")
_CHANGED = invalid_grant("The account or its password has just been changed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRequest:
    """What a client sends to an endpoint of the authorization server."""

    authorization: Sequence[str]
    form: Parameters
    #: The address that it comes from.
    source: str | None

    @property
    def place(self) -> str:
        """The address, for the audit stream."""
        return self.source or "unknown"


async def answer_token_request(
    server: AuthorizationServer, request: ClientRequest, *, logins: LoginTrail
) -> Answer:
    """Return the tokens that *request* asks for, or why there are none."""
    presented = presented_client(request.authorization, request.form)
    if isinstance(presented, Refusal):
        return presented
    match request.form.get("grant_type"):
        case "authorization_code":
            return await _judged(server, request, presented, "authorization_code", _exchange)
        case "refresh_token":
            return await _judged(server, request, presented, "refresh_token", _refresh)
        case "password" if server.password_grant:
            return await _by_password(server, request, presented, logins=logins)
        case None:
            return invalid_request("grant_type is missing.")
        case _:
            return Refusal(
                error="unsupported_grant_type", description="Tokens are not given for this grant_type."
            )


_Judge: TypeAlias = Callable[
    [AuthorizationServer, Transaction, OAuthClient, ClientRequest], Awaitable[Answer]
]


async def _judged(
    server: AuthorizationServer,
    request: ClientRequest,
    presented: PresentedClient,
    grant_type: GrantType,
    judge: _Judge,
) -> Answer:
    async def work(tx: Transaction) -> Answer:
        client = await _client(server, tx, presented, grant_type)
        return client if isinstance(client, Refusal) else await judge(server, tx, client, request)

    return await server.database.write(work)


async def _client(
    server: AuthorizationServer, tx: Transaction, presented: PresentedClient, grant_type: GrantType
) -> OAuthClient | Refusal:
    client = await authenticate(tx, server.hasher, presented)
    if isinstance(client, Refusal) or grant_type in client.grants:
        return client
    return Refusal(error="unauthorized_client", description=f"The client may not use the grant {grant_type}.")


async def _exchange(
    server: AuthorizationServer, tx: Transaction, client: OAuthClient, request: ClientRequest
) -> Answer:
    form = request.form
    if "code" not in form or "code_verifier" not in form or "redirect_uri" not in form:
        return invalid_request("code, code_verifier and redirect_uri are needed.")
    code = await tx.oauth.code(hash_of_code(server.hasher, Secret("authorization code", form["code"])))
    grant = None if code is None else await tx.oauth.grant(code.grant_id)
    if code is None or grant is None or grant.client_id != client.id:
        return _UNKNOWN_CODE
    if not await tx.oauth.use_code(code.hash, tx.now):
        await end_grant(tx, client, grant, source=request.place, why="code used twice")
        return _UNKNOWN_CODE
    if code.expires <= tx.now or not grant.live(tx.now) or not _fits(code, form):
        return _UNKNOWN_CODE
    account = await holder(server, tx, grant)
    if isinstance(account, Refusal):
        return account
    return await give_tokens(
        server,
        tx,
        client,
        grant,
        account=account,
        scope=grant.scope,
        by="authorization_code",
        source=request.place,
    )


def _fits(code: AuthorizationCode, form: Parameters) -> bool:
    verifier = form["code_verifier"]
    if CODE_VERIFIER_PATTERN.fullmatch(verifier) is None:
        return False
    return form["redirect_uri"] == code.redirect_uri and same(
        create_s256_code_challenge(verifier), code.challenge
    )


async def _refresh(
    server: AuthorizationServer, tx: Transaction, client: OAuthClient, request: ClientRequest
) -> Answer:
    if "refresh_token" not in request.form:
        return invalid_request("refresh_token is needed.")
    presented = Secret("refresh token", request.form["refresh_token"])
    token = await tx.oauth.refresh_token(hash_of_refresh_token(server.hasher, presented))
    grant = None if token is None else await tx.oauth.grant(token.grant_id)
    own = grant is not None and grant.client_id == client.id and grant.live(tx.now)
    if token is None or grant is None or not own or token.expires <= tx.now:
        return _UNKNOWN_TOKEN
    account = await holder(server, tx, grant)
    scope = read_scope(request.form.get("scope"), most=grant.scope & client.scope)
    # Before it is used up: what is refused for one of these may be presented again.
    if token.used is None and isinstance(account, Refusal):
        return account
    if token.used is None and isinstance(scope, Refusal):
        return scope
    first = await tx.oauth.use_refresh_token(token.hash, tx.now)
    if not first or isinstance(account, Refusal) or isinstance(scope, Refusal):
        await end_grant(tx, client, grant, source=request.place, why="refresh token used twice")
        return _UNKNOWN_TOKEN
    return await give_tokens(
        server, tx, client, grant, account=account, scope=scope, by="refresh_token", source=request.place
    )


async def _by_password(
    server: AuthorizationServer,
    request: ClientRequest,
    presented: PresentedClient,
    *,
    logins: LoginTrail,
) -> Answer:
    # No transaction waits for a password to be verified.
    known = await server.database.read(lambda tx: _client(server, tx, presented, "password"))
    if isinstance(known, Refusal):
        return known
    scope = read_scope(request.form.get("scope"), most=known.scope)
    if isinstance(scope, Refusal):
        return scope
    signed_in = await sign_in(request.form, gate=server.gate, logins=logins, source=request.source)
    if isinstance(signed_in, Refusal):
        return signed_in
    account = signed_in.account
    actor = Actor(
        subject=account.subject, name=account.name, source=request.place, password_changed=signed_in.changed
    )

    async def work(tx: Transaction) -> Answer:
        client = await _client(server, tx, presented, "password")
        if isinstance(client, Refusal):
            return client
        try:
            await actor.standing(tx)
        except NotPermitted:
            return _CHANGED
        grant = await give_grant(tx, actor, client, scope=scope, ends=tx.now + LIFETIME)
        return await give_tokens(
            server, tx, client, grant, account=account, scope=scope, by="password", source=request.place
        )

    return await server.database.write(work)
