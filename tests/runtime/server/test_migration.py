"""The way over from legacy integrations, over HTTP."""

import pytest

pytestmark = pytest.mark.anyio

SHADOW = "/api/v1/migration/old/shadow"
SWITCH = "/api/v1/migration/old/switch"
UNDO = "/api/v1/migration/old/undo"


@pytest.fixture
async def ann(bench):
    """A client of the administrator's, where the integration "old" is legacy and its endpoint is stan's."""
    await bench.put_legacy(owner="id-of-stan")
    return bench.client("ann")


async def test_the_report_tells_where_integrations_stand(ann):
    report = (await ann.get("/api/v1/migration", params={"plan": "incidents"})).json()

    [old] = [each for each in report["integrations"] if each["name"] == "old"]
    assert report["legacy_left"] == 1
    assert (old["method"], old["sends_as"], old["state"]) == ("legacy", "stan", "not ready")


async def test_a_plan_that_is_not_there_is_not_reported_on(ann):
    answer = await ann.get("/api/v1/migration", params={"plan": "none"})

    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


async def test_a_shadow_is_started_seen_and_ended(ann):
    started = await ann.put(SHADOW, json={"as": "rob", "days": 7})
    seen = await ann.get(SHADOW)
    ended = await ann.request("DELETE", SHADOW)

    assert [each.status_code for each in (started, seen, ended)] == [200, 200, 200]
    assert started.json() == seen.json()
    assert (seen.json()["user"], seen.json()["calls"], seen.json()["found"]) == ("rob", {}, [])
    assert ended.json()["until"] < seen.json()["until"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"as": "eve"}, "/as"), ({"as": "rob", "days": 0}, "/days"), ({"user": "rob"}, "/as")],
)
async def test_what_no_shadow_can_be_made_of_is_told_by_its_place(ann, body, pointer):
    answer = await ann.put(SHADOW, json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")
    assert pointer in [each["pointer"] for each in answer.json()["errors"]]


async def test_a_switch_that_nobody_confirmed_changes_nothing(ann):
    answer = await ann.post(SWITCH, json={"method": "api-key"})

    assert (answer.status_code, answer.json()["code"]) == (409, "SWITCH_UNCONFIRMED")
    assert answer.json()["detail"] == (
        "Nobody has looked yet what would change: `deputize migrate shadow Incidents/old --as USER` does. "
        "Nothing was changed."
    )


async def test_an_integration_is_switched_over_and_given_back(ann, bench):
    switched = await ann.post(SWITCH, json={"method": "api-key", "confirmed": True})
    present = (await ann.get("/api/v1/integrations/old")).json()
    undone = await ann.post(UNDO)

    assert (switched.json()["method"], switched.json()["legacy"], switched.json()["key"]) == (
        "api-key",
        False,
        None,
    )
    assert present["method"] == "api-key"
    assert (undone.json()["method"], undone.json()["legacy"]) == (None, True)
    assert [act for _, act, _ in await bench.audit() if act.startswith("migration")] == [
        "migration.switched",
        "migration.undone",
    ]


async def test_a_switch_to_signed_requests_says_how_they_are_signed(ann):
    wanted = {"method": "signature", "confirmed": True}
    unsaid = await ann.post(SWITCH, json=wanted)
    misspelt = await ann.post(SWITCH, json={**wanted, "signature": {"preset": "git-hub"}})
    switched = await ann.post(SWITCH, json={**wanted, "signature": {"preset": "github"}})

    assert (unsaid.status_code, [each["pointer"] for each in unsaid.json()["errors"]]) == (
        422,
        ["/signature"],
    )
    assert misspelt.status_code == 422
    assert switched.json()["method"] == "signature"
    present = (await ann.get("/api/v1/integrations/old")).json()
    assert {key: value for key, value in present["signature"].items() if value is not None} == {
        "preset": "github"
    }


async def test_who_may_not_issue_keys_for_others_does_not_do_it_by_a_switch(ann):
    refused = await ann.post(SWITCH, json={"method": "api-key", "for": "stan", "confirmed": True})

    assert (refused.status_code, refused.json()["needs"]) == (403, ["function issue-keys-for-others"])
    assert (await ann.get("/api/v1/integrations/old")).json()["method"] is None
