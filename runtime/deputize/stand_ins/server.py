"""Serves canned routes on a real socket and records what came."""

import json
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from pydantic import JsonValue
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from deputize.loopback import Listener, serve
from deputize.stand_ins.paths import fill, fill_json
from deputize.stand_ins.received import Record, StandInRequest, kept_body, kept_headers
from deputize.stand_ins.routes import StandIn, StandInRoute

_NOT_FOUND, _TOO_LARGE = 404, 413


class StandInServer:
    """Serves *stand_in* on a port of the moment of 127.0.0.1; an async context manager.

    ``requests`` keeps the last *most_requests*, of each body the first *kept_bytes*; a body of more
    than *body_bytes* is answered with 413. The record can still be read after the server has stopped.
    """

    def __init__(
        self,
        stand_in: StandIn,
        *,
        most_requests: int = 1000,
        kept_bytes: int = 64 * 1024,
        body_bytes: int = 8 * 1024 * 1024,
    ) -> None:
        self._stand_in = stand_in
        self._kept_bytes = kept_bytes
        self._body_bytes = body_bytes
        self._record = Record(most=most_requests)
        self._stack = AsyncExitStack()
        self._listener: Listener | None = None

    async def __aenter__(self) -> Self:
        """Listen."""
        self._listener = await self._stack.enter_async_context(serve(self._answer))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening."""
        self._listener = None
        await self._stack.aclose()

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``, without a slash at the end."""
        return self._running.url

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return self._running.port

    @property
    def requests(self) -> list[StandInRequest]:
        """The last requests, in the order in which they came."""
        return self._record.requests

    @property
    def total(self) -> int:
        """How many requests came in all, those included that are kept no more."""
        return self._record.total

    @property
    def _running(self) -> Listener:
        if self._listener is None:
            raise RuntimeError("the stand-in is not running; use it inside `async with StandInServer(…)`")
        return self._listener

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path = scope["raw_path"].decode("ascii", "replace")
        found: tuple[StandInRoute, dict[str, str]] | None = None
        try:
            content, whole = await self._content(request)
        except ClientDisconnect:
            return
        if whole:
            found = self._stand_in.find(request.method, path)
            response = self._unmatched(request.method, path) if found is None else _canned(*found)
        else:
            response = _too_large(self._body_bytes)
        body, cut = kept_body(content, limit=self._kept_bytes)
        self._record.add(
            StandInRequest(
                method=request.method,
                path=path,
                query=scope["query_string"].decode("latin-1"),
                headers=kept_headers(request.headers.items()),
                body=body,
                truncated=cut or not whole,
                status=response.status_code,
                route=None if found is None else found[0].title,
            )
        )
        await response(scope, receive, send)

    async def _content(self, request: Request) -> tuple[bytes, bool]:
        """Return the body, or its beginning and False when it is too large."""
        content = bytearray()
        async for chunk in request.stream():
            content += chunk
            if len(content) > self._body_bytes:
                return bytes(content[: self._body_bytes]), False
        return bytes(content), True

    def _unmatched(self, method: str, path: str) -> Response:
        routes: list[JsonValue] = [route.title for route in self._stand_in.routes]
        return JSONResponse(
            {
                "error": "STAND_IN_ROUTE_MISSING",
                "message": f"The stand-in has no route for {method} {path}. Add one to its file.",
                "routes": routes,
            },
            _NOT_FOUND,
        )


def _canned(route: StandInRoute, values: dict[str, str]) -> Response:
    content, kind = b"", None
    if "json_" in route.model_fields_set:
        kind = "application/json"
        content = json.dumps(fill_json(route.json_, values), ensure_ascii=False).encode()
    elif route.text is not None:
        kind = "text/plain; charset=utf-8"
        content = fill(route.text, values).encode()
    response = Response(content, route.status)
    if kind is not None:
        response.headers["content-type"] = kind
    for name, value in route.headers.items():
        response.headers[name] = fill(value, values, encoded=True)
    return response


def _too_large(limit: int) -> Response:
    return JSONResponse(
        {
            "error": "STAND_IN_BODY_TOO_LARGE",
            "message": f"The body is larger than the {limit} bytes that a stand-in takes.",
        },
        _TOO_LARGE,
        headers={"Connection": "close"},
    )
