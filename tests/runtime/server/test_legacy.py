"""Legacy integrations over HTTP: called as before, shown with a warning, locked, and their terms."""

import pytest

pytestmark = pytest.mark.anyio

TRIGGER = "/api/integration/1/functions/old/triggers"
PAIR = ("reapi", "password of the pair")


@pytest.fixture
async def legacy(bench):
    """A deployment with a legacy integration whose plan asks for a pair; its endpoint is stan's."""
    await bench.put_legacy(owner="id-of-stan", hash=bench.hash.hash(PAIR[1].encode()))
    return bench


async def test_the_pair_triggers_a_legacy_integration_and_the_run_is_marked(legacy):
    """C-17: in the list, and in the run's own document."""
    answer = await legacy.client().post(TRIGGER, auth=PAIR, json={"n": 1})
    [listed] = (await legacy.client("dev").get("/api/v1/runs")).json()["data"]
    shown = (await legacy.client("dev").get(f"/api/v1/runs/{answer.json()['requestId']}")).json()

    assert answer.status_code == 202
    for each in (listed, shown):
        assert each["legacy"] is True
        assert each["initiator"] == {"id": "stan", "via": "legacy"}


async def test_where_everybody_may_call_nothing_need_be_presented(bench):
    """C-15: and what is presented is not looked at."""
    await bench.put_legacy(authenticated=False, name=None)

    for auth in (None, ("rob", "wrong"), ("stan", "password of stan")):
        assert (await bench.client().post(TRIGGER, auth=auth, json={})).status_code == 202
    assert bench.hash.verified == 0


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/me",
        "/api/v1/runs",
        "/api/v1/plans/incidents/legacy",
        "/api/integration/1/functions/by-basic/triggers",
    ],
)
async def test_the_pair_opens_no_api_and_no_other_integration(legacy, path):
    """C-16: it signs nobody in."""
    method = "POST" if path.endswith("triggers") else "GET"

    answer = await legacy.client().request(method, path, auth=PAIR)

    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")


async def test_a_persons_own_password_does_not_trigger_it(legacy):
    """C-16: only the pair does, as before."""
    answer = await legacy.client().post(TRIGGER, auth=("stan", "password of stan"))

    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")


async def test_it_is_locked_until_a_method_is_chosen_and_its_old_callers_then_get_a_401(legacy):
    """C-15, C-18: the whole way."""
    dev = legacy.client("dev")
    locked = await dev.patch("/api/v1/integrations/old", json={"script": "def main():\n    return 2\n"})
    assert (locked.status_code, locked.json()["code"]) == (409, "METHOD_REQUIRED")
    assert (await legacy.client().post(TRIGGER, auth=PAIR)).status_code == 202

    edited = await dev.patch("/api/v1/integrations/old", json={"method": "basic"})

    assert (edited.json()["legacy"], edited.json()["method"], edited.json()["warnings"]) == (
        False,
        "basic",
        [],
    )
    assert (await legacy.client().post(TRIGGER, auth=PAIR)).status_code == 401
    assert (await legacy.client().post(TRIGGER)).status_code == 401
    assert (await legacy.client().post(TRIGGER, auth=("stan", "password of stan"))).status_code == 202


@pytest.mark.parametrize("method", ["any", "none", "NONE", "legacy", None])
async def test_no_request_chooses_none(legacy, method):
    """C-15: "any method" is no choice, and neither is none."""
    answer = await legacy.client("dev").patch("/api/v1/integrations/old", json={"method": method})

    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")
    assert answer.json()["errors"][0]["pointer"] == "/method"


async def test_no_request_makes_one_legacy(legacy):
    """C-15: only an import does."""
    answer = await legacy.client("ann").patch("/api/v1/integrations/by-basic", json={"legacy": True})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/legacy")


async def test_it_carries_a_warning_wherever_it_is_listed(legacy):
    dev = legacy.client("dev")
    listed = (await dev.get("/api/v1/integrations")).json()["data"]
    shown = (await dev.get("/api/v1/integrations/old")).json()

    for each in (shown, *(each for each in listed if each["id"] == "old")):
        assert (each["legacy"], each["method"]) == (True, None)
        assert each["warnings"] == [
            {
                "code": "LEGACY",
                "detail": "It is from before the methods of authentication: callers are let in as the legacy terms "
                "of its plan say, and whoever they are, its script calls as the owner of the plan's endpoint. "
                "It cannot be edited until a method is chosen.",
            }
        ]


async def test_terms_are_shown_without_a_hash_and_changed(legacy):
    path, ann = "/api/v1/plans/Incidents/legacy", legacy.client("ann")
    before = (await legacy.client("dev").get(path)).json()
    owned = await ann.put(f"{path}/owner", json={"owner": "sue"})
    nobodys = await ann.put(f"{path}/owner", json={"owner": None})
    paired = await ann.put(f"{path}/pair", json={"name": "monitoring", "password": "another password"})

    shown = {
        "plan_id": "incidents",
        "plan": "Incidents",
        "authenticated": True,
        "pair": "reapi",
        "owner": "stan",
        "imported": "2026-11-25T08:34:28Z",
        "left": [{"id": "old", "name": "old", "enabled": True}],
        "warnings": [],
    }
    assert before == shown
    assert owned.json() == {**shown, "owner": "sue"}
    assert (nobodys.json()["owner"], nobodys.json()["warnings"][0]["code"]) == (None, "NO_OWNER")
    assert paired.json()["pair"] == "monitoring"
    assert (await legacy.client().post(TRIGGER, auth=PAIR)).status_code == 401
    assert (await legacy.client().post(TRIGGER, auth=("monitoring", "another password"))).status_code == 202


async def test_what_would_have_no_effect_is_refused(legacy):
    """C-17: when none is left."""
    ann = legacy.client("ann")
    await ann.patch("/api/v1/integrations/old", json={"method": "basic"})

    shown = (await ann.get("/api/v1/plans/incidents/legacy")).json()
    refused = [
        await ann.put("/api/v1/plans/incidents/legacy/owner", json={"owner": "sue"}),
        await ann.put("/api/v1/plans/incidents/legacy/pair", json={"name": "x", "password": "long enough"}),
    ]

    assert (shown["left"], [each["code"] for each in shown["warnings"]]) == ([], ["NO_EFFECT"])
    assert [(each.status_code, each.json()["code"]) for each in refused] == [(409, "CONFLICT")] * 2


async def test_a_plan_that_never_had_any_says_so_as_well(bench):
    shown = (await bench.client("dev").get("/api/v1/plans/incidents/legacy")).json()

    assert (shown["authenticated"], shown["owner"], shown["imported"]) == (None, None, None)
    assert [each["code"] for each in shown["warnings"]] == ["NO_EFFECT"]
