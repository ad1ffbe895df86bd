"""Runs, on both stores."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from deputize.domain.attempt import Attempt
from deputize.domain.run import RunState, RunUsage
from deputize.domain.stored_run import RunCursor, RunFilter, Visible

pytestmark = pytest.mark.anyio

USAGE = RunUsage(wall_ms=12.5, cpu_ms=3.25, http_ms=0.0, max_rss_kb=20_000, calls=2, refusals=1)


async def test_a_run_comes_back_as_it_was_added(database, make, epoch):
    run = make.run(
        script_version_id="version-1",
        start={"request": {"body": "{}", "headers": {"x": "y"}}, "n": [1, 2.5, None, True]},
        event_id="event-1",
        replay_of="run-0",
        replayed_by="dana",
        chain=("integration-0",),
    )
    ended = make.run(state=RunState.DENIED, integration_id=None, plan_id=None, subject=None, finished=epoch)

    async def add(tx):
        await tx.runs.add(run)
        await tx.runs.add(ended)

    await database.write(add)

    assert await database.read(lambda tx: tx.runs.get(run.id)) == run
    assert await database.read(lambda tx: tx.runs.get(ended.id)) == ended
    assert await database.read(lambda tx: tx.runs.get("no run")) is None


async def test_of_many_who_claim_a_run_one_gets_it(database, make, epoch):
    run = make.run()
    await database.write(lambda tx: tx.runs.add(run))

    claimed = await asyncio.gather(
        *(database.write(lambda tx: tx.runs.claim(run.id, worker="w", at=epoch)) for _ in range(6))
    )

    running = replace(run, state=RunState.RUNNING, started=epoch, attempts=1, worker="w")
    assert sorted(claimed, key=lambda each: each is None) == [running] + [None] * 5
    assert await database.read(lambda tx: tx.runs.get(run.id)) == running


async def test_a_run_that_nobody_knows_cannot_be_claimed(database, epoch):
    assert await database.write(lambda tx: tx.runs.claim("no run", worker="w", at=epoch)) is None


async def test_a_run_ends_once(database, make, epoch):
    run = make.run()
    error = {"code": "SCRIPT_RAISED", "message": "no"}

    async def finish(tx):
        await tx.runs.add(run)
        await tx.runs.claim(run.id, worker="w", at=epoch)
        return [
            await tx.runs.finish(
                run.id,
                state=RunState.FAILED,
                at=epoch + timedelta(seconds=1),
                result={"a": [1]},
                error=error,
                usage=USAGE,
                calls=2,
                refusals=1,
            ),
            await tx.runs.finish(run.id, state=RunState.COMPLETED, at=epoch),
            await tx.runs.finish("no run", state=RunState.COMPLETED, at=epoch),
        ]

    assert await database.write(finish) == [True, False, False]
    assert await database.read(lambda tx: tx.runs.get(run.id)) == replace(
        run,
        state=RunState.FAILED,
        started=epoch,
        attempts=1,
        finished=epoch + timedelta(seconds=1),
        result={"a": [1]},
        error=error,
        usage=USAGE,
        calls=2,
        refusals=1,
    )


@pytest.mark.parametrize("result", [None, False, 0, "", [], {}, {"a": None}, "\0", "\ud800", 2**70, 0.1])
async def test_a_result_of_any_json_comes_back_as_it_was(database, make, epoch, result):
    run = make.run()

    async def finish(tx):
        await tx.runs.add(run)
        await tx.runs.finish(run.id, state=RunState.COMPLETED, at=epoch, result=result)

    await database.write(finish)

    kept = (await database.read(lambda tx: tx.runs.get(run.id))).result
    assert (kept, type(kept)) == (result, type(result))


async def test_what_a_worker_had_under_way_goes_to_whoever_claims_it_next(database, make, epoch):
    mine, another, ended = make.run(), make.run(), make.run(state=RunState.COMPLETED, finished=epoch)
    later = epoch + timedelta(minutes=1)

    async def release(tx):
        for each in (mine, another, ended):
            await tx.runs.add(each)
        await tx.runs.claim(mine.id, worker="dead", at=epoch)
        await tx.runs.claim(another.id, worker="alive", at=epoch)
        return await tx.runs.release(worker="dead")

    released = await database.write(release)

    assert released == [replace(mine, state=RunState.RUNNING, started=epoch, attempts=1, lost=1)]
    assert await database.read(lambda tx: tx.runs.waiting(epoch)) == [mine.id]
    assert await database.write(lambda tx: tx.runs.claim(mine.id, worker="next", at=later)) == replace(
        mine, state=RunState.RUNNING, started=epoch, attempts=2, worker="next", lost=1
    )
    assert await database.write(lambda tx: tx.runs.claim(another.id, worker="next", at=later)) is None


async def test_an_attempt_counts_until_its_run_is_released_and_never_again(database, make, epoch):
    run = make.run()
    first = Attempt(run_id=run.id, number=1, worker="dead")
    second = Attempt(run_id=run.id, number=2, worker="dead")

    async def held(tx):
        both = [await tx.runs.holds(each) for each in (first, second)]
        assert [await tx.runs.counts(each) for each in (first, second)] == both
        return both

    async def end(tx, attempt):
        return await tx.runs.finish(run.id, state=RunState.COMPLETED, at=epoch, by=attempt)

    async def claim(tx):
        await tx.runs.claim(run.id, worker="dead", at=epoch)
        return await held(tx)

    await database.write(lambda tx: tx.runs.add(run))
    counts = [await database.write(held), await database.write(claim)]
    await database.write(lambda tx: tx.runs.release())
    counts += [await database.write(held), await database.write(claim)]
    ended = [await database.write(partial(end, attempt=each)) for each in (first, second)]
    counts.append(await database.write(held))

    assert counts == [[False, False], [True, False], [False, False], [False, True], [False, False]]
    assert ended == [False, True]


async def test_a_run_waits_until_it_is_due(database, make, epoch):
    run = make.run(due=epoch)
    before = epoch - timedelta(microseconds=1)

    await database.write(lambda tx: tx.runs.add(run))

    assert await database.read(lambda tx: tx.runs.waiting(before)) == []
    assert await database.write(lambda tx: tx.runs.claim(run.id, worker="w", at=before)) is None
    assert await database.read(lambda tx: tx.runs.waiting(epoch)) == [run.id]
    assert await database.write(lambda tx: tx.runs.claim(run.id, worker="w", at=epoch)) is not None


async def test_queued_runs_are_taken_up_in_the_order_in_which_they_came(database, make, epoch):
    late, early, running = make.run(), make.run(queued=epoch - timedelta(seconds=1)), make.run()

    async def add(tx):
        for each in (late, early, running):
            await tx.runs.add(each)
        await tx.runs.claim(running.id, worker="w", at=epoch)

    await database.write(add)

    assert await database.read(lambda tx: tx.runs.waiting(epoch)) == [early.id, late.id]
    assert await database.read(lambda tx: tx.runs.waiting(epoch, limit=1)) == [early.id]
    assert await database.read(lambda tx: tx.runs.count(RunState.QUEUED)) == 2
    assert await database.read(lambda tx: tx.runs.count(RunState.FAILED)) == 0


async def test_pages_follow_one_another_without_gap_or_repetition(database, make, epoch):
    # Three of each moment, so that pages end within one.
    runs = [make.run(queued=epoch + timedelta(seconds=number // 3)) for number in range(10)]

    async def add(tx):
        for each in runs:
            await tx.runs.add(each)

    await database.write(add)
    newest_first = sorted(runs, key=lambda each: (each.queued, each.id), reverse=True)

    found, after = [], None
    while page := await database.read(lambda tx, after=after: tx.runs.page(after=after, limit=4)):
        found += page
        after = RunCursor.after(page[-1])

    assert found == newest_first


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, "abcdefgh"),
        ({"integration_id": "i2"}, "b"),
        ({"subject": "s2"}, "c"),
        ({"initiator": "dana"}, "c"),
        ({"state": RunState.RUNNING}, "d"),
        ({"trigger": "RESPONSE"}, "e"),
        ({"event_id": "event-1"}, "e"),
        ({"since": timedelta(hours=1)}, "fg"),
        ({"until": timedelta(hours=1)}, "abcdeh"),
        ({"initiator": "rob", "trigger": "inbound", "until": timedelta(hours=1)}, "abd"),
        ({"initiator": "dana", "integration_id": "i2"}, ""),
        ({"refused": True}, "gh"),
        ({"refused": True, "state": RunState.DENIED}, "h"),
        ({"ids": frozenset("adz")}, "ad"),
        ({"ids": frozenset()}, ""),
        ({"text": "DISK f_ll%"}, "c"),
        ({"text": "disk full"}, ""),
    ],
)
async def test_runs_are_listed_by_what_they_are(database, make, epoch, wanted, expected):
    async def add(tx):
        for run in (
            make.run(id="a"),
            make.run(id="b", integration_id="i2"),
            make.run(id="c", subject="s2", initiator="dana"),
            make.run(id="d"),
            make.run(id="e", trigger="RESPONSE", event_id="event-1"),
            make.run(id="f", queued=epoch + timedelta(hours=1)),
            make.run(id="g", initiator="sue", subject="s3", refusals=2, queued=epoch + timedelta(hours=1)),
            make.run(id="h", initiator="sue", subject="s3", state=RunState.DENIED, trigger="STATUS"),
        ):
            await tx.runs.add(run)
        await tx.entries.append("c", [make.entry(run="c", message="Disk f_ll%")])
        await tx.runs.claim("d", worker="w", at=epoch)

    await database.write(add)
    moments = {
        name: epoch + value if isinstance(value, timedelta) else value for name, value in wanted.items()
    }

    page = await database.read(lambda tx: tx.runs.page(RunFilter(**moments), limit=10))

    assert "".join(sorted(run.id for run in page)) == expected


@pytest.mark.parametrize(
    ("visible", "expected"),
    [
        (Visible(), "abcd"),
        (Visible(subject="person-rob"), "abcd"),
        (Visible(plans=frozenset()), ""),
        (Visible(plans=frozenset(), subject="person-rob"), "ad"),
        (Visible(plans=frozenset({"p2"})), "b"),
        (Visible(plans=frozenset({"p1", "p2"}), subject="person-rob"), "abcd"),
        (Visible(plans=frozenset({"p1"} | {f"q{number}" for number in range(200)})), "ac"),
    ],
)
async def test_a_list_holds_what_may_be_seen_and_each_of_it_once(database, make, visible, expected):
    async def add(tx):
        await tx.runs.add(make.run(id="a", plan_id="p1"))
        await tx.runs.add(make.run(id="b", plan_id="p2", subject="person-dana"))
        await tx.runs.add(make.run(id="c", plan_id="p1", subject="person-dana"))
        await tx.runs.add(make.run(id="d", plan_id=None))

    await database.write(add)

    page = await database.read(lambda tx: tx.runs.page(visible=visible, limit=10))
    two = await database.read(lambda tx: tx.runs.page(visible=visible, limit=2))

    assert "".join(sorted(run.id for run in page)) == expected
    assert two == page[:2]


async def test_old_runs_are_deleted_in_batches_with_their_entries(database, make, epoch):
    old = [make.run(state=RunState.COMPLETED, finished=epoch) for _ in range(3)]
    young = make.run(state=RunState.COMPLETED, finished=epoch + timedelta(days=1))
    queued = make.run()

    async def add(tx):
        for each in (*old, young, queued):
            await tx.runs.add(each)
            await tx.entries.append(each.id, [make.entry()])

    await database.write(add)
    before = epoch + timedelta(days=1)

    deleted = [await database.write(lambda tx: tx.runs.delete_ended(before, limit=2)) for _ in range(3)]

    assert deleted == [2, 1, 0]
    left = await database.read(lambda tx: tx.runs.page(limit=10))
    assert {run.id for run in left} == {young.id, queued.id}
    assert len(await database.read(lambda tx: tx.entries.page(limit=10))) == 2


async def test_who_set_what_off_is_counted_since_a_moment(database, make, epoch):
    hour = timedelta(hours=1)
    runs = [
        make.run(queued=epoch),
        make.run(queued=epoch + hour),
        make.run(queued=epoch + 2 * hour, state=RunState.DENIED, finished=epoch + 2 * hour),
        make.run(queued=epoch + hour, subject="person-eve", initiator="eve"),
        make.run(queued=epoch + hour, integration_id=None, plan_id=None),
    ]

    async def add(tx):
        for run in runs:
            await tx.runs.add(run)

    await database.write(add)

    found = await database.read(lambda tx: tx.runs.uses(since=epoch + hour))
    last = await database.read(lambda tx: tx.runs.last_of_each())
    integration_id = runs[0].integration_id
    assert sorted((each.initiator, each.subject, each.count, each.last) for each in found) == [
        ("eve", "person-eve", 1, epoch + hour),
        ("rob", "person-rob", 2, epoch + 2 * hour),
    ]
    assert {each.integration_id for each in found} == {integration_id}
    assert last == {integration_id: epoch + 2 * hour}


async def test_replays_of_a_run_are_found_the_newest_first_and_only_those_that_may_be_seen(
    database, make, epoch
):
    old = make.run()
    replays = [
        make.run(
            replay_of=old.id, replayed_by=name, subject=f"person-{name}", queued=epoch + timedelta(seconds=at)
        )
        for at, name in enumerate(("rob", "dana", "rob"))
    ]

    async def add(tx):
        for each in (old, *replays, make.run(replay_of=replays[0].id)):
            await tx.runs.add(each)

    await database.write(add)
    wanted = RunFilter(replay_of=old.id)
    robs = Visible(plans=frozenset(), subject="person-rob")

    assert await database.read(lambda tx: tx.runs.page(wanted, limit=10)) == replays[::-1]
    assert await database.read(lambda tx: tx.runs.page(wanted, visible=robs, limit=10)) == [
        replays[2],
        replays[0],
    ]


async def test_what_a_schedule_sets_off_is_no_use_of_its_integration(database, make, epoch):
    async def add(tx):
        await tx.runs.add(make.run())
        await tx.runs.add(make.run(trigger="schedule", queued=epoch + timedelta(seconds=9)))
        return await tx.runs.uses(since=epoch)

    [use] = await database.write(add)

    assert (use.count, use.last) == (1, epoch)


async def test_a_replay_is_no_use_of_its_integration(database, make, epoch):
    run = make.run()
    later = epoch + timedelta(seconds=9)

    async def add(tx):
        await tx.runs.add(run)
        await tx.runs.add(make.run(replay_of=run.id, replayed_by="dana", queued=later))
        return await tx.runs.uses(since=epoch), await tx.runs.last_of_each()

    [use], last = await database.write(add)

    assert (use.count, use.last) == (1, epoch)
    assert last == {"integration-1": epoch}


async def test_what_was_begun_and_nobody_has_is_told_from_what_another_has(database, make, epoch):
    waiting, mine, others, handed_over, ended = (make.run() for _ in range(5))
    all_of_them = [each.id for each in (waiting, mine, others, handed_over, ended)]

    async def work(tx):
        for each in (waiting, mine, others, handed_over, ended):
            await tx.runs.add(each)
        await tx.runs.claim(mine.id, worker="me", at=epoch)
        await tx.runs.claim(others.id, worker="other", at=epoch)
        claimed = await tx.runs.claim(handed_over.id, worker="me", at=epoch)
        await tx.runs.hand_over(claimed.attempt)
        await tx.runs.finish(ended.id, state=RunState.COMPLETED, at=epoch)

    await database.write(work)

    left = await database.read(lambda tx: tx.runs.left(all_of_them))
    taken_over = await database.read(lambda tx: tx.runs.taken_over(all_of_them, worker="me"))
    assert (left, taken_over) == ({handed_over.id, ended.id}, {others.id})
