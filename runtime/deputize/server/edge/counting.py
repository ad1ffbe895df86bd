"""Counts every request with its status and how long its answer took to begin."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deputize.server.edge.addresses import path_of
from deputize.server.metrics import Metrics


class Counting:
    """An application whose answers are counted in *metrics*."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = time.monotonic()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                seconds = time.monotonic() - began
                self._metrics.count(path_of(scope), status=message["status"], seconds=seconds)
            await send(message)

        await self._app(scope, receive, counted)
