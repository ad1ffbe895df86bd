"""Bounds the bodies of requests before they are read, and takes them only as they are."""

from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deputize.server.problems import Problem, Problems

#: Bytes of a request's body.
MOST_BYTES: Final = 1024 * 1024
#: More digits than a length has that we would read.
_DIGITS: Final = 10


class BoundedBodies:
    """An application that is given no body beyond the limit, and none that has been encoded.

    A length that is too large is refused at once. A body without one is cut where the limit is: reading
    on raises the 413, whatever the application is doing.
    """

    def __init__(self, app: ASGIApp, *, problems: Problems, most: int = MOST_BYTES) -> None:
        self._app = app
        self._problems = problems
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        problem = self._refusal(Headers(scope=scope))
        if problem is not None:
            await self._problems.answer(problem)(scope, receive, send)
            return
        read = 0

        async def bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                raise self._too_large()
            return message

        await self._app(scope, bounded, send)

    def _refusal(self, headers: Headers) -> Problem | None:
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding != "identity":
            return Problem("ENCODING_REFUSED", "Send the body without Content-Encoding.").closing()
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return Problem("REQUEST_UNREADABLE", "Content-Length is no number.").closing()
        return self._too_large() if len(length) > _DIGITS or int(length) > self._most else None

    def _too_large(self) -> Problem:
        return Problem("BODY_TOO_LARGE", f"The body has more than {self._most} bytes. Send less.").closing()
