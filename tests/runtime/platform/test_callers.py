"""Who makes a request: a script with the token of its run, or a person with their own password."""

import asyncio
from base64 import b64encode
from dataclasses import replace

import pytest

from deputize.domain.keys import ApiKey, ApiSecret
from deputize.errors import StoreUnavailable
from deputize.platform.interface import FormContent

pytestmark = pytest.mark.anyio


async def status(bench, headers=None, path="/people/sam", **more):
    async with bench.client(headers) as client:
        return (await client.get(path, **more)).status_code


async def test_a_person_uses_the_api_with_their_own_password(incidents):
    sam = await incidents.with_password("sam")

    assert (await sam.get("/people/sam")).json()["targetName"] == "sam"
    assert (await sam.get("/people/otto")).status_code == 403


async def test_the_scheme_is_written_in_any_case_and_a_password_may_hold_a_colon(incidents, make):
    await incidents.with_password("sam", "a:b: c")
    token = make.basic("sam", "a:b: c").partition(" ")[2]

    assert await status(incidents, {"Authorization": f"bASIC  {token}"}) == 200


async def test_a_password_that_is_not_right_is_nobodys(incidents, make):
    await incidents.with_password("sam")

    async with incidents.client() as client:
        answers = [
            await client.get("/people/sam", headers={"Authorization": make.basic(name, password)})
            for name, password in (("sam", "wrong"), ("ghost", "correct horse"), ("otto", "correct horse"))
        ]

    assert [each.status_code for each in answers] == [401] * 3
    assert len({each.text for each in answers}) == 1


@pytest.mark.parametrize(
    "authorization",
    [
        "Basic",
        "Basic !!!",
        "Basic " + b64encode(b"sam").decode(),
        "Basic " + b64encode(b":correct horse").decode(),
        "Basic " + b64encode(b"sam:").decode(),
        "Basic " + b64encode(b"sam:correct horse\0").decode(),
        "Basic " + b64encode(b"\xff:correct horse").decode(),
        "Basic " + b64encode(b"sam:" + b"x" * 1025).decode(),
        "Digest username=sam",
        "dpt_sam",
    ],
)
async def test_what_is_no_credential_is_a_401(incidents, authorization):
    await incidents.with_password("sam")

    assert await status(incidents, {"Authorization": authorization}) == 401


@pytest.mark.parametrize("query", ["apiKey=dpu_x", "apikey=x", "access_token=x"])
async def test_a_credential_in_the_address_is_refused_with_whatever_stands_beside_it(incidents, make, query):
    await incidents.with_password("sam")

    assert (
        await status(incidents, {"Authorization": make.basic("sam", "correct horse")}, f"/people/sam?{query}")
        == 401
    )
    assert await status(incidents, path=f"/people/sam?{query}") == 401


async def test_two_credentials_are_none(incidents, make):
    await incidents.with_password("sam")
    token = await incidents.token("sam")
    both = [("Authorization", make.basic("sam", "correct horse")), ("Authorization", f"Bearer {token}")]

    assert await status(incidents, both) == 401


async def test_an_api_key_opens_nothing_here_whatever_its_owners_password_is(incidents, make):
    sam = make.person("sam")
    key, secret = "dpk_" + "a" * 32, "dps_" + "a" * 43
    await incidents.do(
        lambda tx: make.put_integration(tx, make.inbound("alerts")),
        lambda tx: tx.keys.create_api_key(ApiKey(id=key, subject=sam.id, created=tx.now)),
        lambda tx: tx.keys.add_secret(
            ApiSecret(
                id="s", integration_id="i-alerts", subject=sam.id, hash="h", created=tx.now, issued_by=sam.id
            )
        ),
        # Somebody who has the name of a key, and whose password is its secret.
        lambda tx: tx.people.put(replace(make.person("otto"), target_name=key)),
    )
    await incidents.with_password("otto", secret)

    assert await status(incidents, {"Authorization": make.basic(key, secret)}) == 401


async def test_a_password_that_has_expired_is_told_only_to_who_knows_it(incidents, make):
    await incidents.with_password("sam")
    stored = await incidents.database.read(lambda tx: tx.passwords.get(make.person("sam").id))
    await incidents.do(lambda tx: tx.passwords.put(replace(stored, expires=tx.now)))

    async with incidents.client() as client:
        right = await client.get("/people/sam", headers={"Authorization": make.basic("sam", "correct horse")})
        wrong = await client.get("/people/sam", headers={"Authorization": make.basic("sam", "x")})

    assert (right.status_code, right.json()["message"]) == (401, "The password has expired. Have it changed.")
    assert wrong.json()["message"] == "The request has no credential, or none that is accepted here."


async def test_a_changed_password_and_a_disabled_person_are_refused_by_the_next_request(incidents, make):
    old = await incidents.with_password("sam")
    assert (await old.get("/people/sam")).status_code == 200

    new = await incidents.with_password("sam", "another one")
    assert (await old.get("/people/sam")).status_code == 401
    assert (await new.get("/people/sam")).status_code == 200

    await incidents.do(lambda tx: tx.people.put(make.person("sam", "Sender", status="INACTIVE")))
    assert (await new.get("/people/sam")).status_code == 401


async def test_guessing_is_slowed_down_and_does_not_lock_the_scripts_out(incidents, make):
    sam = await incidents.as_("sam")
    async with incidents.client({"Authorization": make.basic("sam", "wrong")}) as client:
        answers = [await client.get("/people/sam") for _ in range(21)]

    assert [each.status_code for each in answers] == [401] * 20 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert (await sam.get("/people/sam")).status_code == 200


async def test_the_older_api_refuses_callers_in_its_own_shape(incidents):
    async with incidents.client(api="/reapi/2015-04-01") as client:
        answer = await client.get("/people")

    assert answer.status_code == 401
    assert answer.json() == {
        "type": "AUTHENTICATION_ERROR",
        "message": "The request has no credential, or none that is accepted here.",
    }


async def test_a_caller_is_refused_before_the_body_has_come(incidents):
    reader, writer = await asyncio.open_connection(*next(iter(incidents.platform.admitted)))
    writer.write(b"POST /api/xm/1/people HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")

    assert await reader.readline() == b"HTTP/1.1 401 Unauthorized\r\n"
    writer.close()
    await writer.wait_closed()


async def test_a_text_that_no_database_holds_is_a_400_and_a_search_for_it_finds_nothing(incidents):
    sam = await incidents.as_("sam")

    await sam.post("/forms/f-alert/triggers", json={"recipients": [{"id": "a\0b"}]})
    [event] = (await sam.get("/events")).json()["data"]

    refused = await sam.post(f"/events/{event['id']}/annotations", json={"comment": "a\0b"})

    assert (refused.status_code, refused.json()["message"]) == (
        400,
        "A text has the character U+0000 at place 2, which cannot be stored. Leave it out.",
    )
    assert (await sam.get("/people/%00")).status_code == 404
    assert (await sam.get("/events?form=%00")).json()["total"] == 0


async def test_a_slash_at_the_end_is_no_other_path(incidents):
    sam = await incidents.as_("sam")

    assert (await sam.get("/people/sam/")).json() == (await sam.get("/people/sam")).json()
    assert (await sam.post("/forms/f-alert/triggers/", json={})).status_code == 202
    assert (await sam.get("//people/sam")).status_code == 404
    assert (await sam.get("/people/../people/sam//")).status_code in (400, 404)


async def test_a_database_that_does_not_answer_is_a_503_that_may_be_tried_again(incidents, monkeypatch):
    sam = await incidents.as_("sam")

    async def unavailable(work):
        raise StoreUnavailable("The database does not answer.")

    monkeypatch.setattr(incidents.database, "read", unavailable)
    answer = await sam.get("/people/sam")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["message"] == "The database does not answer. Try again in 5 seconds."


async def test_a_caller_who_goes_away_leaves_a_whole_event_and_its_runs_or_none(incidents, make):
    for rounds in range(12):
        starting = asyncio.create_task(
            incidents.platform.forms.start_form(make.person("sam").id, "f-alert", FormContent(), way="ui")
        )
        for _ in range(rounds):
            await asyncio.sleep(0)
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
    await incidents.platform.close()

    events = await incidents.database.read(lambda tx: tx.events.all())
    runs = await incidents.database.read(lambda tx: tx.runs.page(limit=100))
    assert len(events) == 11
    assert sorted(each.event_id for each in runs) == sorted(each.id for each in events)
    assert sorted(incidents.set_off) == sorted(each.id for each in runs)
