"""An application that comes after its address is known: requests wait for it."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send


class LateApp:
    """Answers with the application that is given to ``be``, as soon as it is there."""

    def __init__(self) -> None:
        self._app: asyncio.Future[ASGIApp] = asyncio.get_running_loop().create_future()

    def be(self, app: ASGIApp) -> None:
        """Be *app* from now on."""
        self._app.set_result(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        app = await asyncio.shield(self._app)
        await app(scope, receive, send)
