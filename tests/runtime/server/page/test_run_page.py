"""The page of a run: its entries, its refusals explained where they stand, and what can be taken from it."""

import json
import re
from datetime import UTC, datetime

import pytest

from deputize.activity.scheduled_time import ScheduledTime
from deputize.domain.run import RunState
from deputize.domain.start import inbound_start, scheduled_start

pytestmark = pytest.mark.anyio

REQUEST = {
    "method": "GET",
    "url": "https://deputize.example/api/xm/1/people/bsmith?embed=roles",
    "headers": {"Accept": "application/json"},
    "body": None,
}
REASON = "UNAUTHORIZED_ACCESS_ERROR: User does not have the permission to access this service/functionality."


def exchange(**more):
    return {
        "kind": "http.exchange",
        "endpoint": "platform",
        "sent_as": "initiator",
        "request": REQUEST,
        "statusCode": 200,
        "statusMessage": "OK",
        "response": {"headers": {"content-type": "application/json"}, "body": {"name": "bsmith"}},
        "refused": False,
        "source": "platform",
        "elapsed_ms": 12.4,
        "message": None,
        "fields": None,
        **more,
    }


REFUSED = (
    exchange(statusCode=403, statusMessage="FORBIDDEN", refused=True, response=None),
    {
        "kind": "permission.denied",
        "level": "warning",
        "endpoint": "platform",
        "request": REQUEST,
        "statusCode": 403,
        "statusMessage": "FORBIDDEN",
        "reason": REASON,
        "exchange": 1,
        "explain": {
            "initiator": "stan",
            "needs": ["View or Use on role Person Supervisor"],
            "would_pass": ["role Supervisor"],
            "source": "platform",
        },
    },
)


@pytest.fixture
def add(bench):
    """Adds a run with entries; a value of None takes what a line of a log has out of one."""

    async def add(*documents, run_id="5cc0", **more):
        start = inbound_start(
            request_id=run_id, integration_id="by-basic", headers={}, body="x", payload=None
        )
        run = await bench.add_run(run_id, **{"start": start.model_dump(mode="json"), **more})

        async def append(tx):
            entries = []
            for seq, values in enumerate(documents, 1):
                plain = {
                    "id": f"{run_id}-{seq}",
                    "run": run_id,
                    "seq": seq,
                    "ts": "2026-11-25T08:34:28.250000+00:00",
                    "kind": "log",
                    "level": "info",
                    "initiator": {"id": "stan", "via": "basic"},
                    "script": {"name": "by-basic.py", "sha256": "a" * 64, "line": 2},
                    "trace_id": "0" * 32,
                    "message": "a line",
                    "fields": {},
                    **values,
                }
                if plain["kind"] != "log":
                    plain = {
                        name: value
                        for name, value in plain.items()
                        if name not in ("message", "fields") or values.get(name) is not None
                    }
                entries.append(plain)
            await tx.entries.append(run_id, entries)

        await bench.database.write(append)
        return run

    return add


async def test_a_run_says_who_what_and_where_its_time_went(add, visit, read):
    await add({"message": "disk full", "fields": {"host": "db-7"}}, calls=1)

    page = await (await visit("dev")).get("/runs/5cc0")

    assert page.status_code == 200
    assert (
        "by-basic Completed Replay as me Does the same again, against the real systems, as dev "
        "Download bundle NDJSON Acts as stan via basic Set off by Inbound "
        "Script by-basic.py aaaaaaaa Queued 25 Nov 2026 08:34:28.000 UTC Calls 1 Trace"
    ) in read(page)
    assert '1 08:34:28.250 UTC Log disk full host="db-7" line 2' in read(page)


async def test_a_scheduled_run_says_by_which_schedule(add, visit, read):
    due = datetime(2026, 11, 25, tzinfo=UTC)
    time = ScheduledTime(name="nightly", due=due, consented=due)
    request = inbound_start(request_id="5cc0", integration_id="by-basic", headers={}, body="", payload=None)
    await add(trigger="schedule", start=scheduled_start(request, time).model_dump(mode="json"))

    page = await (await visit("dev")).get("/runs/5cc0")

    assert "Set off by Scheduled nightly Script by-basic.py" in read(page)


async def test_a_call_is_shown_with_its_request_its_answer_and_as_a_command(add, visit, read, parts):
    await add(exchange())

    page = await (await visit("dev")).get("/runs/5cc0")

    assert "200 OK GET platform /api/xm/1/people/bsmith?embed=roles 12 ms · as stan · line 2" in read(page)
    assert (
        "Request GET https://deputize.example/api/xm/1/people/bsmith?embed=roles Accept application/json "
        'Response 200 OK content-type application/json { "name": "bsmith" } '
        "As curl curl -X GET 'https://deputize.example/api/xm/1/people/bsmith?embed=roles' "
        "\\ -H 'Accept: application/json' \\ -H 'Authorization: ‹credential: stan → platform›' Copy"
    ) in read(page)
    assert len(parts(page.text).all("details")) == 3


async def test_the_line_of_the_script_is_shown_to_who_may_read_it(add, visit, read):
    await add({}, script_version_id="v3")

    lines = {
        name: "return 1" in read(await (await visit(name)).get("/runs/5cc0")) for name in ("dev", "stan")
    }

    assert lines == {"dev": True, "stan": False}


async def test_a_refusal_is_explained_where_it_stands(add, visit, read, parts):
    await add(*REFUSED, refusals=1)

    page = await (await visit("ann")).get("/runs/5cc0")

    assert (
        f"403 FORBIDDEN, refused GET platform /api/xm/1/people/bsmith?embed=roles 12 ms · as stan · line 2 {REASON} "
        "Sent as stan, the initiator Needs View or Use on role Person Supervisor Has now Standard "
        "Would pass role Supervisor (sue) "
        "You can Have it changed by who administers people or plans: ann (admin), sue (people, plans). "
        "Handle it in the script at line 2: if response.refused: … Have it set off by one who may: sue."
    ) in read(page)
    assert [each["id"] for each in parts(page.text).all("li") if "id" in each] == ["entry-1"]
    assert parts(page.text).all("span", id="entry-2") != []
    assert "refused" in re.search(r'<li id="entry-1" class="([^"]+)"', page.text)[1]
    assert "failed" not in read(page).lower()


async def test_who_may_not_see_people_is_told_what_stands_in_the_entry(add, visit, read):
    await add(*REFUSED, refusals=1)

    text = read(await (await visit("stan")).get("/runs/5cc0"))

    assert "Needs View or Use on role Person Supervisor Would pass role Supervisor You can Handle it" in text
    assert "sue" not in text


async def test_a_refusal_whose_call_is_not_there_stands_alone(add, visit, read):
    await add({**REFUSED[1], "exchange": 7}, refusals=1)

    assert f"403 FORBIDDEN, refused GET platform /api/xm/1/people/bsmith?embed=roles line 2 {REASON}" in read(
        await (await visit("dev")).get("/runs/5cc0")
    )


async def test_what_was_cut_or_replaced_is_said(add, visit, read):
    await add(
        {
            "truncated": [{"path": "/message", "bytes": 9000, "kept": 8192}],
            "redacted": [{"path": "/fields/token", "why": "field token"}],
        }
    )

    text = read(await (await visit("dev")).get("/runs/5cc0"))

    assert "/message was cut: 8192 of 9000 bytes are kept." in text
    assert "/fields/token was replaced: field token." in text


async def test_an_entry_that_nobody_knows_stands_as_it_is(add, visit, read):
    await add({"kind": "something.new", "colour": "half \ud800"})

    text = read(await (await visit("dev")).get("/runs/5cc0"))

    assert "something.new" in text
    assert '"colour": "half \\ud800"' in text


async def test_a_link_to_an_entry_leads_to_its_page(add, visit, parts):
    await add(*({"message": f"line {number}"} for number in range(1, 451)))
    browser = await visit("dev")

    places = [
        (await browser.get(f"/runs/5cc0/entries/{seq}")).headers["Location"] for seq in (7, 200, 201, 450)
    ]
    page = await browser.get(places[3].partition("#")[0])

    assert places == [
        "/runs/5cc0#entry-7",
        "/runs/5cc0#entry-200",
        "/runs/5cc0?after=200#entry-201",
        "/runs/5cc0?after=400#entry-450",
    ]
    assert [each["id"] for each in parts(page.text).all("li") if "id" in each][::49] == [
        "entry-401",
        "entry-450",
    ]


async def test_entries_lead_on_page_by_page(add, visit, parts):
    await add(*({"message": f"line {number}"} for number in range(1, 451)))
    browser, path, seen = await visit("dev"), "/runs/5cc0", []
    while path:
        page = parts((await browser.get(path)).text)
        seen += [each["id"] for each in page.all("li") if each.get("id", "").startswith("entry-")]
        following = page.all("a", rel="next")
        path = following[0]["href"] if following else None

    assert seen == [f"entry-{number}" for number in range(1, 451)]


async def test_the_activity_is_taken_as_lines(add, visit):
    await add({"message": "one"}, {"message": "two"})

    answered = await (await visit("dev")).get("/runs/5cc0/activity")

    assert answered.headers["Content-Disposition"] == 'attachment; filename="5cc0.ndjson"'
    assert [json.loads(line)["message"] for line in answered.text.splitlines()] == ["one", "two"]


async def test_a_run_that_was_not_recorded_has_no_bundle_and_says_so(add, visit, read):
    await add({})

    page = await (await visit("dev")).get("/runs/5cc0/bundle")

    assert (page.status_code, read(page)[:13]) == (409, "Not recorded ")


@pytest.mark.parametrize("path", ["", "/activity", "/bundle"])
async def test_a_run_of_somebody_else_is_refused_as_by_the_api(bench, add, visit, read, path):
    await add({}, name="sue", plan="payroll", integration="secret-pay")

    page = await (await visit("stan")).get(f"/runs/5cc0{path}")
    document = await bench.client("stan").get(f"/api/v1/runs/5cc0{path}")

    assert (page.status_code, document.status_code) == (403, 403)
    assert document.json()["detail"] in read(page)


async def test_a_run_that_is_not_there_is_not_found(visit):
    assert (await (await visit("dev")).get("/runs/nothing")).status_code == 404


# Again


async def test_a_run_is_replayed_once_as_whoever_asks(bench, add, visit):
    await add({"kind": "log"}, name="stan", state=RunState.COMPLETED)
    browser = await visit("dev")
    page = (await browser.get("/runs/5cc0")).text
    key = re.search(r'name="key" value="([^"]+)"', page)[1]

    answered = [await browser.send("/runs/5cc0/replays", key=key) for _ in range(2)]

    places = {each.headers["Location"] for each in answered}
    assert {each.status_code for each in answered} == {303}
    assert len(places) == 1
    [replay] = [each for each in await bench.runs() if each.replay_of == "5cc0"]
    assert places == {f"/runs/{replay.id}"}
    assert (replay.initiator.id, bench.submitted) == ("dev", [replay.id])


async def test_a_run_that_is_under_way_offers_no_replay_and_has_none(bench, add, visit, read):
    await add({}, state=RunState.RUNNING, usage=None, finished=None)
    browser = await visit("dev")

    page = await browser.get("/runs/5cc0")
    refused = await browser.send("/runs/5cc0/replays", key="k")

    assert "Replay as me" not in page.text
    assert refused.status_code == 409


async def test_a_dead_letter_says_why_and_is_dismissed(bench, add, visit, read):
    because = "It has failed 3 times."
    await add({}, state=RunState.FAILED, given_up=bench.clock(), given_up_because=because)
    browser = await visit("dev")

    page = await browser.get("/runs/5cc0")
    dismissed = await browser.send("/dead-letters/5cc0/dismissals")

    assert f"A dead letter since 25 Nov 2026 08:34:28.000 UTC . {because}" in read(page)
    assert 'action="/dead-letters/5cc0/retries"' in page.text
    assert dismissed.status_code == 200
    assert "A dead letter" not in read(await browser.get("/runs/5cc0"))


async def test_who_may_not_replay_a_run_is_refused_as_by_the_api(bench, add, visit, read):
    await add({}, name="stan", plan="payroll", integration="secret-pay")

    page = await (await visit("stan")).send("/runs/5cc0/replays", key="k")
    document = (await bench.client("stan").post("/api/v1/runs/5cc0/replays")).json()

    assert page.status_code == document["status"] == 403
    assert document["detail"] in read(page)
