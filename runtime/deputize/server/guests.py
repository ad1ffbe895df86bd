"""Who looks at a page: somebody who has signed in; everybody else is asked to."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from deputize.oauth.parameters import Parameters, read_form
from deputize.oauth.refusals import Refusal
from deputize.server.pages.problem import wants_page
from deputize.server.pages.shell import here
from deputize.server.pages.sign_in import sign_in_page
from deputize.server.problems import Problem
from deputize.server.session_cookies import Guest, guest_of, take_token, token_of

#: The name under which every form carries the token of its session.
FORM_TOKEN: Final = "form_token"  # noqa: S105 - the name of a field
_READING: Final = frozenset({"GET", "HEAD"})


def _guest_of(request: Request) -> Guest:
    guest: Guest = request.state.guest
    return guest


def _form_of(request: Request) -> Parameters:
    form: Parameters = request.state.form
    return form


#: Who has signed in.
SignedInGuest = Annotated[Guest, Depends(_guest_of)]
#: What they have sent with a form of ours.
SentForm = Annotated[Parameters, Depends(_form_of)]


class GuestRoute(APIRoute):
    """A page for whoever has signed in; what changes something takes a form that was made for them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request for the page."""
        answer = super().get_route_handler()

        async def answer_guest(request: Request) -> Response:
            guest = await guest_of(request)
            if guest is None:
                return _asked_to_sign_in(request)
            request.state.guest = guest
            # For what lists of the API and of the page have in common.
            request.state.actor = guest.signed_in.actor
            if request.method not in _READING:
                request.state.form = await _sent_by(request, guest)
            return await answer(request)

        return answer_guest


def guest_pages() -> APIRouter:
    """Return a router for pages for whoever has signed in, which no description of the API lists."""
    return APIRouter(route_class=GuestRoute, include_in_schema=False, default_response_class=HTMLResponse)


async def read_sent_form(request: Request) -> Parameters | Refusal:
    """Return what *request* has sent as a form."""
    return read_form(
        await request.body(),
        content_types=request.headers.getlist("content-type"),
        query=request.scope["query_string"].decode("latin-1"),
    )


async def _sent_by(request: Request, guest: Guest) -> Parameters:
    form = await read_sent_form(request)
    if isinstance(form, Refusal):
        raise Problem("FORM_REFUSED", form.description)
    if not guest.sent(form.get(FORM_TOKEN, "")):
        raise Problem(
            "FORM_REFUSED", "The form is not of this session. Go back, load the page, and try again."
        )
    return form


def _asked_to_sign_in(request: Request) -> Response:
    if not wants_page(request):
        raise Problem("UNAUTHENTICATED", "Nobody has signed in, or the session is over.")
    asked = sign_in_page(request, leads_to=here(request) if request.method in _READING else "/")
    if token_of(request) is not None:
        take_token(asked)
    return asked
