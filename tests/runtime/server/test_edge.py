"""What every request passes before it is routed: paths, HEAD, bodies, headers, proxies."""

import asyncio
import base64
import json
from urllib.parse import unquote

import httpx
import pytest

from deputize.server.edge.bodies import SMALL_BYTES, BoundedBodies
from deputize.server.problems import Problems

pytestmark = pytest.mark.anyio

TRIGGER = "/api/integration/1/functions/by-basic/triggers"

#: Other spellings of the address of a list, and of a trigger.
SPELLINGS = [
    spelling.format(first=first, rest=rest)
    for first, rest in (("api", "v1/runs"), ("api", "integration/1/functions/by-basic/triggers"))
    for spelling in (
        "//{first}/{rest}",
        "/{first}//{rest}",
        "/{first}/{rest}/",
        "/./{first}/{rest}",
        "/x/../{first}/{rest}",
        "/healthz/../{first}/{rest}",
        "/healthz/..%2f{first}/{rest}",
        "/{first}%2f{rest}",
        "/{first}%2F{rest}",
        "/{first}%5c{rest}",
        "/{first}\\{rest}",
        "/%2e/{first}/{rest}",
        "/%2e%2e/{first}/{rest}",
        "/.%2e/{first}/{rest}",
        "/{first}/{rest}%00",
        "/{first}/{rest}%0a",
        "/{first}/{rest}%20",
        "/{first}/{rest}%2e",
        "/{first}/{rest}.",
        "/{first}/{rest};a=b",
        "/{first};a=b/{rest}",
        "/{first}/{rest}%3fa=b",
        "/{first}/{rest}%23a",
        "/{first}/{rest}%",
        "/{first}/{rest}%2",
        "/{first}/{rest}%zz",
        "/{first}/{rest}%c0%af",
        "/{first}/{rest}%ff",
        "/%2561pi/{rest}",
        "/API/{rest}",
        "/{first}/{rest}.json",
        "/healthz;/../{first}/{rest}",
        "/healthz%2f..%2f{first}/{rest}",
        "/healthz/{first}/{rest}",
    )
]
#: These are the same address to everybody.
SAME = ["/%61pi/v1/runs", "/api/v1/r%75ns"]


async def raw(bench, path, *, method="GET", name=None):
    """Ask for exactly *path*, which a client would put in order first."""
    headers = [(b"host", b"testserver")]
    if name is not None:
        token = base64.b64encode(f"{name}:password of {name}".encode())
        headers.append((b"authorization", b"Basic " + token))
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("192.0.2.1", 123),
        "server": ("testserver", 80),
        "state": {},
    }
    await bench.app(scope, receive, send)
    return sent[0]["status"], b"".join(each["body"] for each in sent[1:])


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_address_that_is_spelled_otherwise_is_not_there(bench, method):
    answers = {path: await raw(bench, path, method=method, name="ann") for path in SPELLINGS}

    assert {
        path: (status, json.loads(body)["code"]) for path, (status, body) in answers.items()
    } == dict.fromkeys(SPELLINGS, (404, "NOT_FOUND"))


@pytest.mark.parametrize("path", SAME)
async def test_an_address_with_letters_in_disguise_is_decided_as_the_address_itself(bench, path):
    assert (await raw(bench, path))[0] == 401
    assert (await raw(bench, path, name="ann"))[0] == 200


async def test_a_path_that_is_too_long_is_not_there(bench):
    assert (await raw(bench, "/api/v1/runs/" + "a" * 5000, name="ann"))[0] == 404


async def test_a_head_is_the_get_without_its_body(bench):
    head, get = await bench.client().head("/healthz"), await bench.client().get("/healthz")

    assert head.status_code == 200
    assert head.content == b""
    assert head.headers == get.headers


async def test_a_method_that_is_not_there_is_told_with_those_that_are(bench):
    answers = [
        await bench.client("ann").request(method, TRIGGER) for method in ("GET", "HEAD", "PUT", "TRACE")
    ]

    assert [each.status_code for each in answers] == [405] * 4
    assert {each.headers["Allow"] for each in answers} == {"POST"}
    assert answers[0].json() == {
        "type": "/errors/METHOD_NOT_ALLOWED",
        "title": "Method not allowed",
        "status": 405,
        "detail": "The method does not exist at this address.",
        "code": "METHOD_NOT_ALLOWED",
    }


async def test_a_method_in_a_header_is_no_method(bench):
    answer = await bench.client("ann").post(
        "/api/v1/runs", headers={"X-HTTP-Method-Override": "GET", "X-Method-Override": "GET"}
    )

    assert answer.status_code == 405


@pytest.mark.parametrize(
    "path", ["/healthz", "/nowhere", "/api/v1/runs", "/api/xm/1/people", "/openapi.json"]
)
async def test_every_answer_has_the_headers_that_protect_it(bench, path):
    headers = (await bench.client().get(path, headers={"Origin": "https://evil.example"})).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Date"] == "Wed, 25 Nov 2026 08:34:28 GMT"
    assert not [name for name in headers if name.startswith("access-control-")]


async def test_no_preflight_is_answered(bench):
    answer = await bench.client().options(
        "/api/v1/runs", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    )

    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control-")]


async def test_the_platforms_paths_are_the_platforms_as_they_are(bench):
    for path in ("/api/xm/1/people", "/api/xm/..", "/reapi/2015-04-01/forms", "/api/xm//"):
        assert await raw(bench, path) == (418, path.encode())


async def test_what_looks_like_the_platforms_path_is_ours(bench):
    for path in ("/api/xmas/1", "/api/xm", "/reapiary"):
        assert (await raw(bench, path))[0] == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-User": "ann"},
        {"X-Remote-User": "ann", "Remote-User": "ann"},
        {"X-Original-URL": "/healthz", "X-Rewrite-URL": "/healthz"},
        {"Forwarded": "for=127.0.0.1;host=internal", "X-Forwarded-Host": "internal"},
        {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"},
    ],
)
async def test_a_header_that_speaks_for_somebody_says_nothing(bench, headers):
    assert (await bench.client().get("/api/v1/runs", headers=headers)).status_code == 401
    await bench.client("ann").get("/api/v1/me", headers=headers)

    (record,) = await bench.database.read(lambda tx: tx.audit.page(limit=10))
    assert record.source == "192.0.2.1"


async def test_a_proxy_that_is_configured_is_believed_about_the_address(open_bench):
    async with open_bench(trusted_proxies=("192.0.2.0/24",)) as bench:
        await bench.client("ann").get("/api/v1/me", headers={"X-Forwarded-For": "203.0.113.9, 192.0.2.7"})

        (record,) = await bench.database.read(lambda tx: tx.audit.page(limit=10))
        assert record.source == "203.0.113.9"


async def test_no_address_is_made_from_a_host_header(bench):
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    issued = await bench.client("stan").post("/api/v1/integrations/by-url/keys", headers=evil)
    for number in range(3):
        await bench.add_run(f"run-{number}")
    listed = await bench.client("ann").get("/api/v1/runs?limit=1", headers=evil)

    assert issued.json()["url"].startswith("https://deputize.example/api/integration/1/functions/by-url/")
    assert listed.headers["Link"].startswith("</api/v1/runs?limit=1&cursor=")
    assert "evil" not in issued.text + str(issued.headers) + listed.text + str(listed.headers)


# Pages of other origins


CHANGES = {
    "/api/v1/keys/none/rotate": 404,
    TRIGGER: 202,
    "/api/xm/1/people": 418,
    "/reapi/2015-04-01/forms/1/triggers": 418,
}
FROM_ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://deputize.example"},
    {"Origin": "https://deputize.example:8443"},
    {"Origin": "https://deputize.example.evil.example"},
    {"Origin": "https://[x"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
]
FROM_HERE = [
    {},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://deputize.example", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "https://DEPUTIZE.example:443"},
]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
async def test_a_page_of_another_origin_changes_nothing_with_a_password(bench, headers):
    answers = [await bench.client("stan").post(path, headers=headers) for path in CHANGES]

    assert [each.json() for each in answers] == [
        {
            "type": "/errors/ORIGIN_REFUSED",
            "title": "Origin refused",
            "status": 403,
            "detail": "The request comes from a page of another origin.",
            "code": "ORIGIN_REFUSED",
        }
    ] * len(CHANGES)
    assert {each.headers["Connection"] for each in answers} == {"close"}
    assert await bench.runs() == []
    assert await bench.audit() == []


@pytest.mark.parametrize("headers", FROM_HERE, ids=str)
async def test_a_program_and_a_page_of_our_own_are_answered(bench, headers):
    answers = {path: await bench.client("stan").post(path, headers=headers) for path in CHANGES}

    assert {path: each.status_code for path, each in answers.items()} == CHANGES


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
async def test_what_a_browser_does_not_send_by_itself_may_come_from_anywhere(bench, headers):
    issued = await bench.client("stan").post("/api/v1/integrations/by-url/keys")
    by_key = await bench.client().post(issued.json()["url"], headers=headers)
    read = await bench.client("ann").get("/api/v1/runs", headers=headers)

    assert (by_key.status_code, read.status_code) == (202, 200)


# Bodies


async def test_a_body_that_says_it_is_too_large_is_not_read(bench):
    read = []

    async def body():
        read.append(1)
        yield b"x"

    answer = await bench.client("rob").post(
        TRIGGER, content=body(), headers={"Content-Length": str(1024 * 1024 + 1)}
    )

    assert answer.status_code == 413
    assert answer.headers["Connection"] == "close"
    assert answer.json() == {
        "type": "/errors/BODY_TOO_LARGE",
        "title": "Body too large",
        "status": 413,
        "detail": "The body has more than 1048576 bytes. Send less.",
        "code": "BODY_TOO_LARGE",
    }
    assert await bench.runs() == []


@pytest.mark.parametrize("path", [TRIGGER, "/api/v1/integrations/by-url/check"])
async def test_a_body_without_a_length_is_cut_where_the_limit_is(bench, path):
    name, sent = ("rob", 0) if path == TRIGGER else ("dev", 0)

    async def endless():
        nonlocal sent
        while True:
            sent += 65536
            yield b" " * 65536

    answer = await bench.client(name).post(
        path, content=endless(), headers={"Content-Type": "application/json"}
    )

    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")
    assert answer.headers["Connection"] == "close"
    assert sent <= 1024 * 1024 + 2 * 65536


async def test_a_body_of_the_largest_size_is_taken(bench):
    answer = await bench.client("rob").post(TRIGGER, content=b"x" * 1024 * 1024)

    assert answer.status_code == 202


@pytest.mark.parametrize(
    "encoding", ["gzip", "br", "deflate", "gzip, gzip", "x-gzip", "identity, gzip", "zstd"]
)
async def test_an_encoded_body_is_refused_before_it_is_read(bench, encoding):
    answer = await bench.client("rob").post(
        TRIGGER, content=b"\x1f\x8b", headers={"Content-Encoding": encoding}
    )

    assert (answer.status_code, answer.json()["code"]) == (415, "ENCODING_REFUSED")
    assert answer.headers["Connection"] == "close"


async def test_an_encoding_that_is_none_is_none(bench):
    answer = await bench.client("rob").post(TRIGGER, content=b"x", headers={"Content-Encoding": "Identity"})

    assert answer.status_code == 202


@pytest.mark.parametrize("length", ["-1", "1.5", "", "abc", "１", "1 1", "+1"])
async def test_a_length_that_is_no_number_is_refused(bench, length):
    answer = await bench.client("rob").post(
        TRIGGER, content=b"x", headers=[(b"Content-Length", length.encode())]
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "REQUEST_UNREADABLE")


async def test_large_bodies_share_an_allowance_and_small_ones_need_none():
    may_end = asyncio.Event()

    async def holding(scope, receive, send):
        await receive()
        if scope["path"] == "/hold":
            holds.set()
            await may_end.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def telling(scope, receive, send):
        try:
            await holding(scope, receive, send)
        except Exception as error:
            await problems.answer(error)(scope, receive, send)

    holds, problems = asyncio.Event(), Problems()
    app = BoundedBodies(telling, problems=problems, allowance=1000)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
        held = asyncio.create_task(client.post("/hold", content=b"x" * (SMALL_BYTES + 600)))
        await holds.wait()
        refused = await client.post("/", content=b"x" * (SMALL_BYTES + 500))
        small = await client.post("/", content=b"x" * SMALL_BYTES)
        may_end.set()
        first = await held
        again = await client.post("/", content=b"x" * (SMALL_BYTES + 1000))

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert json.loads(refused.content)["detail"] == "Too many large bodies are being read."
    assert [small.status_code, first.status_code, again.status_code] == [204, 204, 204]


async def test_the_application_may_be_mounted_below_another_one(bench):
    async def mounted(scope, receive, send):
        # Not every server tells how the path was written.
        scope = {key: value for key, value in scope.items() if key != "raw_path"}
        await bench.app({**scope, "root_path": "/integrations"}, receive, send)

    transport = httpx.ASGITransport(mounted, client=("192.0.2.1", 123))
    async with httpx.AsyncClient(transport=transport, base_url="http://host.example") as client:
        alive = await client.get("/integrations/healthz")
        platform = await client.get("/integrations/api/xm/1/people")
        method = await client.put("/integrations/api/v1/plans/incidents")
        twice = await client.get("/integrations//healthz")

    assert [each.status_code for each in (alive, platform, method, twice)] == [200, 418, 405, 404]
    assert method.headers["Allow"] == "GET, HEAD, PATCH"
