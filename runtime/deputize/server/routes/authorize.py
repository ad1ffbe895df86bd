"""Where a browser brings a person whom a client asks for something."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from deputize.errors import StoreUnavailable
from deputize.oauth.consent import answer, ask
from deputize.oauth.metadata import AUTHORIZE
from deputize.oauth.parameters import read_form, read_query
from deputize.server.callers import Parts, logins_of, source_of
from deputize.server.pages.authorization import refused, show
from deputize.server.problem_documents import problems_of

_PAGE: Final[dict[str, Any]] = {"text/html": {"schema": {"type": "string"}}}
_PAGES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The page that asks.", "content": _PAGE},
    303: {"description": "The way back to the client, with `iss` (RFC 9207) and what it sent as `state`."},
    400: {
        "description": "A page that says why nobody is sent anywhere: client or address are not known.",
        "content": _PAGE,
    },
    503: {"description": "A page that says that the server cannot answer now.", "content": _PAGE},
}


def _query(name: str, description: str, *, required: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": description,
        "schema": {"type": "string"},
    }


class PageRoute(APIRoute):
    """An operation that answers a person, also when the database does not answer."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request to the operation."""
        answer_request = super().get_route_handler()

        async def answer_person(request: Request) -> Response:
            try:
                return await answer_request(request)
            except StoreUnavailable:
                why = "The server cannot answer now. Try again in a moment."
                return refused(why, status=HTTPStatus.SERVICE_UNAVAILABLE)

        return answer_person


router = APIRouter(tags=["OAuth"], route_class=PageRoute, default_response_class=HTMLResponse)


@router.get(
    AUTHORIZE,
    operation_id="askForAuthorization",
    responses=_PAGES,
    openapi_extra={
        "parameters": [
            _query("response_type", "`code`."),
            _query("client_id", "The client's id."),
            _query("redirect_uri", "One of the client's, letter for letter; the port of a loopback is free."),
            _query("code_challenge", "The SHA-256 of the code verifier, in base64url (RFC 7636)."),
            _query("code_challenge_method", "`S256`."),
            _query(
                "scope", "Names with spaces between; all that the client may, if left out.", required=False
            ),
            _query("state", "Sent back as it is.", required=False),
        ]
    },
)
async def get_authorization(request: Request, parts: Parts) -> Response:
    """Show a person what a client asks them for. GET changes nothing."""
    return show(await ask(parts.oauth, read_query(request.scope["query_string"].decode("latin-1"))))


@router.post(
    AUTHORIZE,
    operation_id="answerAuthorization",
    responses={
        **_PAGES,
        403: {
            "description": "The page once more, with why it was not accepted. For a form that a page of "
            "another origin has sent: ORIGIN_REFUSED.",
            "content": {**_PAGE, **problems_of(403)["content"]},
        },
        413: problems_of(413),
        415: problems_of(415),
        429: {"description": "The page once more: too many wrong passwords.", "content": _PAGE},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "required": ["request", "decision"],
                        "properties": {
                            "request": {"type": "string", "description": "What the page had in its form."},
                            "decision": {"enum": ["allow", "refuse"]},
                            "username": {"type": "string"},
                            "password": {"type": "string", "format": "password"},
                        },
                    }
                }
            },
        }
    },
)
async def post_authorization(request: Request, parts: Parts) -> Response:
    """Take what the person has decided, with the sign-in, and send them back to the client."""
    form = read_form(
        await request.body(),
        content_types=request.headers.getlist("content-type"),
        query=request.scope["query_string"].decode("latin-1"),
    )
    return show(await answer(parts.oauth, form, logins=logins_of(request), source=source_of(request)))
