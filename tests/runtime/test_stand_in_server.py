"""Stand-ins over a real socket: what they answer and what they record."""

import asyncio
import json
import logging
import socket

import httpx
import pytest

from deputize.stand_ins import StandIn, StandInRoute, StandInServer

pytestmark = pytest.mark.anyio

ROUTES = [
    {
        "method": "PUT",
        "path": "/api/v1/70049/requests/{number}",
        "json": {"HREF": "https://example/requests/{number}", "n": 1, "all": ["{number}", "{other}"]},
    },
    {"method": "GET", "path": "/first", "text": "first {x}", "headers": {"X-One": "1"}},
    {"method": "GET", "path": "/{any}", "text": "any {any}", "headers": {"Location": "/to/{any}"}},
    {"method": "POST", "path": "/empty", "status": 204},
    {
        "method": "POST",
        "path": "/xml",
        "text": "<a/>",
        "headers": {"Content-Type": "text/xml"},
        "status": 500,
    },
    {"method": "POST", "path": "/null", "json": None},
]


@pytest.fixture
async def server():
    async with StandInServer(stand_in(), most_requests=3, kept_bytes=100, body_bytes=1000) as server:
        yield server


@pytest.fixture
async def client(server):
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        yield client


def stand_in():
    return StandIn(routes=tuple(StandInRoute.model_validate(route) for route in ROUTES))


async def test_a_route_answers_with_what_stood_in_the_path(client):
    answer = await client.put("/api/v1/70049/requests/INC0010001")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "HREF": "https://example/requests/INC0010001",
        "n": 1,
        "all": ["INC0010001", "{other}"],
    }


async def test_the_first_route_that_matches_answers(client):
    first, other = await client.get("/first"), await client.get("/second")

    assert (first.text, first.headers["x-one"]) == ("first {x}", "1")
    assert first.headers["content-type"] == "text/plain; charset=utf-8"
    assert (other.text, other.headers["location"]) == ("any second", "/to/second")


async def test_what_stood_in_the_path_cannot_add_a_header(client):
    answer = await client.get("/a%0d%0aX-Two:%202%C3%BC")

    assert answer.headers["location"] == "/to/a%0D%0AX-Two%3A%202%C3%BC"
    assert "x-two" not in answer.headers


async def test_status_headers_and_empty_bodies_are_as_the_file_says(client):
    assert (await client.post("/empty")).status_code == 204
    xml = await client.post("/xml")
    assert (xml.status_code, xml.text, xml.headers.get_list("content-type")) == (500, "<a/>", ["text/xml"])
    assert (await client.post("/null")).text == "null"


async def test_a_head_is_answered_by_the_route_for_get(client, server):
    answer = await client.head("/first")

    assert (answer.status_code, answer.content, answer.headers["x-one"]) == (200, b"", "1")
    assert server.requests[0].method == "HEAD"


async def test_what_no_route_answers_is_a_404_that_lists_the_routes(client, server):
    answer = await client.delete("/api/v1/70049/requests/7?a=b")

    assert answer.status_code == 404
    assert answer.json() == {
        "error": "STAND_IN_ROUTE_MISSING",
        "message": "The stand-in has no route for DELETE /api/v1/70049/requests/7. Add one to its file.",
        "routes": [f"{route['method']} {route['path']}" for route in ROUTES],
    }
    assert (server.requests[0].status, server.requests[0].route) == (404, None)


async def test_what_came_is_recorded(client, server):
    await client.put("/api/v1/70049/requests/x%20y?q=1&r=%26", json={"a": [1]}, headers={"X-Mine": "1"})

    [request] = server.requests
    assert (request.method, request.path, request.query) == (
        "PUT",
        "/api/v1/70049/requests/x%20y",
        "q=1&r=%26",
    )
    assert (request.body, request.status) == ({"a": [1]}, 200)
    assert request.route == "PUT /api/v1/70049/requests/{number}"
    assert dict(request.headers)["x-mine"] == "1"
    assert request.content_type == "application/json"


@pytest.mark.parametrize(
    ("header", "value", "kept"),
    [
        ("Authorization", "Basic c3ZjOmh1bnRlcjI=", "Basic ‹redacted›"),
        ("Authorization", "Bearer abc def", "Bearer ‹redacted›"),
        ("Authorization", "justatoken", "‹redacted›"),
        ("Authorization", "secret withspace", "‹redacted›"),
        ("Proxy-Authorization", "Basic c3ZjOmh1bnRlcjI=", "Basic ‹redacted›"),
        ("Cookie", "Basic session=1", "‹redacted›"),
        ("X-API-Key", "abc", "‹redacted›"),
        ("apikey", "abc", "‹redacted›"),
        ("X-Vault-Token", "abc", "‹redacted›"),
    ],
)
async def test_credentials_are_not_kept(client, server, header, value, kept):
    await client.get("/first", headers={header: value})

    assert dict(server.requests[0].headers)[header.lower()] == kept
    assert value not in repr(server.requests)


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (b"", None),
        (b"plain", "plain"),
        (b"7", "7"),
        (b"[1, 2]", [1, 2]),
        (b"[NaN]", "[NaN]"),
        (b"{", "{"),
        (b"[" * 100, "[" * 100),
        (b"\xff", "\ufffd"),
        ("7".encode("utf-16"), "\ufffd\ufffd7\x00"),
    ],
)
async def test_a_body_is_kept_parsed_where_it_is_json_and_as_text_elsewhere(client, server, content, body):
    await client.post("/empty", content=content)

    assert server.requests[0].body == body
    assert server.requests[0].truncated is False


async def test_a_long_body_is_cut_and_one_that_is_too_long_is_refused(client, server):
    await client.post("/empty", content=b"x" * 101)
    refused = await client.post("/empty", content=b"y" * 1001)

    assert refused.status_code == 413
    assert [(each.body, each.truncated, each.status) for each in server.requests] == [
        ("x" * 100, True, 204),
        ("y" * 100, True, 413),
    ]


async def test_only_the_last_requests_are_kept(client, server):
    for number in range(5):
        await client.get(f"/{number}")

    assert [each.path for each in server.requests] == ["/2", "/3", "/4"]
    assert server.total == 5


async def test_the_record_can_be_read_when_it_has_ended_and_nothing_listens():
    async with StandInServer(stand_in()) as server:
        port = server.port
        async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
            await client.get("/first")

    assert len(server.requests) == 1
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    with pytest.raises(RuntimeError, match="not running"):
        _ = server.url


async def test_nothing_is_logged_and_logging_is_left_alone(caplog):
    caplog.set_level(logging.DEBUG, logger="uvicorn")
    access = logging.getLogger("uvicorn.access")
    before = list(access.handlers), access.propagate, access.level
    async with StandInServer(stand_in()) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET /first HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert caplog.text == ""
    assert (list(access.handlers), access.propagate, access.level) == before


async def test_several_stand_ins_run_side_by_side():
    async with StandInServer(stand_in()) as one, StandInServer(stand_in()) as other:
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.post(one.url + "/empty", content=json.dumps({"to": "one"}))

        assert one.port != other.port
        assert [each.body for each in one.requests] == [{"to": "one"}]
        assert other.requests == []
