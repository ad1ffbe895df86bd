"""What the tests of the scripts share; the rest is the plugin's (docs/testing.md)."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deputize import Run, Runtime

PROJECT = Path(__file__).parents[1]


@pytest.fixture
def deputize_user() -> str:
    """Where a test does not say who: one who may do everything."""
    return "dana"


@pytest.fixture
def run_with_stand_ins() -> Callable[..., list[Run]]:
    """``run_with_stand_ins([(integration, payload, user), …])``: one after the other, with the stand-ins."""

    def run_with_stand_ins(steps: list[tuple[str, Any, str]]) -> list[Run]:
        async def go() -> list[Run]:
            async with Runtime.open(PROJECT, stand_ins=True) as runtime:
                return [await runtime.run(name, payload=body, initiator=user) for name, body, user in steps]

        return asyncio.run(go())

    return run_with_stand_ins


@pytest.fixture
def refused() -> dict[str, Any]:
    """What the platform answers to somebody who may not: ``….respond(**refused)``."""
    return {"status_code": 403, "json": {"code": 403, "reason": "Forbidden", "message": "Not you."}}


@pytest.fixture
def calls() -> Callable[[Run], list[str]]:
    """The calls of a run, in order, as "POST /api/xm/1/events"."""

    def calls(run: Run) -> list[str]:
        exchanges = [entry for entry in run.activity if entry.kind == "http.exchange"]
        return [f"{each.request.method} {each.request.url.split('/', 3)[3]}" for each in exchanges]

    return calls


@pytest.fixture
def logged() -> Callable[[Run], list[str]]:
    """What a run logged, in order."""
    return lambda run: [entry.message for entry in run.activity if entry.kind == "log"]


@pytest.fixture
def bodies() -> Callable[..., list[Any]]:
    """``bodies(route)``: the JSON that a mocked route received, in order."""
    return lambda route: [json.loads(call.request.content) for call in route.calls]
