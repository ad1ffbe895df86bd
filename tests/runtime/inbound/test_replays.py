"""A signed request that comes again: refused, or answered as a retry, and never a second run."""

import asyncio

import pytest
from senders import SENDERS, TIMED_SCHEMES, standard_webhooks

from deputize.domain.plan import EVERYBODY, Access
from deputize.domain.run import RunState
from deputize.inbound.answers import Accepted

pytestmark = pytest.mark.anyio

BODY = b'{"title": "disk full"}'
REPLAYED = (
    "SIGNATURE_REPLAYED",
    "This signed request has been accepted before. Nothing was started.",
)


@pytest.fixture
async def bench(bench_on_each_store):
    """A deployment with an integration of each scheme, each with rob's secret."""
    for name, (scheme, _, secret) in SENDERS.items():
        await bench_on_each_store.add_integration(name, method="signature", signature=scheme)
        await bench_on_each_store.signing_secret(name, "rob", secret)
    return bench_on_each_store


def sent(bench, name, body=BODY, **more):
    """Return the headers of a request that is signed now."""
    _, sign, secret = SENDERS[name]
    return sign(**{"secret": secret, "body": body, "at": int(bench.clock().timestamp()), **more})


def told(answer):
    return answer.code, answer.detail


async def remembered(bench):
    """Return how many signatures and ids of messages are kept."""

    async def count(store):
        found = await store.signatures._connection.exec_driver_sql("SELECT count(*) FROM seen_signatures")
        return found.scalar_one()

    return await bench.database.read(count)


@pytest.mark.parametrize("name", SENDERS)
async def test_the_same_signed_request_starts_nothing_again(bench, name):
    headers = sent(bench, name)
    first = await bench.take(name, headers=headers, body=BODY)
    again = await bench.take(name, headers=headers, body=BODY)
    bench.clock.forward(seconds=299)
    later = await bench.take(name, headers=headers, body=BODY)

    assert told(again) == told(later) == REPLAYED
    assert again.operator_detail == f"the signed request that run {first.request_id} came of, once more"
    assert bench.submitted == [first.request_id]
    assert len(await bench.runs()) == 1


@pytest.mark.parametrize("name", SENDERS)
async def test_the_same_signed_request_many_times_at_once_is_one_run(bench, name):
    headers = sent(bench, name)
    answers = await asyncio.gather(*(bench.take(name, headers=headers, body=BODY) for _ in range(10)))

    assert sum(isinstance(each, Accepted) for each in answers) == 1
    assert {told(each) for each in answers if not isinstance(each, Accepted)} == {REPLAYED}
    assert len(await bench.runs()) == 1


@pytest.mark.parametrize("name", TIMED_SCHEMES)
async def test_a_signature_is_remembered_as_long_as_its_time_could_be_accepted(bench, name):
    scheme = SENDERS[name][0]
    ahead = int(bench.clock().timestamp()) + 3600
    await bench.change_integration(name, signature={**scheme, "tolerance_seconds": 3600})
    headers = sent(bench, name, at=ahead)
    assert isinstance(await bench.take(name, headers=headers, body=BODY), Accepted)
    # However little is accepted meanwhile: more may be later.
    await bench.change_integration(name, signature={**scheme, "tolerance_seconds": 1})
    bench.clock.forward(seconds=5000)
    await bench.take(name, headers=sent(bench, name, b"2", message="msg_2"), body=b"2")
    await bench.change_integration(name, signature={**scheme, "tolerance_seconds": 3600})
    bench.clock.forward(seconds=2199)

    assert told(await bench.take(name, headers=headers, body=BODY)) == REPLAYED
    bench.clock.forward(seconds=1)
    assert (await bench.take(name, headers=headers, body=BODY)).code == "SIGNATURE_EXPIRED"


async def test_what_no_time_is_signed_with_is_remembered_for_good(bench):
    headers = sent(bench, "github")
    await bench.take("github", headers=headers, body=BODY)
    bench.clock.forward(days=3650)
    await bench.take("github", headers=sent(bench, "github", b"2"), body=b"2")

    assert told(await bench.take("github", headers=headers, body=BODY)) == REPLAYED


async def test_what_cannot_come_again_is_forgotten(bench):
    await bench.take("slack", headers=sent(bench, "slack"), body=BODY)
    await bench.take("standard-webhooks", headers=sent(bench, "standard-webhooks"), body=BODY)
    assert await remembered(bench) == 3
    bench.clock.forward(hours=24)
    await bench.take("slack", headers=sent(bench, "slack"), body=BODY)

    assert await remembered(bench) == 1


async def test_a_senders_retry_is_told_of_the_run_that_there_is(bench):
    first = await bench.take("standard-webhooks", headers=sent(bench, "standard-webhooks"), body=BODY)
    bench.clock.forward(seconds=30)
    headers = sent(bench, "standard-webhooks")
    retry = await bench.take("standard-webhooks", headers=headers, body=BODY)
    replay = await bench.take("standard-webhooks", headers=headers, body=BODY)

    assert retry == Accepted(request_id=first.request_id, replayed=True)
    assert told(replay) == REPLAYED
    assert bench.submitted == [first.request_id]


async def test_retries_that_come_at_once_are_one_run(bench):
    now = int(bench.clock().timestamp())
    answers = await asyncio.gather(
        *(
            bench.take("standard-webhooks", headers=sent(bench, "standard-webhooks", at=now + n), body=BODY)
            for n in range(10)
        )
    )

    assert len({each.request_id for each in answers}) == 1
    assert sorted(each.replayed for each in answers) == [False] + [True] * 9
    assert len(await bench.runs()) == 1


async def test_an_id_is_the_same_message_for_a_day_and_of_one_person(bench):
    other = "whsec_YW5vdGhlciBrZXkgb2Ygc2l4dGVlbiBieXRlcw=="
    await bench.signing_secret("standard-webhooks", "dana", other)
    first = await bench.take("standard-webhooks", headers=sent(bench, "standard-webhooks"), body=BODY)
    hers = await bench.take(
        "standard-webhooks", headers=sent(bench, "standard-webhooks", secret=other), body=BODY
    )
    bench.clock.forward(hours=24)
    after = await bench.take("standard-webhooks", headers=sent(bench, "standard-webhooks"), body=BODY)

    assert len({each.request_id for each in (first, hers, after)}) == 3


async def test_a_message_that_two_secrets_have_signed_is_one_message(bench):
    """A sender that changes its secret signs with both; leaving out the one must not make it another."""
    old, new = SENDERS["standard-webhooks"][2], "whsec_YW5vdGhlciBrZXkgb2Ygc2l4dGVlbiBieXRlcw=="
    await bench.signing_secret("standard-webhooks", "rob", new)
    at = int(bench.clock().timestamp())
    by_old, by_new = (dict(standard_webhooks(each, BODY, at=at)) for each in (old, new))
    both = {**by_old, "webhook-signature": f"{by_old['webhook-signature']} {by_new['webhook-signature']}"}
    first = await bench.take("standard-webhooks", headers=list(both.items()), body=BODY)

    assert isinstance(first, Accepted)
    for headers in (by_old, by_new):
        assert (
            told(await bench.take("standard-webhooks", headers=list(headers.items()), body=BODY)) == REPLAYED
        )


async def test_what_was_denied_has_started_nothing_and_may_come_again(bench):
    await bench.change_plan(access=Access())
    headers = [sent(bench, name) for name in ("github", "standard-webhooks")]
    denied = [
        await bench.take(name, headers=each, body=BODY)
        for name, each in zip(("github", "standard-webhooks"), headers, strict=True)
    ]
    assert [each.code for each in denied] == ["NOT_PERMITTED", "NOT_PERMITTED"]
    assert await remembered(bench) == 0
    await bench.change_plan(access=EVERYBODY)
    accepted = [
        await bench.take(name, headers=each, body=BODY)
        for name, each in zip(("github", "standard-webhooks"), headers, strict=True)
    ]

    assert [each.replayed for each in accepted] == [False, False]
    assert sorted(run.state for run in await bench.runs()) == sorted(
        [RunState.DENIED, RunState.DENIED, RunState.QUEUED, RunState.QUEUED]
    )


async def test_what_is_beyond_the_rate_may_come_again(bench):
    await bench.change_plan(requests_per_minute=1)
    await bench.take("github", headers=sent(bench, "github", b"1"), body=b"1")
    headers = sent(bench, "github")
    assert (await bench.take("github", headers=headers, body=BODY)).code == "RATE_LIMITED"
    bench.clock.forward(seconds=61)

    assert isinstance(await bench.take("github", headers=headers, body=BODY), Accepted)


async def test_an_idempotency_key_makes_no_other_message(bench):
    headers = sent(bench, "github")
    first = await bench.take("github", headers=[*headers, ("Idempotency-Key", "1")], body=BODY)
    same = await bench.take("github", headers=[*headers, ("Idempotency-Key", "1")], body=BODY)
    other = await bench.take("github", headers=[*headers, ("Idempotency-Key", "2")], body=BODY)

    assert same == Accepted(request_id=first.request_id, replayed=True)
    assert told(other) == REPLAYED
    assert len(await bench.runs()) == 1


async def test_the_same_message_at_another_integration_is_another_one(bench):
    scheme, _, secret = SENDERS["github"]
    await bench.add_integration("second", method="signature", signature=scheme)
    await bench.signing_secret("second", "rob", secret)
    headers = sent(bench, "github")

    answers = [await bench.take(name, headers=headers, body=BODY) for name in ("github", "second")]
    assert len({each.request_id for each in answers}) == 2
