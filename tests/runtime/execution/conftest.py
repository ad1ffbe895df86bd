"""A platform on the loopback, and the parts of a run that call it, without a sandbox around them."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace
from types import MappingProxyType

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from deputize.activity.entries import Initiator, Script
from deputize.activity.stream import ActivityStream
from deputize.domain.decision import Explanation
from deputize.domain.limits import Limits
from deputize.domain.principal import Principal
from deputize.domain.start import inbound_start
from deputize.execution.broker import Broker
from deputize.execution.budget import Budget
from deputize.execution.capabilities.form import FormCapability
from deputize.execution.capabilities.http import HttpCapability
from deputize.execution.capabilities.log import LogCapability
from deputize.execution.engine import Engine
from deputize.execution.order import FormTarget, Order
from deputize.execution.recall import Recall
from deputize.execution.recorder import ExchangeRecorder
from deputize.execution.sender import Sender
from deputize.loopback import serve
from deputize_client import (
    AsInitiator,
    BoundClient,
    ClientLimits,
    Endpoint,
    GuardedSecret,
    NoAuthentication,
    Redactor,
    Secret,
    TokenSource,
)
from deputize_client.testing import FakeCredentialSource
from deputize_sandbox import CompiledScript, GuestCall, Sandbox

NOTHING = MappingProxyType({})
FORM = FormTarget(plan_id="plan-1", form_id="form 1", name="alert")


class Upstream:
    """Answers what it is told to, and keeps what came."""

    def __init__(self):
        self.status = 200
        self.body = "{}"
        self.requests = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.reached = asyncio.Event()

    async def answer(self, request):
        body = (await request.body()).decode()
        path = request.scope["raw_path"].decode()
        self.requests.append((request.method, path, dict(request.headers), body))
        self.reached.set()
        await self.gate.wait()
        return Response(self.body, self.status, media_type="application/json")


class GatedSink:
    """Keeps entries once its gate is open."""

    def __init__(self):
        self.kept = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked = asyncio.Event()

    async def write(self, entries, journal):
        self.asked.set()
        await self.gate.wait()
        self.kept += entries


class Parts:
    """The host side of one run."""

    def __init__(self, server, *, sink, clock, limits):
        admitted = frozenset({("127.0.0.1", server.port)})

        def endpoint(name, authentication):
            return Endpoint(name=name, base_url=server.url, authentication=authentication, admitted=admitted)

        redactor = Redactor()
        self.credentials = FakeCredentialSource()
        self.explanation = Explanation(initiator="rob", needs=("View",), would_pass=(), source="platform")
        self.explaining = asyncio.Event()
        self.explaining.set()
        self.asked_why = asyncio.Event()
        self.sink = sink
        self.stream = ActivityStream(
            run="run-1",
            initiator=Initiator(id="rob", via="test"),
            script=Script(name="s", sha256="0" * 64),
            redactor=redactor,
            clock=clock,
            sink=sink,
        )
        self.client = BoundClient(
            endpoints={
                "platform": endpoint("platform", AsInitiator()),
                "Pager": endpoint("Pager", NoAuthentication()),
            },
            credentials=self.credentials,
            secrets={
                "pager": GuardedSecret(
                    secret=Secret("pager", "the-value-of-it"), endpoints=frozenset({"Pager"})
                )
            },
            limits=ClientLimits(),
            redactor=redactor,
        )
        self.recorder = ExchangeRecorder(
            stream=self.stream, explain=self._explain, stand_ins=frozenset(), body_bytes=1000
        )
        budget = Budget(limits)
        self.recall = Recall()
        self.sender = Sender(
            run="run-1",
            client=self.client,
            recorder=self.recorder,
            stream=self.stream,
            recall=self.recall,
            redactor=redactor,
        )
        self.http = HttpCapability(sender=self.sender, budget=budget)
        self.form = FormCapability(
            target=FORM,
            run_id="run-1",
            integration_id="integration-1",
            sender=self.sender,
            stream=self.stream,
            budget=budget,
        )
        self.broker = Broker(
            capabilities={"http": self.http, "form": self.form},
            log=LogCapability(stream=self.stream, budget=budget, recall=self.recall),
            sender=self.sender,
            stream=self.stream,
            recall=self.recall,
            clock=clock,
        )

    async def ask(self, *question):
        return replace(await self.broker.ask(call(*question)), now=None)

    async def send(self, path="/x", *, method="GET", endpoint="platform", **more):
        request = {"method": method, "path": path, "endpoint": endpoint, **more}
        return await self.ask("http", "send", {"request": request})

    async def post(self, trigger, **more):
        return await self.ask("form", "post", {"trigger": trigger, **more})

    @property
    def entries(self):
        return [entry.model_dump(mode="json") for entry in self.stream.entries]

    @property
    def kinds(self):
        return [entry.kind for entry in self.stream.entries]

    async def _explain(self, exchange):
        self.asked_why.set()
        await self.explaining.wait()
        return self.explanation


def call(capability, method, arguments, line=3):
    # As it comes out of a frame: lists, never tuples.
    return GuestCall(
        capability=capability, method=method, arguments=json.loads(json.dumps(arguments)), line=line
    )


@pytest.fixture
def upstream():
    return Upstream()


@pytest.fixture
def parts(upstream, clock):
    """``async with parts() as run``: a run that calls *upstream*."""

    @asynccontextmanager
    async def start(*, sink=None, **limits):
        app = Starlette(
            routes=[Route("/{path:path}", upstream.answer, methods=["GET", "POST", "PUT", "DELETE"])]
        )
        async with serve(app) as server:
            run = Parts(server, sink=sink, clock=clock, limits=Limits(**limits))
            try:
                yield run
            finally:
                await run.client.aclose()

    return start


@pytest.fixture
def gated_sink():
    return GatedSink()


@pytest.fixture
def guest_call():
    return call


class OwnPlatform:
    """A platform whose only person is called with the token of a fake."""

    def __init__(self, server):
        self.base_url = server.url
        self.admitted = frozenset({("127.0.0.1", server.port)})
        self.credentials = FakeCredentialSource()
        self.ended = []

    def credentials_for(self, principal, *, run_id):
        return self.credentials

    async def end_run(self, run_id):
        self.ended.append(run_id)

    async def explain(self, exchange):
        return None


class House:
    def __init__(self, server, sandbox, clock):
        self.platform = OwnPlatform(server)
        self.sandbox = sandbox
        self.tokens = TokenSource()
        self.engine = Engine(sandbox=sandbox, platform=self.platform, tokens=self.tokens, clock=clock)

    async def order(self, source, *, body="null", shared=None, came_with=NOTHING, **fields):
        compiled = await self.sandbox.compile(source, filename="script", shared=shared or {})
        assert isinstance(compiled, CompiledScript), compiled
        start = inbound_start(
            request_id="run-1",
            integration_id="integration-1",
            headers={},
            body=body,
            payload=None,
            **came_with,
        )
        return Order(
            **{
                "run_id": "run-1",
                "name": "script",
                "script": compiled,
                "start": start,
                "principal": Principal(id="rob", name="Rob", via="test"),
                "limits": Limits(),
                "integration_id": "integration-1",
                **fields,
            }
        )

    async def run(self, source, *, keeper=None, **fields):
        return await self.engine.execute(await self.order(source, **fields), keeper=keeper)


@pytest.fixture
def house(upstream, clock):
    @asynccontextmanager
    async def start():
        app = Starlette(routes=[Route("/{path:path}", upstream.answer, methods=["GET", "POST", "PUT"])])
        async with serve(app) as server, Sandbox() as sandbox:
            house = House(server, sandbox, clock)
            yield house
            await house.tokens.aclose()

    return start
