"""Keys that are fetched from their issuer: seldom, from one address, and not at a caller's bidding."""

import asyncio
import json
import ssl
from contextlib import asynccontextmanager
from ipaddress import ip_network

import httpx
import pytest
import trustme
from joserfc.jwk import ECKey

from deputize.credentials.fetched_keys import FetchedKeys
from deputize.credentials.key_sets import KeysUnavailable

pytestmark = pytest.mark.anyio

ADDRESS = "https://login.example/keys?tenant=7"
LOOPBACK = (ip_network("127.0.0.0/8"),)


class Issuer:
    """Publishes keys, and counts how often it is asked."""

    def __init__(self, *ids):
        self.ids = list(ids)
        self.asked = []
        self.answer = None
        self.asked_first = asyncio.Event()
        self.hold = asyncio.Event()
        self.hold.set()

    async def respond(self, request):
        self.asked.append(str(request.url))
        self.asked_first.set()
        await self.hold.wait()
        return self.answer or httpx.Response(200, content=published(*self.ids))

    def transport(self, _endpoint):
        return httpx.MockTransport(self.respond)


def published(*ids):
    key = ECKey.generate_key("P-256").as_dict(private=False)
    return json.dumps({"keys": [{**key, "kid": each} for each in ids]}).encode()


@pytest.fixture
def issuer():
    return Issuer("one")


@pytest.fixture
async def keys(issuer, seconds):
    keys = FetchedKeys(issuer="corporate", address=ADDRESS, transport=issuer.transport, clock=seconds)
    yield keys
    await keys.aclose()


async def test_nothing_is_fetched_before_it_is_needed(keys, issuer):
    assert issuer.asked == []
    assert repr(keys) == "<FetchedKeys of oauth.issuers.corporate>"


async def test_keys_are_fetched_once_in_ten_minutes(keys, issuer, seconds):
    for _ in range(3):
        assert (await keys.key("one")).kid == "one"
    seconds.forward(599)
    await keys.key("one")
    assert issuer.asked == [ADDRESS]
    seconds.forward(1)
    await keys.key("one")

    assert issuer.asked == [ADDRESS] * 2


async def test_a_key_that_the_issuer_has_withdrawn_is_none_after_that(keys, issuer, seconds):
    await keys.key("one")
    issuer.ids = ["two"]
    seconds.forward(600)

    assert await keys.key("one") is None
    assert (await keys.key("two")).kid == "two"


async def test_an_unknown_key_is_asked_for_at_most_once_a_minute(keys, issuer, seconds):
    await keys.key("one")
    seconds.forward(60)
    for number in range(50):
        assert await keys.key(f"made up {number}") is None
    assert len(issuer.asked) == 2
    issuer.ids.append("two")
    seconds.forward(59)
    assert await keys.key("two") is None
    seconds.forward(1)

    assert (await keys.key("two")).kid == "two"
    assert len(issuer.asked) == 3


async def test_all_who_need_them_at_once_wait_for_one_fetch(keys, issuer):
    issuer.hold.clear()
    waiting = [asyncio.create_task(keys.key("one")) for _ in range(20)]
    await issuer.asked_first.wait()
    # Whoever goes away takes nobody's keys along.
    waiting[0].cancel()
    issuer.hold.set()
    found = await asyncio.gather(*waiting, return_exceptions=True)

    assert len(issuer.asked) == 1
    assert [each.kid for each in found[1:]] == ["one"] * 19


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (httpx.Response(500), "jwks_uri answered 500 INTERNAL_SERVER_ERROR"),
        (
            httpx.Response(302, headers={"Location": "https://evil.example/keys"}),
            "jwks_uri answered 302 FOUND",
        ),
        (httpx.Response(200, content=b"<html>"), 'not a JSON object with the member "keys" (RFC 7517)'),
        (
            httpx.Response(200, content=b'{"keys": []}'),
            "it holds no public RSA, EC or OKP key that verifies signatures",
        ),
    ],
    ids=["500", "302", "HTML", "empty"],
)
async def test_without_keys_it_says_why(keys, issuer, answer, why):
    issuer.answer = answer

    assert await keys.key("one") == KeysUnavailable(
        why=f"the keys of oauth.issuers.corporate cannot be had: {why}"
    )
    assert issuer.asked == [ADDRESS]


async def test_an_answer_without_end_is_not_read_to_its_end(keys, issuer):
    issuer.answer = httpx.Response(200, content=b" " * 300_000)

    assert "262144 bytes" in (await keys.key("one")).why


async def test_a_failure_is_not_repeated_for_a_minute(keys, issuer, seconds):
    issuer.answer = httpx.Response(503)
    for _ in range(5):
        assert isinstance(await keys.key("one"), KeysUnavailable)
    assert len(issuer.asked) == 1
    issuer.answer = None
    seconds.forward(60)

    assert (await keys.key("one")).kid == "one"


async def test_while_the_issuer_does_not_answer_its_last_keys_serve_for_an_hour(keys, issuer, seconds):
    await keys.key("one")
    issuer.answer = httpx.Response(503)
    seconds.forward(3599)
    assert (await keys.key("one")).kid == "one"
    assert await keys.key("two") is None
    seconds.forward(1)

    assert isinstance(await keys.key("one"), KeysUnavailable)


async def test_an_address_that_is_not_public_is_not_called(seconds):
    keys = FetchedKeys(issuer="corporate", address="https://127.0.0.1:1/keys", clock=seconds)

    assert "the address 127.0.0.1 is not public (loopback)" in (await keys.key("one")).why


@asynccontextmanager
async def serving(content, *, tls):
    requests = []

    async def handle(reader, writer):
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1], requests


async def test_keys_come_over_tls_from_whom_an_authority_vouches_for(seconds):
    authority = trustme.CA()
    theirs, ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    authority.configure_trust(ours)
    async with serving(published("one"), tls=theirs) as (port, requests):
        address = f"https://127.0.0.1:{port}/keys"
        trusting = FetchedKeys(issuer="a", address=address, networks=LOOPBACK, tls=ours, clock=seconds)
        wary = FetchedKeys(issuer="b", address=address, networks=LOOPBACK, clock=seconds)

        assert (await trusting.key("one")).kid == "one"
        assert "the certificate is not accepted" in (await wary.key("one")).why
    [request] = requests
    assert request.startswith(b"GET /keys HTTP/1.1\r\n")
    assert b"authorization" not in request.lower()
