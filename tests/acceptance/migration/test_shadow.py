"""A shadow: the run goes on as it was, and what would become of its calls as somebody else's is found."""

import asyncio
import json
from contextlib import AsyncExitStack

import pytest

from deputize.clock import now
from deputize.domain.principal import Principal
from deputize.store.tables import tokens

pytestmark = pytest.mark.anyio

READS = """
def main(http):
    seen = http.get("/api/xm/1/people/mmcbride")
    refused = http.get("/api/xm/1/people/dana")
    people = http.get("/api/xm/1/people", params={"limit": 2})
    head = http.request("HEAD", "/api/xm/1/people/dana")
    return [seen.status_code, refused.status_code, people.json()["total"], head.status_code]
""".lstrip()

BRIDGE = "/api/xm/1/plans/incidents/forms/bridge/triggers"
ALERT = "/api/xm/1/plans/incidents/forms/alert/triggers"
VIEW_DANA = {
    "needs": ["View or Use on role Company Supervisor"],
    "would_pass": ["role Company Supervisor"],
}


async def rows_of(tx, table):
    return (await tx.people._connection.execute(table.select())).all()


def shown(entries):
    """Return the kinds of entries, and whether they name the person whom the shadow is for."""
    kept = [
        {name: value for name, value in each.items() if name not in ("id", "run", "ts", "trace_id")}
        for each in entries
    ]
    text = json.dumps(kept)
    return [each["kind"] for each in entries], "rob" in text


async def test_reads_are_sent_again_and_compared(house):
    await house.shadow()

    run, _ = await house.run(READS)

    assert (run.state, run.result) == ("COMPLETED", [200, 200, 5, 200])
    assert await house.found() == [
        ("grafana", 2, "GET", "/api/xm/1/people/mmcbride", "same", {}),
        ("grafana", 3, "GET", "/api/xm/1/people/dana", "refused", VIEW_DANA),
        (
            "grafana",
            4,
            "GET",
            "/api/xm/1/people",
            "shorter",
            {"shorter": [{"at": "/total", "now": 5, "then": 3}]},
        ),
        ("grafana", 5, "HEAD", "/api/xm/1/people/dana", "refused", VIEW_DANA),
    ]


async def test_a_run_goes_on_as_without_a_shadow(house):
    before, entries_before = await house.run(READS)
    await house.shadow()

    after, entries_after = await house.run(READS)

    assert (after.state, after.result, after.initiator) == (before.state, before.result, before.initiator)
    assert after.calls == before.calls
    assert shown(entries_after) == shown(entries_before)
    assert shown(entries_after)[1] is False


async def test_a_write_is_judged_and_sent_once(house):
    await house.shadow()

    run, _ = await house.run(
        f"def main(http):\n"
        f'    a = http.post("{BRIDGE}", json={{}})\n'
        f'    b = http.post("{ALERT}", json={{"recipients": [{{"id": "mmcbride"}}]}})\n'
        f'    c = http.post("{ALERT}", json={{"recipients": [{{"id": "dana"}}, {{"id": "nobody"}}]}})\n'
        f'    d = http.post("/api/xm/1/people", json={{"targetName": "eve", "roles": ["Standard User"]}})\n'
        f"    return [each.status_code for each in (a, b, c, d)]\n"
    )

    assert run.result == [202, 202, 202, 201]
    assert len(await house.database.read(lambda tx: tx.events.all())) == 3
    assert (await house.found())[:4] == [
        (
            "grafana",
            2,
            "POST",
            BRIDGE,
            "refused",
            {
                "needs": ['sender permission on form "bridge"'],
                "would_pass": ["role Company Supervisor"],
            },
        ),
        ("grafana", 3, "POST", ALERT, "same", {}),
        ("grafana", 4, "POST", ALERT, "shorter", {"shorter": [{"at": "/recipients", "lost": 1}]}),
        (
            "grafana",
            5,
            "POST",
            "/api/xm/1/people",
            "refused",
            {
                "needs": ["Edit on role Standard User", "Assign on role Standard User"],
                "would_pass": ["role Company Supervisor"],
            },
        ),
    ]


async def test_a_write_is_judged_before_it_changes_what_it_is_judged_by(house):
    await house.shadow("dana")
    script = 'def main(http):\n    return http.post("/api/xm/1/groups", json={"targetName": "night"}).status_code\n'

    run, _ = await house.run(script)

    assert run.result == 201
    assert await house.found() == [("grafana", 2, "POST", "/api/xm/1/groups", "same", {})]


async def test_a_read_sees_nothing_of_the_write_that_follows_it(house):
    await house.shadow("dana")

    await house.run(
        "def main(http):\n"
        '    http.get("/api/xm/1/groups")\n'
        '    return http.post("/api/xm/1/groups", json={"targetName": "night"}).status_code\n'
    )

    assert [each[4] for each in await house.found()] == ["same", "same"]


async def test_scripts_that_an_event_sets_off_are_shadowed_too(house):
    await house.shadow()

    await house.run(f'def main(http):\n    return http.post("{ALERT}", json={{}}).status_code\n')

    assert await house.found() == [
        ("grafana", 2, "POST", ALERT, "same", {}),
        ("note", 4, "GET", "/api/xm/1/people/dana", "refused", VIEW_DANA),
    ]


async def test_a_live_replay_of_a_legacy_run_is_not_shadowed(house):
    """It is its initiator's own, and so is all that its events set off."""
    await house.shadow()
    dana = Principal(id="dana", name="dana", via="replay", subject=await house.subject("dana"))

    run, _ = await house.run(
        f'def main(http):\n    return http.post("{ALERT}", json={{}}).status_code\n',
        initiator=dana,
        replay_of="a legacy run",
        replayed_by="dana",
    )

    assert run.result == 202
    assert await house.findings() == []


async def test_what_another_part_of_the_server_answers_is_unknown(house):
    await house.shadow()
    path = "/api/integration/1/functions/x/triggers"

    await house.run(f'def main(http):\n    return http.post("{path}", json={{}}).status_code\n')

    assert await house.found() == [
        ("grafana", 2, "POST", path, "unknown", {"why": "the platform does not know this request"})
    ]


async def test_calls_of_one_line_are_counted_together(house):
    await house.shadow()
    script = 'def main(http):\n    return [http.get(f"/api/xm/1/people/{each}").ok for each in ("mmcbride", "tlee", "dana")]\n'

    await house.run(script)
    await house.run(script)

    assert [(each.verdict, each.count, each.path) for each in await house.findings()] == [
        ("refused", 2, "/api/xm/1/people/dana"),
        ("same", 4, "/api/xm/1/people/tlee"),
    ]


async def test_a_shadow_that_has_ended_finds_nothing(house):
    await house.shadow(until=now())

    await house.run(READS)

    assert await house.findings() == []


async def test_no_token_of_anybody_is_left_after_a_shadowed_run(house):
    await house.shadow()

    await house.run(READS)

    assert await house.database.read(lambda tx: rows_of(tx, tokens)) == []


class Broken:
    """A platform beside the real one that fails in every way."""

    def __init__(self, failure):
        self.failure = failure

    async def would(self, principal, request):
        await self.failure()


async def hang():
    await asyncio.Event().wait()


async def fail():
    raise RuntimeError("a fault")


@pytest.mark.parametrize(
    ("failure", "why"),
    [(hang, "it took too long"), (fail, "a fault of Deputize; its log has the details")],
)
async def test_a_shadow_that_fails_or_hangs_does_not_disturb_the_run(open_house, monkeypatch, failure, why):
    monkeypatch.setattr("deputize.execution.shadow.observer._ONE_SECONDS", 0.2)
    async with AsyncExitStack() as stack:
        house = await open_house(stack, foresight=Broken(failure))
        await house.shadow()

        run, _ = await house.run(f'def main(http):\n    return http.post("{ALERT}", json={{}}).status_code\n')

        assert run.result == 202
        assert (await house.found())[0] == ("grafana", 2, "POST", ALERT, "unknown", {"why": why})
