"""Both scripts, as one who may read the responder and as one who may not."""

import asyncio
import json
from pathlib import Path

from deputize import Run, Runtime

PROJECT = Path(__file__).parents[1]
CALLBACK = json.loads((PROJECT / "samples" / "acknowledge.json").read_text(encoding="utf-8"))


def run_as(user: str, script: str, **changes: str) -> tuple[Run, list[dict[str, str]]]:
    """Return the run, and the bodies that the ticket system received."""

    async def run() -> tuple[Run, list[dict[str, str]]]:
        async with Runtime.open(PROJECT, stand_ins=True) as runtime:
            ended = await runtime.run(script, payload=CALLBACK | changes, initiator=user)
            return ended, [request.body for request in runtime.stand_ins["EasyVista"].requests]

    return asyncio.run(run())


def test_one_who_may_read_the_responder_updates_the_ticket():
    run, received = run_as("dana", "acknowledge")

    assert run.state == "COMPLETED"
    assert run.refusals == ()
    assert received == [{"AVAILABLE_FIELD_1": "mmcbride"}]


def test_one_who_may_not_is_refused_once_and_updates_the_ticket_too():
    run, received = run_as("rob", "acknowledge")

    assert run.state == "COMPLETED"
    assert [refusal.request.method for refusal in run.refusals] == ["GET"]
    assert received == [{"AVAILABLE_FIELD_1": "mmcbride"}]


def test_the_strict_script_updates_the_ticket_for_one_who_may():
    run, received = run_as("dana", "acknowledge_strict")

    assert run.state == "COMPLETED"
    assert received == [{"AVAILABLE_FIELD_1": "mmcbride"}]


def test_the_strict_script_fails_for_one_who_may_not_and_leaves_the_ticket():
    run, received = run_as("rob", "acknowledge_strict")

    assert run.state == "FAILED"
    assert len(run.refusals) == 1
    assert received == []


def test_another_response_than_acknowledge_calls_nobody():
    run, received = run_as("rob", "acknowledge", response="Escalate")

    assert run.state == "COMPLETED"
    assert run.usage.calls == 0
    assert received == []
