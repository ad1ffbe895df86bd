"""Routes of one mocked endpoint: respx's own, with the ways in which this product's calls can go wrong."""

from collections.abc import Sequence
from typing import Any, Final, Self, cast

import httpx
import respx
from respx.patterns import Pattern
from respx.types import URLPatternTypes

from deputize.domain.decision import Denial
from deputize.execution.recorder import PLATFORM
from deputize.platform.embedded.rest.problems import Forbidden
from deputize.testing.declared import place
from deputize.testing.failures import failure

#: Where a refusal carries its ``Denial``, for whoever answers in the platform's place.
REFUSAL: Final = "deputize_refusal"


class EndpointRoute(respx.Route):
    """A route of respx that can also refuse, and fail without an answer."""

    def __init__(self, *patterns: Pattern, endpoint: str, **lookups: Any) -> None:
        super().__init__(*patterns, **lookups)
        self._endpoint = endpoint
        self._lookups = lookups
        #: Where the test declares it.
        self.declared = place()

    @property
    def shown(self) -> str:
        """The route as a person names it: ``Jira POST /rest/api/3/issue``."""
        looked_at = {name: each for name, each in self._lookups.items() if each is not None}
        method, url = looked_at.pop("method", "any method"), looked_at.pop("url", None)
        more = [f"{name}={each!r}" for name, each in looked_at.items()]
        return " ".join([self._endpoint, method, *([] if url is None else [str(url)]), *more])

    def respond(self, status_code: int = 200, **answer: Any) -> Self:
        """Answer with that status, and with what respx takes besides: ``json``, ``text``, ``headers``."""
        super().respond(status_code, **answer)
        return self

    def refuse(self, needs: str | Sequence[str] = (), *, would_pass: str | Sequence[str] = ()) -> Self:
        """Answer as the platform does to somebody who may not: 403, in its own words.

        *needs* is what they lack and *would_pass* who could: the refusal in the stream explains itself by
        them. Raises ``ValueError`` for an explanation of another endpoint than the platform: it has none.
        """
        denial = Denial(reason="mocked", needs=_several(needs), would_pass=_several(would_pass))
        explained = bool(denial.needs or denial.would_pass)
        if explained and self._endpoint != PLATFORM:
            raise ValueError(
                f'endpoint("{self._endpoint}"): refuse() takes no explanation here. '
                'Only the endpoint "platform" says what its caller needs.'
            )
        forbidden = Forbidden(initiator="", denial=denial)
        extensions = {REFUSAL: denial} if explained else {}
        self.mock(httpx.Response(forbidden.status, json=forbidden.body(), extensions=extensions))
        return self

    def fail(self, cause: str) -> Self:
        """Give no answer, because of ``timeout``, ``connect``, ``dns``, ``tls``, ``read`` or another cause.

        The script gets an ``HttpError`` with that cause. Raises ``ValueError`` for an unknown one.
        """
        self.mock(side_effect=failure(cause, endpoint=self._endpoint))
        return self


class EndpointRoutes(respx.Router):
    """The routes of one endpoint; paths are those below its base URL."""

    def __init__(self, endpoint: str, *, base_url: str | None) -> None:
        super().__init__(base_url=base_url)
        self.endpoint = endpoint
        #: None for the platform, whose address is known when it runs.
        self.base_url = base_url

    def __repr__(self) -> str:
        return f"<EndpointRoutes of {self.endpoint}: {len(self.routes)}>"

    def route(self, *patterns: Pattern, name: str | None = None, **lookups: Any) -> EndpointRoute:
        """Add a route for what respx's *patterns* and *lookups* say."""
        route = EndpointRoute(*patterns, endpoint=self.endpoint, **lookups)
        return cast("EndpointRoute", self.add(route, name=name))

    def request(
        self, method: str, url: URLPatternTypes | None = None, *, name: str | None = None, **lookups: Any
    ) -> EndpointRoute:
        """Add a route for *method* at *url*, a path with or without a query."""
        return cast("EndpointRoute", super().request(method, url, name=name, **lookups))

    def get(
        self, url: URLPatternTypes | None = None, *, name: str | None = None, **lookups: Any
    ) -> EndpointRoute:
        """Add a route for GET."""
        return self.request("GET", url, name=name, **lookups)

    def post(
        self, url: URLPatternTypes | None = None, *, name: str | None = None, **lookups: Any
    ) -> EndpointRoute:
        """Add a route for POST."""
        return self.request("POST", url, name=name, **lookups)

    def put(
        self, url: URLPatternTypes | None = None, *, name: str | None = None, **lookups: Any
    ) -> EndpointRoute:
        """Add a route for PUT."""
        return self.request("PUT", url, name=name, **lookups)

    def patch(
        self, url: URLPatternTypes | None = None, *, name: str | None = None, **lookups: Any
    ) -> EndpointRoute:
        """Add a route for PATCH."""
        return self.request("PATCH", url, name=name, **lookups)

    def delete(
        self, url: URLPatternTypes | None = None, *, name: str | None = None, **lookups: Any
    ) -> EndpointRoute:
        """Add a route for DELETE."""
        return self.request("DELETE", url, name=name, **lookups)

    def head(
        self, url: URLPatternTypes | None = None, *, name: str | None = None, **lookups: Any
    ) -> EndpointRoute:
        """Add a route for HEAD."""
        return self.request("HEAD", url, name=name, **lookups)

    def options(
        self, url: URLPatternTypes | None = None, *, name: str | None = None, **lookups: Any
    ) -> EndpointRoute:
        """Add a route for OPTIONS."""
        return self.request("OPTIONS", url, name=name, **lookups)


def _several(said: str | Sequence[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) and said else tuple(said)
