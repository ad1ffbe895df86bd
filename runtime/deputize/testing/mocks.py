"""The mocked endpoints of one test: what answers the calls of its scripts in place of the network."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx
from respx.models import AllMockedAssertionError, PassThrough

from deputize.domain.decision import Denial
from deputize.execution.recorder import PLATFORM
from deputize.project import Project
from deputize.testing.routes import REFUSAL, EndpointRoute, EndpointRoutes
from deputize.testing.unmocked import Unanswered
from deputize_client import ClientLimits, Endpoint, unknown_endpoint
from deputize_client.errors import CallFailed
from deputize_client.network import network_to
from deputize_client.transport import EndpointTransport

#: How the place ends at which an endpoint's tokens are fetched.
_TOKENS: Final = ".auth"

#: Told a denial and the request that was denied; returns the headers by which the platform finds it again.
Explain = Callable[[Denial, httpx.Request], Awaitable[Mapping[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """An endpoint of the project."""

    name: str
    #: With its plan in front, where it belongs to one.
    full: str
    base_url: str


class EndpointMocks:
    """Routes by the name of the endpoint. A call that none of them answers fails the test.

    The platform is the embedded one until a route of it is declared; from then on nothing of it answers
    but its routes. ``endpoint("platform").route().pass_through()``, declared last, lets the rest go to it.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._routes: dict[tuple[str, str | None], EndpointRoutes] = {}
        self._allow_unused = False
        #: Set by whoever runs the scripts.
        self.explain: Explain | None = None
        #: The calls that nothing answered, and that the test has not been told of.
        self.unanswered: list[Unanswered] = []

    def __repr__(self) -> str:
        return f"<EndpointMocks of {', '.join(sorted(name for name, _ in self._routes)) or 'nothing'}>"

    def endpoint(self, name: str) -> EndpointRoutes:
        """Return the routes of the endpoint *name*, to add to and to look at.

        It may be named with a plan, ``incidents/Jira``, as that plan has it, and must be where several have
        one of that name. Raises ``LookupError`` with the nearest name for one that nobody has.
        """
        key = (PLATFORM, None) if name == PLATFORM else self._find(name)
        if key not in self._routes:
            self._routes[key] = EndpointRoutes(key[0], base_url=key[1])
        return self._routes[key]

    def allow_unused(self) -> None:
        """Let the test pass although some of its routes are never called."""
        self._allow_unused = True

    @property
    def routes(self) -> tuple[EndpointRoute, ...]:
        """Every route of every endpoint."""
        return tuple(
            each
            for routes in self._routes.values()
            for each in routes.routes
            if isinstance(each, EndpointRoute)
        )

    @property
    def unused(self) -> tuple[EndpointRoute, ...]:
        """The routes that no call has met, unless that is allowed."""
        return () if self._allow_unused else tuple(each for each in self.routes if not each.called)

    def __call__(self, endpoint: Endpoint) -> httpx.AsyncBaseTransport | None:
        """Return what answers calls to *endpoint*; None for the embedded platform."""
        if endpoint.name == PLATFORM and (PLATFORM, None) not in self._routes:
            return None
        if endpoint.name.endswith(_TOKENS) and not any(each.name == endpoint.name for each in self._known()):
            return httpx.MockTransport(_issue_token)
        return _Routed(endpoint, self)

    async def answer(self, endpoint: Endpoint, request: httpx.Request) -> httpx.Response:
        """Answer *request* by a route. Raises ``CallFailed`` when there is none, and what a route raises."""
        response = await self.routed(endpoint, request)
        if response is None:
            raise self.unmocked(endpoint, request)
        return response

    async def routed(self, endpoint: Endpoint, request: httpx.Request) -> httpx.Response | None:
        """Answer *request* by a route; None when there is none. Raises what a route raises."""
        routes = self._of(endpoint)
        if routes is None:
            return None
        try:
            response = await routes.async_handler(request)
        except AllMockedAssertionError:
            return None
        denial = response.extensions.get(REFUSAL)
        if denial is not None and self.explain is not None:
            response.headers.update(await self.explain(denial, request))
        return response

    def unmocked(self, endpoint: Endpoint, request: httpx.Request, *, record: str = "") -> CallFailed:
        """Note a call that nothing answers, and return what ends it.

        *record* says why the bundle of the run does not answer it either.
        """
        base = urlsplit(endpoint.base_url).path.rstrip("/")
        path = request.url.raw_path.decode("ascii").partition("?")[0]
        call = Unanswered(
            endpoint=endpoint.name,
            method=request.method,
            path=path.removeprefix(base),
            query=request.url.query.decode("ascii"),
            url=str(request.url),
            record=record,
        )
        self.unanswered.append(call)
        return CallFailed("egress_denied", f"{endpoint.where}: no route is mocked for {call.shown}.")

    def has_routes_of(self, endpoint: Endpoint) -> bool:
        """Return whether a route of *endpoint* is declared."""
        return self._of(endpoint) is not None

    def _of(self, endpoint: Endpoint) -> EndpointRoutes | None:
        key = (PLATFORM, None) if endpoint.name == PLATFORM else (endpoint.name, endpoint.base_url)
        return self._routes.get(key)

    def _find(self, name: str) -> tuple[str, str]:
        found = [each for each in self._known() if name in (each.name, each.full)]
        plan, mark, shared = name.partition("/")
        if not found and mark and plan in self._project.file.plans:
            # The plan has none of its own, but that of the whole project.
            found = [each for each in self._known() if each.full == shared]
        if not found:
            names = {PLATFORM, *(each.full for each in self._known())}
            raise LookupError(unknown_endpoint(name, names))
        if len({each.base_url for each in found}) > 1:
            choices = ", ".join(sorted(each.full for each in found))
            raise LookupError(
                f"More than one endpoint is named {name!r}. Name it with its plan, if it has one: {choices}."
            )
        return found[0].name, found[0].base_url

    def _known(self) -> Iterator[_Known]:
        file = self._project.file
        for name, section in file.endpoints.items():
            yield _Known(name=name, full=name, base_url=section.base_url)
        for plan, its in file.plans.items():
            for name, section in its.endpoints.items():
                yield _Known(name=name, full=f"{plan}/{name}", base_url=section.base_url)


class _Routed(httpx.AsyncBaseTransport):
    """Carries the calls to one endpoint to its routes."""

    def __init__(self, endpoint: Endpoint, mocks: EndpointMocks) -> None:
        self._endpoint = endpoint
        self._mocks = mocks
        self._network: EndpointTransport | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        try:
            return await self._mocks.answer(self._endpoint, request)
        except PassThrough:
            if self._endpoint.name != PLATFORM:
                raise CallFailed(
                    "egress_denied",
                    f"{self._endpoint.where}: a route passes through, and the network is blocked in tests.",
                ) from None
            return await self._platform().handle_async_request(request)

    async def aclose(self) -> None:
        if self._network is not None:
            await self._network.aclose()

    def _platform(self) -> EndpointTransport:
        if self._network is None:
            self._network = network_to(self._endpoint, limits=ClientLimits())
        return self._network


def _issue_token(request: httpx.Request) -> httpx.Response:
    """Answer as the server that issues an endpoint's tokens: a test mocks what the token is for."""
    token = f"test token of {request.url.host}".replace(" ", "-")
    return httpx.Response(200, json={"access_token": token, "token_type": "Bearer", "expires_in": 3600})
