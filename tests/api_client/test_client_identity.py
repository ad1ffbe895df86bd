import base64
import json
import logging
import traceback

import httpx
import pytest

from deputize_client import (
    AsInitiator,
    BasicAuthentication,
    BearerAuthentication,
    BearerCredential,
    CredentialMissing,
    MissingSecret,
    ReceivedResponse,
    Secret,
    TransportFailure,
)

pytestmark = pytest.mark.anyio

TOKEN = "fake-initiator-token"


async def echo(request, writer):
    head = request.split(b"\r\n\r\n")[0]
    secret = next((line for line in head.split(b"\r\n") if line.lower().startswith(b"authorization")), b"")
    value = secret.partition(b": ")[2]
    body = b"you sent " + value + b" or " + base64.b64encode(value)
    return b"HTTP/1.1 200 OK\r\nX-Echo: " + value + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body


async def test_the_initiators_credential_is_asked_for_at_every_call(
    serve, caller, here, raw_answer, as_initiator
):
    async with serve(raw_answer(b"ok")) as upstream, caller(here(upstream, as_initiator)) as run:
        first = await run.call("a")
        run.credentials.give(BearerCredential(Secret("initiator", "another-token-of-the-initiator")))
        second = await run.call("b")

    assert run.credentials.asked == ["here", "here"]
    assert upstream.header("Authorization", 0) == [f"Bearer {TOKEN}"]
    assert upstream.header("Authorization", 1) == ["Bearer another-token-of-the-initiator"]
    assert [first.sent_as, second.sent_as] == ["initiator", "initiator"]
    assert isinstance(first.outcome, ReceivedResponse)


async def test_no_credential_means_no_call(serve, caller, here, raw_answer, as_initiator):
    async with serve(raw_answer()) as upstream, caller(here(upstream, as_initiator)) as run:
        run.credentials.refuse("rob was disabled")
        exchange = await run.call("a")

    assert exchange.outcome == CredentialMissing(reason="rob was disabled")
    assert upstream.connections == 0


async def test_a_missing_secret_names_its_setting_and_nothing_is_sent(serve, caller, here, raw_answer):
    missing = MissingSecret(name="easyvista", setting="DEPUTIZE_SECRET_EASYVISTA")
    async with (
        serve(raw_answer()) as upstream,
        caller(here(upstream, BasicAuthentication("u", missing))) as run,
    ):
        exchange = await run.call("a")

    assert exchange.outcome == CredentialMissing(
        reason="Endpoint 'here' needs the secret 'easyvista', which is not set. Set DEPUTIZE_SECRET_EASYVISTA."
    )
    assert exchange.sent_as == "service"
    assert upstream.connections == 0


async def test_a_credential_that_no_header_can_carry_is_not_sent(serve, caller, here, raw_answer):
    wrong = BearerAuthentication(Secret("x", "line\r\nX-Injected: 1"))
    async with serve(raw_answer()) as upstream, caller(here(upstream, wrong)) as run:
        exchange = await run.call("a")

    assert isinstance(exchange.outcome, CredentialMissing)
    assert "Injected" not in repr(exchange)
    assert upstream.connections == 0


async def test_stored_authentication_is_sent_as_a_service(serve, caller, here, raw_answer):
    basic = BasicAuthentication("integration", Secret("ev", "pässword"))
    bearer = BearerAuthentication(Secret("gl", "a-token-of-gitlab"))
    async with (
        serve(raw_answer()) as upstream,
        caller(here(upstream, basic), here(upstream, bearer, name="other")) as run,
    ):
        exchange = await run.call("a")
        await run.call("b", endpoint="other")

    expected = base64.b64encode("integration:pässword".encode()).decode()
    assert upstream.header("Authorization", 0) == [f"Basic {expected}"]
    assert upstream.header("Authorization", 1) == ["Bearer a-token-of-gitlab"]
    assert exchange.sent_as == "service"
    assert run.credentials.asked == []


async def test_an_endpoint_without_authentication_gets_no_credential(serve, caller, here, raw_answer):
    async with serve(raw_answer()) as upstream, caller(here(upstream)) as run:
        exchange = await run.call("a")

    assert upstream.header("Authorization") == []
    assert exchange.sent_as == "anonymous"
    assert run.credentials.asked == []


@pytest.mark.parametrize(
    "name",
    ["Authorization", "aUTHORIZATION", "Proxy-Authorization", "Cookie", "Host"],
)
async def test_a_callers_own_identity_is_refused_where_a_credential_is_sent(
    serve, caller, here, raw_answer, name
):
    stored = BearerAuthentication(Secret("x", "stored-token-stored"))
    async with (
        serve(raw_answer()) as upstream,
        caller(here(upstream, AsInitiator()), here(upstream, stored, name="stored")) as run,
    ):
        exchanges = [
            await run.call("a", endpoint=each, headers=((name, "x"),)) for each in ("here", "stored")
        ]

    assert [each.outcome for each in exchanges] == [
        TransportFailure(
            cause="invalid_request",
            message=f"Endpoint '{each}' (127.0.0.1:{upstream.port}): the header '{name}' is refused, because this"
            " endpoint's calls carry a credential of their own. Leave it out; the call is authenticated by the host.",
        )
        for each in ("here", "stored")
    ]
    assert upstream.connections == 0
    assert run.credentials.asked == []


async def test_elsewhere_a_callers_own_identity_is_sent_and_redacted(serve, caller, here, raw_answer):
    headers = (
        ("Authorization", "Bearer mine"),
        ("Cookie", "a=b"),
        ("Host", "other.example"),
        ("X-Api-Key", "k"),
    )
    async with serve(raw_answer()) as upstream, caller(here(upstream)) as run:
        exchange = await run.call("a", headers=headers)

    assert [upstream.header(name) for name, _ in headers] == [[value] for _, value in headers]
    recorded = dict(exchange.request.headers)
    assert recorded["Authorization"] == recorded["Cookie"] == recorded["X-Api-Key"] == "‹redacted›"
    assert recorded["Host"] == "other.example"


@pytest.mark.parametrize(
    "name",
    [
        "Connection",
        "Content-Length",
        "Content_Length",
        "Transfer-Encoding",
        "TE",
        "Upgrade",
        "Expect",
        "Keep-Alive",
        "Trailer",
        "X-Forwarded-For",
        "X_Forwarded_Host",
        "Forwarded",
        "X-Original-URL",
    ],
)
async def test_headers_of_the_connection_and_disguises_are_always_refused(
    serve, caller, here, raw_answer, name
):
    async with serve(raw_answer()) as upstream, caller(here(upstream)) as run:
        exchange = await run.call("a", headers=((name, "x"),))

    assert exchange.outcome.cause == "invalid_request"
    assert name in exchange.outcome.message
    assert upstream.connections == 0


async def test_a_header_of_our_credential_cannot_be_set_by_the_caller(
    serve, caller, here, raw_answer, as_initiator
):
    class Keyed:
        def headers(self):
            return {"X-Token": "value-of-the-token"}

        def secrets(self):
            return (Secret("keyed", "value-of-the-token"),)

        def redacted(self):
            return "‹secret:keyed›"

    async with serve(raw_answer()) as upstream, caller(here(upstream, as_initiator)) as run:
        run.credentials.give(Keyed())
        refused = await run.call("a", headers=(("x_token", "mine"),))
        sent = await run.call("a")

    assert refused.outcome.cause == "invalid_request"
    assert ("X-Token", "‹credential: initiator → here›") in sent.request.headers
    assert upstream.header("X-Token") == ["value-of-the-token"]


async def test_a_reflected_credential_is_replaced_and_the_rest_is_unaltered(
    serve, caller, here, as_initiator
):
    async with serve(echo) as upstream, caller(here(upstream, as_initiator)) as run:
        exchange = await run.call("a")

    assert exchange.outcome.text.startswith("you sent Bearer ‹secret:initiator› or ")
    assert exchange.outcome.content.decode() == exchange.outcome.text
    assert ("X-Echo", "Bearer ‹secret:initiator›") in exchange.outcome.headers
    assert base64.b64encode(TOKEN.encode()[:9]).decode() not in exchange.outcome.text


async def test_a_credential_is_not_put_on_a_request_to_another_origin(
    serve, caller, here, raw_answer, as_initiator, monkeypatch
):
    async with serve(raw_answer()) as upstream, serve(raw_answer()) as other:
        # The join is trusted to stay at home; this is what happens should it ever not.
        monkeypatch.setattr("deputize_client.preparation.join", lambda *_: httpx.URL(f"{other.url}/x"))
        async with caller(here(upstream, as_initiator)) as run:
            exchange = await run.call("x")

    assert exchange.outcome.cause == "egress_denied"
    assert other.connections == upstream.connections == 0


async def test_a_reflected_basic_token_is_replaced(serve, caller, here):
    async with (
        serve(echo) as upstream,
        caller(here(upstream, BasicAuthentication("rob", Secret("ev", "pw")))) as run,
    ):
        exchange = await run.call("a")

    assert "cm9iOnB3" not in repr(exchange)
    assert dict(exchange.outcome.headers)["X-Echo"] == "Basic ‹secret:ev›"


async def test_a_credential_echoed_under_a_false_charset_is_replaced(
    serve, caller, here, raw_answer, as_initiator
):
    body = TOKEN.encode() + b"!"
    charset = "Content-Type: text/plain; charset=utf-16-le"
    async with serve(raw_answer(body, charset)) as upstream, caller(here(upstream, as_initiator)) as run:
        exchange = await run.call("a")

    assert TOKEN.encode() not in exchange.outcome.content
    assert TOKEN not in exchange.outcome.text.encode("utf-16-le", "replace").decode("latin-1")


async def test_what_others_wrote_is_given_to_the_script_unaltered(serve, caller, here, raw_answer):
    body = json.dumps({"token": "theirs", "url": "?token=theirs"}).encode()
    async with serve(raw_answer(body, "Set-Cookie: a=b")) as upstream, caller(here(upstream)) as run:
        exchange = await run.call("a")

    assert exchange.outcome.content == body
    assert ("Set-Cookie", "a=b") in exchange.outcome.headers


async def test_the_exchange_and_the_logs_show_no_credential(serve, caller, here, as_initiator, caplog):
    caplog.set_level(logging.DEBUG)
    async with serve(echo) as upstream, caller(here(upstream, as_initiator)) as run:
        exchange = await run.call("a?token=of-somebody")

    assert ("Authorization", "‹credential: initiator → here›") in exchange.request.headers
    assert TOKEN not in repr(exchange)
    assert TOKEN not in caplog.text
    assert "of-somebody" not in caplog.text
    assert run.redactor.redact_text(TOKEN)[0] == "‹secret:initiator›"


async def test_calls_of_others_are_logged_as_ever(serve, caller, here, raw_answer, caplog):
    caplog.set_level(logging.INFO)
    async with serve(raw_answer()) as upstream, caller(here(upstream)) as run, httpx.AsyncClient() as other:
        await run.call("ours")
        await other.get(f"{upstream.url}/theirs")

    assert "theirs" in caplog.text
    assert "ours" not in caplog.text


async def test_a_failure_holds_no_exception_of_the_http_library(caller, here, as_initiator):
    async with caller(here("http://127.0.0.1:1", as_initiator)) as run:
        exchange = await run.call("a")

    assert exchange.outcome == TransportFailure(
        cause="connect",
        message="Endpoint 'here' (127.0.0.1:1): Connection refused at 127.0.0.1. Check that the service is up.",
    )


async def test_what_a_credential_source_raises_propagates_without_a_secret(caller, here, as_initiator):
    class Broken:
        async def credential(self, endpoint):
            raise LookupError("our own fault")

    async with caller(here("http://127.0.0.1:1", as_initiator), credentials=Broken()) as run:
        with pytest.raises(LookupError) as raised:
            await run.call("a")

    assert "httpx" not in "".join(traceback.format_exception(raised.value))


async def test_cookies_are_not_stored(serve, caller, here, raw_answer):
    async with (
        serve(raw_answer(b"", "Set-Cookie: session=1; Path=/")) as upstream,
        caller(here(upstream)) as run,
    ):
        await run.call("a")
        await run.call("b")

    assert upstream.header("Cookie", 1) == []


async def test_two_clients_share_no_connection(serve, caller, here, raw_answer):
    async with (
        serve(raw_answer()) as upstream,
        caller(here(upstream)) as one,
        caller(here(upstream)) as other,
    ):
        for run in (one, other, one, other):
            await run.call("a")

    assert upstream.connections == 2


async def test_a_closed_client_makes_no_call(caller, here):
    async with caller(here("http://127.0.0.1:1")) as run:
        pass

    with pytest.raises(RuntimeError, match="closed"):
        await run.call("a")
