"""The page on which a person lets a client act for them, and the one that says why that cannot be."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.responses import RedirectResponse, Response

from deputize.domain.scope import READ, TRIGGER, WRITE
from deputize.oauth.authorization_request import SentBack, Shown
from deputize.oauth.consent import Asked, Question
from deputize.server.oauth_answers import retry_headers, status_of
from deputize.server.pages.rendering import page

#: What each scope means to a person, in the order in which it is read.
_MEANINGS: Final[Mapping[str, str]] = {
    TRIGGER: "set integrations off",
    READ: "read people, groups, plans and events",
    WRITE: "change people, groups, plans and events, and start events",
}
_HTTPS: Final = re.compile(r"https://([^/?]+)")
_SCHEME: Final = re.compile(r"[^:]+")


def show(asked: Asked) -> Response:
    """Return the page for *asked*, or the way back to the client."""
    match asked:
        case SentBack(location=location):
            return RedirectResponse(location, HTTPStatus.SEE_OTHER)
        case Shown(why=why):
            return refused(why)
        case Question():
            return _question(asked)


def refused(why: str, *, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> Response:
    """Return the page that says *why* nothing can be allowed."""
    return page("refused.html", status=status, why=why)


def _question(question: Question) -> Response:
    refusal, request = question.refusal, question.request
    answered = page(
        "authorize.html",
        status=HTTPStatus.OK if refusal is None else status_of(refusal, otherwise=HTTPStatus.FORBIDDEN),
        leads_to=request.redirect_uri,
        client=question.client.name,
        scope=[meaning for name, meaning in _MEANINGS.items() if name in request.scope],
        where=_where(request.redirect_uri),
        sealed=question.sealed,
        username=question.username,
        why=None if refusal is None else refusal.description,
    )
    answered.headers.update({} if refusal is None else retry_headers(refusal))
    return answered


def _where(uri: str) -> str:
    """Return in words where *uri* leads."""
    if found := _HTTPS.match(uri):
        return found[1]
    if uri.startswith("http:"):
        return "a program on this machine"
    found = _SCHEME.match(uri)
    return f"the app {found[0] if found else uri}"
