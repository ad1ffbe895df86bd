import asyncio
import ssl
from ipaddress import ip_network

import httpx
import pytest
import respx
import trustme

from deputize_client import Endpoint, NoAuthentication, TransportFailure
from deputize_client.egress import PinnedBackend
from deputize_client.errors import CallFailed
from deputize_client.testing import FakeResolver
from deputize_client.transport import default_tls

pytestmark = pytest.mark.anyio


def named(upstream, host="api.example", **fields):
    return Endpoint(
        name="here",
        base_url=f"http://{host}:{upstream.port}",
        authentication=NoAuthentication(),
        **fields,
    )


LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "localhost.",
        "127.1",
        "0x7f.1",
        "2130706433",
        "[::ffff:127.0.0.1]",
    ],
)
async def test_no_spelling_of_the_loopback_is_reached(serve, caller, raw_answer, host):
    async with serve(raw_answer()) as upstream, caller(named(upstream, host)) as run:
        exchange = await run.call("x")

    assert exchange.outcome.cause in ("egress_denied", "dns")
    assert upstream.connections == 0


async def test_a_refusal_says_which_address_and_what_to_do(caller, here):
    endpoint = here("http://169.254.169.254", networks=())
    async with caller(endpoint) as run:
        exchange = await run.call("latest/meta-data")

    assert exchange.outcome == TransportFailure(
        cause="egress_denied",
        message="Endpoint 'here' (169.254.169.254:80): the address 169.254.169.254 is not public"
        " (the cloud's metadata service), so no connection was made."
        " If it is meant, add its network to `networks` of the endpoint.",
    )


async def test_a_listener_of_the_product_is_admitted_by_its_exact_port(serve, caller, raw_answer):
    async with serve(raw_answer()) as upstream, serve(raw_answer()) as other:
        admitted = frozenset({("127.0.0.1", upstream.port)})
        async with caller(named(upstream, "127.0.0.1", admitted=admitted)) as run:
            reached = await run.call("x")
        async with caller(named(other, "127.0.0.1", admitted=admitted)) as run:
            refused = await run.call("x")

    assert reached.outcome.status_code == 200
    assert refused.outcome.cause == "egress_denied"
    assert other.connections == 0


async def test_a_name_is_resolved_once_and_the_checked_address_is_dialled(serve, caller, raw_answer):
    resolver = FakeResolver({"api.example": [["127.0.0.1"]]})
    async with (
        serve(raw_answer()) as upstream,
        caller(named(upstream, networks=LOOPBACK), resolve=resolver) as run,
    ):
        for _ in range(3):
            exchange = await run.call("x")

    assert exchange.outcome.status_code == 200
    assert resolver.asked == ["api.example"]
    assert upstream.header("Host") == [f"api.example:{upstream.port}"]


async def test_a_name_that_turns_to_a_private_address_is_refused(serve, caller, raw_answer):
    resolver = FakeResolver({"api.example": [["127.0.0.1"], ["10.0.0.1"]]})
    closing = raw_answer(b"", "Connection: close")
    async with (
        serve(closing) as upstream,
        caller(named(upstream, networks=LOOPBACK), resolve=resolver) as run,
    ):
        first = await run.call("x")
        second = await run.call("x")

    assert first.outcome.status_code == 200
    assert second.outcome.cause == "egress_denied"
    assert "10.0.0.1 is not public (private)" in second.outcome.message
    assert upstream.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1", "10.0.0.1"],
        ["127.0.0.1", "::1"],
        ["127.0.0.1", "8.8.8.8", "169.254.169.254"],
        ["::ffff:10.0.0.1"],
        ["fe80::1%eth0"],
        ["127.0.0.1", "evil.example"],
    ],
)
async def test_one_forbidden_address_refuses_the_whole_answer(serve, caller, raw_answer, answer):
    resolver = FakeResolver({"api.example": [answer]})
    async with (
        serve(raw_answer()) as upstream,
        caller(named(upstream, networks=LOOPBACK), resolve=resolver) as run,
    ):
        exchange = await run.call("x")

    assert exchange.outcome.cause == "egress_denied"
    assert upstream.connections == 0


async def test_the_next_checked_address_is_tried(serve, caller, raw_answer):
    resolver = FakeResolver({"api.example": [["127.0.0.2", "127.0.0.1"]]})
    async with (
        serve(raw_answer()) as upstream,
        caller(named(upstream, networks=LOOPBACK), resolve=resolver) as run,
    ):
        exchange = await run.call("x")

    assert exchange.outcome.status_code == 200


async def slow(host, port):
    await asyncio.sleep(60)
    return ["8.8.8.8"]


async def failing(host, port):
    raise UnicodeError("label too long")


@pytest.mark.parametrize(
    ("resolve", "said"),
    [
        (FakeResolver({}), "cannot be resolved"),
        (FakeResolver({"api.example": [[]]}), "has no address"),
        (slow, "gave no answer within 0.3 s"),
        (failing, "cannot be resolved"),
    ],
)
async def test_a_name_that_cannot_be_resolved_is_not_called(caller, here, resolve, said):
    async with caller(here("https://api.example"), resolve=resolve) as run:
        exchange = await run.call("x")

    assert exchange.outcome == TransportFailure(
        cause="dns",
        message=f"Endpoint 'here' (api.example:443): the name {said}."
        " Check the endpoint's base_url and the DNS.",
    )


async def test_a_backend_connects_to_its_own_endpoint_only(here, fast):
    backend = PinnedBackend(here("http://127.0.0.1:1"), limits=fast, resolve=FakeResolver({}))

    with pytest.raises(CallFailed, match="another address"):
        await backend.connect_tcp("127.0.0.1", 2)
    with pytest.raises(CallFailed, match="Unix sockets"):
        await backend.connect_unix_socket("/run/docker.sock")


# --- TLS


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


def server_tls(authority, *names, newest=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    if newest is not None:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = newest
    return context


def trusting(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(context)
    return context


def https(upstream, host="127.0.0.1"):
    return Endpoint(
        name="here",
        base_url=f"https://{host}:{upstream.port}",
        authentication=NoAuthentication(),
        networks=LOOPBACK,
    )


async def test_a_certificate_of_a_trusted_authority_is_accepted_and_the_connection_reused(
    serve, caller, raw_answer, authority
):
    async with serve(raw_answer(b"ok"), tls=server_tls(authority, "api.example")) as upstream:
        resolver = FakeResolver({"api.example": [["127.0.0.1"]]})
        async with caller(https(upstream, "api.example"), tls=trusting(authority), resolve=resolver) as run:
            exchanges = [await run.call("x"), await run.call("x")]

    assert [each.outcome.text for each in exchanges] == ["ok", "ok"]
    assert upstream.connections == 1


async def test_a_certificate_that_nobody_vouches_for_is_refused(serve, caller, raw_answer, authority):
    async with (
        serve(raw_answer(), tls=server_tls(authority, "127.0.0.1")) as upstream,
        caller(https(upstream)) as run,
    ):
        exchange = await run.call("x")

    assert exchange.outcome.cause == "tls"
    assert (
        "the certificate is not accepted: unable to get local issuer certificate" in exchange.outcome.message
    )
    assert upstream.requests == []


async def test_a_certificate_for_another_name_is_refused(serve, caller, raw_answer, authority):
    async with (
        serve(raw_answer(), tls=server_tls(authority, "other.example")) as upstream,
        caller(https(upstream), tls=trusting(authority)) as run,
    ):
        exchange = await run.call("x")

    assert exchange.outcome.cause == "tls"
    assert upstream.requests == []


async def test_a_server_that_speaks_no_tls_is_refused(serve, caller, raw_answer):
    async def plain(reader, writer):
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        endpoint = Endpoint(
            name="here",
            base_url=f"https://127.0.0.1:{port}",
            authentication=NoAuthentication(),
            networks=LOOPBACK,
        )
        async with caller(endpoint) as run:
            exchange = await run.call("x")

    assert exchange.outcome.cause == "tls"


def test_tls_is_verified_is_modern_and_writes_no_keys(monkeypatch, tmp_path):
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    default_tls.cache_clear()
    context = default_tls()

    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.keylog_filename is None


# --- respx


@pytest.mark.parametrize("using", ["httpcore", "httpx"])
async def test_respx_sees_our_calls(caller, here, as_initiator, using):
    with respx.mock(using=using) as mock:
        route = mock.post("https://api.example/v1/x?a=b").respond(403, json={"code": 403, "message": "No."})
        async with caller(here("https://api.example/v1", as_initiator)) as run:
            exchange = await run.call("x?a=b", method="POST", content=b"{}")

    assert route.calls.last.request.headers["Authorization"] == "Bearer fake-initiator-token"
    assert exchange.outcome.status_code == 403
    assert exchange.outcome.text == '{"code":403,"message":"No."}'


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (httpx.ConnectError, "connect"),
        (httpx.ConnectTimeout, "timeout"),
        (httpx.ReadTimeout, "timeout"),
        (httpx.PoolTimeout, "timeout"),
        (httpx.ReadError, "read"),
        (httpx.WriteError, "read"),
        (httpx.CloseError, "read"),
        (httpx.RemoteProtocolError, "protocol"),
        (httpx.LocalProtocolError, "invalid_request"),
        (httpx.UnsupportedProtocol, "invalid_request"),
        (httpx.DecodingError, "protocol"),
    ],
)
async def test_an_error_of_httpx_is_a_cause_and_its_text_is_not_repeated(caller, here, error, cause):
    with respx.mock as mock:
        mock.get("https://api.example/x").mock(side_effect=error("Bearer of-somebody"))
        async with caller(here("https://api.example")) as run:
            exchange = await run.call("x")

    assert exchange.outcome.cause == cause
    assert "of-somebody" not in repr(exchange)
