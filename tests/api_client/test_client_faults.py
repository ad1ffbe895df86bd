import asyncio
import gzip
import tracemalloc
import zlib
from dataclasses import replace

import pytest

from deputize_client import ReceivedResponse

pytestmark = pytest.mark.anyio


def after(data):
    """Answer *data* to the first request and close."""

    async def respond(request, writer):
        writer.write(data)
        await writer.drain()

    return respond


async def silence(request, writer):
    await asyncio.sleep(60)


async def reset(request, writer):
    writer.transport.abort()


@pytest.mark.parametrize(
    ("respond", "cause"),
    [
        (after(b""), "read"),
        (reset, "read"),
        (silence, "timeout"),
        (after(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"), "protocol"),
        (after(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), "protocol"),
        (after(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "protocol"),
        (after(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), "protocol"),
        (after(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), "protocol"),
        (after(b"SSH-2.0-OpenSSH_9.6\r\n"), "protocol"),
        (after(b"HTTP/1.1 200 OK\r\nX: a\x00b\r\n\r\n"), "protocol"),
        (after(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), "protocol"),
        (after(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n"), "too_large"),
        (after(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 80_000 + b"\r\n\r\n"), "too_large"),
        (after(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 400_000 + b"\r\n\r\n"), "too_large"),
        (after(b"HTTP/1.1 200 OK\r\n\r\n" + b"y" * 70_000), "too_large"),
        (after(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + b"y" * 70_000), "too_large"),
        (after(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip"), "protocol"),
        (
            after(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"x" * 999)[:-4]),
            "protocol",
        ),
        (after(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\n\r\n"), "protocol"),
        (after(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: gzip\r\n\r\n"), "protocol"),
        (after(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nx"), "protocol"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_misbehaving_upstream_is_a_failure_with_a_cause(serve, caller, here, respond, cause):
    async with serve(respond) as upstream, caller(here(upstream)) as run:
        exchange = await run.call("x")

    assert exchange.outcome.cause == cause
    assert exchange.outcome.message.startswith(f"Endpoint 'here' (127.0.0.1:{upstream.port}): ")
    assert exchange.elapsed_ms < 3000


async def test_the_total_holds_against_a_drip(serve, caller, here, fast):
    async def drip(request, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with (
        serve(drip) as upstream,
        caller(here(upstream), limits=replace(fast, total_seconds=0.3)) as run,
    ):
        exchange = await run.call("x")

    assert exchange.outcome.cause == "timeout"
    assert exchange.outcome.message.endswith("the call took longer than 0.3 s. Ask for less.")
    assert exchange.elapsed_ms < 2000


async def test_the_total_holds_against_a_drip_of_headers_and_informational_answers(serve, caller, here, fast):
    async def drip(request, writer):
        while True:
            writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with (
        serve(drip) as upstream,
        caller(here(upstream), limits=replace(fast, total_seconds=0.3)) as run,
    ):
        exchange = await run.call("x")

    assert exchange.outcome.cause == "timeout"


async def test_a_caller_may_shorten_the_total_and_not_lengthen_it(serve, caller, here, fast):
    slow = replace(fast, first_byte_seconds=30, total_seconds=0.2)
    async with serve(silence) as upstream:
        async with caller(here(upstream), limits=replace(slow, total_seconds=30)) as run:
            shortened = await run.call("x", timeout=0.1)
        async with caller(here(upstream), limits=slow) as run:
            bounded = await run.call("x", timeout=1000.0)

    assert shortened.outcome.message.endswith("the call took longer than 0.1 s. Ask for less.")
    assert bounded.outcome.message.endswith("the call took longer than 0.2 s. Ask for less.")


async def test_silence_in_the_middle_of_an_answer_is_a_timeout(serve, caller, here):
    async def stall(request, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        await asyncio.sleep(60)

    async with serve(stall) as upstream, caller(here(upstream)) as run:
        exchange = await run.call("x")

    assert exchange.outcome.message.endswith("no further byte of the answer within 0.3 s. Try again later.")


@pytest.mark.parametrize("status", ["200 OK", "302 Found"])
@pytest.mark.parametrize("members", [1, 40])
async def test_a_bomb_costs_no_more_than_the_limit(serve, caller, here, raw_answer, status, members):
    megabyte = bytes(1024 * 1024)
    bomb = gzip.compress(megabyte * 40) if members == 1 else gzip.compress(megabyte) * members
    async with (
        serve(raw_answer(bomb, "Content-Encoding: gzip", "Location: /x", status=status)) as upstream,
        caller(here(upstream)) as run,
    ):
        tracemalloc.start()
        exchange = await run.call("x")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert exchange.outcome.cause == "too_large"
    assert peak < 4 * 1024 * 1024


BODY = b"a body that is long enough to be worth it " * 200
RAW_DEFLATE = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    ("encoding", "sent"),
    [
        ("gzip", gzip.compress(BODY, mtime=0)),
        ("x-gzip", gzip.compress(BODY[:100], mtime=0) + gzip.compress(BODY[100:], mtime=0)),
        ("deflate", zlib.compress(BODY)),
        ("Deflate", RAW_DEFLATE.compress(BODY) + RAW_DEFLATE.flush()),
        ("identity", BODY),
        ("", BODY),
    ],
)
@pytest.mark.parametrize("piece", [7, 100_000])
async def test_a_compressed_body_is_read(serve, caller, here, encoding, sent, piece):
    async def respond(request, writer):
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nTransfer-Encoding: chunked\r\n\r\n"
            % encoding.encode()
        )
        for start in range(0, len(sent), piece):
            part = sent[start : start + piece]
            writer.write(b"%x\r\n%s\r\n" % (len(part), part))
        return b"0\r\n\r\n"

    async with serve(respond) as upstream, caller(here(upstream)) as run:
        exchange = await run.call("x")

    assert exchange.outcome.content == BODY


async def test_a_body_of_exactly_the_limit_is_read(serve, caller, here, raw_answer, fast):
    body = b"x" * fast.response_bytes
    async with serve(raw_answer(body)) as upstream, caller(here(upstream)) as run:
        plain = await run.call("x")
    async with (
        serve(raw_answer(gzip.compress(body), "Content-Encoding: gzip")) as upstream,
        caller(here(upstream)) as run,
    ):
        compressed = await run.call("x")

    assert len(plain.outcome.content) == len(compressed.outcome.content) == fast.response_bytes


async def test_the_answer_to_head_has_no_body_whatever_it_says(serve, caller, here, raw_answer):
    async with (
        serve(raw_answer(b"", "Content-Encoding: gzip", "Content-Length: 500", length=False)) as upstream,
        caller(here(upstream)) as run,
    ):
        first = await run.call("x", method="HEAD")
        await run.call("x", method="HEAD")

    assert first.outcome.content == b""
    assert upstream.connections == 1


@pytest.mark.parametrize(
    "surplus",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong",
        b"x",
    ],
)
@pytest.mark.parametrize(
    "first",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nright",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nright\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nright\r\n0\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
    ],
)
async def test_a_second_answer_to_one_request_is_nobodys_answer(
    serve, caller, here, raw_answer, first, surplus
):
    calls = 0

    async def respond(request, writer):
        nonlocal calls
        calls += 1
        return first + surplus if calls == 1 else raw_answer(b"true")

    async with serve(respond) as upstream, caller(here(upstream)) as run:
        await run.call("x")
        second = await run.call("y")

    assert isinstance(second.outcome, ReceivedResponse)
    assert second.outcome.text == "true"
    assert upstream.connections == 2


@pytest.mark.parametrize("location", ["http://[::1", "//", "\xff", "javascript:x", ""])
async def test_a_redirect_to_nowhere_is_an_answer_too(serve, caller, here, raw_answer, location):
    out = raw_answer(b"gone", f"Location: {location}", status="302 Found")
    async with serve(out) as upstream, caller(here(upstream)) as run:
        exchange = await run.call("x")

    assert (exchange.outcome.status_code, exchange.outcome.text) == (302, "gone")


async def test_redirects_are_answers(serve, caller, here, raw_answer, as_initiator):
    async with serve(raw_answer(b"gone")) as elsewhere:
        redirect = raw_answer(b"", f"Location: {elsewhere.url}/x", status="307 Temporary Redirect")
        async with serve(redirect) as upstream, caller(here(upstream, as_initiator)) as run:
            exchange = await run.call("x")

    assert exchange.outcome.status_code == 307
    assert elsewhere.connections == 0


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/plain", "é".encode(), "é"),
        ("text/plain; charset=ISO-8859-1", b"\xe9", "é"),
        ('text/plain; charset="windows-1252"', b"\x80", "€"),
        ("text/plain; charset=utf-8", b"a\xff", "a\ufffd"),
        ("text/plain; charset=rot13", b"abc", "abc"),
        ("text/plain; charset=unicode_escape", rb"\x41", r"\x41"),
        ("text/plain; charset=cp99999", b"abc", "abc"),
        ("text/plain; charset=utf-16-le", b"a\x00b", "a\ufffd"),
    ],
)
async def test_a_body_is_text_whatever_its_charset(serve, caller, here, raw_answer, content_type, body, text):
    async with (
        serve(raw_answer(body, f"Content-Type: {content_type}")) as upstream,
        caller(here(upstream)) as run,
    ):
        exchange = await run.call("x")

    assert exchange.outcome.text == text
    assert exchange.outcome.content == body


async def test_calls_may_be_cancelled(serve, caller, here):
    arrived = asyncio.Event()

    async def respond(request, writer):
        arrived.set()
        await asyncio.sleep(60)

    async with serve(respond) as upstream, caller(here(upstream)) as run:
        task = asyncio.create_task(run.call("x"))
        await arrived.wait()
        task.cancel()

        with pytest.raises(asyncio.CancelledError):
            await task
