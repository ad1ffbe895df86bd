"""``Idempotency-Key``, and how many requests a plan accepts in a minute."""

import asyncio

import pytest

from deputize.inbound.answers import Accepted, CallerRefused

pytestmark = pytest.mark.anyio


@pytest.fixture
def bench(bench_on_each_store):
    return bench_on_each_store


async def send(bench, header, *, key="once", name="rob", body=b"text", integration_id="by basic", **more):
    return await bench.take(
        integration_id,
        header(name, f"password of {name}"),
        headers=[("Idempotency-Key", key)],
        body=body,
        **more,
    )


async def test_the_same_request_once_more_gets_the_same_answer_and_starts_nothing(bench, header):
    first = await send(bench, header)

    assert await send(bench, header) == Accepted(request_id=first.request_id, replayed=True)
    assert bench.submitted == [first.request_id]
    assert len(await bench.runs()) == 1


async def test_the_same_request_many_times_at_once_is_one_run(bench, header):
    answers = await asyncio.gather(*(send(bench, header) for _ in range(20)))

    assert len({each.request_id for each in answers}) == 1
    assert sorted(each.replayed for each in answers) == [False] + [True] * 19
    assert len(await bench.runs()) == 1


async def test_what_came_more_than_a_day_ago_is_kept_no_longer(bench, header):
    began = bench.clock()
    first = await send(bench, header)
    bench.clock.forward(hours=24)
    second = await send(bench, header, key="another")

    subjects = {each.id: each.initiator.subject for each in await bench.runs()}
    kept = [
        await bench.database.read(
            lambda store, run=run, key=key: store.idempotency.find(subjects[run], key, now=began)
        )
        for run, key in ((first.request_id, "once"), (second.request_id, "another"))
    ]
    assert [None if each is None else each.run_id for each in kept] == [None, second.request_id]


@pytest.mark.parametrize("other", [{"body": b"other"}, {"query": "a=1"}, {"integration_id": "second"}])
async def test_the_same_key_with_another_request_is_refused(bench, header, other):
    await bench.add_integration("second")
    await send(bench, header)

    answer = await send(bench, header, **other)

    assert (answer.code, answer.detail) == (
        "IDEMPOTENCY_KEY_REUSED",
        "This Idempotency-Key came before with another request. Use a new key for a new request.",
    )
    assert len(await bench.runs()) == 1


async def test_the_same_key_of_somebody_else_is_another_key(bench, header):
    answers = [await send(bench, header, name=name) for name in ("rob", "dana")]

    assert [each.replayed for each in answers] == [False, False]


async def test_the_same_request_with_another_key_of_the_same_person_is_the_same(bench):
    keys = [await bench.url_key("by url", "rob") for _ in range(2)]
    answers = [
        await bench.take("by url", f"apiKey={each}", query="a=1", headers=[("Idempotency-Key", "once")])
        for each in keys
    ]

    assert answers[1] == Accepted(request_id=answers[0].request_id, replayed=True)


async def test_a_key_is_forgotten_after_a_day(bench, header):
    await send(bench, header)
    bench.clock.forward(hours=24)

    assert not (await send(bench, header)).replayed


async def test_whoever_may_not_any_more_is_not_answered_from_memory(bench, header):
    await send(bench, header)
    await bench.change_person("rob", roles=frozenset())

    assert (await send(bench, header)).code == "NOT_PERMITTED"


async def test_a_refusal_is_not_remembered(bench, header):
    await bench.change_person("rob", roles=frozenset())
    assert (await send(bench, header)).code == "NOT_PERMITTED"
    await bench.change_person("rob", roles=frozenset({"Sender"}))

    assert isinstance(await send(bench, header), Accepted)


@pytest.mark.parametrize("headers", [["a", "a"], [""], ["x" * 256], ["ü"], ["a\x7f"]])
async def test_a_key_that_is_none_is_refused(bench, header, headers):
    answer = await bench.take(
        "by basic", header("rob", "password of rob"), headers=[("Idempotency-Key", each) for each in headers]
    )

    assert (answer.code, answer.detail) == (
        "REQUEST_UNREADABLE",
        "An Idempotency-Key is one header of 1 to 255 printable ASCII characters.",
    )


# The rate of a plan


async def test_beyond_its_rate_a_plan_refuses_and_says_when_to_come_again(bench, header):
    await bench.change_plan(requests_per_minute=2)
    answers = []
    for _ in range(3):
        answers.append(await bench.take("by basic", header("rob", "password of rob")))
        bench.clock.forward(seconds=10.5)

    assert answers[2] == CallerRefused(
        code="RATE_LIMITED",
        detail="The plan accepts 2 requests in a minute. This one was not accepted; send it again later.",
        headers={"Retry-After": "39"},
        operator_detail='plan "Incidents" has accepted 2 requests in the last minute',
    )
    assert sorted(each.id for each in await bench.runs()) == sorted(each.request_id for each in answers[:2])
    bench.clock.forward(seconds=28.5)
    assert isinstance(await bench.take("by basic", header("rob", "password of rob")), Accepted)


async def test_of_many_at_once_exactly_as_many_are_accepted_as_are_kept(bench, header):
    await bench.change_plan(requests_per_minute=7)

    answers = await asyncio.gather(
        *(bench.take("by basic", header("rob", "password of rob")) for _ in range(30))
    )

    accepted = {each.request_id for each in answers if isinstance(each, Accepted)}
    assert len(accepted) == 7
    assert accepted == {each.id for each in await bench.runs()} == set(bench.submitted)


async def test_no_more_refusals_are_kept_in_a_minute_than_requests_are_accepted(bench, header):
    """Whoever may not set it off can neither fill the store nor keep out who may."""
    await bench.change_plan(requests_per_minute=2)
    answers = await asyncio.gather(
        *(bench.take("by basic", header("mary", "password of mary")) for _ in range(9))
    )
    limited = [each for each in answers if each.code == "RATE_LIMITED"]
    accepted = [await bench.take("by basic", header("rob", "password of rob")) for _ in range(2)]

    assert {each.code for each in answers} == {"NOT_PERMITTED", "RATE_LIMITED"}
    assert (
        limited
        == [
            CallerRefused(
                code="RATE_LIMITED",
                detail="The plan accepts 2 requests in a minute. This one was not accepted; send it again later.",
                headers={"Retry-After": "60"},
                operator_detail='plan "Incidents" has denied 2 requests in the last minute',
            )
        ]
        * 7
    )
    assert sorted(each.id for each in await bench.runs()) == sorted(
        [each.run_id for each in answers if each.run_id is not None] + [each.request_id for each in accepted]
    )
    bench.clock.forward(minutes=1)
    assert (await bench.take("by basic", header("mary", "password of mary"))).code == "NOT_PERMITTED"


async def test_a_repeated_request_is_answered_beyond_the_rate_and_uses_nothing_up(bench, header):
    await bench.change_plan(requests_per_minute=1)
    first = await send(bench, header)

    assert await send(bench, header) == Accepted(request_id=first.request_id, replayed=True)
    assert (await send(bench, header, key="twice")).code == "RATE_LIMITED"
    bench.clock.forward(minutes=1)
    assert isinstance(await send(bench, header, key="twice"), Accepted)


async def test_a_rate_of_none_accepts_none(bench, header):
    await bench.change_plan(requests_per_minute=0)

    answer = await bench.take("by basic", header("rob", "password of rob"))

    assert (answer.code, answer.headers) == ("RATE_LIMITED", {"Retry-After": "60"})


async def test_one_plan_s_rate_is_not_another_s(bench, header):
    from deputize.domain.plan import Plan

    await bench.change_plan(requests_per_minute=1)
    await bench.database.write(
        lambda store: store.plans.put(Plan(id="quiet", name="Quiet", requests_per_minute=1))
    )
    await bench.add_integration("elsewhere", plan_id="quiet")

    codes = [
        type(await bench.take(each, header("rob", "password of rob")))
        for each in ("by basic", "elsewhere", "by basic")
    ]

    assert codes == [Accepted, Accepted, CallerRefused]
