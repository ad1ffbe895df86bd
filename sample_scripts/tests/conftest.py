"""What the tests of the scripts use: a real sandbox and a real broker, with the endpoints mocked by name."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import httpx
import pytest

from deputize import Run, Runtime
from deputize_client import Endpoint
from deputize_client.testing import MockedEndpoints

PROJECT = Path(__file__).parents[1]
SECRETS = ("EASYVISTA", "JIRA", "SERVICENOW", "SPLUNK", "STATUSIO_ID", "STATUSIO_KEY", "STATUSPAGE")


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each secret of the project is set, to a text that a test can tell from the others."""
    for name in SECRETS:
        monkeypatch.setenv(f"DEPUTIZE_SECRET_{name}", f"value of {name}")


class MockedRuntime:
    """One runtime for all tests, because starting one takes longer than a run. Each test mocks its own."""

    def __init__(self) -> None:
        self.endpoints = MockedEndpoints()
        self._runner = asyncio.Runner()
        self._runtime = Runtime.open(PROJECT, transport=self._transport)

    def __enter__(self) -> Self:
        self._runner.run(self._runtime.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._runtime.__aexit__(None, None, None))
        self._runner.close()

    def run(self, integration: str, payload: Any, *, as_: str = "dana") -> Run:
        """Run the script of *integration* as the user *as_*."""
        return self._runner.run(self._runtime.run(integration, payload=payload, initiator=as_))

    def _transport(self, endpoint: Endpoint) -> httpx.AsyncBaseTransport | None:
        return self.endpoints(endpoint)


@pytest.fixture(scope="session")
def mocked_runtime() -> Iterator[MockedRuntime]:
    with MockedRuntime() as runtime:
        yield runtime


@pytest.fixture
def mocked(mocked_runtime: MockedRuntime) -> Iterator[MockedEndpoints]:
    """The endpoints: ``mocked["Splunk"].post(…).respond(…)``. A route that is never called is a failure."""
    mocked_runtime.endpoints = MockedEndpoints()
    yield mocked_runtime.endpoints
    mocked_runtime.endpoints.assert_all_called()


@pytest.fixture
def run(mocked: MockedEndpoints, mocked_runtime: MockedRuntime) -> Callable[..., Run]:
    """``run(integration, payload, as_="dana")``, with nothing answering but what is mocked."""
    return mocked_runtime.run


@pytest.fixture
def run_all() -> Callable[..., list[Run]]:
    """``run_all([(integration, payload, user), …])``: one after the other on a platform of their own."""

    def run_all(steps: list[tuple[str, Any, str]]) -> list[Run]:
        async def go() -> list[Run]:
            async with Runtime.open(PROJECT, stand_ins=True) as runtime:
                return [await runtime.run(name, payload=body, initiator=user) for name, body, user in steps]

        return asyncio.run(go())

    return run_all


@pytest.fixture
def sample() -> Callable[..., Any]:
    """``sample(name, **changes)``: the payload in ``samples/``, with some fields changed."""

    def sample(name: str, **changes: Any) -> Any:
        return json.loads((PROJECT / "samples" / f"{name}.json").read_text(encoding="utf-8")) | changes

    return sample


@pytest.fixture
def refused() -> dict[str, Any]:
    """What the platform answers to somebody who may not: ``….respond(**refused)``."""
    return {"status_code": 403, "json": {"code": 403, "reason": "Forbidden", "message": "Not you."}}


@pytest.fixture
def calls() -> Callable[[Run], list[str]]:
    """The calls of a run, in order, as "POST /api/xm/1/events"."""

    def calls(run: Run) -> list[str]:
        exchanges = [entry for entry in run.activity if entry.kind == "http.exchange"]
        return [f"{each.request.method} {each.request.url.split('/', 3)[3]}" for each in exchanges]

    return calls


@pytest.fixture
def logged() -> Callable[[Run], list[str]]:
    """What a run logged, in order."""
    return lambda run: [entry.message for entry in run.activity if entry.kind == "log"]


@pytest.fixture
def bodies() -> Callable[..., list[Any]]:
    """``bodies(route)``: the JSON that a mocked route received, in order."""
    return lambda route: [json.loads(call.request.content) for call in route.calls]
