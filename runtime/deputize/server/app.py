"""The application: the operations, and what every request passes on its way to them."""

from functools import cache, partial
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from deputize.errors import Refused, StoreUnavailable
from deputize.oauth.metadata import AUTHORIZE, FORMER_TOKEN
from deputize.server.edge.addresses import path_of
from deputize.server.edge.bodies import BoundedBodies
from deputize.server.edge.counting import Counting
from deputize.server.edge.dispatch import Dispatch
from deputize.server.edge.faults import Faults
from deputize.server.edge.headers import SecurityHeaders
from deputize.server.edge.heads import Heads
from deputize.server.edge.origins import OwnOrigin
from deputize.server.edge.paths import StrictPaths
from deputize.server.feed import Feed
from deputize.server.methods import Methods
from deputize.server.openapi import openapi_document
from deputize.server.pages.problem import problem_page, wants_page
from deputize.server.parts import ServerParts
from deputize.server.problems import Problems, problem_of
from deputize.server.readiness import Readiness
from deputize.server.routes import (
    activity,
    activity_page,
    audit,
    authorize,
    clients,
    dead_letter_pages,
    dead_letters,
    events,
    inbound,
    integration_pages,
    integrations,
    key_pages,
    keys,
    legacy,
    metrics,
    migration,
    oauth_metadata,
    plan_files,
    plans,
    probes,
    resources,
    run_page,
    runs,
    schedules,
    sign_in,
    tokens,
    users,
)
from deputize.server.session_cookies import SESSION
from deputize.use_cases.note_login import LoginTrail

_ROUTERS: Final = (
    inbound.router,
    runs.router,
    activity.router,
    integrations.router,
    dead_letters.router,
    keys.router,
    schedules.router,
    plans.router,
    plan_files.router,
    legacy.router,
    events.router,
    migration.router,
    resources.router,
    users.router,
    clients.router,
    audit.router,
    authorize.router,
    tokens.router,
    oauth_metadata.router,
    probes.router,
    metrics.router,
    sign_in.router,
    sign_in.guests,
    activity_page.router,
    run_page.router,
    integration_pages.router,
    dead_letter_pages.router,
    key_pages.router,
)
_DESCRIPTION: Final = "/openapi.json"
_TOLD: Final = (HTTPException, RequestValidationError, Refused, StoreUnavailable, ClientDisconnect, Exception)


def build_app(parts: ServerParts) -> ASGIApp:
    """Return the application that *parts* make.

    From outside to inside: whom a proxy speaks for, the count of answers, the headers of each, the origins of
    pages, the platform's own paths, one spelling of each path, HEAD, the bounds of bodies, and then the
    operations.
    """
    problems = Problems(documentation=parts.documentation)
    app: ASGIApp = Faults(_operations(parts, problems))
    app = BoundedBodies(app, problems=problems)
    app = Heads(app)
    app = StrictPaths(app, problems=problems)
    if parts.platform is not None:
        app = Dispatch(app, platform=parts.platform, paths=parts.platform_paths, except_for=(FORMER_TOKEN,))
    app = OwnOrigin(
        app,
        public_url=parts.public_url,
        forms=(AUTHORIZE, sign_in.SIGN_IN),
        cookie=SESSION,
        problems=problems,
    )
    app = SecurityHeaders(app, clock=parts.clock)
    if parts.metrics is not None:
        app = Counting(app, metrics=parts.metrics)
    if parts.trusted_proxies:
        app = ProxyHeadersMiddleware(app, trusted_hosts=list(parts.trusted_proxies))  # type: ignore[assignment,arg-type] # the same interface, in uvicorn's own types
    return app


def operations_of() -> FastAPI:
    """Return the operations alone, which need no parts to be described."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    for router in _ROUTERS:
        app.include_router(router)
    return app


def _operations(parts: ServerParts, problems: Problems) -> FastAPI:
    app = operations_of()
    app.state.parts = parts
    app.state.feed = Feed(parts)
    app.state.readiness = Readiness(parts.database)
    app.state.logins = LoginTrail(parts.database)

    description = cache(partial(openapi_document, app))

    async def answer_error(request: Request, error: Exception) -> Response:
        return problem_page(request, problem_of(error)) if wants_page(request) else problems.answer(error)

    async def answer_method(request: Request, error: Exception) -> Response:
        answer = problems.answer(error)
        # What is routed beside the description knows its own.
        if allowed := Methods(description()["paths"]).allowed(path_of(request.scope)):
            answer.headers["Allow"] = allowed
        return answer

    async def describe(_request: Request) -> Response:
        return JSONResponse(description())

    for kind in _TOLD:
        app.add_exception_handler(kind, answer_error)
    app.add_exception_handler(HTTPStatus.METHOD_NOT_ALLOWED, answer_method)
    app.add_route(_DESCRIPTION, describe, include_in_schema=False)
    return app
