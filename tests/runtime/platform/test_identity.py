"""As whom the scripts that events set off call the platform: as the events' initiators, by their rights."""

import asyncio
import json
from dataclasses import replace

import pytest

from deputize.domain.principal import Principal
from deputize.domain.run import RunState
from deputize_client import BoundClient, ClientLimits, OutboundRequest, ReceivedResponse, Redactor

pytestmark = pytest.mark.anyio


@pytest.fixture
async def two(incidents, make):
    """Two events with the same recipient: sam sees her, max does not."""
    await incidents.do(
        lambda tx: tx.roles.put(make.role("Sender Too", "login", Responder=("Use",))),
        lambda tx: tx.roles.put(make.role("Blind Sender", "login")),
        lambda tx: tx.people.put(make.person("max", "Sender", "Blind Sender")),
        lambda tx: tx.roles.put(make.role("Sender", "login")),
        lambda tx: tx.people.put(make.person("sam", "Sender", "Sender Too")),
    )
    for name in ("sam", "max"):
        client = await incidents.as_(name)
        body = {"recipients": [{"id": "rita"}]}
        assert (await client.post("/forms/f-alert/triggers", json=body)).status_code == 202
    # max may not send to rita, so that she is nobody's recipient there; the service tells her all the same.
    events = await incidents.database.read(lambda tx: tx.events.all())
    incidents.set_off.clear()
    return {each.submitter_name: each for each in events}


async def call(bench, run, method, path, content=None):
    """Make the call of a script of *run*, and return its status and what came."""
    client = BoundClient(
        endpoints={"platform": bench.endpoint},
        credentials=bench.platform.credentials_for(run.initiator, run_id=run.id),
        limits=ClientLimits(),
        redactor=Redactor(),
    )
    try:
        exchange = await client.send(
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
    outcome = exchange.outcome
    return outcome.status_code if isinstance(outcome, ReceivedResponse) else type(outcome).__name__


async def run_of(bench, event):
    """Return the run that a comment on *event* by the service sets off."""
    ed = await bench.as_("ed")
    assert (await ed.post(f"/events/{event.id}/annotations", json={"comment": "who?"})).status_code == 201
    run = await bench.database.read(lambda tx: tx.runs.get(bench.set_off[-1]))
    assert run.state is RunState.QUEUED
    return run


async def test_the_same_script_sees_what_the_initiator_of_each_event_may_see(incidents, two):
    runs = {name: await run_of(incidents, event) for name, event in two.items()}

    statuses = {name: await call(incidents, run, "GET", "/people/rita") for name, run in runs.items()}

    assert {name: run.initiator.id for name, run in runs.items()} == {"sam": "sam", "max": "max"}
    assert statuses == {"sam": 200, "max": 403}


async def test_after_a_refusal_the_next_call_of_the_run_is_judged_by_itself(incidents, two):
    run = await run_of(incidents, two["max"])

    statuses = [
        await call(incidents, run, "GET", "/people/rita"),
        await call(incidents, run, "GET", "/people/max"),
        await call(incidents, run, "GET", f"/events/{two['max'].number}"),
        await call(incidents, run, "GET", f"/events/{two['sam'].number}"),
    ]

    assert statuses == [403, 200, 200, 403]


async def test_an_event_of_the_script_is_its_initiators_and_goes_on_from_its_chain(incidents, two):
    run = await run_of(incidents, two["sam"])

    assert await call(incidents, run, "POST", "/forms/f-alert/triggers", {}) == 202

    newest = (await incidents.database.read(lambda tx: tx.events.all()))[0]
    assert (newest.submitter_name, newest.via, newest.chain) == ("sam", "script", ("i-ANNOTATION",))
    further = await incidents.database.read(lambda tx: tx.runs.get(incidents.set_off[-1]))
    assert (further.initiator.id, further.chain) == ("sam", ("i-ANNOTATION", "i-STATUS"))


async def test_a_right_that_was_taken_away_is_missed_by_the_next_call(incidents, two, make):
    run = await run_of(incidents, two["sam"])
    assert await call(incidents, run, "GET", "/people/rita") == 200

    await incidents.do(lambda tx: tx.people.put(make.person("sam", "Sender")))

    assert await call(incidents, run, "GET", "/people/rita") == 403


@pytest.mark.parametrize("gone", ["disabled", "deleted", "another"])
async def test_nothing_is_sent_for_an_initiator_who_is_gone_whoever_has_the_name_now(
    incidents, two, make, gone
):
    run = await run_of(incidents, two["sam"])
    sam = make.person("sam", "Sender", "Sender Too")

    async def leave(tx):
        if gone == "disabled":
            await tx.people.put(replace(sam, status="INACTIVE"))
            return
        await tx.people.delete(sam.id)
        if gone == "another":
            await tx.people.put(replace(sam, id="another"))

    await incidents.do(leave)

    assert await call(incidents, run, "GET", "/people/rita") == "CredentialMissing"


async def test_a_run_that_has_ended_calls_no_more(incidents, two):
    run = await run_of(incidents, two["sam"])
    source = incidents.platform.credentials_for(run.initiator, run_id=run.id)
    token = (await source.credential(incidents.endpoint)).token.reveal()

    await incidents.platform.end_run(run.id)

    async with incidents.client({"Authorization": f"Bearer {token}"}) as client:
        assert (await client.get("/people/sam")).status_code == 401


async def test_what_somebody_is_allowed_is_asked_about_the_account_and_not_the_name(incidents, make):
    platform, sam = incidents.platform, make.person("sam")
    principal = await platform.principal("sam", via="test")

    standing = await platform.standing(principal)
    assert (standing.subject, standing.name, standing.active) == (sam.id, "sam", True)
    assert (standing.roles, standing.functions) == (frozenset({"Sender"}), frozenset({"login"}))

    by_name = await platform.standing(replace(principal, subject=None))
    assert by_name == standing

    await incidents.do(
        lambda tx: tx.people.delete(sam.id),
        lambda tx: tx.people.put(replace(make.person("sam", "Developer"), id="another")),
    )
    assert await platform.standing(principal) is None
    assert await platform.standing(Principal(id="ghost", name="ghost", via="test")) is None


async def test_what_is_administered_over_rest_is_in_the_audit_stream(platform, make):
    gina = await platform.as_("gina")
    await gina.post("/people", json={"targetName": "eve", "roles": ["Standard User"]})
    await gina.post("/people", json={"id": "eve", "firstName": "Eve"})
    await gina.post("/people", json={"id": "eve", "roles": [], "status": "INACTIVE"})
    await gina.delete("/people/eve")

    acts = await platform.database.read(lambda tx: tx.audit.page(limit=10))

    assert [(each.actor, each.action, each.target) for each in reversed(acts)] == [
        ("gina", "user.created", "user:eve"),
        ("gina", "user.changed", "user:eve"),
        ("gina", "user.deleted", "user:eve"),
    ]
    changed = acts[1].detail
    assert (changed["roles_removed"], changed["status"]) == (["Standard User"], "INACTIVE")


async def test_an_event_lives_the_same_life_on_both_stores(start_platform, make, plan_world, database):
    async with start_platform(plan_world, database) as bench:
        sam, rita, dev = [await bench.as_(name) for name in ("sam", "rita", "dev")]
        started = await asyncio.gather(
            *[
                sam.post(
                    "/forms/f-alert/triggers",
                    json={"properties": {"n": number}, "recipients": [{"id": "rita"}]},
                )
                for number in range(8)
            ]
        )
        assert [each.status_code for each in started] == [202] * 8
        events = (await sam.get("/events?embed=properties")).json()["data"]
        assert len({each["eventId"] for each in events}) == 8
        for each in events[:2]:
            answer = await rita.post(f"/events/{each['id']}/responses", json={"response": "Escalate"})
            assert answer.status_code == 201

        assert (await dev.get("/integrations/i-STATUS/logs?limit=3")).json()["total"] == 8
        assert (await dev.get("/integrations/i-RESPONSE/logs")).json()["total"] == 2
        runs = await database.read(lambda tx: tx.runs.page(limit=100))
        assert {each.initiator.id for each in runs} == {"sam"}
        assert sorted(bench.set_off) == sorted(each.id for each in runs)
