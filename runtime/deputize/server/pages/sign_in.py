"""The page on which people sign in, in place of whatever they have asked for."""

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse

from deputize.oauth.refusals import Refusal
from deputize.server.callers import parts_of
from deputize.server.oauth_answers import retry_headers, status_of
from deputize.server.pages.rendering import own_page
from deputize.server.session_cookies import SESSION, theme_of

_ON_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def sign_in_page(
    request: Request,
    *,
    leads_to: str,
    status: HTTPStatus = HTTPStatus.UNAUTHORIZED,
    username: str = "",
    refusal: Refusal | None = None,
) -> HTMLResponse:
    """Return the page; whoever signs in goes on to *leads_to*. *refusal* says why it is asked once more."""
    answered = own_page(
        "sign_in.html",
        status=status if refusal is None else status_of(refusal, otherwise=status),
        at=request.scope.get("root_path", ""),
        theme=theme_of(request),
        leads_to=leads_to,
        username=username,
        why=None if refusal is None else refusal.description,
        plain_http=_is_plain(parts_of(request).public_url),
    )
    if answered.status_code == HTTPStatus.UNAUTHORIZED:
        # A scheme that browsers do not know: they show the page, and ask for no password of their own.
        answered.headers["WWW-Authenticate"] = f'Cookie realm="Deputize", cookie-name="{SESSION}"'
    answered.headers.update({} if refusal is None else retry_headers(refusal))
    return answered


def _is_plain(public_url: str) -> bool:
    """Return whether browsers would not keep the cookie of a session at *public_url*."""
    parts = urlsplit(public_url)
    return parts.scheme == "http" and parts.hostname not in _ON_THIS_MACHINE
