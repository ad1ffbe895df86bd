"""Refuses addresses that could be read in two ways, so that what stands before us reads the same.

A proxy that lets ``/healthz`` through and nothing else must not be made to let through
``/healthz/../api/v1/users``. One spelling of each path is answered; the others are 404.
"""

import re
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from deputize.server.edge.addresses import path_of, raw_path_of
from deputize.server.problems import Problem, Problems

#: Bytes of a path, as it was sent.
_LONGEST: Final = 4096
#: Slashes, dots and control characters are not sent in disguise, and a percent sign begins a pair.
_DISGUISED: Final = re.compile(rb"%(?:2[ef]|5c|[01][0-9a-f]|7f)|%(?![0-9a-f]{2})|\\", re.IGNORECASE)
_EMPTY_OR_DOTS: Final = re.compile(rb"/\.{0,2}(?:/|$)")


class StrictPaths:
    """An application that is asked only for paths with one meaning."""

    def __init__(self, app: ASGIApp, *, problems: Problems) -> None:
        self._app = app
        self._problems = problems

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and not _is_plain(_sought(scope)):
            problem = Problem("NOT_FOUND", "There is nothing at this address.").closing()
            await self._problems.answer(problem)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _sought(scope: Scope) -> bytes:
    """Return the path as it was sent; where we have been mounted our first page ends it with a slash."""
    raw = raw_path_of(scope)
    return raw.removesuffix(b"/") or b"/" if path_of(scope) == "/" else raw


def _is_plain(path: bytes) -> bool:
    if path == b"/":
        return True
    if not path.startswith(b"/") or len(path) > _LONGEST or _DISGUISED.search(path):
        return False
    return _EMPTY_OR_DOTS.search(path) is None and _is_text(path)


def _is_text(path: bytes) -> bool:
    """Whether what is percent-encoded is UTF-8, of which there is one reading."""
    encoded = re.sub(rb"%([0-9a-fA-F]{2})", lambda found: bytes.fromhex(found[1].decode()), path)
    try:
        encoded.decode()
    except UnicodeDecodeError:
        return False
    return True
