"""Bounds the bodies of requests before they are read, and takes them only as they are.

Theory of operation. A body is read whole before anybody knows whether its sender may send it, so what
all requests hold together is bounded as well as what each may hold. Small bodies always have their room;
what goes beyond comes out of one allowance, and a request that would go beyond that is told to come
again. So a few who send slowly what is large do not keep out the many who send what is small.
"""

from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deputize.server.problems import Problem, Problems

#: Bytes of a request's body.
MOST_BYTES: Final = 1024 * 1024
#: Bytes of a body for which there is always room.
SMALL_BYTES: Final = 64 * 1024
#: Bytes beyond those, of all bodies that are being read or answered.
ALLOWANCE_BYTES: Final = 16 * 1024 * 1024
#: More digits than a length has that we would read.
_DIGITS: Final = 10


class BoundedBodies:
    """An application that is given no body beyond the limit, and none that has been encoded.

    A length that is too large is refused at once. A body without one is cut where the limit is: reading
    on raises the 413, whatever the application is doing.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        problems: Problems,
        most: int = MOST_BYTES,
        allowance: int = ALLOWANCE_BYTES,
    ) -> None:
        self._app = app
        self._problems = problems
        self._most = most
        self._left = allowance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        problem = self._refusal(Headers(scope=scope))
        if problem is not None:
            await self._problems.answer(problem)(scope, receive, send)
            return
        read = held = 0

        async def bounded() -> Message:
            nonlocal read, held
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                raise self._too_large()
            more = max(0, read - SMALL_BYTES) - held
            if more > self._left:
                raise Problem(
                    "BUSY", "Too many large bodies are being read.", headers={"Retry-After": "1"}
                ).closing()
            self._left -= more
            held += more
            return message

        try:
            await self._app(scope, bounded, send)
        finally:
            self._left += held

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
