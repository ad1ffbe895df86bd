"""Where people sign in and out, and what every page is made of."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from deputize.credentials.session_tokens import hash_of_session_token, mint_session_token
from deputize.oauth.refusals import Refusal, invalid_request
from deputize.oauth.signing_in import sign_in
from deputize.server.callers import Parts, logins_of, source_of
from deputize.server.guests import SentForm, SignedInGuest, guest_pages, read_sent_form
from deputize.server.pages.assets import ASSETS, EDITION
from deputize.server.pages.paths import local_path
from deputize.server.pages.sign_in import sign_in_page
from deputize.server.problems import Problem
from deputize.server.session_cookies import give_theme, give_token, take_token, token_of
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import NotPermitted
from deputize.use_cases.sessions import end_session, open_session

SIGN_IN: Final = "/sign-in"
#: Their addresses change with what they hold.
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_NO_LOGIN: Final = Refusal(error="access_denied", description="This account may not sign in to the page.")

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
guests = guest_pages()


@router.get("/static/{edition}/{name}")
async def get_asset(edition: str, name: str) -> Response:
    """Return a style sheet, a script or a picture."""
    asset = ASSETS.get(name) if edition == EDITION else None
    if asset is None:
        raise Problem("NOT_FOUND", "There is nothing at this address.")
    return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": _FOR_EVER})


@router.get(SIGN_IN)
async def get_sign_in(request: Request) -> Response:
    """Ask whoever comes to sign in."""
    return sign_in_page(request, leads_to="/", status=HTTPStatus.OK)


@router.post(SIGN_IN)
async def post_sign_in(request: Request, parts: Parts) -> Response:
    """Open a session, with a new token, for whose name and password the form has."""
    form = await read_sent_form(request)
    if isinstance(form, Refusal):
        raise Problem("FORM_REFUSED", form.description)
    leads_to, username = local_path(form.get("next", "/")), form.get("username", "")
    logins, source = logins_of(request), source_of(request)
    if "username" not in form or "password" not in form:
        asked = invalid_request("Enter your user name and your password.")
        return sign_in_page(request, leads_to=leads_to, username=username, refusal=asked)
    signed_in = await sign_in(form, gate=parts.gate, logins=logins, source=source)
    if isinstance(signed_in, Refusal):
        return sign_in_page(request, leads_to=leads_to, username=username, refusal=signed_in)
    account = signed_in.account
    actor = Actor(
        subject=account.subject,
        name=account.name,
        source=source or "unknown",
        password_changed=signed_in.changed,
    )
    token, former = mint_session_token(), token_of(request)
    try:
        await open_session(
            parts.database,
            actor,
            hashed=hash_of_session_token(parts.hasher, token),
            former=None if former is None else hash_of_session_token(parts.hasher, former),
        )
    except NotPermitted:
        await logins.note("login.refused", account.name, source=source)
        return sign_in_page(request, leads_to=leads_to, username=username, refusal=_NO_LOGIN)
    await logins.note("login.succeeded", account.name, source=source)
    answered = _to(request, leads_to)
    give_token(answered, token)
    return answered


@guests.post("/sign-out")
async def post_sign_out(request: Request, parts: Parts, guest: SignedInGuest) -> Response:
    """End the session."""
    await end_session(parts.database, guest.signed_in)
    answered = _to(request, SIGN_IN)
    take_token(answered)
    return answered


@guests.post("/theme")
async def post_theme(request: Request, form: SentForm) -> Response:
    """Have the pages look light or dark, whatever the system does."""
    answered = _to(request, local_path(form.get("next", "/")))
    give_theme(answered, form.get("theme", ""))
    return answered


def _to(request: Request, path: str) -> Response:
    return RedirectResponse(f"{request.scope.get('root_path', '')}{path}", HTTPStatus.SEE_OTHER)
