"""What a client may take: its time, the number of its connections, and an answer that it can read."""

import asyncio
import time

import pytest

from deputize.server.connection import ConnectionLimits

pytestmark = pytest.mark.anyio

QUICK = ConnectionLimits(
    idle_seconds=0.2, head_seconds=0.2, body_seconds=0.2, unread_seconds=0.2, linger_seconds=0.2
)
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def hello(scope, receive, send):
    """Read the body and answer."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        more = message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


async def drip(connection, *, every=0.03):
    """Send a byte from time to time until the server has closed the connection."""
    while True:
        try:
            await connection.send(b"a")
        except ConnectionError:
            return
        if connection.reader.at_eof():
            return
        await asyncio.sleep(every)


async def test_a_head_that_drips_is_cut_off(serve, wire):
    async with serve(hello, limits=QUICK) as listener, wire(listener) as connection:
        began = time.monotonic()
        await connection.send(b"GET / HTTP/1.1\r\nX-Header: ")
        dripping = asyncio.create_task(drip(connection))
        answer = await asyncio.wait_for(connection.rest(), 5)
        await dripping

        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b'"code":"TOO_SLOW"' in answer
        assert time.monotonic() - began < 2


async def test_a_body_that_drips_is_cut_off_and_the_application_is_told(serve, wire):
    told = []

    async def reading(scope, receive, send):
        while (message := await receive())["type"] != "http.disconnect":
            pass
        told.append(message)

    async with serve(reading, limits=QUICK) as listener, wire(listener) as connection:
        await connection.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
        dripping = asyncio.create_task(drip(connection))
        answer = await asyncio.wait_for(connection.rest(), 5)
        await dripping

        assert answer.startswith(b"HTTP/1.1 408 ")
    assert told == [{"type": "http.disconnect"}]


async def test_a_connection_that_nobody_uses_is_closed_without_a_word(serve, wire):
    async with serve(hello, limits=QUICK) as listener, wire(listener) as connection:
        assert await asyncio.wait_for(connection.rest(), 5) == b""


async def test_a_connection_is_kept_between_requests_and_closed_when_it_is_idle(serve, wire):
    async with serve(hello, limits=QUICK) as listener, wire(listener) as connection:
        await connection.send(GET)
        assert (await connection.reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200 ")
        await connection.send(GET)
        assert (await connection.reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200 ")
        assert await asyncio.wait_for(connection.rest(), 5) == b""


async def test_an_answer_that_takes_its_time_is_waited_for(serve, wire):
    async def slow(scope, receive, send):
        await asyncio.sleep(2 * QUICK.head_seconds)
        await hello(scope, receive, send)

    async with serve(slow, limits=QUICK) as listener, wire(listener) as connection:
        await connection.send(GET)

        assert (await connection.reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200 ")


async def test_a_client_that_does_not_read_is_cut_off(serve, wire):
    gone = asyncio.Event()

    async def endless(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (await receive())["type"] != "http.disconnect":
            sending = asyncio.create_task(send_for_ever(send))
            await receive()
            sending.cancel()
        gone.set()

    async def send_for_ever(send):
        while True:
            await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})

    async with serve(endless, limits=QUICK) as listener, wire(listener) as connection:
        connection.writer.transport.pause_reading()
        await connection.send(GET)

        await asyncio.wait_for(gone.wait(), 5)


async def test_a_client_that_reads_slowly_but_surely_gets_it_all(serve, wire):
    size = 1024 * 1024

    async def large(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x" * size})

    limits = ConnectionLimits(unread_seconds=0.2, read_bytes=1024)
    async with serve(large, limits=limits) as listener, wire(listener) as connection:
        await connection.send(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        received = b""
        while piece := await connection.reader.read(65536):
            received += piece
            await asyncio.sleep(0.02)

        assert received.count(b"x", received.index(b"\r\n\r\n")) == size


async def test_connections_beyond_the_limit_are_told_so_and_those_within_go_on(serve, wire):
    limits = ConnectionLimits(connections=2)
    async with serve(hello, limits=limits) as listener, wire(listener) as first, wire(listener) as second:
        await first.send(GET)
        await first.reader.readuntil(b"hello")
        async with wire(listener) as third:
            refused = await asyncio.wait_for(third.exchange(GET), 5)
        await second.send(GET)

        assert refused.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: 1\r\n" in refused.lower()
        assert b'"code":"TOO_MANY_CONNECTIONS"' in refused
        assert (await second.reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200 ")


async def test_far_too_many_connections_are_closed_without_a_word(serve, wire):
    limits = ConnectionLimits(connections=4, linger_seconds=5)
    async with serve(hello, limits=limits) as listener:
        connections = [wire(listener) for _ in range(12)]
        opened = [await each.__aenter__() for each in connections]
        answers = await asyncio.gather(*(asyncio.wait_for(each.rest(), 5) for each in opened[4:]))
        for each in connections:
            await each.__aexit__(None, None, None)

    assert [each[:12] for each in answers].count(b"HTTP/1.1 503") == 2
    assert answers.count(b"") == 6


async def test_an_early_answer_reaches_a_client_that_is_still_sending(serve, wire):
    async def refusing(scope, receive, send):
        headers = [(b"content-length", b"2"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": b"no"})

    async with serve(refusing) as listener:
        for _ in range(5):
            async with wire(listener) as connection:
                await connection.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 16777216\r\n\r\n")
                try:
                    for _ in range(64):
                        await connection.send(b"x" * 65536)
                except ConnectionError:
                    pass
                answer = await asyncio.wait_for(connection.rest(), 5)

                assert answer.startswith(b"HTTP/1.1 413 ")
                assert answer.endswith(b"no")


async def test_at_the_end_requests_under_way_are_answered_and_idle_connections_closed(serve, wire):
    under_way, may_end = asyncio.Event(), asyncio.Event()

    async def waiting(scope, receive, send):
        under_way.set()
        await may_end.wait()
        await hello(scope, receive, send)

    stopping = asyncio.Event()
    context = serve(waiting, stopping=stopping, grace_seconds=5)
    listener = await context.__aenter__()
    async with wire(listener) as idle, wire(listener) as busy:
        await busy.send(GET)
        await under_way.wait()
        ending = asyncio.create_task(context.__aexit__(None, None, None))
        await stopping.wait()
        assert await asyncio.wait_for(idle.rest(), 5) == b""
        may_end.set()

        assert (await asyncio.wait_for(busy.rest(), 5)).startswith(b"HTTP/1.1 200 ")
        await ending
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(listener.host, listener.port)


async def test_a_request_that_does_not_end_in_time_is_given_up_at_the_end(serve, wire):
    cancelled = asyncio.Event()

    async def stuck(scope, receive, send):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    context = serve(stuck, grace_seconds=0.05)
    listener = await context.__aenter__()
    async with wire(listener) as connection:
        await connection.send(GET)
        await asyncio.sleep(0.02)
        await asyncio.wait_for(context.__aexit__(None, None, None), 5)

    assert cancelled.is_set()
