"""A server of raw bytes on the loopback, and a client that may reach it."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network

import pytest

from deputize_client import (
    AsInitiator,
    BoundClient,
    ClientLimits,
    Endpoint,
    NoAuthentication,
    OutboundRequest,
    Redactor,
)
from deputize_client.testing import FakeCredentialSource

#: Short enough for a test, long enough for a busy machine.
FAST = ClientLimits(
    resolve_seconds=0.3,
    connect_seconds=2,
    first_byte_seconds=0.3,
    idle_seconds=0.3,
    total_seconds=5,
    response_bytes=64 * 1024,
    request_bytes=64 * 1024,
)


@dataclass
class Upstream:
    """What a raw server was sent, and where it is."""

    port: int = 0
    connections: int = 0
    #: Head and body of each request as they came.
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def header(self, name: str, index: int = -1) -> list[str]:
        head = self.requests[index].split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
        pairs = [line.partition(": ") for line in head]
        return [value for key, _, value in pairs if key.lower() == name.lower()]

    @property
    def targets(self) -> list[str]:
        return [each.split(b" ")[1].decode() for each in self.requests]


def answer(body=b"", *headers, status="200 OK", length=True):
    lines = [f"HTTP/1.1 {status}", *headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


@pytest.fixture
def raw_answer():
    return answer


@pytest.fixture
def serve():
    """``async with serve(respond) as upstream``: *respond* is bytes, or (request, writer) -> bytes or None."""

    @asynccontextmanager
    async def start(respond, *, tls=None):
        upstream = Upstream()
        tasks = set()

        async def handle(reader, writer):
            upstream.connections += 1
            tasks.add(asyncio.current_task())
            try:
                while True:
                    head = await reader.readuntil(b"\r\n\r\n")
                    length = 0
                    for line in head.split(b"\r\n"):
                        if line.lower().startswith(b"content-length:"):
                            length = int(line.partition(b":")[2])
                    request = head + (await reader.readexactly(length) if length else b"")
                    upstream.requests.append(request)
                    out = respond
                    if callable(respond):
                        out = await respond(request, writer)
                    if out is None:
                        break
                    writer.write(out)
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
        upstream.port = server.sockets[0].getsockname()[1]
        try:
            yield upstream
        finally:
            server.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return start


class Caller:
    """A client over a few endpoints at one upstream, and its parts."""

    def __init__(self, *endpoints, limits=FAST, **options):
        self.credentials = FakeCredentialSource()
        self.redactor = Redactor()
        self.client = BoundClient(
            endpoints={each.name: each for each in endpoints},
            credentials=options.pop("credentials", self.credentials),
            limits=limits,
            redactor=self.redactor,
            **options,
        )

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self.client.aclose()

    async def call(self, path="", *, method="GET", endpoint="here", **fields):
        return await self.client.send(OutboundRequest(method=method, path=path, endpoint=endpoint, **fields))


@pytest.fixture
def caller():
    return Caller


@pytest.fixture
def fast():
    return FAST


@pytest.fixture
def here():
    """An endpoint named "here" at *upstream*, open to the loopback."""

    def make(upstream, authentication=None, *, path="", name="here", **fields):
        fields.setdefault("networks", (ip_network("127.0.0.0/8"),))
        return Endpoint(
            name=name,
            base_url=(upstream if isinstance(upstream, str) else upstream.url) + path,
            authentication=authentication or NoAuthentication(),
            **fields,
        )

    return make


@pytest.fixture
def as_initiator():
    return AsInitiator()
