"""Answers of the authorization server, in the shapes that OAuth has for them (RFC 6749 §5)."""

from http import HTTPStatus

from starlette.responses import JSONResponse

from deputize.oauth.issuing import Tokens
from deputize.oauth.refusals import Refusal
from deputize.oauth.scopes import written
from deputize.server.documents.oauth import OAuthError, TokenDocument

_CHALLENGE = {"WWW-Authenticate": 'Basic realm="Deputize", charset="UTF-8"'}
#: Besides ``Cache-Control: no-store``, which every answer has (RFC 6749 §5.1).
_NOT_KEPT = {"Pragma": "no-cache"}


def answer_tokens(tokens: Tokens) -> JSONResponse:
    """Return the one answer that has *tokens* in it."""
    refresh_token = tokens.refresh_token
    document = TokenDocument(
        access_token=tokens.access_token.reveal(),
        token_type="bearer",  # noqa: S106 - what kind of token it is
        expires_in=tokens.expires_in,
        refresh_token=None if refresh_token is None else refresh_token.reveal(),
        scope=written(tokens.scope),
        jti=tokens.jti,
    )
    return JSONResponse(document.model_dump(exclude_none=True), headers=_NOT_KEPT)


def answer_refusal(refusal: Refusal) -> JSONResponse:
    """Return what a client is told of *refusal*."""
    status = status_of(refusal, otherwise=HTTPStatus.BAD_REQUEST)
    headers = {**_NOT_KEPT, **retry_headers(refusal)}
    if status == HTTPStatus.UNAUTHORIZED:
        headers |= _CHALLENGE
    return JSONResponse(
        OAuthError(**refusal.members()).model_dump(exclude_none=True), status, headers=headers
    )


def status_of(refusal: Refusal, *, otherwise: HTTPStatus) -> HTTPStatus:
    """Return the status of a *refusal*: *otherwise* unless it has one of its own."""
    if refusal.passing is not None:
        too_often = refusal.passing.whose == "client"
        return HTTPStatus.TOO_MANY_REQUESTS if too_often else HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.UNAUTHORIZED if refusal.error == "invalid_client" else otherwise


def retry_headers(refusal: Refusal) -> dict[str, str]:
    """Return the header that says when to try again."""
    return {} if refusal.passing is None else {"Retry-After": str(refusal.passing.retry_after)}
