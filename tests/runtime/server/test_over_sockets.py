"""The whole server over real sockets: bodies that are too large, clients that go away, many at once."""

import asyncio
import base64
from contextlib import suppress
from pathlib import Path

import pytest

from deputize.server.listen import PortUnavailable

pytestmark = pytest.mark.anyio

MIB = 1024 * 1024
PATH = "/api/integration/1/functions/by-basic/triggers"


def head(*lines, name="stan", path=PATH):
    token = base64.b64encode(f"{name}:password of {name}".encode()).decode()
    return "\r\n".join(
        [f"POST {path} HTTP/1.1", "Host: x", f"Authorization: Basic {token}", *lines, "", ""]
    ).encode()


@pytest.fixture
async def listener(bench, serve):
    async with serve(bench.app, stopping=bench.stopping) as listener:
        yield listener


async def test_a_port_in_use_is_refused_with_what_chooses_another(listener, bench, serve):
    with pytest.raises(PortUnavailable) as refused:
        async with serve(bench.app, host=listener.host, port=listener.port):
            pass

    assert str(refused.value) == (
        f"Cannot listen on 127.0.0.1, port {listener.port}: Address already in use. "
        "Choose another --port, or another address in DEPUTIZE_HOST."
    )


async def test_a_body_that_says_it_is_too_large_is_answered_before_it_is_sent(listener, wire, bench):
    async with wire(listener) as connection:
        answer = await asyncio.wait_for(connection.exchange(head(f"Content-Length: {16 * MIB}")), 5)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code":"BODY_TOO_LARGE"' in answer
    assert await bench.runs() == []


async def test_a_client_that_asks_first_sends_nothing_that_would_be_refused(listener, wire):
    async with wire(listener) as connection:
        refused = await connection.exchange(head(f"Content-Length: {16 * MIB}", "Expect: 100-continue"))
    async with wire(listener) as connection:
        await connection.send(head("Content-Length: 1", "Expect: 100-continue", "Connection: close"))
        went_on = await connection.reader.readuntil(b"\r\n\r\n")
        accepted = await connection.exchange(b"x")

    assert refused.startswith(b"HTTP/1.1 413 ")
    assert went_on.startswith(b"HTTP/1.1 100 ")
    assert accepted.startswith(b"HTTP/1.1 202 ")


async def send_without_end(listener, wire):
    """Send 16 MiB in chunks, until there is an answer; return it."""
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    async with wire(listener) as connection:
        answer = asyncio.create_task(connection.rest())
        await connection.send(head("Transfer-Encoding: chunked"))
        with suppress(ConnectionError):
            for _ in range(256):
                if answer.done():
                    break
                await connection.send(piece)
        return await asyncio.wait_for(answer, 10)


async def test_fifty_clients_with_large_bodies_do_not_fill_the_memory(listener, wire, bench):
    """C-36: RSS stays within 64 MiB of idle."""
    before, most = resident(), 0
    sending = [asyncio.create_task(send_without_end(listener, wire)) for _ in range(50)]
    while not all(each.done() for each in sending):
        most = max(most, resident())
        await asyncio.wait(sending, timeout=0.02)
    answers = [each.result() for each in sending]

    assert most - before < 64 * MIB
    assert {each[:12] for each in answers} <= {b"HTTP/1.1 413", b"HTTP/1.1 503"}
    assert b"HTTP/1.1 413" in {each[:12] for each in answers}
    assert await bench.runs() == []


def resident():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


async def test_a_body_that_breaks_off_leaves_nothing(listener, wire, bench):
    """C-50: a whole record or none."""
    for sent in (0, 1, 999):
        async with wire(listener) as connection:
            await connection.send(head("Content-Length: 1000") + b"x" * sent)
    async with wire(listener) as connection:
        await connection.send(head("Content-Length: 1", "Connection: close") + b"x")
        await connection.rest()

    (run,) = await bench.runs()
    assert run.start["provided"]["body"] == "x"


async def test_a_client_that_does_not_wait_for_the_answer_leaves_a_whole_run(listener, wire, bench):
    for _ in range(5):
        async with wire(listener) as connection:
            await connection.send(head("Content-Length: 1") + b"x")
            connection.writer.transport.abort()
    async with wire(listener) as connection:
        await connection.send(head("Content-Length: 1", "Connection: close") + b"y")
        await connection.rest()
    await bench.intake.close()

    runs = await bench.runs()
    assert sorted(each.id for each in runs) == sorted(bench.submitted)
    assert [each for each in runs if each.start["provided"]["body"] == "y"]


async def test_a_revoked_password_closes_no_door_late_on_an_open_connection(listener, wire, bench):
    """C-20, C-22: from the next request on, however long the connection has been open."""
    async with wire(listener) as connection:
        await connection.send(head("Content-Length: 0"))
        first = await connection.reader.readuntil(b"}")
        await bench.client("sue").put("/api/v1/users/stan/password", json={"password": "another one"})
        second = await connection.exchange(head("Content-Length: 0", "Connection: close"))

    assert first.startswith(b"HTTP/1.1 202 ")
    assert second.startswith(b"HTTP/1.1 401 ")


async def test_many_at_once_are_all_answered(listener, wire, bench):
    async def ask():
        async with wire(listener) as connection:
            return await connection.exchange(head("Content-Length: 1", "Connection: close") + b"x")

    answers = await asyncio.gather(*(ask() for _ in range(100)))

    assert {each[:12] for each in answers} == {b"HTTP/1.1 202"}
    assert len(await bench.runs()) == len(bench.submitted) == 100
