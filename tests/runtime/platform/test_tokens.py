"""Tokens of the embedded platform: issued per person and run, hashed at rest, gone when they should be."""

import asyncio
import hashlib
import logging
from datetime import timedelta

import pytest
from sqlalchemy import select

from deputize.errors import StoreUnavailable
from deputize.platform.embedded.credentials import RunCredentials
from deputize.store.tables import metadata, tokens
from deputize_client import AsInitiator, BearerCredential, CredentialUnavailable, Endpoint

pytestmark = pytest.mark.anyio

CHALLENGE = 'Basic realm="platform", charset="UTF-8", Bearer realm="platform"'


async def whole_database(platform):
    async def read(store):
        found = []
        for table in metadata.sorted_tables:
            found += [tuple(row) for row in await store.people._connection.execute(select(table))]
        return found

    return await platform.platform.database.read(read)


async def test_a_token_is_random_and_only_its_hash_is_kept(platform):
    token = await platform.token("rob")

    database = repr(await whole_database(platform))

    assert token.startswith("dpt_")
    assert len(token) == 47
    assert token.removeprefix("dpt_") not in database
    assert hashlib.sha256(token.encode()).hexdigest() in database


async def test_a_token_is_in_no_repr_and_no_log(platform, caplog):
    caplog.set_level(logging.DEBUG)
    source = await platform.source("rob")
    credential = await source.credential(platform.endpoint)
    token = credential.token.reveal()

    async with platform.client(credential.headers()) as client:
        await client.get("/people/mmcbride")

    seen = repr([source, credential, platform.platform, platform.platform.database, credential.redacted()])
    assert token not in seen + caplog.text


async def test_while_the_database_is_away_there_is_no_credential_and_no_exception(platform, monkeypatch):
    source = await platform.source("rob")

    async def away(work):
        raise StoreUnavailable("away")

    monkeypatch.setattr(platform.platform.database, "write", away)

    assert await source.credential(platform.endpoint) == CredentialUnavailable(
        "No credential of rob can be had now: the platform's database does not answer; nothing was sent."
        " Try again later."
    )


async def test_nothing_is_issued_before_it_is_asked_for_and_then_once(platform):
    source = await platform.source("rob")
    assert await issued(platform) == 0

    credentials = await asyncio.gather(*[source.credential(platform.endpoint) for _ in range(5)])

    assert len({each.token.reveal() for each in credentials}) == 1
    assert await issued(platform) == 1


async def test_the_end_of_a_run_that_asked_for_no_token_is_no_write(platform, monkeypatch):
    source = await platform.source("rob")

    async def refused(work):
        raise AssertionError("nothing is to be revoked")

    monkeypatch.setattr(platform.platform.database, "write", refused)
    await source.end()

    assert isinstance(await source.credential(platform.endpoint), CredentialUnavailable)


async def test_a_token_is_replaced_shortly_before_it_expires(platform):
    source = await platform.source("rob")
    first = await source.credential(platform.endpoint)

    platform.clock.forward(minutes=13)
    assert (await source.credential(platform.endpoint)) is first
    platform.clock.forward(minutes=1)

    assert (await source.credential(platform.endpoint)) != first


async def test_an_expired_token_is_a_401_and_is_forgotten_when_the_next_is_issued(platform):
    rob = await platform.as_("rob")
    platform.clock.forward(minutes=14, seconds=59)
    assert (await rob.get("/people/rob")).status_code == 200

    platform.clock.forward(seconds=1)

    assert (await rob.get("/people/rob")).status_code == 401
    await platform.token("dana")
    assert await issued(platform) == 1


async def test_the_end_of_a_run_revokes_its_tokens_and_no_others(platform):
    ended, other = await platform.source("rob", "run-1"), await platform.source("rob", "run-2")
    first, second = await ended.credential(platform.endpoint), await other.credential(platform.endpoint)

    await platform.platform.end_run("run-1")

    async with platform.client() as client:
        answers = [await client.get("/people/rob", headers=each.headers()) for each in (first, second)]
    assert [each.status_code for each in answers] == [401, 200]
    assert await ended.credential(platform.endpoint) == CredentialUnavailable(
        "Run run-1 has ended; no credential of rob is issued for it."
    )
    assert await other.credential(platform.endpoint) is second


async def test_a_worker_whose_run_another_one_goes_on_with_revokes_its_own_tokens_alone(platform):
    mine = await platform.source("rob", "run-1")
    await mine.credential(platform.endpoint)
    others = RunCredentials(
        principal=await platform.platform.principal("rob", via="test"),
        run_id="run-1",
        platform_url=platform.endpoint.base_url,
        database=platform.platform.database,
        lifetime=timedelta(minutes=15),
    )
    theirs = await others.credential(platform.endpoint)

    await platform.platform.end_run("run-1")

    async with platform.client() as client:
        assert (await client.get("/people/rob", headers=theirs.headers())).status_code == 200


async def test_ending_a_run_that_nobody_knows_or_twice_does_nothing(platform):
    await platform.source("rob", "run-1")

    await platform.platform.end_run("run-1")
    await platform.platform.end_run("run-1")
    await platform.platform.end_run("another")


async def test_a_run_that_ends_while_a_token_is_being_issued_leaves_none(platform):
    source = await platform.source("rob")

    await asyncio.gather(source.credential(platform.endpoint), platform.platform.end_run("run-1"))

    assert await issued(platform) == 0


async def test_who_is_disabled_during_a_run_gets_nothing_from_then_on(platform):
    source, rob = await platform.source("rob"), await platform.as_("rob")
    assert isinstance(await source.credential(platform.endpoint), BearerCredential)

    await (await platform.as_("gina")).post("/people", json={"id": "rob", "status": "INACTIVE"})

    assert (await rob.get("/people/rob")).status_code == 401
    assert await source.credential(platform.endpoint) == CredentialUnavailable(
        '"rob" is INACTIVE on the platform; nothing was sent.'
    )


async def test_a_token_of_one_person_is_that_persons(platform):
    async with platform.client({"Authorization": f"Bearer {await platform.token('dana')}"}) as client:
        assert (await client.get("/people/mmcbride")).status_code == 200
    async with platform.client({"Authorization": f"bearer {await platform.token('rob')}"}) as client:
        assert (await client.get("/people/mmcbride")).status_code == 403


async def test_no_token_is_given_for_another_place(platform):
    elsewhere = Endpoint(name="platform", base_url="http://127.0.0.1:9/", authentication=AsInitiator())

    answer = await (await platform.source("rob")).credential(elsewhere)

    assert answer == CredentialUnavailable(
        'rob has no credential for the endpoint "platform": '
        f"the platform's tokens are sent to {platform.platform.base_url} only."
    )
    assert await issued(platform) == 0


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer dpt_" + "A" * 43,
        "Bearer dpt_" + "A" * 10_000,
        "Basic cm9iOnJvYg==",
        "dpt_x",
        "Bearer rob",
        "Bearer \u00fc".encode("latin-1"),
    ],
)
async def test_a_request_without_a_good_token_is_a_401_whatever_it_asks(platform, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    async with platform.client(headers) as client:
        answers = [
            await client.get("/people"),
            await client.get("/people/ghost"),
            await client.post("/events", json={}),
            await client.post("/people", content=b"{"),
        ]

    assert [each.status_code for each in answers] == [401] * 4
    assert answers[0].headers["www-authenticate"] == CHALLENGE
    assert answers[0].json() == {
        "code": 401,
        "reason": "Unauthorized",
        "message": "The request has no credential, or none that is accepted here.",
    }


async def test_a_hash_is_not_a_token(platform):
    token = await platform.token("rob")
    hashed = hashlib.sha256(token.encode()).hexdigest()

    async with platform.client({"Authorization": f"Bearer {hashed}"}) as client:
        assert (await client.get("/people/rob")).status_code == 401


async def issued(platform):
    async def count(store):
        return len((await store.tokens._connection.execute(select(tokens))).all())

    return await platform.platform.database.read(count)
