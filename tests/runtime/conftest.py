"""The embedded platform and stand-ins, running, as tests of the runtime use them."""

import ssl
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from deputize.platform.embedded import EmbeddedPlatform, EventSeed, PersonSeed, PlatformSeed, RoleSeed
from deputize_client import AsInitiator, Endpoint

#: Made once: httpx would make one for each client, at some cost, though nothing here speaks TLS.
TLS = ssl.create_default_context()

#: dana may see and change everybody, rob may call the API, mmcbride may do nothing; gina may do all.
WORLD = PlatformSeed(
    people=(
        PersonSeed(name="dana", roles=("Company Supervisor",), first_name="Dana", last_name="Ito"),
        PersonSeed(name="rob", roles=("REST Web Service User",)),
        PersonSeed(name="mmcbride", roles=("Standard User",), first_name="Mary", last_name="McBride"),
        PersonSeed(name="gina", roles=("Full Access User",)),
        PersonSeed(name="nobody"),
    ),
    roles=(
        RoleSeed(
            name="Company Supervisor",
            functions=("people", "events", "plans"),
            on={"*": ("View", "Use", "Edit")},
        ),
        RoleSeed(name="REST Web Service User", functions=("rest",)),
        RoleSeed(name="Standard User"),
        RoleSeed(
            name="Full Access User",
            functions=("events",),
            on={"*": ("View", "Use", "Edit", "Delete", "Assign")},
        ),
    ),
    events=(
        EventSeed(
            id="12623005",
            initiator="rob",
            properties={"number": "INC0010001", "Tags": ["a", "b"], "urgent": True},
            form="alert",
            recipients=("mmcbride",),
        ),
        EventSeed(id="12623006", initiator="dana", status="SUSPENDED"),
    ),
)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = field(default=datetime(2018, 4, 17, 20, 2, 47, 476_000, tzinfo=UTC))

    def __call__(self):
        return self.now

    def forward(self, **by):
        self.now += timedelta(**by)


class Bench:
    """The platform, running, and HTTP clients that act as its people."""

    def __init__(self, platform, clock):
        self.platform = platform
        self.clock = clock
        self.endpoint = Endpoint(
            name="platform",
            base_url=platform.base_url,
            authentication=AsInitiator(),
            admitted=platform.admitted,
        )
        self._clients = {}

    async def source(self, name, run_id="run-1"):
        principal = await self.platform.principal(name, via="test")
        return self.platform.credentials_for(principal, run_id=run_id)

    async def token(self, name, run_id="run-1"):
        return (await (await self.source(name, run_id)).credential(self.endpoint)).token.reveal()

    async def as_(self, name):
        if name not in self._clients:
            self._clients[name] = self.client({"Authorization": f"Bearer {await self.token(name)}"})
        return self._clients[name]

    def client(self, headers=None):
        return httpx.AsyncClient(
            base_url=self.platform.base_url + "/api/xm/1", headers=headers, trust_env=False, verify=TLS
        )

    async def aclose(self):
        for client in self._clients.values():
            await client.aclose()


@asynccontextmanager
async def running(seed=WORLD, **more):
    clock = Clock()
    async with EmbeddedPlatform(seed, clock=clock, **more) as platform:
        bench = Bench(platform, clock)
        try:
            yield bench
        finally:
            await bench.aclose()


@pytest.fixture
def world():
    return WORLD


@pytest.fixture
def start_platform():
    return running


@pytest.fixture
async def platform():
    async with running() as bench:
        yield bench
