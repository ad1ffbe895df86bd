import asyncio
import base64
import json
import logging
from ipaddress import ip_network
from urllib.parse import parse_qs

import pytest

from deputize_client import (
    ClientCredentialsAuthentication,
    CredentialMissing,
    Endpoint,
    MissingSecret,
    ReceivedResponse,
    Secret,
    TokenSource,
)

pytestmark = pytest.mark.anyio

SECRET = "the secret of the client: 100% & more"
LOOPBACK = (ip_network("127.0.0.0/8"),)


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Issuer:
    """A token endpoint: issues ``token-1-…``, ``token-2-…`` in order, or answers as it is told."""

    def __init__(self, **fields):
        self.fields = {"token_type": "Bearer", "expires_in": 900, **fields}
        self.issued = 0
        self.instead = None
        self.gate = None
        self.asked = asyncio.Event()

    async def __call__(self, request, writer):
        self.asked.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.instead is not None:
            return self.instead
        self.issued += 1
        token = {"access_token": f"token-{self.issued}-of-the-service", **self.fields}
        body = json.dumps({name: value for name, value in token.items() if value is not None}).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def refusing(*rejected):
    """Answer 401 to the tokens *rejected*, and else say which token came."""

    async def respond(request, writer):
        head = request.split(b"\r\n\r\n")[0]
        token = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"authorization"))
        status = b"401 Unauthorized" if any(each.encode() in token for each in rejected) else b"200 OK"
        return b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n"

    return respond


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def tokens(clock):
    source = TokenSource(clock=clock)
    yield source
    await source.aclose()


def grant(url, **fields):
    fields = {
        "client_id": "deputize",
        "client_secret": Secret("jira", SECRET),
        "networks": LOOPBACK,
        **fields,
    }
    return ClientCredentialsAuthentication(token_url=url, **fields)


async def test_a_call_carries_a_token_that_was_asked_for_with_the_clients_own_secret(
    serve, caller, here, raw_answer, tokens
):
    async with serve(raw_answer()) as upstream, serve(Issuer()) as issuer:
        endpoint = here(upstream, grant(f"{issuer.url}/oauth/token?tenant=1", scope="read write"))
        async with caller(endpoint, tokens=tokens) as run:
            exchange = await run.call("a")

    [asked] = issuer.requests
    assert asked.startswith(b"POST /oauth/token?tenant=1 HTTP/1.1\r\n")
    assert parse_qs(asked.split(b"\r\n\r\n")[1].decode()) == {
        "grant_type": ["client_credentials"],
        "scope": ["read write"],
    }
    user_and_password = base64.b64decode(issuer.header("Authorization")[0].removeprefix("Basic ")).decode()
    assert user_and_password == "deputize:the+secret+of+the+client%3A+100%25+%26+more"
    assert upstream.header("Authorization") == ["Bearer token-1-of-the-service"]
    assert exchange.sent_as == "service"
    assert ("Authorization", "‹credential: service → here›") in exchange.request.headers
    assert run.credentials.asked == []


async def test_id_and_secret_may_go_in_the_form(serve, caller, here, raw_answer, tokens):
    async with serve(raw_answer()) as upstream, serve(Issuer()) as issuer:
        endpoint = here(upstream, grant(f"{issuer.url}/token", client_in="body"))
        async with caller(endpoint, tokens=tokens) as run:
            await run.call("a")

    assert issuer.header("Authorization") == []
    assert parse_qs(issuer.requests[0].split(b"\r\n\r\n")[1].decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["deputize"],
        "client_secret": [SECRET],
    }
    assert upstream.header("Authorization") == ["Bearer token-1-of-the-service"]


async def test_a_token_serves_every_client_until_shortly_before_it_ends(
    serve, caller, here, raw_answer, tokens, clock
):
    async with serve(raw_answer()) as upstream, serve(Issuer(expires_in=100)) as issuer:
        used = []
        for passed in (0, 89, 2):
            clock.now += passed
            # The secret is read anew for every run.
            async with caller(here(upstream, grant(issuer.url)), tokens=tokens) as run:
                await run.call("a")
                used += upstream.header("Authorization")

    assert used == [
        "Bearer token-1-of-the-service",
        "Bearer token-1-of-the-service",
        "Bearer token-2-of-the-service",
    ]


async def test_the_margin_of_a_long_token_is_half_a_minute(serve, caller, here, raw_answer, tokens, clock):
    async with (
        serve(raw_answer()) as upstream,
        serve(Issuer(expires_in=3600)) as issuer,
        caller(here(upstream, grant(issuer.url)), tokens=tokens) as run,
    ):
        await run.call("a")
        clock.now += 3569
        await run.call("b")
        before = len(issuer.requests)
        clock.now += 2
        await run.call("c")

    assert (before, len(issuer.requests)) == (1, 2)


@pytest.mark.parametrize(
    ("life", "seconds"), [(None, 270), ("never", 270), ("100", 90), (-5, 270), (1e300, 86_370), (0, 0)]
)
async def test_a_life_that_means_nothing_is_taken_for_a_short_one(
    serve, caller, here, raw_answer, tokens, clock, life, seconds
):
    async with (
        serve(raw_answer()) as upstream,
        serve(Issuer(expires_in=life)) as issuer,
        caller(here(upstream, grant(issuer.url)), tokens=tokens) as run,
    ):
        await run.call("a")
        clock.now += max(seconds - 1, 0)
        await run.call("b")
        good = len(issuer.requests)
        clock.now += 2
        await run.call("c")

    assert (good, len(issuer.requests)) == ((1, 2) if seconds else (2, 3))


async def test_many_calls_at_once_wait_for_one_token(serve, caller, here, raw_answer, tokens):
    issue = Issuer()
    issue.gate = asyncio.Event()
    async with (
        serve(raw_answer()) as upstream,
        serve(issue) as issuer,
        caller(here(upstream, grant(issuer.url)), tokens=tokens) as run,
    ):
        calls = [asyncio.create_task(run.call(str(n))) for n in range(20)]
        stopped = asyncio.create_task(run.call("stopped"))
        await issue.asked.wait()
        # Who asked first may be stopped: the others get their token all the same.
        stopped.cancel()
        calls[0].cancel()
        issue.gate.set()
        exchanges = await asyncio.gather(*calls[1:])

    assert len(issuer.requests) == 1
    assert {each.outcome.status_code for each in exchanges} == {200}


async def test_another_secret_scope_or_place_is_another_token(serve, caller, here, raw_answer, tokens):
    async with serve(raw_answer()) as upstream, serve(Issuer()) as issuer:
        first = grant(issuer.url)
        others = [
            grant(issuer.url, client_secret=Secret("jira", SECRET + "2")),
            grant(issuer.url, scope="write"),
            grant(issuer.url, client_id="another"),
            grant(f"{issuer.url}/tenant"),
        ]
        endpoints = [here(upstream, each) for each in (first, *others)]
        endpoints += [here(upstream, first, path="/other"), here(upstream, first, name="elsewhere")]
        for endpoint in (*endpoints, *endpoints):
            async with caller(endpoint, tokens=tokens) as run:
                await run.call("a", endpoint=endpoint.name)

    assert len(issuer.requests) == 7


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
async def test_a_token_that_went_stale_is_renewed_once_and_the_call_sent_again(
    serve, caller, here, tokens, method
):
    async with (
        serve(refusing("token-1-")) as upstream,
        serve(Issuer()) as issuer,
        caller(here(upstream, grant(issuer.url)), tokens=tokens) as run,
    ):
        first = await run.call("a", method=method)
        second = await run.call("b", method=method)
        third = await run.call("c", method=method)

    # The first answer is to a new token, which another one would not better.
    assert [each.outcome.status_code for each in (first, second, third)] == [401, 200, 200]
    assert [each.resent for each in (first, second, third)] == [False, True, False]
    assert upstream.targets == ["/a", "/b", "/b", "/c"]
    assert len(issuer.requests) == 2


@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_what_might_have_been_done_is_not_sent_again(serve, caller, here, tokens, method):
    async with (
        serve(refusing("token-1-")) as upstream,
        serve(Issuer()) as issuer,
        caller(here(upstream, grant(issuer.url)), tokens=tokens) as run,
    ):
        await run.call("a", method="GET")
        refused = await run.call("b", method=method)
        accepted = await run.call("c", method=method)

    assert refused.outcome.status_code == 401
    assert accepted.outcome.status_code == 200
    assert upstream.targets == ["/a", "/b", "/c"]


async def test_a_401_that_stays_costs_one_more_call_and_no_more(serve, caller, here, tokens):
    async with (
        serve(refusing("token-")) as upstream,
        serve(Issuer()) as issuer,
        caller(here(upstream, grant(issuer.url)), tokens=tokens) as run,
    ):
        await run.call("a")
        exchange = await run.call("b")

    assert exchange.outcome.status_code == 401
    assert upstream.targets == ["/a", "/b", "/b"]
    assert len(issuer.requests) == 2


async def test_many_refusals_of_one_token_renew_it_once(serve, caller, here, tokens):
    async with (
        serve(refusing("token-1-")) as upstream,
        serve(Issuer()) as issuer,
        caller(here(upstream, grant(issuer.url)), tokens=tokens) as run,
    ):
        await run.call("first", method="POST")
        exchanges = await asyncio.gather(*(run.call(str(n)) for n in range(10)))

    assert {each.outcome.status_code for each in exchanges} == {200}
    assert len(issuer.requests) == 2


async def test_when_no_new_token_comes_the_refusal_is_the_answer(serve, caller, here, tokens):
    issue = Issuer()
    async with (
        serve(refusing("token-1-")) as upstream,
        serve(issue) as issuer,
        caller(here(upstream, grant(issuer.url)), tokens=tokens) as run,
    ):
        await run.call("a", method="POST")
        issue.instead = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
        refused = await run.call("b")
        missing = await run.call("c")

    assert isinstance(refused.outcome, ReceivedResponse)
    assert missing.outcome == CredentialMissing(
        reason=f"Endpoint 'here' has no token: {issuer.url} answered 503 SERVICE_UNAVAILABLE."
        " Check client_id, scope and the secret 'jira'."
    )
    assert upstream.targets == ["/a", "/b"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            (b'{"error":"invalid_client","error_description":"no such\\nclient"}', "400 Bad Request"),
            "{url} answered 400 BAD_REQUEST invalid_client (no such\\nclient)."
            " Check client_id, scope and the secret 'jira'.",
        ),
        (
            (b'{"error":"\xc3\xa9 <b>"}', "401 Unauthorized"),
            "{url} answered 401 UNAUTHORIZED. Check client_id, scope and the secret 'jira'.",
        ),
        ((b"<html>", "200 OK"), "the answer of {url} holds no access_token. Check token_url."),
        ((b"{}", "200 OK"), "the answer of {url} holds no access_token. Check token_url."),
        (
            (b'{"access_token":"a b","token_type":"bearer"}', "200 OK"),
            "the answer of {url} holds no access_token. Check token_url.",
        ),
        (
            (b'{"access_token":"abc","token_type":"mac"}', "200 OK"),
            "{url} issued a token of type 'mac', and only bearer tokens can be sent."
            " Ask whoever runs the service.",
        ),
        (
            (b"", "302 Found"),
            "{url} answered 302 FOUND. Check client_id, scope and the secret 'jira'.",
        ),
    ],
)
async def test_without_a_token_nothing_is_sent_and_the_reason_is_told(
    serve, caller, here, raw_answer, tokens, answer, said
):
    body, status = answer
    async with (
        serve(raw_answer()) as upstream,
        serve(raw_answer(body, status=status)) as issuer,
        caller(here(upstream, grant(issuer.url)), tokens=tokens) as run,
    ):
        exchange = await run.call("a")

    assert exchange.outcome == CredentialMissing(
        reason=f"Endpoint 'here' has no token: {said.format(url=issuer.url)}"
    )
    assert upstream.connections == 0


async def test_a_token_endpoint_that_cannot_be_reached_is_named(serve, caller, here, raw_answer, tokens):
    async with (
        serve(raw_answer()) as upstream,
        caller(here(upstream, grant("http://127.0.0.1:1/token")), tokens=tokens) as run,
    ):
        exchange = await run.call("a")

    assert exchange.outcome == CredentialMissing(
        reason="Endpoint 'here' has no token: endpoint 'here.auth' (127.0.0.1:1): Connection refused at"
        " 127.0.0.1. Check that the service is up."
    )


async def test_the_token_endpoint_is_reached_by_its_own_networks(serve, caller, here, raw_answer, tokens):
    async with serve(raw_answer()) as upstream, serve(Issuer()) as issuer:
        endpoint = here(upstream, grant(issuer.url, networks=()))
        async with caller(endpoint, tokens=tokens) as run:
            exchange = await run.call("a")

    assert exchange.outcome == CredentialMissing(
        reason=f"Endpoint 'here' has no token: endpoint 'here.auth' (127.0.0.1:{issuer.port}): the address"
        " 127.0.0.1 is not public (loopback), so no connection was made. If it is meant, add its network to"
        " `networks` of the endpoint."
    )
    assert issuer.connections == upstream.connections == 0


async def test_a_token_is_waited_for_no_longer_than_the_call_may_take(
    serve, caller, here, raw_answer, tokens
):
    issue = Issuer()
    issue.gate = asyncio.Event()
    async with (
        serve(raw_answer()) as upstream,
        serve(issue) as issuer,
        caller(here(upstream, grant(issuer.url)), tokens=tokens) as run,
    ):
        exchange = await run.call("a", timeout=0.05)
        issue.gate.set()

    assert exchange.outcome == CredentialMissing(
        reason="Endpoint 'here' has no token: none came within the time of the call. Try again later."
    )


async def test_a_missing_client_secret_names_its_setting(serve, caller, here, raw_answer, tokens):
    missing = MissingSecret(name="jira", setting="DEPUTIZE_SECRET_JIRA")
    async with serve(raw_answer()) as upstream, serve(Issuer()) as issuer:
        endpoint = here(upstream, grant(issuer.url, client_secret=missing))
        async with caller(endpoint, tokens=tokens) as run:
            exchange = await run.call("a")

    assert exchange.outcome == CredentialMissing(
        reason="Endpoint 'here' needs the secret 'jira', which is not set. Set DEPUTIZE_SECRET_JIRA."
    )
    assert issuer.connections == upstream.connections == 0


async def test_neither_token_nor_client_secret_is_seen_again(serve, caller, here, tokens, caplog):
    caplog.set_level(logging.DEBUG)

    async def echo(request, writer):
        head = request.split(b"\r\n\r\n")[0]
        value = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"authorization"))
        return b"HTTP/1.1 200 OK\r\nX-Echo: " + value + b"\r\nContent-Length: 0\r\n\r\n"

    issue = Issuer()
    async with serve(echo) as upstream, serve(issue) as issuer:
        endpoint = here(upstream, grant(issuer.url))
        async with caller(endpoint, tokens=tokens) as run:
            exchange = await run.call("a")
            # The issuer repeats what it was sent in its complaint.
            sent = issuer.header("Authorization")[0].encode()
            body = b'{"error":"no","error_description":"%s %s"}' % (sent, SECRET.encode())
            issue.instead = b"HTTP/1.1 400 Bad Request\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            tokens.discard(endpoint, Secret("t", "token-1-of-the-service"))
            refused = await run.call("b")

    everything = repr((exchange, refused, endpoint, tokens, run.redactor)) + caplog.text
    for secret in ("token-1-of", SECRET, sent.decode().removeprefix("Basic ")):
        assert secret not in everything
    assert ("X-Echo", "Authorization: Bearer ‹secret:access token of here›") in exchange.outcome.headers
    assert run.redactor.redact_text("token-1-of-the-service")[0] == "‹secret:access token of here›"
    assert [each.name for each in endpoint.secrets()] == ["jira"] * 4
    assert refused.outcome.reason.startswith(f"Endpoint 'here' has no token: {issuer.url} answered 400")


def test_a_token_url_is_an_address():
    for url, wrong in [
        ("ftp://a.example/t", "'ftp://a.example/t' must begin with http:// or https:// and a host"),
        ("https://a.example/t#x", "'https://a.example/t#x' must have no fragment"),
        ("https://u:p@a.example/t", "must not carry a user or password; use the endpoint's authentication"),
    ]:
        with pytest.raises(ValueError, match="endpoint 'E': token_url") as refused:
            Endpoint(name="E", base_url="https://b.example", authentication=grant(url))
        assert str(refused.value) == f"endpoint 'E': token_url {wrong}"


def test_an_endpoint_with_client_credentials_needs_a_source_of_tokens(caller, here):
    with pytest.raises(ValueError, match="endpoint 'here' needs a source of tokens"):
        caller(here("http://127.0.0.1:1", grant("http://127.0.0.1:1")))


async def test_what_has_no_client_credentials_has_no_token(here, tokens):
    with pytest.raises(TypeError, match=r"endpoint 'here' \(127.0.0.1:1\) has no client credentials"):
        await tokens.token(here("http://127.0.0.1:1"))


async def test_a_source_that_is_closed_keeps_nothing(serve, caller, here, raw_answer):
    tokens = TokenSource()
    issue = Issuer()
    async with serve(raw_answer()) as upstream, serve(issue) as issuer:
        endpoint = here(upstream, grant(issuer.url))
        async with caller(endpoint, tokens=tokens) as run:
            await run.call("a")
        issue.gate = asyncio.Event()
        tokens.discard(endpoint, Secret("t", "token-1-of-the-service"))
        waiting = asyncio.create_task(tokens.token(endpoint))
        await asyncio.sleep(0)
        await tokens.aclose()

        with pytest.raises(asyncio.CancelledError):
            await waiting

    assert repr(tokens) == "<TokenSource of 0 tokens>"
