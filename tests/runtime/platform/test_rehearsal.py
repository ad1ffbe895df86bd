"""What would become of a request is told by the platform's own rules, and nothing of it is done."""

import asyncio
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deputize.platform.embedded.rest.routes import ROUTES
from deputize.platform.interface import Foreseen, PlannedRequest
from deputize.store.tables import metadata

pytestmark = pytest.mark.anyio

SENDER_BODY = {"properties": {"number": "1"}, "recipients": [{"id": "rita"}, {"id": "otto"}]}


def planned(method, path, body=None, *, run_id="run-1"):
    return PlannedRequest(
        method=method,
        path=path,
        content_type="" if body is None else "application/json",
        body=b"" if body is None else json.dumps(body).encode(),
        run_id=run_id,
    )


async def would(bench, name, *request, **more):
    principal = await bench.platform.principal(name, via="shadow")
    return await bench.platform.would(principal, planned(*request, **more))


async def everything(database):
    """Return every row of every table."""

    async def look(tx):
        connection = tx.people._connection
        return {
            table.name: sorted(repr(tuple(row)) for row in await connection.execute(table.select()))
            for table in metadata.sorted_tables
        }

    return await database.read(look)


async def test_a_write_that_would_pass_is_foreseen_and_not_done(platform):
    before = await everything(platform.database)

    foreseen = await would(platform, "gina", "POST", "/api/xm/1/people", {"targetName": "eve", "roles": []})

    assert foreseen == Foreseen(status_code=201)
    assert await everything(platform.database) == before


async def test_a_write_that_would_be_refused_is_told_with_what_it_needs(platform):
    foreseen = await would(platform, "mmcbride", "POST", "/api/xm/1/people", {"id": "dana", "firstName": "D"})

    assert foreseen.status_code == 403
    assert foreseen.denial.needs == ("Edit on role Company Supervisor",)
    assert foreseen.denial.would_pass == (
        "role Company Supervisor",
        "role Full Access User",
        "role REST Web Service User",
    )


async def test_recipients_whom_an_event_would_not_reach_are_told(incidents):
    path = "/api/xm/1/plans/incidents/forms/alert/triggers"

    foreseen = await would(incidents, "sam", "POST", path, SENDER_BODY)

    assert foreseen == Foreseen(status_code=202, left_out=("otto",))


async def test_no_run_is_set_off_by_what_is_not_done(incidents):
    await would(incidents, "sam", "POST", "/api/xm/1/plans/incidents/forms/alert/triggers/", SENDER_BODY)

    assert incidents.set_off == []


@pytest.mark.parametrize(
    ("request_", "foreseen"),
    [
        (("GET", "/api/xm/1/people/mmcbride"), Foreseen(status_code=200)),
        (("HEAD", "api/xm/1/people/mmcbride?embed=roles"), Foreseen(status_code=200)),
        (("GET", "/api/xm/1/people/nobody%20at%20all"), Foreseen(status_code=404)),
        (("PATCH", "/api/xm/1/people"), Foreseen(status_code=405)),
        (("POST", "/api/xm/1/people", [1]), Foreseen(status_code=400)),
        (("POST", "/api/integration/1/functions/x/triggers", {}), None),
    ],
)
async def test_a_request_is_judged_as_if_it_had_come(platform, request_, foreseen):
    assert await would(platform, "dana", *request_) == foreseen


async def test_nobody_may_do_anything_who_is_gone(platform):
    principal = await platform.platform.principal("gina", via="shadow")
    await platform.do(lambda tx: tx.people.delete(principal.subject))

    foreseen = await platform.platform.would(principal, planned("GET", "/api/xm/1/people"))

    assert foreseen == Foreseen(status_code=401)


NAMES = ["sam", "dev", "ed", "rita", "otto", "pia"]
KEYS = st.sampled_from([*NAMES, "incidents", "alert", "f-alert", "p-incidents", "nobody", "1000001"])
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "id": KEYS,
        "targetName": st.sampled_from(["sam", "new", "newer"]),
        "name": st.sampled_from(["Work", "sam"]),
        "firstName": st.text(max_size=3),
        "roles": st.lists(st.sampled_from(["Sender", "Responder", "None"]), max_size=2),
        "status": st.sampled_from(["ACTIVE", "INACTIVE", "TERMINATED"]),
        "owner": KEYS,
        "comment": st.just("c"),
        "deviceType": st.just("EMAIL"),
        "emailAddress": st.just("a@example.com"),
        "recipients": st.lists(KEYS.map(lambda key: {"id": key}), max_size=2),
        "properties": st.just({"a": "b"}),
        "recipientType": st.sampled_from(["PERSON", "GROUP"]),
        "script": st.sampled_from(["x = 1", "def main("]),
        "integrationType": st.just("INBOUND"),
    },
)


@st.composite
def requests(draw):
    path = draw(st.sampled_from(sorted(ROUTES)))
    method = draw(st.sampled_from(sorted(ROUTES[path])))
    for part in ("key", "member", "shift", "form", "integration", "annotation"):
        path = path.replace(f"{{{part}}}", draw(KEYS))
    return method, path, None if method in ("GET", "DELETE") else draw(FIELDS)


async def foreseen_then_done(bench, name, method, path, body):
    """Return what is foreseen, what really came then, and whether the database stayed as it was between."""
    headers = {"Authorization": f"Bearer {await bench.token(name)}"}
    before = await everything(bench.database)
    foreseen = await would(bench, name, method, path, body)
    untouched = await everything(bench.database) == before and bench.set_off == []
    async with bench.client(headers, api="") as client:
        answer = await client.request(method, path, **({} if body is None else {"json": body}))
    bench.set_off.clear()
    return foreseen, answer, untouched


def test_a_rehearsal_changes_nothing_and_foresees_what_then_comes(start_platform, plan_world):
    """Whatever is asked: the database holds the same afterwards, and then the request is really made."""
    with asyncio.Runner() as runner:
        context = start_platform(plan_world)
        bench = runner.run(context.__aenter__())

        @settings(max_examples=60, deadline=None)
        @given(name=st.sampled_from(NAMES), request=requests())
        def try_one(name, request):
            foreseen, answer, untouched = runner.run(foreseen_then_done(bench, name, *request))

            assert untouched
            assert foreseen.status_code == answer.status_code

        try:
            try_one()
        finally:
            runner.run(context.__aexit__(None, None, None))
