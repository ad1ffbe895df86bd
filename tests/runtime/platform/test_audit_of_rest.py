"""What is administered by the REST API is in the audit stream: every route that changes something."""

from base64 import b64encode
from dataclasses import replace

import pytest

from deputize.domain.plan import EVERYBODY
from deputize.platform.embedded.rest.routes import ROUTES

pytestmark = pytest.mark.anyio

API = "/api/xm/1"
SCRIPT = b64encode(b"def main(request):\n    return 1\n").decode()
INBOUND = {"name": "hook", "integrationType": "INBOUND_WEBHOOK", "authenticationType": "URL"}
EMAIL = {"deviceType": "EMAIL", "emailAddress": "mary@example.org"}

#: Each route that changes who may do what, or how the deployment is set up: the requests, in their order,
#: and what each leaves in the stream. "{id}" is the id that the request before was answered with.
ADMINISTRATION = {
    ("POST", "/people"): (
        ({"targetName": "zoe", "roles": ["Standard User"]}, ["user.created user:zoe"]),
        ({"id": "zoe", "lastName": "Zimmer"}, []),
        ({"id": "zoe", "email": "zoe@example.org"}, ["user.changed user:zoe"]),
        ({"id": "zoe", "roles": []}, ["user.changed user:zoe"]),
        ({"id": "zoe", "status": "INACTIVE"}, ["user.changed user:zoe"]),
        ({"id": "zoe", "supervisors": ["dana"]}, ["user.changed user:zoe"]),
        ({"id": "zoe", "supervisors": ["dana"]}, []),
    ),
    ("DELETE", "/people/rob"): ((None, ["user.deleted user:rob"]), (None, [])),
    ("POST", "/devices"): (
        ({"owner": "mmcbride", "name": "Work Email", **EMAIL}, ["device.set device:mmcbride|Work Email"]),
        ({"id": "{id}", "status": "INACTIVE"}, ["device.set device:mmcbride|Work Email"]),
    ),
    ("DELETE", "/devices/dana|Work Email"): ((None, ["device.deleted device:dana|Work Email"]), (None, [])),
    ("POST", "/groups"): (
        ({"targetName": "DBA", "supervisors": ["dana"]}, ["group.created group:DBA"]),
        ({"id": "DBA", "description": "Databases"}, []),
        ({"id": "DBA", "observedByAll": False}, ["group.changed group:DBA"]),
        ({"id": "DBA", "status": "INACTIVE"}, ["group.changed group:DBA"]),
    ),
    ("DELETE", "/groups/Net"): ((None, ["group.deleted group:Net"]), (None, [])),
    ("POST", "/plans/incidents/integrations"): (
        ({**INBOUND, "script": SCRIPT}, ["integration.changed integration:incidents/hook"]),
        ({"id": "hook", "deployed": True}, []),
        ({"id": "hook", "deployed": False}, ["integration.changed integration:incidents/hook"]),
    ),
    ("POST", "/plans/incidents/shared-libraries"): (
        ({"name": "snow", "script": SCRIPT}, ["library.set library:incidents/snow"]),
    ),
}
#: What else changes something, and why that is no administration.
NOT_ADMINISTRATION = {
    "/groups/{key}/members": "who is told of events; whoever sees the group sees it",
    "/groups/{key}/members/{member}": "as above",
    "/groups/{key}/shifts": "when somebody is told of events",
    "/groups/{key}/shifts/{shift}": "as above",
    "/groups/{key}/shifts/{shift}/members": "as above",
    "/groups/{key}/shifts/{shift}/members/{member}": "as above",
    "/plans/{key}/forms/{form}/triggers": "the event says who started it, and how",
    "/forms/{key}/triggers": "as above",
    "/events": "the event has a history of its own, /audits",
    "/events/{key}/annotations": "as above",
    "/events/{key}/responses": "as above",
    "/events/{key}/deliveries": "as above",
    "/events/{key}/escalations": "as above",
    "/events/{key}/failures": "as above",
    "/reapi/2015-04-01/forms/{key}/triggers": "the event says who started it, and how",
    "/reapi/2015-01-01/events/{key}": "the event has a history of its own, /audits",
}


@pytest.fixture
async def world_with_a_plan(start_platform, world, plan_world, make):
    async def open_plan(tx):
        await tx.plans.put(replace(make.plan, access=EVERYBODY))

    async with start_platform(replace(world, more=(*plan_world.more, open_plan))) as bench:
        gina = await bench.as_("gina")
        await gina.post("/devices", json={"owner": "dana", "name": "Work Email", **EMAIL})
        await gina.post("/groups", json={"targetName": "Net"})
        yield bench


async def acts(bench):
    return await bench.database.read(lambda tx: tx.audit.page(limit=1000))


@pytest.mark.parametrize("route", ADMINISTRATION)
async def test_an_act_of_administration_is_one_record_in_the_commit_that_does_it(world_with_a_plan, route):
    bench = world_with_a_plan
    gina, (method, path) = await bench.as_("gina"), route
    last = None

    for body, expected in ADMINISTRATION[route]:
        before = len(await acts(bench))
        given = {"id": last} if body is not None and body.get("id") == "{id}" else {}
        answer = await gina.request(method, path, **({} if body is None else {"json": {**body, **given}}))
        assert answer.is_success, answer.text
        last = answer.json().get("id") if answer.content else None
        recorded = await acts(bench)

        assert [f"{each.action} {each.target}" for each in recorded[: len(recorded) - before]] == expected
        assert {each.actor for each in recorded} == {"gina"}


async def test_what_is_refused_leaves_no_record(world_with_a_plan):
    bench = world_with_a_plan
    before, mary = await acts(bench), await bench.as_("mmcbride")

    for (method, path), [(body, _), *_] in ADMINISTRATION.items():
        answer = await mary.request(method, path, **({} if body is None else {"json": body}))
        assert answer.status_code == 403, (path, answer.text)

    assert await acts(bench) == before


def test_every_route_that_changes_something_is_audited_or_says_why_not():
    changing = {
        (method, path.removeprefix(API))
        for path, handlers in ROUTES.items()
        for method in handlers
        if method != "GET"
    }
    exempt = {(method, path) for method, path in changing if path in NOT_ADMINISTRATION}
    audited = {(method, _pattern(path)) for method, path in ADMINISTRATION}

    assert audited | exempt == changing
    assert NOT_ADMINISTRATION.keys() == {path for _, path in exempt}
    assert audited & exempt == set()


async def test_a_record_says_what_was_given_and_taken(world_with_a_plan):
    bench = world_with_a_plan
    gina = await bench.as_("gina")
    await gina.post("/people", json={"id": "rob", "roles": ["Standard User"], "email": "rob@example.org"})
    await gina.post("/groups", json={"id": "Net", "observedByAll": False, "observers": ["Standard User"]})

    group, rob = (await acts(bench))[:2]

    assert {key: value for key, value in rob.detail.items() if key != "id"} == {
        "roles_added": ["Standard User"],
        "roles_removed": ["REST Web Service User"],
        "email": "rob@example.org",
    }
    assert {key: value for key, value in group.detail.items() if key != "id"} == {
        "status": "ACTIVE",
        "observed_by_all": False,
        "observers": ["Standard User"],
        "supervisors": [],
    }


def _pattern(path):
    """Return the route that answers *path*."""
    for pattern in ROUTES:
        parts, given = pattern.removeprefix(API).split("/"), path.split("/")
        if len(parts) == len(given) and all(a in ("{key}", b) for a, b in zip(parts, given, strict=True)):
            return pattern.removeprefix(API)
    raise AssertionError(path)
