"""Tells the operator of a fault of ours, once, and without the values that led to it."""

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from deputize.activity.faults import log_fault
from deputize.errors import shown
from deputize.server.edge.addresses import path_of


class Faults:
    """An application whose faults have been answered, and are now logged.

    Where the application that runs the server has not configured structlog, they go on to the server,
    which logs them in its own way.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            if not structlog.is_configured():
                raise
            log_fault("server.fault", error, method=shown(scope["method"]), path=shown(path_of(scope)))
