import pytest

from deputize_client import (
    GuardedSecret,
    OutboundRequest,
    ReceivedResponse,
    Secret,
    SecretReference,
    SentRequest,
    TransportFailure,
)

pytestmark = pytest.mark.anyio


async def test_a_request_goes_out_as_it_was_given(serve, caller, here, raw_answer):
    body = b'{"a":1}'
    async with (
        serve(raw_answer(b"made", "X-Trace: 1", status="201 Created")) as upstream,
        caller(here(upstream, path="/api")) as run,
    ):
        exchange = await run.call(
            "v1/x?a=1",
            method="post",
            params=(("b", "2"),),
            headers=(("X-One", "1"), ("X-One", "2"), ("X-Name", "Zoë")),
            content=body,
            content_type="application/json",
        )

    assert upstream.requests[0].startswith(b"POST /api/v1/x?a=1&b=2 HTTP/1.1\r\n")
    assert upstream.requests[0].endswith(b"\r\n\r\n" + body)
    assert upstream.header("X-One") == ["1", "2"]
    assert upstream.header("X-Name") == ["Zoë".encode().decode("latin-1")]
    assert upstream.header("Content-Type") == ["application/json"]
    assert upstream.header("Accept-Encoding") == ["gzip, deflate"]
    assert exchange.request.method == "POST"
    assert exchange.request.url == f"{upstream.url}/api/v1/x?a=1&b=2"
    assert exchange.request.body == body
    assert exchange.outcome == ReceivedResponse(
        status_code=201,
        status_message="CREATED",
        headers=(("X-Trace", "1"), ("Content-Length", "4")),
        content=b"made",
        text="made",
    )
    assert exchange.started > 1_700_000_000
    assert 0 < exchange.elapsed_ms < 10_000


async def test_the_callers_content_type_wins(serve, caller, here, raw_answer):
    async with serve(raw_answer()) as upstream, caller(here(upstream)) as run:
        await run.call(
            "x", method="PUT", headers=(("content-type", "text/x"),), content=b"a", content_type="text/plain"
        )

    assert upstream.header("Content-Type") == ["text/x"]


async def test_only_encodings_that_are_read_within_bounds_are_asked_for(serve, caller, here, raw_answer):
    async with serve(raw_answer()) as upstream, caller(here(upstream)) as run:
        await run.call("x", headers=(("accept-encoding", "br, zstd"),))

    assert upstream.header("Accept-Encoding") == ["gzip, deflate"]


async def test_an_empty_path_is_the_base_url_alone(serve, caller, here, raw_answer):
    async with serve(raw_answer()) as upstream, caller(here(upstream, path="/api/hook")) as run:
        await run.call()

    assert upstream.targets == ["/api/hook"]


@pytest.mark.parametrize(
    "status", ["200 OK", "204 No Content", "302 Found", "403 Forbidden", "418 Tea", "500 No"]
)
async def test_no_status_is_a_failure(serve, caller, here, raw_answer, status):
    out = raw_answer(status=status, length=not status.startswith("204"))
    async with serve(out) as upstream, caller(here(upstream)) as run:
        exchange = await run.call("x")

    assert exchange.outcome.status_code == int(status[:3])


async def test_an_unknown_endpoint_suggests_the_nearest(caller, here):
    async with caller(
        here("http://127.0.0.1:1", name="EasyVista"), here("http://127.0.0.1:1", name="platform")
    ) as run:
        exchange = await run.call("x", endpoint="easyvist")

    assert exchange.outcome == TransportFailure(
        cause="unknown_endpoint",
        message="No endpoint has been defined with name 'easyvist'. Did you mean \"EasyVista\"?"
        " Endpoints: EasyVista, platform.",
    )
    assert (exchange.endpoint, exchange.sent_as) == ("easyvist", "anonymous")


async def test_an_unknown_endpoint_with_no_near_name_lists_what_there_is(caller):
    async with caller() as run:
        exchange = await run.call("x", endpoint="\x1b[31m\ud800" + "x" * 10_000)

    assert exchange.outcome.message.startswith(r"No endpoint has been defined with name '\\x1b[31m\\ud800xxx")
    assert exchange.outcome.message.endswith("…'. Endpoints: none.")
    assert exchange.endpoint.isprintable()


@pytest.mark.parametrize(
    "fields",
    [
        {"method": "GET\r\nX: y"},
        {"method": "TRACE"},
        {"method": "CONNECT"},
        {"method": ""},
        {"path": "x\r\nX: y"},
        {"headers": (("X\r\nY", "z"),)},
        {"headers": (("X Y", "z"),)},
        {"headers": (("", "z"),)},
        {"headers": (("X", "z\r\nY: 1"),)},
        {"headers": (("X", "z\x00"),)},
        {"headers": (("X", "\ud800"),)},
        {"headers": (("X", "y" * 70_000),)},
        {"params": (("a\r\n", "b"),)},
        {"params": (("a", "b\x00"),)},
        {"params": (("a", "\udfff"),)},
        {"content": b"", "content_type": "a\r\nX: y"},
        {"timeout": 0.0},
        {"timeout": -1.0},
        {"timeout": float("nan")},
        {"timeout": float("inf")},
    ],
    ids=repr,
)
async def test_a_request_that_is_not_one_is_refused_before_a_byte_is_sent(
    serve, caller, here, raw_answer, fields
):
    async with serve(raw_answer()) as upstream, caller(here(upstream)) as run:
        exchange = await run.call(**{"path": "x", **fields})

    assert isinstance(exchange.outcome, TransportFailure)
    assert exchange.outcome.cause == "invalid_request"
    assert exchange.outcome.message.isprintable()
    assert exchange.request.method.isprintable()
    assert upstream.connections == 0


async def test_a_request_body_that_is_too_long_is_not_sent(serve, caller, here, raw_answer, fast):
    async with serve(raw_answer()) as upstream, caller(here(upstream)) as run:
        exchange = await run.call("x", method="POST", content=b"x" * (fast.request_bytes + 1))
        fits = await run.call("x", method="POST", content=b"x" * fast.request_bytes)

    assert exchange.outcome == TransportFailure(
        cause="too_large",
        message=f"Endpoint 'here' (127.0.0.1:{upstream.port}): the request's body has 65537 bytes;"
        " the limit is 65536. Send less.",
    )
    assert fits.outcome.status_code == 200


async def test_an_endpoint_may_allow_few_methods(serve, caller, here, raw_answer):
    async with (
        serve(raw_answer()) as upstream,
        caller(here(upstream, methods=frozenset({"GET", "HEAD"}))) as run,
    ):
        refused = await run.call("x", method="delete")
        disguised = await run.call("x", headers=(("X-HTTP-Method-Override", "DELETE"),))
        allowed = await run.call("x", method="get")

    assert refused.outcome.message.endswith("the method 'delete' is not allowed. Use GET, HEAD.")
    assert refused.request.url == f"{upstream.url}/x"
    assert disguised.outcome.cause == "invalid_request"
    assert allowed.outcome.status_code == 200


async def test_the_environment_decides_nothing(serve, caller, here, raw_answer, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with serve(raw_answer()) as upstream, caller(here(upstream)) as run:
        exchange = await run.call("x")

    assert exchange.outcome.status_code == 200
    assert upstream.header("Authorization") == []


async def test_connections_are_reused(serve, caller, here, raw_answer):
    async with serve(raw_answer(b"x")) as upstream, caller(here(upstream)) as run:
        for method in ("GET", "POST", "PUT", "DELETE"):
            await run.call("x", method=method)

    assert (upstream.connections, len(upstream.requests)) == (1, 4)


async def test_a_lost_request_is_told_as_it_was_sent_and_sends_nothing(serve, caller, here, raw_answer):
    async with serve(raw_answer()) as upstream:
        secrets = {"s": GuardedSecret(secret=Secret("s", "the-value-of-it"), endpoints=frozenset({"here"}))}
        async with caller(here(upstream, path="/api"), secrets=secrets) as run:
            exchange = run.client.lost(
                OutboundRequest(
                    method="post",
                    path="x",
                    endpoint="here",
                    params=(("k", SecretReference("s")),),
                    headers=(("X-Key", SecretReference("s")),),
                    content=b"1",
                )
            )

    assert upstream.requests == []
    assert run.credentials.asked == []
    assert exchange.request == SentRequest(
        method="POST",
        url=f"{upstream.url}/api/x?k=‹secret:s›",
        headers=(("X-Key", "‹secret:s›"),),
        body=b"1",
    )
    assert exchange.outcome == TransportFailure(
        cause="answer_lost",
        message="The call was sent before, and its answer is lost. Whether it took effect, the other side knows.",
    )


async def test_a_lost_request_shows_no_header_that_carries_a_credential(serve, caller, here, raw_answer):
    async with serve(raw_answer()) as upstream, caller(here(upstream)) as run:
        exchange = run.client.lost(
            OutboundRequest(
                method="POST", path="/x", endpoint="here", headers=(("X-Api-Key", "typed-into-the-script"),)
            )
        )

    assert "typed-into-the-script" not in repr(exchange)


async def test_a_lost_request_that_would_be_refused_now_is_told_as_it_was_asked_for(caller):
    async with caller() as run:
        exchange = run.client.lost(OutboundRequest(method="GET", path="/x", endpoint="gone"))

    assert (exchange.endpoint, exchange.request) == ("gone", SentRequest(method="GET", url="/x"))
    assert exchange.outcome.cause == "answer_lost"


async def test_whoever_may_not_send_any_more_is_asked_when_the_connection_stands(
    serve, caller, here, raw_answer
):
    asked, allowed = [], [True, False, True]

    async def before_sending():
        asked.append((upstream.connections, len(upstream.requests)))
        if not allowed.pop(0):
            raise PermissionError("somebody else sends it")

    async with (
        serve(raw_answer(b"{}")) as upstream,
        caller(here(upstream), before_sending=before_sending) as run,
    ):
        await run.call("first")
        with pytest.raises(PermissionError, match="somebody else sends it"):
            await run.call("second")
        await run.call("third")

    assert upstream.targets == ["/first", "/third"]
    assert asked == [(1, 0), (1, 1), (2, 1)]
