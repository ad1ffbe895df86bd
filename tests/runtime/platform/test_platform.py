"""The embedded platform as the runtime sees it: people, explanations, shapes of errors, start and end."""

import asyncio
import json
import socket

import httpx
import pytest

from deputize.domain.principal import Principal
from deputize.platform.embedded import EmbeddedPlatform
from deputize.platform.interface import Platform
from deputize_client import BoundClient, ClientLimits, OutboundRequest, Redactor, TransportFailure

pytestmark = pytest.mark.anyio


async def exchange(platform, name, method, path, content=None):
    client = BoundClient(
        endpoints={"platform": platform.endpoint},
        credentials=await platform.source(name),
        limits=ClientLimits(),
        redactor=Redactor(),
    )
    try:
        return await client.send(
            OutboundRequest(
                method=method,
                path="/api/xm/1" + path,
                endpoint="platform",
                content=None if content is None else json.dumps(content).encode(),
                content_type=None if content is None else "application/json",
            )
        )
    finally:
        await client.aclose()


async def explained(platform, *request):
    found = await platform.platform.explain(await exchange(platform, *request))
    return found and (found.initiator, found.needs, found.would_pass, found.source)


async def test_it_is_a_platform(platform):
    as_interface: Platform = platform.platform

    assert as_interface.base_url.startswith("http://127.0.0.1:")
    assert as_interface.admitted == {("127.0.0.1", int(as_interface.base_url.rpartition(":")[2]))}


async def test_a_principal_is_somebody_whom_it_knows(platform):
    dana = await platform.platform.principal("dana", via="cli")

    assert (dana.id, dana.name, dana.via) == ("dana", "Dana Ito", "cli")
    assert (await platform.platform.principal("rob", via="cli")).name == "rob"
    assert await platform.platform.principal("Dana", via="cli") is None
    assert await platform.platform.principal(dana.subject, via="cli") is None
    assert await platform.platform.people_names() == ["dana", "gina", "mmcbride", "nobody", "rob"]


async def test_a_principal_whom_it_does_not_know_has_no_credential(platform):
    ghost = Principal(id="ghost", name="ghost", via="cli")
    source = platform.platform.credentials_for(ghost, run_id="run-1")

    answer = await source.credential(platform.endpoint)

    assert answer.reason == '"ghost" is not known to the platform; nothing was sent.'


async def test_a_refusal_is_explained_by_what_was_missing_and_who_has_it(platform):
    assert await explained(platform, "rob", "GET", "/people/mmcbride") == (
        "rob",
        ("View or Use on role Standard User",),
        ("role Company Supervisor", "role Full Access User"),
        "platform",
    )


@pytest.mark.parametrize(
    ("name", "request_", "needs", "would_pass"),
    [
        (
            "rob",
            ("GET", "/people/nobody"),
            ("View or Use on everybody (*)",),
            ("role Company Supervisor", "role Full Access User"),
        ),
        (
            "mmcbride",
            ("POST", "/people", {"targetName": "eve", "roles": ["Standard User"]}),
            ("Edit on role Standard User", "Assign on role Standard User"),
            ("role Full Access User",),
        ),
        (
            "rob",
            ("POST", "/people", {"id": "rob", "roles": ["Standard User"]}),
            ("Assign on role REST Web Service User", "Assign on role Standard User"),
            ("role Full Access User",),
        ),
        (
            "dana",
            ("DELETE", "/people/rob"),
            ("Delete on role REST Web Service User",),
            ("role Full Access User",),
        ),
        (
            "mmcbride",
            ("GET", "/events/12623005"),
            ("function events, or being the submitter of event 12623005",),
            ("role Company Supervisor", "role Full Access User", "person rob"),
        ),
    ],
)
async def test_every_kind_of_refusal_is_explained(platform, name, request_, needs, would_pass):
    assert await explained(platform, name, *request_) == (name, needs, would_pass, "platform")


async def test_what_was_no_refusal_is_not_explained(platform):
    assert await explained(platform, "dana", "GET", "/people/mmcbride") is None
    assert await explained(platform, "dana", "GET", "/people/ghost") is None


async def test_a_refusal_of_another_platform_is_not_explained(platform, start_platform, world):
    refused = await exchange(platform, "rob", "GET", "/people/mmcbride")

    async with start_platform(world) as other:
        assert await other.platform.explain(refused) is None


async def test_simultaneous_requests_are_each_judged_and_explained_for_their_own_initiator(platform):
    requests = [(name, "GET", "/people/gina") for name in ("rob", "mmcbride", "dana", "nobody") * 5]

    explanations = await asyncio.gather(*[explained(platform, *request) for request in requests])

    assert [each and each[0] for each in explanations] == ["rob", "mmcbride", None, "nobody"] * 5


async def test_simultaneous_changes_are_all_kept(platform):
    rob = await platform.as_("rob")

    answers = await asyncio.gather(
        *[rob.post("/events/12623005/annotations", json={"comment": str(n)}) for n in range(20)],
        *[rob.post("/people", json={"targetName": "same"}) for _ in range(5)],
    )

    assert sorted(each.status_code for each in answers) == [201] * 21 + [409] * 4
    assert (await rob.get("/events/12623005/annotations")).json()["total"] == 20


async def test_a_caller_who_is_cancelled_does_not_tear_the_database(platform):
    source = await platform.source("rob")
    for rounds in range(8):
        task = asyncio.create_task(source.credential(platform.endpoint))
        for _ in range(rounds):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert (await (await platform.as_("rob")).get("/people/rob")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/nothing", 404, "There is nothing at GET /api/xm/1/nothing. Correct the path."),
        ("GET", "/people//", 404, "There is nothing at GET /api/xm/1/people/. Correct the path."),
        ("PUT", "/people", 405, "The method does not exist here: PUT /api/xm/1/people."),
        ("POST", "/roles", 405, "The method does not exist here: POST /api/xm/1/roles."),
    ],
)
async def test_what_is_not_there_is_told_in_the_same_shape(platform, method, path, status, message):
    answer = await (await platform.as_("dana")).request(method, path)

    assert answer.status_code == status
    assert (answer.json()["code"], answer.json()["message"]) == (status, message)
    assert "x-trace" in answer.headers


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"", "application/json", 400),
        (b'{"targetName": "\\ud800"}', "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b" " * (1024 * 1024 + 1), "application/json", 413),
    ],
)
async def test_a_body_that_cannot_be_read_is_told_in_the_same_shape(platform, content, kind, status):
    answer = await (await platform.as_("rob")).post(
        "/people", content=content, headers={"Content-Type": kind}
    )

    assert answer.status_code == status
    assert answer.json()["code"] == status


async def test_roles_are_listed_to_anybody(platform):
    page = (await (await platform.as_("nobody")).get("/roles?limit=2")).json()

    assert [role["name"] for role in page["data"]] == ["Company Supervisor", "Full Access User"]
    assert page["total"] == 4


async def test_a_head_is_answered_as_a_get_without_its_body(platform):
    answer = await (await platform.as_("rob")).head("/people/mmcbride")

    assert (answer.status_code, answer.content) == (403, b"")


async def test_what_is_kept_outlives_the_platform(world, start_platform, database):
    async with start_platform(world, database) as first:
        await (await first.as_("rob")).post("/events/12623005/annotations", json={"comment": "kept"})
        before = (await (await first.as_("dana")).get("/people")).json()

    async with start_platform(None, database) as second:
        dana = await second.as_("dana")
        assert (await dana.get("/events/12623005/annotations")).json()["total"] == 1
        assert (await dana.get("/people")).json() == before


async def test_nothing_listens_when_it_has_ended(start_platform, world):
    async with start_platform(world) as bench:
        address = next(iter(bench.platform.admitted))
        failed = await exchange(bench, "rob", "GET", "/people/rob")
        assert not isinstance(failed.outcome, TransportFailure)

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


async def test_a_platform_that_is_not_served_has_no_address(database):
    platform = EmbeddedPlatform(database, on_run=print, check_script=print)

    with pytest.raises(RuntimeError) as refused:
        _ = platform.base_url

    assert str(refused.value) == (
        "the embedded platform is not served; serve its asgi and attach() the listener"
    )


async def test_a_connection_that_is_kept_open_does_not_keep_it_from_ending(start_platform):
    async with start_platform() as bench:
        _, writer = await asyncio.open_connection(*next(iter(bench.platform.admitted)))
        client = httpx.AsyncClient(trust_env=False)
        await client.get(bench.platform.base_url)
        began = asyncio.get_running_loop().time()

    assert asyncio.get_running_loop().time() - began < 1
    writer.close()
    await client.aclose()
