"""Refuses what the page of somebody else would have a browser change.

Theory of operation. A browser that was once told a name and a password sends them along with every request
to the same address, whichever page has it make the request, and a form needs no leave to be sent. Browsers
say where a request comes from (``Sec-Fetch-Site``, ``Origin``), and no page can make them say otherwise.
Programs say neither. A URL key and the token of a run are never sent by a browser on its own.

The same goes for the cookie of a session.

A form of ours is sent by our own page or by a program. Its page tells nobody where it is, and then a
browser says ``Origin: null`` – but ``Sec-Fetch-Site: same-origin``, which counts.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from deputize.server.edge.addresses import path_of
from deputize.server.problems import Problem, Problems

_READING: Final = frozenset({"GET", "HEAD"})
_ELSEWHERE: Final = frozenset({"cross-site", "same-site"})
_HERE: Final = frozenset({"same-origin"})
_NULL: Final = "null"
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class OwnOrigin:
    """An application in which nothing is changed with a password that a page of another origin had sent."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        public_url: str,
        problems: Problems,
        forms: Sequence[str] = (),
        cookie: str = "",
    ) -> None:
        """Take the *public_url*, whose origin is the only one, and the paths that *forms* are sent to.

        What comes with the *cookie* of that name is a form, wherever it is sent to.
        """
        self._app = app
        self._origin = _origin_of(public_url)
        self._forms = frozenset(forms)
        self._cookie = cookie
        self._problems = problems

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["method"] not in _READING and self._refuses(scope):
            problem = Problem("ORIGIN_REFUSED", "The request comes from a page of another origin.").closing()
            await self._problems.answer(problem)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _refuses(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if path_of(scope) in self._forms or self._cookie in cookie_parser(headers.get("cookie", "")):
            return self._is_elsewhere(headers, own=_NULL)
        if not any(_is_basic(each) for each in headers.getlist("authorization")):
            return False
        return self._is_elsewhere(headers)

    def _is_elsewhere(self, headers: Headers, *, own: str = "") -> bool:
        """Whether a page of another origin sends it; *own* is what ours says where it tells no origin."""
        sites = {each.strip().lower() for each in headers.getlist("sec-fetch-site")}
        if not _ELSEWHERE.isdisjoint(sites):
            return True
        origins = [each for each in headers.getlist("origin") if not (sites == _HERE and each.strip() == own)]
        return any(_origin_of(each) != self._origin for each in origins)


def _is_basic(authorization: str) -> bool:
    return authorization.strip().partition(" ")[0].lower() == "basic"


def _origin_of(url: str) -> tuple[str, str, int | None] | None:
    """Return scheme, host and port of *url*; None for what has no origin, as ``null``."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname else None
