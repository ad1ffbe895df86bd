"""Answers requests to the REST API: who asks, whether they may, and in which shape they are told.

Theory of operation. A password is verified and the body read before anything else. Then one transaction
asks who the caller is now, judges and answers, all by the same state of the database; it may be done
several times over, and what it set off is told to the queue after the commit only. A script that comes
along is checked between two attempts: what takes long is not done while others wait for the database.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import uuid4

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from deputize.authorisation import decide_scope
from deputize.domain.decision import Explanation
from deputize.domain.scope import READ, WRITE
from deputize.errors import StoreUnavailable, TextNotStorable, shown
from deputize.platform.embedded.commits import Commits
from deputize.platform.embedded.denials import RecentDenials
from deputize.platform.embedded.permissions import Rules
from deputize.platform.embedded.rest.call import Answer, Call, CheckFirst, Handler
from deputize.platform.embedded.rest.callers import (
    AccessTokenCheck,
    PasswordCheck,
    caller_of,
    presented_by,
    prove,
)
from deputize.platform.embedded.rest.legacy_problems import legacy_body, legacy_headers
from deputize.platform.embedded.rest.problems import Forbidden, Problem, require_scope
from deputize.platform.embedded.rest.rehearsal import NOTHING_CHECKED, Asked, Judged, Rehearsal
from deputize.platform.embedded.rest.routes import LEGACY, ROUTES
from deputize.platform.embedded.rest.starting_once import CameTwice
from deputize.platform.embedded.scripts import Draft, ScriptCheck
from deputize.store import Database, Transaction

TRACE_HEADER = "x-trace"
#: Bytes of a request's body.
BODY_BYTES = 1024 * 1024
#: Seconds after which a database that does not answer may be asked again.
_RETRY_SECONDS = 5
_READS = ("GET", "HEAD")

#: Told of a run that is queued.
OnRun = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the API works with."""

    database: Database
    denials: RecentDenials
    check_script: ScriptCheck
    #: None: nobody uses a password here.
    passwords: PasswordCheck | None
    #: None: nobody uses an access token here.
    access_tokens: AccessTokenCheck | None
    #: Called for each run that a request set off, after the commit.
    on_run: OnRun
    commits: Commits


@dataclass(frozen=True, slots=True, kw_only=True)
class RestApi:
    """The API, and what would become of requests that nobody sends."""

    asgi: ASGIApp
    rehearsal: Rehearsal


def build_api(around: Surroundings) -> RestApi:
    """Return the API; what it refuses is remembered by the answer's trace id."""
    endpoints = _Endpoints(around)
    app = Starlette(
        routes=[
            Route(path, endpoints.endpoint(handlers), methods=list(handlers))
            for path, handlers in ROUTES.items()
        ],
        exception_handlers={HTTPException: _not_routed, Exception: _our_fault},
    )
    app.router.redirect_slashes = False
    rehearsal = Rehearsal(database=around.database, check_script=around.check_script, judge=endpoints.judge)
    return RestApi(asgi=_WithoutLastSlash(app), rehearsal=rehearsal)


class _WithoutLastSlash:
    """Takes ``/people/`` for ``/people``: scripts write both."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].endswith("/"):
            scope = {**scope, "path": scope["path"][:-1]}
        await self._app(scope, receive, send)


class _Endpoints:
    def __init__(self, around: Surroundings) -> None:
        self._around = around

    def endpoint(self, handlers: Mapping[str, Handler]) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers the requests to one path."""

        async def answer(request: Request) -> Response:
            try:
                answered = await self._answer(request, handlers)
            except Problem as problem:
                return self._refuse(request, problem)
            except TextNotStorable as error:
                return self._refuse(request, Problem(HTTPStatus.BAD_REQUEST, str(error)))
            except StoreUnavailable:
                return self._refuse(
                    request,
                    Problem(
                        HTTPStatus.SERVICE_UNAVAILABLE,
                        f"The database does not answer. Try again in {_RETRY_SECONDS} seconds.",
                        headers={"Retry-After": str(_RETRY_SECONDS)},
                    ),
                )
            if answered.status == HTTPStatus.NO_CONTENT:
                return Response(status_code=answered.status, headers=trace_headers())
            return JSONResponse(answered.body, answered.status, headers=trace_headers())

        return answer

    async def _answer(self, request: Request, handlers: Mapping[str, Handler]) -> Answer:
        proved = await prove(
            presented_by(request),
            request,
            passwords=self._around.passwords,
            access_tokens=self._around.access_tokens,
        )
        # A HEAD is answered as the GET that it stands for; the server leaves out the body.
        reads = request.method in _READS
        asked = Asked(
            request=request,
            handler=handlers["GET" if reads else request.method],
            proved=proved,
            content=await _content(request),
        )
        if not reads:
            return await self._around.commits.whole(self._commit(asked))
        return (await self._around.database.read(lambda store: self.judge(store, asked))).answer

    async def _commit(self, asked: Asked) -> Answer:
        checked: dict[Draft, Sequence[str]] = {}
        while True:
            try:
                judged = await self._around.database.write(lambda store: self.judge(store, asked, checked))
            except CheckFirst as unchecked:
                checked[unchecked.draft] = await self._around.check_script(unchecked.draft)
                continue
            except CameTwice:
                continue
            for run_id in judged.runs:
                self._around.on_run(run_id)
            return judged.answer

    async def judge(
        self, store: Transaction, asked: Asked, checked: Mapping[Draft, Sequence[str]] = NOTHING_CHECKED
    ) -> Judged:
        """Return the answer, and what came of the request besides."""
        caller = await caller_of(store, asked.proved)
        scope = READ if asked.request.method in _READS else WRITE
        name = caller.person.target_name
        decision = decide_scope(name, caller.scope, needs=scope, run=caller.script)
        require_scope(decision, initiator=name, scope=scope)
        call = Call(
            caller=caller,
            rules=Rules(await store.roles.all()),
            store=store,
            request=asked.request,
            checked=checked,
            content=asked.content,
        )
        answer = await asked.handler(call)
        return Judged(answer=answer, runs=call.runs, left_out=call.left_out)

    def _refuse(self, request: Request, problem: Problem) -> Response:
        response = _problem(request, problem)
        if isinstance(problem, Forbidden):
            explanation = Explanation(
                initiator=problem.initiator,
                needs=problem.denial.needs,
                would_pass=problem.denial.would_pass,
                source="platform",
            )
            self._around.denials.remember(response.headers[TRACE_HEADER], explanation)
        return response


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
    return _problem(request, Problem(error.status_code, message, headers=dict(error.headers or {})))


def _our_fault(request: Request, _error: Exception) -> Response:
    return _problem(
        request, Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "The platform has failed; see its log.")
    )


def _problem(request: Request, problem: Problem) -> Response:
    if request.url.path.startswith(LEGACY):
        return JSONResponse(
            legacy_body(problem), problem.status, headers={**legacy_headers(problem), **trace_headers()}
        )
    return JSONResponse(problem.body(), problem.status, headers={**problem.headers, **trace_headers()})


def trace_headers() -> dict[str, str]:
    """Return the header by which an answer is known."""
    return {TRACE_HEADER: str(uuid4())}
