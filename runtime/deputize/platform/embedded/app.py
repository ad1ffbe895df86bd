"""The REST API of the embedded platform: every request judged for whoever its token belongs to."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from uuid import uuid4

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deputize.platform.embedded import events, people
from deputize.platform.embedded.call import Answer, Call, Handler
from deputize.platform.embedded.denials import RecentDenials
from deputize.platform.embedded.permissions import Rules
from deputize.platform.embedded.problems import Forbidden, Problem, shown, unauthorized
from deputize.platform.embedded.representations import API
from deputize.platform.embedded.tokens import hashed, presented
from deputize.store import Database, Transaction

TRACE_HEADER = "x-trace"
#: Bytes of a request's body.
BODY_BYTES = 1024 * 1024

_ROUTES: Mapping[str, Mapping[str, Handler]] = {
    "/people": {"GET": people.list_people, "POST": people.write_person},
    "/people/{key}": {"GET": people.read_person, "DELETE": people.delete_person},
    "/roles": {"GET": people.list_roles},
    "/events": {"GET": events.list_events, "POST": events.write_event},
    "/events/{key}": {"GET": events.read_event},
    "/events/{key}/annotations": {"GET": events.list_annotations, "POST": events.write_annotation},
}


def build_app(*, database: Database, denials: RecentDenials, clock: Callable[[], datetime]) -> Starlette:
    """Return the application; what it refuses is remembered in *denials* by the answer's trace id."""
    endpoint = _Endpoints(database=database, denials=denials, clock=clock).endpoint
    app = Starlette(
        routes=[
            Route(API + path, endpoint(handlers), methods=list(handlers))
            for path, handlers in _ROUTES.items()
        ],
        exception_handlers={HTTPException: _not_routed, Exception: _our_fault},
    )
    app.router.redirect_slashes = False
    return app


class _Endpoints:
    def __init__(self, *, database: Database, denials: RecentDenials, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._denials = denials
        self._clock = clock

    def endpoint(self, handlers: Mapping[str, Handler]) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers the requests to one path."""

        async def answer(request: Request) -> Response:
            # A HEAD is answered as the GET that it stands for; the server leaves out the body.
            reads = request.method in ("GET", "HEAD")
            handler = handlers["GET" if reads else request.method]
            transact = self._database.read if reads else self._database.write
            try:
                content = await _content(request)
                # Work may be done again; a token, a right or a name may have gone meanwhile.
                answered = await transact(lambda store: self._judge(store, request, handler, content))
            except Forbidden as forbidden:
                response = _problem(forbidden)
                self._denials.remember(
                    response.headers[TRACE_HEADER], initiator=forbidden.initiator, denial=forbidden.denial
                )
                return response
            except Problem as problem:
                return _problem(problem)
            return JSONResponse(answered.body, answered.status, headers=_traced())

        return answer

    async def _judge(self, store: Transaction, request: Request, handler: Handler, content: bytes) -> Answer:
        """Authenticate, judge and answer, all by the same state of the database."""
        now = self._clock()
        token = presented(request.headers.get("authorization"))
        admitted = None if token is None else await store.tokens.live(hashed(token), now=now)
        actor = None if admitted is None else await store.people.get(admitted.person_id)
        if actor is None or not actor.active:
            raise unauthorized()
        rules = Rules(await store.roles.all())
        return await handler(
            Call(actor=actor, rules=rules, store=store, now=now, request=request, content=content)
        )


async def _content(request: Request) -> bytes:
    content = bytearray()
    try:
        async for chunk in request.stream():
            content += chunk
            if len(content) > BODY_BYTES:
                raise Problem(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                    f"The body is larger than {BODY_BYTES} bytes. Send less.",
                    subcode="validation.common.body.too_large",
                    arguments=[str(BODY_BYTES)],
                    # The rest of the body is still on its way.
                    headers={"Connection": "close"},
                )
    except ClientDisconnect:
        raise Problem(HTTPStatus.BAD_REQUEST, "The body ended early.") from None
    return bytes(content)


def _not_routed(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    where = f"{shown(request.method)} {shown(request.url.path)}"
    message = {
        HTTPStatus.NOT_FOUND: f"There is nothing at {where}. Correct the path.",
        HTTPStatus.METHOD_NOT_ALLOWED: f"The method does not exist here: {where}.",
    }.get(HTTPStatus(error.status_code), error.detail)
    return _problem(Problem(error.status_code, message, headers=dict(error.headers or {})))


def _our_fault(_request: Request, _error: Exception) -> Response:
    return _problem(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "The platform has failed; see its log."))


def _problem(problem: Problem) -> Response:
    return JSONResponse(problem.body(), problem.status, headers={**problem.headers, **_traced()})


def _traced() -> dict[str, str]:
    return {TRACE_HEADER: str(uuid4())}
