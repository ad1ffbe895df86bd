"""Requests whose end could be read in two ways are refused, and nothing behind them is answered (C-32)."""

import asyncio
import re

import pytest

pytestmark = pytest.mark.anyio

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
async def echo(serve):
    """Tell which paths were asked for, and answer each with its body's length."""
    asked = []

    async def app(scope, receive, send):
        asked.append(scope["path"])
        body = b""
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message["body"]
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"%d" % len(body)})

    async with serve(app) as listener:
        yield listener, asked


def request(*lines, body=b"", line=b"POST /asked HTTP/1.1", host=b"Host: x"):
    return b"\r\n".join([line, host, *lines, b"", body])


def answered(data):
    """Return how many answers there are in what came back."""
    return len(re.findall(rb"(?:^|\r\n\r\n\d*)HTTP/1\.1 \d{3} ", data))


AMBIGUOUS = {
    "two lengths": request(b"Content-Length: 5", b"Content-Length: 0", body=b"12345" + SMUGGLED),
    "two equal lengths": request(b"Content-Length: 5", b"Content-Length: 5", body=b"12345" + SMUGGLED),
    "a list of lengths": request(b"Content-Length: 5, 5", body=b"12345" + SMUGGLED),
    "a length with a sign": request(b"Content-Length: +5", body=b"12345" + SMUGGLED),
    "a hexadecimal length": request(b"Content-Length: 0x5", body=b"12345" + SMUGGLED),
    "a negative length": request(b"Content-Length: -1", body=SMUGGLED),
    "length and chunked": request(
        b"Content-Length: 4", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n" + SMUGGLED
    ),
    "chunked and length": request(
        b"Transfer-Encoding: chunked", b"Content-Length: 4", body=b"0\r\n\r\n" + SMUGGLED
    ),
    "chunked twice": request(b"Transfer-Encoding: chunked, chunked", body=b"0\r\n\r\n" + SMUGGLED),
    "an encoding that is not chunked": request(b"Transfer-Encoding: identity", body=SMUGGLED),
    "chunked not last": request(b"Transfer-Encoding: chunked, gzip", body=b"0\r\n\r\n" + SMUGGLED),
    "chunked in disguise": request(b"Transfer-Encoding: \x0bchunked", body=b"0\r\n\r\n" + SMUGGLED),
    "chunked in HTTP/1.0": request(
        b"Transfer-Encoding: chunked", line=b"POST /asked HTTP/1.0", body=b"0\r\n\r\n" + SMUGGLED
    ),
    "a space before the colon": request(b"Content-Length : 5", body=b"12345" + SMUGGLED),
    "a folded header": request(b"X-Folded: a", b" b: c", body=SMUGGLED),
    "a folded length": request(b"Content-Length:", b" 5", body=b"12345" + SMUGGLED),
    "a first header that is folded": b"POST /asked HTTP/1.1\r\n Host: x\r\n\r\n" + SMUGGLED,
    "lines that end in LF": b"POST /asked HTTP/1.1\nHost: x\nContent-Length: 5\n\n12345" + SMUGGLED,
    "one line that ends in LF": b"POST /asked HTTP/1.1\r\nHost: x\nContent-Length: 5\r\n\r\n12345" + SMUGGLED,
    "a head that ends in LF": b"POST /asked HTTP/1.1\r\nHost: x\r\n\n" + SMUGGLED,
    "a CR of its own": request(b"X-Header: a\rb", body=SMUGGLED),
    "an empty line before the request": b"\r\n" + request(body=SMUGGLED),
    "a header without a colon": request(b"Content-Length 5", body=b"12345" + SMUGGLED),
    "a header without a name": request(b": 5", body=SMUGGLED),
    "a NUL in a header": request(b"X-Header: a\x00b", body=SMUGGLED),
    "no host": b"POST /asked HTTP/1.1\r\n\r\n" + SMUGGLED,
    "two hosts": request(b"Host: y", body=SMUGGLED),
    "a method of two words": request(line=b"POST GET /asked HTTP/1.1", body=SMUGGLED),
    "a path with a space": request(line=b"POST /as ked HTTP/1.1", body=SMUGGLED),
    "a path that is not ASCII": request(line="POST /ä HTTP/1.1".encode(), body=SMUGGLED),
    "a protocol of another kind": request(line=b"POST /asked HTTPS/1.1", body=SMUGGLED),
    "no protocol": b"POST /asked\r\n\r\n" + SMUGGLED,
}

BAD_CHUNKS = {
    "no number": b"zz\r\n12345\r\n0\r\n\r\n",
    "a negative number": b"-1\r\n\r\n",
    "a number with a prefix": b"0x5\r\n12345\r\n0\r\n\r\n",
    "a number that is too large": b"fffffffffffffffffffff\r\n12345",
    "a line that ends in LF": b"5\n12345\r\n0\r\n\r\n",
    "data without its end": b"5\r\n12345XX0\r\n\r\n",
    "data that is too long": b"5\r\n1234567\r\n0\r\n\r\n",
    "data that ends in LF": b"5\r\n12345\n0\r\n\r\n",
    "a folded trailer": b"0\r\n a: b\r\n\r\n",
}


@pytest.mark.parametrize("sent", AMBIGUOUS.values(), ids=AMBIGUOUS)
async def test_an_ambiguous_head_is_refused_and_ends_the_connection(echo, wire, sent):
    listener, asked = echo
    async with wire(listener) as connection:
        answer = await connection.exchange(sent)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answered(answer) == 1
    assert answer.endswith(
        b'{"type":"/errors/REQUEST_UNREADABLE","title":"Request unreadable","status":400,'
        b'"detail":"The request does not follow HTTP/1.1 (RFC 9112).","code":"REQUEST_UNREADABLE"}'
    )
    assert asked == []


@pytest.mark.parametrize("chunks", BAD_CHUNKS.values(), ids=BAD_CHUNKS)
async def test_a_bad_chunk_ends_the_connection_and_nothing_behind_it_is_answered(echo, wire, chunks):
    listener, asked = echo
    async with wire(listener) as connection:
        answer = await connection.exchange(request(b"Transfer-Encoding: chunked", body=chunks + SMUGGLED))

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answered(answer) == 1
    assert asked == ["/asked"]


@pytest.mark.parametrize("trailer", [b"0\r\n\r\n", b"0\r\n\n", b"0\r\nX: 1\n\n", b"0\r\nX: 1\r\n\r\n"])
async def test_nothing_behind_a_chunked_body_is_answered_however_it_ends(echo, wire, trailer):
    listener, asked = echo
    async with wire(listener) as connection:
        answer = await connection.exchange(
            request(b"Transfer-Encoding: chunked", body=b"5\r\n12345\r\n" + trailer + SMUGGLED)
        )

    assert answered(answer) == 1
    assert "/smuggled" not in asked


async def test_requests_that_follow_each_other_are_each_answered(echo, wire):
    listener, asked = echo
    async with wire(listener) as connection:
        answer = await connection.exchange(
            request(b"Content-Length: 5", body=b"12345")
            + request(b"Content-Length: 0", line=b"POST /second HTTP/1.1")
            + request(b"Connection: close", line=b"GET /third HTTP/1.1")
        )

    assert answered(answer) == 3
    assert asked == ["/asked", "/second", "/third"]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_a_request_in_pieces_is_the_same_request(echo, wire, size):
    listener, asked = echo
    whole = request(b"Content-Length: 5", b"Connection: close", body=b"12345")
    async with wire(listener) as connection:
        for start in range(0, len(whole), size):
            await connection.send(whole[start : start + size])
            await asyncio.sleep(0)
        answer = await connection.rest()

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert asked == ["/asked"]
