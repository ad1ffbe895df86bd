"""The work that a request costs depends on the shape of its credential, not on what there is."""

import pytest
from sqlalchemy import event

from deputize.credentials.keys import mint_api_secret, mint_key_id, mint_url_key
from deputize.credentials.signing_secrets import MOST_LIVE

pytestmark = pytest.mark.anyio

#: Integrations of every method, one that is not inbound, one that is not there.
ADDRESSES = ("by url", "by basic", "by api-key", "by oauth", "outbound", "missing", "\0")


@pytest.fixture
def work_of(bench):
    """Return what a request cost: Argon2, HMAC, and queries."""
    queries = []
    event.listen(
        bench.database._engine.sync_engine, "before_cursor_execute", lambda *args: queries.append(args[2])
    )

    async def count(integration_id, credential, **more):
        before = bench.password_hash.verified, bench.key_hasher.digests
        bench.signing.opened = 0
        queries.clear()
        answer = await bench.take(integration_id, credential, **more)
        assert answer.code == "UNAUTHENTICATED"
        return (
            bench.password_hash.verified - before[0],
            bench.key_hasher.digests - before[1],
            tuple(each for each in queries if each.startswith("SELECT")),
        )

    return count


async def test_a_password_that_is_not_accepted_costs_one_argon2_and_the_same_queries_whoever_it_is_for(
    bench, header, work_of
):
    await bench.change_person("mary", status="INACTIVE")
    await bench.database.write(lambda store: store.passwords.delete("id of eve"))
    presented = [
        header("rob", "wrong"),
        header("nobody", "wrong"),
        header("mary", "password of mary"),
        header("mary", "wrong"),
        header("eve", "password of eve"),
    ]

    work = {await work_of(address, each) for address in ADDRESSES for each in presented}

    assert {each[:2] for each in work} == {(1, 0)}
    assert len(work) == 1


async def test_a_disabled_owner_does_not_have_the_password_remembered(bench, header, work_of):
    await bench.take("by basic", header("mary", "password of mary"))
    await bench.change_person("mary", status="INACTIVE")

    work = [(await work_of("by basic", header("mary", "password of mary")))[:2] for _ in range(3)]

    assert work == [(1, 0)] * 3


async def test_an_api_key_that_is_not_accepted_costs_one_hmac_and_the_same_queries_everywhere(
    bench, header, work_of
):
    key_id, _ = await bench.api_key("by api-key", "rob")
    _, secret_of_dana = await bench.api_key("by api-key", "dana")
    presented = [
        header(mint_key_id(), mint_api_secret().reveal()),
        header(key_id, mint_api_secret().reveal()),
        header(key_id, secret_of_dana),
    ]

    work = {await work_of(address, each) for address in ADDRESSES for each in presented}

    assert {each[:2] for each in work} == {(0, 1)}
    assert len(work) == 1


async def test_a_url_key_that_is_not_accepted_costs_one_hmac_and_the_same_queries_everywhere(bench, work_of):
    key = await bench.url_key("by url", "rob")
    elsewhere = [address for address in ADDRESSES if address != "by url"]

    work = {await work_of(address, f"apiKey={mint_url_key().reveal()}") for address in ADDRESSES}
    work |= {await work_of(address, f"apiKey={key}") for address in elsewhere}

    assert {each[:2] for each in work} == {(0, 1)}
    assert len(work) == 1


async def test_what_is_not_written_as_ours_costs_no_more_than_to_see_that_nothing_is_open(
    bench, header, work_of
):
    await bench.add_legacy("legacy", authenticated=True)
    presented = [
        "apiKey=x",
        header("dpk_x", "dps_x"),
        ("Authorization", "Bearer eyJ"),
        ("Authorization", "Basic !"),
    ]

    work = {await work_of(address, each) for address in (*ADDRESSES, "legacy") for each in presented}

    assert {(*each[:2], len(each[2])) for each in work} == {(0, 0, 1)}
    assert len(work) == 1


async def test_a_password_that_is_not_the_pair_costs_what_it_costs_where_nothing_is_legacy(
    bench, header, work_of
):
    await bench.add_legacy("legacy", authenticated=True)
    presented = [
        header("rob", "wrong"),
        header("nobody", "wrong"),
        header("reapi", "wrong"),
        header("mary", "wrong"),
    ]

    work = {await work_of(address, each) for address in ("legacy", "missing") for each in presented}

    assert {each[:2] for each in work} == {(1, 0)}
    assert len(work) == 1


async def test_a_pair_without_a_password_costs_one_argon2(bench, header, work_of):
    await bench.add_legacy("legacy", authenticated=True, password=None)

    assert (await work_of("legacy", header("reapi", "password of the pair")))[:2] == (1, 0)


async def test_a_request_without_a_credential_opens_as_many_secrets_and_asks_the_same_everywhere(
    bench, work_of
):
    for number in range(MOST_LIVE - 1):
        await bench.signing_secret("by signature", "rob", f"the-secret-number-{number}")
    await bench.signing_secret("by basic", "rob", "of-a-method-that-is-no-more")
    presented = [
        ("X-Tag", "nothing"),
        ("X-Hub-Signature-256", "sha256=" + "a" * 64),
        ("X-Hub-Signature-256", "not written as signatures are"),
        ("X-Slack-Signature", "v0=" + "a" * 64),
    ]

    work = set()
    for address in (*ADDRESSES, "by signature"):
        for each in presented:
            cost = await work_of(address, each, body=b"x")
            work.add((*cost, bench.signing.opened))

    assert {(*each[:2], each[3]) for each in work} == {(0, 0, MOST_LIVE)}
    assert len(work) == 1
