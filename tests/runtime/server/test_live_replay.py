"""Live replay over HTTP: what is asked, what is answered, and how the two runs are linked."""

import pytest

from deputize.domain.start import inbound_start

pytestmark = pytest.mark.anyio

OLD = "/api/v1/runs/old"


@pytest.fixture
async def replays(bench):
    """A deployment with a run that stan has set off."""
    start = inbound_start(request_id="old", integration_id="by-basic", headers={}, body="x", payload=None)
    await bench.add_run("old", start=start.model_dump(mode="json"), documents=[{}])
    return bench


async def test_a_replay_is_stored_and_the_queue_is_told(replays):
    answer = await replays.client("stan").post(f"{OLD}/replays")

    new = answer.json()["id"]
    assert answer.status_code == 202
    assert answer.json() == {"id": new, "replay_of": "old"}
    assert answer.headers["Location"] == f"/api/v1/runs/{new}"
    assert replays.submitted == [new]
    assert ("stan", "run.replayed", "run:old") in await replays.audit()


async def test_each_of_the_two_runs_names_the_other(replays):
    stan = replays.client("stan")
    before = (await stan.get(f"{OLD}/activity")).json()
    new = (await stan.post(f"{OLD}/replays", json={})).json()["id"]

    replay = (await stan.get(f"/api/v1/runs/{new}")).json()
    old = (await stan.get(OLD)).json()
    listed = (await stan.get("/api/v1/runs?replay_of=old")).json()["data"]

    assert (replay["replay_of"], replay["replayed_by"], replay["replays"]) == ("old", "stan", [])
    assert (old["replay_of"], old["replayed_by"], old["replays"]) == (None, None, [new])
    assert replay["initiator"] == {"id": "stan", "via": "replay"}
    assert [each["id"] for each in listed] == [new]
    assert (await stan.get(f"{OLD}/activity")).json() == before


async def test_of_the_replays_of_a_run_one_is_told_those_that_one_sees(replays):
    of_dev = (await replays.client("dev").post(f"{OLD}/replays")).json()["id"]
    of_stan = (await replays.client("stan").post(f"{OLD}/replays")).json()["id"]

    told = {name: (await replays.client(name).get(OLD)).json()["replays"] for name in ("stan", "dev")}

    assert told["stan"] == [of_stan]
    assert set(told["dev"]) == {of_dev, of_stan}


async def test_a_request_with_a_key_replays_once(replays):
    stan, key = replays.client("stan"), {"Idempotency-Key": "k"}
    first = await stan.post(f"{OLD}/replays", headers=key)
    again = await stan.post(f"{OLD}/replays", headers=key, json={"as_initiator": False})
    other = await stan.post(f"{OLD}/replays", headers=key, json={"as_initiator": True})
    unfit = await stan.post(f"{OLD}/replays", headers=[("Idempotency-Key", "a"), ("Idempotency-Key", "b")])

    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert (unfit.status_code, unfit.json()["code"]) == (400, "REQUEST_UNREADABLE")
    assert replays.submitted == [first.json()["id"]]


async def test_a_refusal_says_what_is_missing_and_leaves_a_denied_run(replays):
    answer = await replays.client("dev").post(f"{OLD}/replays", json={"as_initiator": True})

    [denied] = (await replays.client("dev").get("/api/v1/runs?state=DENIED")).json()["data"]
    assert answer.status_code == 403
    assert {name: answer.json()[name] for name in ("code", "detail", "needs", "would_pass")} == {
        "code": "NOT_PERMITTED",
        "detail": "dev may not replay a run as stan, its initiator (function login: yes, "
        "function replay:as-initiator: no).",
        "needs": ["function replay:as-initiator"],
        "would_pass": [],
    }
    assert (denied["replay_of"], denied["initiator"]["id"]) == ("old", "dev")
    assert replays.submitted == []


async def test_a_run_that_one_does_not_see_is_answered_as_one_that_is_not_there(replays):
    """But for the id that was sent, not a byte differs."""
    iris = replays.client("iris")
    there = await iris.post(f"{OLD}/replays", json={"as_initiator": True})
    nowhere = await iris.post("/api/v1/runs/xyz/replays", json={"as_initiator": True})

    def told(answer):
        headers = {name: value for name, value in answer.headers.items() if name != "date"}
        return answer.status_code, headers, answer.text.replace("old", "xyz")

    assert told(there) == told(nowhere)
    assert there.json()["code"] == "NOT_FOUND"
    assert (await iris.get("/api/v1/runs")).json()["data"] == []


async def test_a_run_that_cannot_be_replayed_says_why(replays):
    dev = replays.client("dev")
    await dev.patch("/api/v1/integrations/by-basic", json={"enabled": False})

    answer = await dev.post(f"{OLD}/replays")

    assert (answer.status_code, answer.json()["code"]) == (409, "NOT_REPLAYABLE")
    assert answer.json()["detail"] == 'The integration "by-basic" is switched off. Switch it on first.'


@pytest.mark.parametrize(
    "body",
    [
        {"initiator": "ann"},
        {"as": "ann"},
        {"user": "id-of-ann"},
        {"as_initiator": "true"},
        {"as_initiator": 1},
        {"script": "def main(): ..."},
        {"replay_of": "another"},
        {"scope": ["write"]},
        [],
    ],
    ids=str,
)
async def test_nobody_is_named_and_nothing_else_is_chosen_in_the_body(replays, body):
    """C-30: fields of a body have no effect on the identity."""
    answer = await replays.client("dev").post(f"{OLD}/replays", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")
    assert len(await replays.runs()) == 1


async def test_without_the_right_password_nothing_is_replayed(replays):
    assert (await replays.client().post(f"{OLD}/replays")).status_code == 401
    answer = await replays.client().post(f"{OLD}/replays", auth=("stan", "wrong"))

    assert answer.status_code == 401
    assert len(await replays.runs()) == 1
