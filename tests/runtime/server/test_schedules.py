"""Schedules over HTTP: what is sent, what is answered, and what is wrong with it."""

import pytest

pytestmark = pytest.mark.anyio

NEW = {"name": "nightly", "cron": "30 2 * * mon-fri", "timezone": "Europe/Berlin", "as": "stan"}


async def create(bench, by="dev", integration="by-basic", **more):
    return await bench.client(by).post(f"/api/v1/integrations/{integration}/schedules", json={**NEW, **more})


async def test_a_schedule_is_shown_with_all_that_is_consented_to(bench):
    made = await create(bench, body='{"n": 1}')
    assert made.status_code == 201
    schedule = made.json()
    place = f"/api/v1/schedules/{schedule['id']}"

    given = await bench.client("stan").put(f"{place}/consent", json={"digest": schedule["digest"]})

    assert given.status_code == 200
    assert given.json() == (await bench.client("dev").get(place)).json()
    assert given.json() == {
        "id": schedule["id"],
        "name": "nightly",
        "integration_id": "by-basic",
        "integration": "by-basic",
        "plan": "Incidents",
        "cron": "30 2 * * mon-fri",
        "timezone": "Europe/Berlin",
        "user": "stan",
        "state": "ACTIVE",
        "consented": "2026-11-25T08:34:28Z",
        "script_changed": False,
        "due": "2026-11-26T01:30:00Z",
        "last_due": None,
        "last_run_id": None,
        "defined_by": "dev",
        "created": "2026-11-25T08:34:28Z",
        "digest": schedule["digest"],
        "content_type": "application/json",
        "body": '{"n": 1}',
        "upcoming": [
            "2026-11-26T01:30:00Z",
            "2026-11-27T01:30:00Z",
            "2026-11-30T01:30:00Z",
            "2026-12-01T01:30:00Z",
            "2026-12-02T01:30:00Z",
        ],
    }


async def test_a_list_has_no_bodies_and_is_narrowed_by_integration_and_user(bench):
    await create(bench)
    await create(bench, name="other", integration="by-url", **{"as": "sue"})
    dev = bench.client("dev")

    async def listed(query=""):
        data = (await dev.get(f"/api/v1/schedules{query}")).json()["data"]
        assert all("body" not in each for each in data)
        return [each["name"] for each in data]

    assert await listed() == ["nightly", "other"]
    assert await listed("?integration=by-url") == ["other"]
    assert await listed("?user=stan") == ["nightly"]
    assert (await dev.get("/api/v1/schedules?integration=none")).status_code == 404
    assert (await dev.get("/api/v1/schedules?user=none")).status_code == 404


async def test_what_cannot_be_used_is_named_by_its_place(bench):
    wrong = await create(bench, name="N", cron="@daily", timezone="Berlin", body="{", **{"as": "nobody"})

    assert (wrong.status_code, wrong.json()["code"]) == (422, "INVALID")
    assert {each["pointer"] for each in wrong.json()["errors"]} == {
        "/name",
        "/cron",
        "/timezone",
        "/as",
        "/body",
    }
    unknown = await create(bench, every="day")
    assert [each["pointer"] for each in unknown.json()["errors"]] == ["/every"]


async def test_consent_to_what_is_not_so_any_more_is_a_conflict(bench):
    schedule = (await create(bench)).json()
    place = f"/api/v1/schedules/{schedule['id']}"
    changed = await bench.client("dev").patch(place, json={"cron": "0 3 * * *"})
    assert changed.status_code == 200

    answer = await bench.client("stan").put(f"{place}/consent", json={"digest": schedule["digest"]})

    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")
    assert changed.json()["digest"] != schedule["digest"]


async def test_of_an_integration_that_events_set_off_or_that_is_locked_there_are_none(bench):
    outbound, unchosen = (
        await create(bench, integration="outbound"),
        await create(bench, integration="unchosen"),
    )

    assert (outbound.status_code, outbound.json()["code"]) == (409, "CONFLICT")
    assert (unchosen.status_code, unchosen.json()["code"]) == (409, "METHOD_REQUIRED")


async def test_a_change_of_nothing_keeps_the_consent(bench):
    schedule = (await create(bench)).json()
    place = f"/api/v1/schedules/{schedule['id']}"
    given = await bench.client("stan").put(f"{place}/consent", json={"digest": schedule["digest"]})

    for change in ({}, {"cron": NEW["cron"]}, {"as": "stan"}):
        assert (await bench.client("dev").patch(place, json=change)).json() == given.json()


async def test_a_key_and_the_token_of_a_run_consent_to_nothing(bench):
    """What a script has may not extend what scripts may."""
    schedule = (await create(bench)).json()
    place = f"/api/v1/schedules/{schedule['id']}/consent"
    issued = await bench.client("stan").post("/api/v1/integrations/by-api-key/keys")
    key = issued.json()

    for auth in ((key["key"], key["secret"]), None):
        headers = {} if auth else {"Authorization": "Bearer dpr_token"}
        answer = await bench.client().put(
            place, json={"digest": schedule["digest"]}, auth=auth, headers=headers
        )
        assert answer.status_code == 401
