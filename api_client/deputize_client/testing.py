"""Fakes for tests: a credential source, a name server and endpoints that do as they are told."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import httpx
import respx
from respx.models import AllMockedAssertionError

from deputize_client.credential_source import CredentialUnavailable
from deputize_client.credentials import BearerCredential, Credential, Secret
from deputize_client.endpoint import Endpoint


class FakeCredentialSource:
    """Gives a bearer token of its own making, counts the questions, and refuses on demand."""

    def __init__(self, token: str = "fake-initiator-token", *, name: str = "initiator") -> None:  # noqa: S107 - a fake
        self._credential: Credential = BearerCredential(Secret(name, token))
        self._refusal: str | None = None
        #: The endpoints that were asked for, by name, in order.
        self.asked: list[str] = []

    def refuse(self, reason: str) -> None:
        """Give no credential from now on, for *reason*."""
        self._refusal = reason

    def give(self, credential: Credential) -> None:
        """Give *credential* from now on."""
        self._credential, self._refusal = credential, None

    async def credential(self, endpoint: Endpoint) -> Credential | CredentialUnavailable:
        """Return the credential, or the refusal."""
        self.asked.append(endpoint.name)
        return self._credential if self._refusal is None else CredentialUnavailable(self._refusal)


class FakeResolver:
    """Answers for the hosts it was given, one answer after the other; the last one stays."""

    def __init__(self, answers: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._answers = {host: list(each) for host, each in answers.items()}
        #: The hosts that were asked for, in order.
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Return the next answer for *host*; raises ``OSError`` for one that is unknown."""
        self.asked.append(host)
        answers = self._answers.get(host)
        if not answers:
            raise OSError(f"unknown host {host}")
        return answers.pop(0) if len(answers) > 1 else answers[0]


class UnmockedCall(AssertionError):
    """A call was made that no route answers."""


class MockedEndpoints:
    """respx routes by the name of the endpoint, in place of the network; a ``TransportFor``.

    ``mocked["Tickets"].put("/api/tickets/7").respond(200)`` answers for the endpoint ``Tickets``. A path
    is whole, that of the base URL included. A call without a route ends the test with ``UnmockedCall``.
    Endpoints in *real* that have no routes are called over the network all the same.
    """

    def __init__(self, *, real: Iterable[str] = ()) -> None:
        self._real = frozenset(real)
        self._routers: dict[str, respx.Router] = {}

    def __getitem__(self, endpoint: str) -> respx.Router:
        """Return the routes of *endpoint*, to add to and to look at."""
        return self._routers.setdefault(endpoint, respx.Router())

    def __call__(self, endpoint: Endpoint) -> httpx.AsyncBaseTransport | None:
        """Return what answers the calls to *endpoint*; None for the network."""
        if endpoint.name in self._real and endpoint.name not in self._routers:
            return None
        return httpx.MockTransport(partial(self._answer, endpoint.name))

    def assert_all_called(self) -> None:
        """Raise ``AssertionError`` naming the routes that no call has met."""
        idle = [
            f"{name}: {route.pattern!r}"
            for name, router in self._routers.items()
            for route in router.routes
            if not route.called
        ]
        if idle:
            raise AssertionError("\n".join(["these routes were not called:", *idle]))

    async def _answer(self, endpoint: str, request: httpx.Request) -> httpx.Response:
        try:
            return await self[endpoint].async_handler(request)
        except AllMockedAssertionError:
            called = f"{request.method} {request.url.raw_path.decode()}"
            route = f'{request.method.lower()}("{request.url.path}")'
            raise UnmockedCall(
                f'nothing answers {called} of the endpoint "{endpoint}". Add a route:\n'
                f'    mocked["{endpoint}"].{route}.respond(200)'
            ) from None
