"""A platform that records every credential sees exactly one per request, and always the initiator's.

The host side of thousands of runs: engine, broker and bound clients over real sockets, against services
that answer badly in every way. Only the guest is replaced, by a list of the calls that it would make,
hostile ones among them.
"""

import asyncio
import random
import re
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from deputize import Limits, Principal
from deputize.domain.start import read_start
from deputize.execution.engine import Engine
from deputize.execution.order import FormTarget, Order
from deputize_client import (
    BasicAuthentication,
    BearerCredential,
    ClientCredentialsAuthentication,
    CredentialUnavailable,
    Endpoint,
    GuardedSecret,
    NoAuthentication,
    Secret,
    TokenSource,
)
from deputize_sandbox import CompiledScript, Failed, GuestCall, Returned, Tier, Usage

pytestmark = pytest.mark.timeout(300)

RUNS = 2000
SEED = 20161203
INITIATORS = ("ana", "ben", "cai", "dot", "eve")
LOOPBACK = (ip_network("127.0.0.0/8"),)
STORED = {"Basic": "stored-password-of-basic", "Secret": "handled-secret-of-a-plan"}


@dataclass
class Service:
    """A server of raw bytes that remembers every request and answers badly."""

    name: str
    chance: random.Random
    #: Where a redirect of this service would lead.
    elsewhere: str = ""
    port: int = 0
    #: nonce -> the requests that carried it, whole.
    requests: dict[str, list[bytes]] = field(default_factory=dict)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    async def handle(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                request = head + (await reader.readexactly(int(length[1])) if length else b"")
                nonce = re.search(rb"nonce-\d+", request)[0].decode()
                self.requests.setdefault(nonce, []).append(request)
                answer, goes_on = self.answer(nonce, request)
                writer.write(answer)
                await writer.drain()
                if not goes_on:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def answer(self, nonce, request):  # noqa: PLR0911 - one return to a fault
        """The bytes of the answer, and whether the connection goes on after it."""
        body = nonce.encode()
        credential = (header(request, "Authorization") or ["none"])[0].encode()
        match self.chance.choice(FAULTS):
            case "reset":
                return b"", False
            case "garbage":
                return b"\x00\x01garbage\r\n\r\n", False
            case "cut":
                return b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + body, False
            case "twice":
                other = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nnonce-666"
                return plain(200, body) + other, True
            case "chunked":
                return (
                    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
                    % (len(body), body)
                ), True
            case "no content, with content":
                return b"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\nnonce-666", True
            case "redirect":
                return plain(307, body, b"Location: " + self.elsewhere.encode() + b"/nonce-777"), True
            case "cookie":
                return plain(200, body, b"Set-Cookie: session=of-somebody; Path=/"), True
            case "echo":
                return plain(200, body + b" " + credential, b"X-Echo: " + credential), True
            case int() as status:
                return plain(status, body), True
        raise AssertionError("a fault without an answer")


FAULTS = (
    *(200, 200, 200, 200, 403, 403, 401, 404, 429, 500, 503),
    *("reset", "garbage", "cut", "twice", "chunked", "no content, with content"),
    *("redirect", "cookie", "echo"),
)


def plain(status, body, *headers):
    head = b"\r\n".join([b"HTTP/1.1 %d Status" % status, b"Content-Length: %d" % len(body), *headers])
    return head + b"\r\n\r\n" + body


def header(request, name):
    lines = request.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    pairs = [line.partition(":") for line in lines]
    return [value.strip() for key, _, value in pairs if key.lower() == name.lower()]


class Issuer(Service):
    """Issues tokens of a service account, each good for one more call only."""

    def answer(self, nonce, request):
        if self.chance.random() < 0.2:
            return plain(503, b""), False
        body = b'{"access_token":"service-token-%d-x","token_type":"bearer","expires_in":900}'
        return plain(200, body % sum(map(len, self.requests.values()))), True


class Platform:
    """Whoever the initiator is: a token for each run, renewed now and then, and sometimes none."""

    def __init__(self, service, chance):
        self.base_url = service.url
        self.admitted = frozenset({("127.0.0.1", service.port)})
        self._chance = chance
        #: token -> (initiator, run)
        self.issued = {}
        self.ended = set()

    def credentials_for(self, principal, *, run_id):
        platform = self

        class Source:
            token = None

            async def credential(self, endpoint):
                assert run_id not in platform.ended
                if platform._chance.random() < 0.05:
                    return CredentialUnavailable(f"{principal.id} is INACTIVE; nothing was sent.")
                if self.token is None or platform._chance.random() < 0.2:
                    self.token = f"token-of-{principal.id}-for-{run_id}-{len(platform.issued)}"
                    platform.issued[self.token] = (principal.id, run_id)
                return BearerCredential(Secret("initiator", self.token))

        return Source()

    async def end_run(self, run_id):
        self.ended.add(run_id)

    async def explain(self, exchange):
        return None


class Guest:
    """In place of the sandbox: makes the calls that it finds for the run, one after the other."""

    class report:  # noqa: N801 - as the sandbox's attribute
        layers = ()
        tier = Tier.FULL

    def __init__(self):
        self.calls = {}
        self.answers = {}

    async def run(self, script, *, provide, handler, limits, seed, now):
        self.answers[script.sha256] = [await handler.ask(call) for call in self.calls[script.sha256]]
        usage = asyncio.get_running_loop().create_future()
        usage.set_result(Usage())
        return Returned(value=None, usage=usage)


class Calls:
    """Makes up what scripts ask for; every request has a number of its own."""

    def __init__(self, chance):
        self.chance = chance
        self.made = 0
        #: nonce -> the run it belongs to, and whether it may be sent at all.
        self.run_of = {}

    def some(self, run_id):
        return [self.one(run_id) for _ in range(self.chance.randint(1, 4))]

    def one(self, run_id):
        if self.chance.random() < 0.2:
            trigger = {"properties": {"nonce": self.nonce(run_id), "initiator": "dana"}}
            return guest_call("form", "post", {"trigger": trigger})
        if self.chance.random() < 0.2:
            requests = [self.request(run_id) for _ in range(self.chance.randint(2, 5))]
            return guest_call("http", "send_all", {"requests": requests})
        return guest_call("http", "send", {"request": self.request(run_id)})

    def request(self, run_id):
        endpoint = self.chance.choice(("platform", "platform", "platform", "Basic", "OAuth", "Open"))
        request = {
            "method": self.chance.choice(("GET", "POST", "PUT", "DELETE")),
            "path": f"/{self.nonce(run_id)}",
            "endpoint": endpoint,
            "headers": [],
        }
        match self.chance.randrange(8):
            case 0:
                # Refused towards the platform and stored authentication, before anything is sent.
                name = self.chance.choice(("Authorization", "authorization", "Cookie", "Host"))
                request["headers"] = [[name, f"Bearer forged-{self.made}"]]
            case 1:
                request["headers"] = [["X-Key", {"$secret": "plan"}]]
            case 2:
                request["json"] = {"k": {"$secret": "plan"}, "user": "dana"}
            case 3:
                request["path"] = f"//evil.example/{request['path']}"
        return request

    def nonce(self, run_id):
        self.made += 1
        nonce = f"nonce-{1000 + self.made}"
        self.run_of[nonce] = run_id
        return nonce


def guest_call(capability, method, arguments):
    return GuestCall(capability=capability, method=method, arguments=arguments, line=1)


@asynccontextmanager
async def listening(service):
    handlers = set()

    async def handle(reader, writer):
        handlers.add(asyncio.current_task())
        await service.handle(reader, writer)

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    service.port = server.sockets[0].getsockname()[1]
    try:
        yield service
    finally:
        server.close()
        for task in handlers:
            task.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)


def orders(calls, guest, services, issuer):
    """The runs, their initiators and what they may use."""
    endpoints = {
        "Basic": BasicAuthentication("svc", Secret("basic", STORED["Basic"])),
        "OAuth": ClientCredentialsAuthentication(
            token_url=f"{issuer.url}/nonce-1",
            client_id="deputize",
            client_secret=Secret("oauth", "client-secret-of-oauth"),
            networks=LOOPBACK,
        ),
        "Open": NoAuthentication(),
    }
    for number in range(RUNS):
        run_id = f"run-{number}"
        initiator = INITIATORS[number % len(INITIATORS)]
        guest.calls[run_id] = calls.some(run_id)
        yield Order(
            run_id=run_id,
            name="mixed",
            script=CompiledScript(
                sha256=run_id, filename="mixed", source="", code=b"", parameters=(), endpoints=(), edition="x"
            ),
            start=read_start("inbound", {}, request_id=run_id),
            principal=Principal(id=initiator, name=initiator, via="test"),
            limits=Limits(call_seconds=10),
            endpoints={
                name: Endpoint(
                    name=name,
                    base_url=services[name].url,
                    authentication=authentication,
                    networks=LOOPBACK,
                )
                for name, authentication in endpoints.items()
            },
            secrets={
                "plan": GuardedSecret(
                    secret=Secret("plan", STORED["Secret"]), endpoints=frozenset({"Open", "Basic"})
                )
            },
            form=FormTarget(plan_id="p", form_id="f", name="alert"),
            integration_id="integration-1",
        )


@pytest.fixture(scope="module")
def world():
    """Everything that happened in all the runs."""
    return asyncio.run(play())


@dataclass
class World:
    services: dict
    issuer: Service
    platform: Platform
    calls: Calls
    guest: Guest
    runs: list


async def play():
    chance = random.Random(SEED)  # noqa: S311 - the same runs every time
    services = {name: Service(name, chance) for name in ("platform", "Basic", "OAuth", "Open")}
    issuer, guest, calls = Issuer("issuer", chance), Guest(), Calls(chance)
    async with (
        listening(services["platform"]),
        listening(services["Basic"]),
        listening(services["OAuth"]),
        listening(services["Open"]),
        listening(issuer),
    ):
        for service in services.values():
            service.elsewhere = services[chance.choice(list(services))].url
        platform, tokens = Platform(services["platform"], chance), TokenSource()
        engine = Engine(sandbox=guest, platform=platform, tokens=tokens, clock=lambda: datetime.now(UTC))
        slots = asyncio.Semaphore(20)

        async def perform(order):
            async with slots:
                return await engine.execute(order)

        runs = await asyncio.gather(*map(perform, orders(calls, guest, services, issuer)))
        await tokens.aclose()
    return World(services, issuer, platform, calls, guest, runs)


def test_every_request_to_the_platform_carries_one_credential_and_it_is_the_initiators(world):
    initiator_of = {run.id: run.initiator.id for run in world.runs}
    seen = world.services["platform"].requests
    wrong = []
    for nonce, requests in seen.items():
        run_id = world.calls.run_of[nonce]
        for request in requests:
            credentials = header(request, "Authorization")
            token = credentials[0].removeprefix("Bearer ") if len(credentials) == 1 else None
            if world.platform.issued.get(token) != (initiator_of[run_id], run_id):
                wrong.append((nonce, credentials))

    assert wrong == []
    assert len(seen) > RUNS
    assert {initiator for initiator, _ in world.platform.issued.values()} == set(INITIATORS)


def test_the_platform_gets_nothing_else_that_could_be_a_credential(world):
    requests = [each for many in world.services["platform"].requests.values() for each in many]

    for request in requests:
        assert header(request, "Cookie") == header(request, "Proxy-Authorization") == []
        assert header(request, "Host") == [f"127.0.0.1:{world.services['platform'].port}"]
        for foreign in (b"forged", b"service-token", b"client-secret", *map(str.encode, STORED.values())):
            assert foreign not in request


@pytest.mark.parametrize("name", ["Basic", "OAuth", "Open"])
def test_no_other_service_ever_sees_an_initiators_credential(world, name):
    requests = [each for many in world.services[name].requests.values() for each in many]

    assert len(requests) > RUNS / 10
    assert [each for each in requests if b"token-of-" in each] == []
    assert [each for each in requests if len(header(each, "Authorization")) > 1] == []


def test_the_issuer_of_service_tokens_sees_its_client_and_nobody_else(world):
    requests = [each for many in world.issuer.requests.values() for each in many]

    assert len(requests) > 1
    assert {header(each, "Authorization")[0].partition(" ")[0] for each in requests} == {"Basic"}
    assert [each for each in requests if b"token-of-" in each] == []


def test_nothing_is_sent_twice_that_could_count_twice(world):
    sent = Counter()
    for service in world.services.values():
        for nonce, requests in service.requests.items():
            sent[nonce] += len(requests)
            if len(requests) > 1:
                # A stored token that had gone stale, and a method that bears it.
                assert service.name == "OAuth"
                assert requests[0].split(b" ")[0] in (b"GET", b"PUT", b"DELETE")

    assert max(sent.values()) <= 2
    assert not {"nonce-666", "nonce-777"} & set(sent)


def test_every_answer_is_the_answer_to_its_own_request(world):
    confused = []
    for run in world.runs:
        for entry in run.activity:
            if entry.kind == "http.exchange" and entry.response is not None and entry.response.body:
                asked = re.search(r"nonce-\d+", entry.request.url + repr(entry.request.body))[0]
                if asked not in str(entry.response.body):
                    confused.append((asked, entry.response.body))

    assert confused == []


def test_no_credential_stands_in_any_stream_or_reaches_any_script(world):
    secrets = re.compile("token-of-|service-token-|client-secret-of|" + "|".join(STORED.values()))
    shown = "".join(entry.model_dump_json() for run in world.runs for entry in run.activity)
    given = repr(world.guest.answers)

    assert secrets.findall(shown) == []
    assert secrets.findall(given) == []
    assert "‹secret:initiator›" in given


def test_every_run_comes_to_its_end_and_every_refusal_to_its_entry(world):
    assert {run.state for run in world.runs} == {"COMPLETED"}
    assert len(world.runs) == RUNS
    assert world.platform.ended == {run.id for run in world.runs}
    for run in world.runs:
        refused = [
            entry.seq
            for entry in run.activity
            if entry.kind == "http.exchange" and entry.sent_as == "initiator" and entry.status_code == 403
        ]
        assert [entry.exchange for entry in run.refusals] == refused


def test_every_kind_of_misfortune_happened(world):
    causes = Counter(
        entry.error.cause
        for run in world.runs
        for entry in run.activity
        if entry.kind == "http.exchange" and entry.error is not None
    )
    kinds = Counter(entry.kind for run in world.runs for entry in run.activity)

    assert set(causes) == {"read", "protocol", "invalid_request"}
    assert {"credential.rejected", "permission.denied", "form.posted"} <= set(kinds)
    assert any(isinstance(answer, Failed) for answers in world.guest.answers.values() for answer in answers)
