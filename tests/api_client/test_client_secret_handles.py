import json
import logging
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deputize_client import (
    AsInitiator,
    BearerAuthentication,
    FormBody,
    GuardedSecret,
    JsonBody,
    MissingSecret,
    Secret,
    SecretReference,
    TextBody,
    TransportFailure,
)

pytestmark = pytest.mark.anyio

VALUE = 'päss"word & <more> of 100%'
HANDLE = SecretReference("pager")
MARK = "‹secret:pager›"


def guarded(value=VALUE, *, endpoints=("here",), name="pager"):
    return {name: GuardedSecret(secret=Secret(name, value), endpoints=frozenset(endpoints))}


def body_of(upstream, index=-1):
    return upstream.requests[index].split(b"\r\n\r\n", 1)[1]


async def test_a_header_carries_the_value_and_shows_the_name(serve, caller, here, raw_answer):
    headers = (("X-Routing", HANDLE), ("Authorization", SecretReference("pager", before="GenieKey ")))
    async with (
        serve(raw_answer()) as upstream,
        caller(here(upstream), secrets=guarded("the-value-of-it")) as run,
    ):
        exchange = await run.call("a", headers=headers)

    assert upstream.header("X-Routing") == ["the-value-of-it"]
    assert upstream.header("Authorization") == ["GenieKey the-value-of-it"]
    shown = dict(exchange.request.headers)
    assert shown["X-Routing"] == MARK
    assert shown["Authorization"] == "‹redacted›"
    assert exchange.sent_as == "service"


async def test_a_parameter_carries_the_value_and_shows_the_name(serve, caller, here, raw_answer):
    params = (("a", "1"), ("key", HANDLE), ("b", SecretReference("pager", before="<", after=">")))
    async with serve(raw_answer()) as upstream, caller(here(upstream), secrets=guarded()) as run:
        exchange = await run.call("x?y=z", params=params)

    assert parse_qs(upstream.targets[0].partition("?")[2]) == {
        "y": ["z"],
        "a": ["1"],
        "key": [VALUE],
        "b": [f"<{VALUE}>"],
    }
    assert exchange.request.url == f"{upstream.url}/x?y=z&a=1&key={MARK}&b=%3C{MARK}%3E"


async def test_json_carries_the_value_at_every_leaf_and_shows_the_name(serve, caller, here, raw_answer):
    body = JsonBody({"a": [HANDLE, 1, None, {"b": HANDLE}], "pager": "as it is", "c": True})
    async with serve(raw_answer()) as upstream, caller(here(upstream), secrets=guarded()) as run:
        exchange = await run.call("a", method="POST", content=body, content_type="application/json")

    assert json.loads(body_of(upstream)) == {
        "a": [VALUE, 1, None, {"b": VALUE}],
        "pager": "as it is",
        "c": True,
    }
    assert json.loads(exchange.request.body) == {
        "a": [MARK, 1, None, {"b": MARK}],
        "pager": "as it is",
        "c": True,
    }
    assert upstream.header("Content-Type") == ["application/json"]
    assert dict(exchange.request.headers)["Content-Length"] == str(len(body_of(upstream)))


async def test_form_fields_carry_the_value_and_show_the_name(serve, caller, here, raw_answer):
    async with serve(raw_answer()) as upstream, caller(here(upstream), secrets=guarded()) as run:
        exchange = await run.call("a", method="POST", content=FormBody((("t", HANDLE), ("u", "é 1"))))

    assert parse_qs(body_of(upstream).decode()) == {"t": [VALUE], "u": ["é 1"]}
    assert exchange.request.body.decode() == f"t={MARK}&u=%C3%A9+1"


async def test_a_text_carries_the_value_and_shows_the_name(serve, caller, here, raw_answer):
    async with serve(raw_answer()) as upstream, caller(here(upstream), secrets=guarded()) as run:
        exchange = await run.call("a", method="POST", content=TextBody(HANDLE))

    assert body_of(upstream).decode() == VALUE
    assert exchange.request.body.decode() == MARK


async def test_a_short_secret_is_not_shown_either(serve, caller, here, raw_answer):
    async with serve(raw_answer()) as upstream, caller(here(upstream), secrets=guarded("1234")) as run:
        exchange = await run.call(
            "a",
            method="POST",
            params=(("pin", HANDLE),),
            headers=(("X-Pin", HANDLE),),
            content=JsonBody({"pin": HANDLE}),
        )

    assert (upstream.targets, upstream.header("X-Pin")) == (["/a?pin=1234"], ["1234"])
    assert body_of(upstream) == b'{"pin":"1234"}'
    assert "1234" not in repr((exchange.request, exchange.request.body))


@pytest.mark.parametrize("where", ["header", "param", "json", "form", "text"])
async def test_a_secret_goes_to_the_endpoints_of_its_list_and_nowhere_else(
    serve, caller, here, raw_answer, where
):
    fields = {
        "header": {"headers": (("X-Key", HANDLE),)},
        "param": {"params": (("key", HANDLE),)},
        "json": {"content": JsonBody([{"deep": [HANDLE]}])},
        "form": {"content": FormBody((("key", HANDLE),))},
        "text": {"content": TextBody(HANDLE)},
    }[where]
    async with (
        serve(raw_answer()) as upstream,
        caller(here(upstream), secrets=guarded(endpoints=("elsewhere",))) as run,
    ):
        exchange = await run.call("a", method="POST", **fields)

    assert exchange.outcome == TransportFailure(
        cause="invalid_request",
        message=f"Endpoint 'here' (127.0.0.1:{upstream.port}): the secret 'pager' may not be sent there, so"
        " nothing was sent. To allow it, add 'here' to `endpoints` of the secret.",
    )
    assert upstream.connections == 0
    assert VALUE not in repr((exchange, exchange.request.body))


async def test_one_secret_that_may_not_go_keeps_the_others_back(serve, caller, here, raw_answer):
    secrets = guarded() | guarded("another value", endpoints=(), name="other")
    async with serve(raw_answer()) as upstream, caller(here(upstream), secrets=secrets) as run:
        exchange = await run.call("a", headers=(("X-A", HANDLE), ("X-B", SecretReference("other"))))

    assert "the secret 'other' may not be sent there" in exchange.outcome.message
    assert upstream.connections == 0


async def test_an_unknown_secret_is_refused_with_the_nearest_name(serve, caller, here, raw_answer):
    async with serve(raw_answer()) as upstream, caller(here(upstream), secrets=guarded()) as run:
        exchange = await run.call("a", params=(("k", SecretReference("pagr")),))

    assert exchange.outcome.message == (
        f"Endpoint 'here' (127.0.0.1:{upstream.port}): no secret has been defined with name 'pagr'."
        " Did you mean 'pager'? Defined are: pager."
    )
    assert upstream.connections == 0


async def test_a_secret_that_is_not_set_names_its_setting(serve, caller, here, raw_answer):
    missing = MissingSecret(name="pager", setting="DEPUTIZE_SECRET_PAGER")
    secrets = {"pager": GuardedSecret(secret=missing, endpoints=frozenset({"here"}))}
    async with serve(raw_answer()) as upstream, caller(here(upstream), secrets=secrets) as run:
        exchange = await run.call("a", headers=(("X-Key", HANDLE),))

    assert exchange.outcome.message == (
        f"Endpoint 'here' (127.0.0.1:{upstream.port}): the secret 'pager' is not set, so nothing was sent."
        " Set DEPUTIZE_SECRET_PAGER."
    )
    assert upstream.connections == 0


@pytest.mark.parametrize("fields", [{"headers": (("X-Key", HANDLE),)}, {"params": (("key", HANDLE),)}])
async def test_a_value_with_a_control_character_is_refused_and_not_shown(
    serve, caller, here, raw_answer, fields
):
    value = "first line\r\nX-Injected: yes"
    async with serve(raw_answer()) as upstream, caller(here(upstream), secrets=guarded(value)) as run:
        exchange = await run.call("a", **fields)

    assert exchange.outcome.message == (
        f"Endpoint 'here' (127.0.0.1:{upstream.port}): the secret 'pager' holds a control character, which no"
        " header or parameter can carry. Correct the secret."
    )
    assert "Injected" not in repr(exchange)
    assert upstream.connections == 0


@pytest.mark.parametrize("authentication", [AsInitiator(), BearerAuthentication(Secret("x", "stored-token"))])
async def test_a_secret_is_no_way_to_another_identity(serve, caller, here, raw_answer, authentication):
    async with (
        serve(raw_answer()) as upstream,
        caller(here(upstream, authentication), secrets=guarded()) as run,
    ):
        exchange = await run.call("a", headers=(("Authorization", HANDLE),))

    assert exchange.outcome.cause == "invalid_request"
    assert "the header 'Authorization' is refused" in exchange.outcome.message
    assert upstream.connections == 0


async def test_beside_a_credential_the_call_is_sent_as_ever(serve, caller, here, raw_answer):
    async with (
        serve(raw_answer()) as upstream,
        caller(here(upstream, AsInitiator()), secrets=guarded()) as run,
    ):
        exchange = await run.call("a", method="POST", content=JsonBody(HANDLE))

    assert exchange.sent_as == "initiator"
    assert json.loads(body_of(upstream)) == VALUE


async def test_an_echoed_value_is_replaced_for_script_and_stream(serve, caller, here, caplog):
    caplog.set_level(logging.DEBUG)

    async def echo(request, writer):
        body = request.split(b"\r\n\r\n", 1)[1]
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body

    async with serve(echo) as upstream, caller(here(upstream), secrets=guarded()) as run:
        exchange = await run.call("a", method="POST", content=JsonBody({"k": HANDLE}))

    assert exchange.outcome.text == '{"k":"‹secret:pager›"}'
    assert run.redactor.redact_text(f"it is {VALUE}")[0] == f"it is {MARK}"
    assert VALUE not in caplog.text


async def test_a_text_that_looks_like_a_mark_is_sent_as_it_is(serve, caller, here, raw_answer):
    async with serve(raw_answer()) as upstream, caller(here(upstream), secrets=guarded()) as run:
        await run.call("a", method="POST", content=JsonBody({"k": MARK}))

    assert json.loads(body_of(upstream)) == {"k": MARK}


@pytest.mark.parametrize("value", [float("nan"), "\ud800"])
async def test_a_body_that_cannot_be_encoded_is_refused(serve, caller, here, raw_answer, value):
    async with serve(raw_answer()) as upstream, caller(here(upstream), secrets=guarded()) as run:
        exchange = await run.call("a", method="POST", content=JsonBody([HANDLE, value]))
        without = await run.call("a", method="POST", content=JsonBody([value]))

    assert exchange.outcome == without.outcome
    assert exchange.outcome == TransportFailure(
        cause="invalid_request",
        message=f"Endpoint 'here' (127.0.0.1:{upstream.port}): the body holds what cannot be sent: a lone"
        " surrogate, NaN or an endless nesting. Leave it out.",
    )
    assert upstream.connections == 0


async def test_the_filled_body_is_what_is_measured(serve, caller, here, raw_answer, fast):
    value = "x" * (fast.request_bytes + 1)
    async with serve(raw_answer()) as upstream, caller(here(upstream), secrets=guarded(value)) as run:
        exchange = await run.call("a", method="POST", content=TextBody(HANDLE))

    assert exchange.outcome.cause == "too_large"
    assert upstream.connections == 0


def template(leaf):
    return st.recursive(
        leaf,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=8,
    )


@given(
    template(
        st.none() | st.integers() | st.text(max_size=5) | st.sampled_from([HANDLE, SecretReference("b")])
    ),
)
def test_every_reference_is_found_and_filled(value):
    body = JsonBody(value)

    found = list(body.references())
    sent = body.encoded(lambda each: f"<<{each.name}>>").decode()

    assert sent.count("<<pager>>") == found.count(HANDLE)
    assert sent.count("<<b>>") == len(found) - found.count(HANDLE)
