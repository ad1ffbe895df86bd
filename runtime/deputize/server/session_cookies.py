"""The cookies of the page: the token of a session, and the theme.

Theory of operation. The name of the session's cookie begins with ``__Host-``: browsers take it only over
HTTPS (or on this machine), for this host alone and every path of it, so that no other host of the domain can
plant one. Scripts cannot read it. A browser sends it along when a link from elsewhere is followed, which
changes nothing; with a form of another site it does not, and besides each form of ours carries a token of
the session, and the origin of the request has to be our own.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from deputize.credentials.keys import same
from deputize.credentials.session_tokens import form_token_of, hash_of_session_token, session_token
from deputize.server.callers import parts_of, source_of
from deputize.use_cases.sessions import LONGEST, SignedIn, find_session
from deputize_client import Secret

SESSION: Final = "__Host-deputize"
THEME: Final = "deputize-theme"
THEMES: Final = ("light", "dark")

_THEME_KEPT: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody who has signed in, and what their forms carry."""

    signed_in: SignedIn
    form_token: str

    def sent(self, token: str) -> bool:
        """Return whether a form with *token* is one that was made for them in this session."""
        return same(self.form_token, token)


async def guest_of(request: Request) -> Guest | None:
    """Return who makes *request* by the cookie that came with it; None for nobody who is signed in now."""
    parts, token = parts_of(request), token_of(request)
    if token is None:
        return None
    signed_in = await find_session(
        parts.database,
        hashed=hash_of_session_token(parts.hasher, token),
        source=source_of(request) or "unknown",
    )
    if signed_in is None:
        return None
    return Guest(signed_in=signed_in, form_token=form_token_of(parts.hasher, token))


def token_of(request: Request) -> Secret | None:
    """Return the token of a session that came with *request*, whether it holds or not."""
    return session_token(request.cookies.get(SESSION, ""))


def give_token(response: Response, token: Secret) -> None:
    """Have the browser keep *token*."""
    response.set_cookie(
        SESSION,
        token.reveal(),
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )


def take_token(response: Response) -> None:
    """Have the browser forget the token."""
    response.delete_cookie(SESSION, path="/", secure=True, httponly=True, samesite="lax")


def theme_of(request: Request) -> str | None:
    """Return the theme that the browser's user has chosen; None: that of their system."""
    theme = request.cookies.get(THEME)
    return theme if theme in THEMES else None


def give_theme(response: Response, theme: str) -> None:
    """Have the browser keep *theme*; one that is none of ours means that of the system."""
    if theme in THEMES:
        kept = int(_THEME_KEPT.total_seconds())
        response.set_cookie(THEME, theme, max_age=kept, path="/", secure=True, httponly=True, samesite="lax")
    else:
        response.delete_cookie(THEME, path="/", secure=True, httponly=True, samesite="lax")
