"""A person lets a client act for them, or does not: one form, with the sign-in in it.

Nothing is remembered between two forms: whoever allows something signs in for it.
"""

from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from deputize.authorisation import decide_login
from deputize.credentials.oauth_secrets import hash_of_code, mint_code
from deputize.domain.decision import Denial
from deputize.domain.oauth import AuthorizationCode, OAuthClient
from deputize.oauth.authorization_request import (
    UNKNOWN_CLIENT,
    AuthorizationRequest,
    SentBack,
    Shown,
    read_request,
    send_back,
    unfit_client,
)
from deputize.oauth.authorization_server import CODE_LIFETIME, AuthorizationServer
from deputize.oauth.issuing import give_grant
from deputize.oauth.parameters import Parameters
from deputize.oauth.refusals import Refusal, invalid_grant, invalid_request
from deputize.oauth.signing_in import sign_in
from deputize.store import Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import NotPermitted
from deputize.use_cases.note_login import LoginTrail, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the page asks, as long as it is not answered."""

    request: AuthorizationRequest
    client: OAuthClient
    #: What the form carries back.
    sealed: str
    #: The name that was entered before, to be corrected.
    username: str = ""
    #: Why it is asked once more; None the first time.
    refusal: Refusal | None = None


Asked: TypeAlias = Question | Shown | SentBack

_TOO_OLD: Final = Shown(
    why="This page has stood open for too long, or was not made here. Begin again in the application."
)
_NOT_ENTERED: Final = invalid_request("Enter your user name and your password.")
_NO_LOGIN: Final = Refusal(error="access_denied", description="This account may not log in.")


async def ask(server: AuthorizationServer, parameters: Parameters | Refusal) -> Asked:
    """Return the question that the *parameters* of an authorization request lead to."""
    if isinstance(parameters, Refusal):
        return Shown(why=parameters.description)
    client = await _client(server, parameters.get("client_id", ""))
    read = read_request(parameters, client, issuer=server.issuer)
    if client is None or not isinstance(read, AuthorizationRequest):
        return UNKNOWN_CLIENT if isinstance(read, AuthorizationRequest) else read
    return Question(request=read, client=client, sealed=server.seal.seal(read))


async def answer(
    server: AuthorizationServer, form: Parameters | Refusal, *, logins: LoginTrail, source: str | None
) -> Asked:
    """Return where the answer in *form* leads: back to the client, or to the question once more."""
    if isinstance(form, Refusal):
        return Shown(why=form.description)
    request = server.seal.unseal(form.get("request", ""))
    if request is None:
        return _TOO_OLD
    client = await _client(server, request.client_id)
    unfit = unfit_client(client, request.redirect_uri)
    if client is None or unfit is not None:
        return unfit or UNKNOWN_CLIENT
    return await _decide(server, request, client, form, logins=logins, source=source)


async def _decide(
    server: AuthorizationServer,
    request: AuthorizationRequest,
    client: OAuthClient,
    form: Parameters,
    *,
    logins: LoginTrail,
    source: str | None,
) -> Asked:
    if form.get("decision") != "allow":
        refusal = Refusal(error="access_denied", description="The person has refused.")
        return send_back(request.redirect_uri, refusal, state=request.state, issuer=server.issuer)
    question = Question(
        request=request, client=client, sealed=server.seal.seal(request), username=form.get("username", "")
    )
    if "username" not in form or "password" not in form:
        return replace(question, refusal=_NOT_ENTERED)
    signed_in = await sign_in(form, gate=server.gate, logins=logins, source=source)
    if isinstance(signed_in, Refusal):
        return replace(question, refusal=signed_in)
    actor = Actor(
        subject=signed_in.account.subject,
        name=signed_in.account.name,
        source=source or "unknown",
        password_changed=signed_in.changed,
    )
    return await _allow(server, question, actor, logins=logins)


async def _allow(
    server: AuthorizationServer, question: Question, actor: Actor, *, logins: LoginTrail
) -> Asked:
    request, code = question.request, mint_code()

    async def work(tx: Transaction) -> Shown | Refusal | None:
        try:
            standing = await actor.standing(tx)
        except NotPermitted:
            return invalid_grant("The account or its password has just been changed. Sign in again.")
        if isinstance(decide_login(standing, what="let a client act"), Denial):
            return _NO_LOGIN
        client = await tx.oauth.client(request.client_id)
        unfit = unfit_client(client, request.redirect_uri)
        if client is None or unfit is not None:
            return unfit or UNKNOWN_CLIENT
        grant = await give_grant(tx, actor, client, scope=request.scope, ends=tx.now + CODE_LIFETIME)
        await tx.oauth.add_code(
            AuthorizationCode(
                hash=hash_of_code(server.hasher, code),
                grant_id=grant.id,
                redirect_uri=request.redirect_uri,
                challenge=request.challenge,
                expires=tx.now + CODE_LIFETIME,
            )
        )
        return None

    refused = await server.database.write(work)
    if isinstance(refused, Shown):
        return refused
    outcome: Outcome = "login.refused" if refused is _NO_LOGIN else "login.succeeded"
    await logins.note(outcome, actor.name, source=actor.source)
    if refused is not None:
        return replace(question, refusal=refused)
    return send_back(request.redirect_uri, {"code": code.reveal()}, state=request.state, issuer=server.issuer)


async def _client(server: AuthorizationServer, client_id: str) -> OAuthClient | None:
    client = await server.database.read(lambda tx: tx.oauth.client(client_id))
    return client if client is not None and client.enabled else None
