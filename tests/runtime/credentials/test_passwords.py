"""Passwords are hashed and verified a bounded number at a time."""

import asyncio

import pytest

from deputize.credentials.passwords import Busy, Passwords, Verdict

pytestmark = pytest.mark.anyio


async def test_a_password_is_recognised_by_its_argon2id_hash():
    passwords = Passwords(threads=1)
    try:
        stored = await passwords.hash("correct horse")

        assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
        assert await passwords.verify("correct horse", stored) is Verdict.RIGHT
        assert await passwords.verify("correct hors", stored) is Verdict.WRONG
    finally:
        await passwords.close()


async def test_nobody_has_every_password_wrong_after_as_much_work_as_somebody(passwords, hasher):
    stored = await passwords.hash("right")
    work = []
    for attempt, against in (("wrong", stored), ("wrong", None), ("right", None)):
        before = hasher.verified
        assert await passwords.verify(attempt, against) is Verdict.WRONG
        work.append(hasher.verified - before)

    assert work == [1, 1, 1]


async def test_a_password_that_was_right_is_remembered_for_a_while(passwords, hasher, seconds):
    stored = await passwords.hash("right")
    for _ in range(5):
        assert await passwords.verify("right", stored) is Verdict.RIGHT
    assert hasher.verified == 1

    seconds.forward(60)

    assert await passwords.verify("right", stored) is Verdict.RIGHT
    assert hasher.verified == 2


async def test_a_wrong_password_is_never_remembered(passwords, hasher):
    stored = await passwords.hash("right")
    for _ in range(3):
        assert await passwords.verify("wrong", stored) is Verdict.WRONG

    assert hasher.verified == 3


async def test_what_was_remembered_dies_with_the_password(passwords, hasher):
    old = await passwords.hash("right")
    await passwords.verify("right", old)
    new = await passwords.hash("other")

    assert await passwords.verify("right", new) is Verdict.WRONG


async def test_setting_the_same_password_again_is_another_password(passwords, hasher):
    await passwords.verify("right", await passwords.hash("right"))

    assert await passwords.verify("right", await passwords.hash("right")) is Verdict.RIGHT
    assert hasher.verified == 2


async def test_only_so_many_are_remembered_and_the_oldest_goes_first(seconds):
    from deputize.credentials.remembered import RememberedPasswords

    remembered = RememberedPasswords(seconds=60, most=2, monotonic=seconds)
    one, two, three = (remembered.digest("stored", each) for each in (b"1", b"2", b"3"))
    for each in (one, two, one, three):
        remembered.add(each)

    assert [remembered.has(each) for each in (one, two, three)] == [True, False, True]


async def test_the_same_characters_are_the_same_password_however_they_are_composed(passwords):
    stored = await passwords.hash("caf\u00e9")

    assert await passwords.verify("cafe\u0301", stored) is Verdict.RIGHT


async def test_what_does_not_fit_the_queue_is_told_that_it_is_busy(passwords, hasher):
    stored = await passwords.hash("right")
    hasher.hold()
    waiting = [asyncio.create_task(passwords.verify(f"guess {each}", stored)) for each in range(3)]
    await asyncio.sleep(0)

    assert await passwords.verify("right", stored) == Busy(retry_after=2)
    assert await passwords.verify("right", None) == Busy(retry_after=2)
    assert await passwords.hash("right") == Busy(retry_after=2)

    hasher.release()
    assert await asyncio.gather(*waiting) == [Verdict.WRONG] * 3
    assert await passwords.verify("right", stored) is Verdict.RIGHT


async def test_no_more_run_at_once_than_there_are_threads(hasher, seconds):
    passwords = Passwords(hasher=hasher, threads=2, waiting=50, monotonic=seconds)
    await asyncio.gather(*(passwords.verify(f"guess {each}", None) for each in range(40)))
    await passwords.close()

    assert hasher.verified == 40
    assert len(hasher.threads) <= 2


async def test_the_same_password_many_times_at_once_is_verified_once(passwords, hasher):
    stored = await passwords.hash("right")
    hasher.hold()
    waiting = [asyncio.create_task(passwords.verify("right", stored)) for _ in range(50)]
    await asyncio.sleep(0)
    hasher.release()

    assert await asyncio.gather(*waiting) == [Verdict.RIGHT] * 50
    assert hasher.verified == 1


async def test_a_caller_who_goes_away_takes_nothing_along(passwords, hasher):
    stored = await passwords.hash("right")
    hasher.hold()
    gone, stays = (asyncio.create_task(passwords.verify("right", stored)) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    hasher.release()

    assert await stays is Verdict.RIGHT
    assert gone.cancelled()
    assert await passwords.verify("right", stored) is Verdict.RIGHT


async def test_a_password_that_no_text_can_hold_is_wrong_and_no_error(passwords):
    assert await passwords.verify("\ud800", await passwords.hash("right")) is Verdict.WRONG
