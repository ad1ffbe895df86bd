"""What clients ask for without a person: tokens for a grant, and their end."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from deputize.errors import StoreUnavailable
from deputize.oauth.introspection import introspect
from deputize.oauth.metadata import FORMER_TOKEN, INTROSPECT, REVOKE, TOKEN
from deputize.oauth.parameters import read_form
from deputize.oauth.refusals import Passing, Refusal, later
from deputize.oauth.revocation import revoke_token
from deputize.oauth.token_request import ClientRequest, answer_token_request
from deputize.server.callers import Parts, logins_of, source_of
from deputize.server.documents.oauth import IntrospectionDocument, OAuthError, TokenDocument
from deputize.server.oauth_answers import answer_refusal, answer_tokens
from deputize.server.problem_documents import problems_of

#: Seconds after which it is worth trying again when the database did not answer.
_STORE_RETRY_SECONDS: Final = 2
_REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": OAuthError, "description": "The request, the grant or the scope is refused."},
    401: {"model": OAuthError, "description": "`invalid_client`."},
    413: problems_of(413),
    415: problems_of(415),
    503: {"model": OAuthError, "description": "`temporarily_unavailable`; `Retry-After` says for how long."},
}
_TOO_OFTEN: Final[dict[int | str, dict[str, Any]]] = {
    429: {"model": OAuthError, "description": "`temporarily_unavailable`: too many wrong passwords."}
}


def _form(*required: str, **properties: str) -> dict[str, Any]:
    """Return the description of a form, and that a client may prove itself in it or by HTTP Basic."""
    described = {
        **properties,
        "client_id": "The client's id, unless it stands in the header Authorization.",
        "client_secret": "That of a confidential client, unless it stands in the header Authorization.",
    }
    schema = {
        "type": "object",
        "required": list(required),
        "properties": {
            name: {"type": "string", "description": description} for name, description in described.items()
        },
    }
    content = {"application/x-www-form-urlencoded": {"schema": schema}}
    return {
        "requestBody": {"required": True, "content": content},
        "security": [{}, {"client": []}],
    }


class ClientRoute(APIRoute):
    """An operation that answers a client as OAuth does, also when the database does not answer."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request to the operation."""
        answer_request = super().get_route_handler()

        async def answer_client(request: Request) -> Response:
            try:
                return await answer_request(request)
            except StoreUnavailable:
                passing = Passing(whose="server", retry_after=_STORE_RETRY_SECONDS)
                return answer_refusal(later("The database does not answer. Try again.", passing))

        return answer_client


router = APIRouter(
    tags=["OAuth"], route_class=ClientRoute, responses=_REFUSED, default_response_class=JSONResponse
)
_TOKEN_FORM: Final = _form(
    "grant_type",
    grant_type="`authorization_code`, `refresh_token`, or where it is turned on `password`.",
    code="What the client was sent back with.",
    redirect_uri="The one that the code was sent to.",
    code_verifier="What the code challenge is the SHA-256 of.",
    refresh_token="The one that the client got last.",  # noqa: S106 - a description
    username="For `password`.",
    password="For `password`.",  # noqa: S106 - a description
    scope="Less than was granted, with spaces between.",
)


@router.post(
    TOKEN,
    operation_id="requestTokens",
    response_model=TokenDocument,
    responses=_TOO_OFTEN,
    openapi_extra=_TOKEN_FORM,
)
@router.post(
    FORMER_TOKEN,
    operation_id="requestTokensAsBefore",
    response_model=TokenDocument,
    responses=_TOO_OFTEN,
    openapi_extra=_TOKEN_FORM,
)
async def post_token_request(request: Request, parts: Parts) -> Response:
    """Give tokens for a code, a refresh token or a password. Parameters stand in the body alone."""
    asked = await _read(request)
    if isinstance(asked, Refusal):
        return answer_refusal(asked)
    answered = await answer_token_request(parts.oauth, asked, logins=logins_of(request))
    return answer_refusal(answered) if isinstance(answered, Refusal) else answer_tokens(answered)


@router.post(
    REVOKE,
    operation_id="revokeToken",
    response_model=None,
    responses={200: {"description": "The token is no good, whatever it was.", "content": {}}},
    openapi_extra=_form(
        "token",
        token="An access token, or a refresh token, with which the whole grant ends.",  # noqa: S106 - a description
        token_type_hint="Not needed: tokens tell their kind.",  # noqa: S106 - a description
    ),
)
async def post_revocation(request: Request, parts: Parts) -> Response:
    """End a token of the client's own. One that is unknown is answered like one that has been ended."""
    asked = await _read(request)
    refusal = asked if isinstance(asked, Refusal) else await revoke_token(parts.oauth, asked)
    return Response() if refusal is None else answer_refusal(refusal)


@router.post(
    INTROSPECT,
    operation_id="introspectToken",
    response_model=IntrospectionDocument,
    openapi_extra=_form(
        "token",
        token="An access token or a refresh token of the client's own.",  # noqa: S106 - a description
        token_type_hint="Not needed: tokens tell their kind.",  # noqa: S106 - a description
    ),
)
async def post_introspection(request: Request, parts: Parts) -> Response:
    """Say what a token is worth now, to the confidential client that it was given to."""
    asked = await _read(request)
    found = asked if isinstance(asked, Refusal) else await introspect(parts.oauth, asked)
    if isinstance(found, Refusal):
        return answer_refusal(found)
    return JSONResponse(IntrospectionDocument(**found).model_dump(exclude_none=True))


async def _read(request: Request) -> ClientRequest | Refusal:
    form = read_form(
        await request.body(),
        content_types=request.headers.getlist("content-type"),
        query=request.scope["query_string"].decode("latin-1"),
    )
    if isinstance(form, Refusal):
        return form
    return ClientRequest(
        authorization=request.headers.getlist("authorization"), form=form, source=source_of(request)
    )
