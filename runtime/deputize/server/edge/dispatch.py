"""Gives the requests to a platform's own paths to the platform, as they came."""

from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from deputize.server.edge.addresses import path_of


class Dispatch:
    """Two applications: *platform* below its *paths*, *app* everywhere else.

    The platform sees whole paths and answers in the shapes of its own documentation; nothing of ours
    but the headers of its answers is added.
    """

    def __init__(
        self, app: ASGIApp, *, platform: ASGIApp, paths: Sequence[str], except_for: Sequence[str] = ()
    ) -> None:
        """Take *paths* without a slash at the end, such as ``/api/xm``, and whole ones that are *app*'s."""
        self._app = app
        self._platform = platform
        self._paths = tuple(f"{each}/" for each in paths)
        self._except_for = frozenset(except_for)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = path_of(scope)
        ours = scope["type"] != "http" or not path.startswith(self._paths) or path in self._except_for
        await (self._app if ours else self._platform)(scope, receive, send)
