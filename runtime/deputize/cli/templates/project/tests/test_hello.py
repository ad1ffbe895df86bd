"""Hello, as one who may look people up and as one who may not."""

import asyncio
from pathlib import Path

from deputize import Run, Runtime

PROJECT = Path(__file__).parents[1]


def greet_as(user: str) -> Run:
    async def run() -> Run:
        async with Runtime.open(PROJECT, stand_ins=True) as runtime:
            return await runtime.run("hello", payload={"greet": "sam"}, initiator=user)

    return asyncio.run(run())


def test_a_host_greets_by_first_name() -> None:
    run = greet_as("dana")

    assert run.result == {"greeting": "Hello, Sam!"}
    assert run.refusals == ()


def test_a_guest_is_refused_once_and_greets_all_the_same() -> None:
    run = greet_as("rob")

    assert run.result == {"greeting": "Hello, whoever you are!"}
    assert len(run.refusals) == 1
