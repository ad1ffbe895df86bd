"""A small project on which a test runs a script of its own."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from deputize import Run, Runtime
from deputize.activity.schema import activity_schema

PROJECT = """
[users.dana]
roles = ["Supervisor"]
[users.rob]
roles = ["REST Web Service User"]
[users.mmcbride]
roles = ["Standard User"]
[roles.Supervisor]
functions = ["people", "events"]
on = { "*" = ["View", "Use", "Edit"] }
[roles."REST Web Service User"]
functions = ["rest"]
[roles."Standard User"]

[[events]]
id = "12623005"
initiator = "rob"

[endpoints.Tickets]
base_url = "https://tickets.example/base/"
auth = { type = "basic", user = "svc", password = { secret = "tickets" } }
stand_in = "tickets.toml"
[endpoints.Open]
base_url = "https://open.example/"
stand_in = "open.toml"
"""
TICKETS = """
[[routes]]
method = "PUT"
path = "/base/tickets/{ticket}"
[[routes]]
method = "GET"
path = "/base/forbidden"
status = 403
"""
OPEN = """
[[routes]]
method = "GET"
path = "/ok"
json = { ok = true }
"""
PUBLISHED = jsonschema.Draft202012Validator(activity_schema())


class Bench:
    """Runs scripts in a project of its own; ``received`` holds what the stand-ins last got."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.received = {"Tickets": [], "Open": []}
        for name, text in (("deputize.toml", PROJECT), ("tickets.toml", TICKETS), ("open.toml", OPEN)):
            (root / name).write_text(text, encoding="utf-8")

    def configure(self, text: str) -> None:
        """Add *text* to the project file."""
        with (self.root / "deputize.toml").open("a", encoding="utf-8") as file:
            file.write(text)

    def run(self, script: str, *, as_: str = "rob", payload=None) -> Run:
        """Run the text *script* as the user *as_*."""
        path = self.root / "script.py"
        path.write_text(script, encoding="utf-8")
        return asyncio.run(self._run(str(path), as_, payload))

    async def _run(self, path: str, user: str, payload) -> Run:
        async with Runtime.open(self.root, stand_ins=True) as runtime:
            run = await runtime.run(path, payload=payload, initiator=user)
            self.received = {name: list(server.requests) for name, server in runtime.stand_ins.items()}
        return run


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def kinds() -> Callable[[Run], list[str]]:
    """The kinds of a run's entries, in order."""
    return lambda run: [entry.kind for entry in run.activity]


@pytest.fixture
def whole() -> Callable[[Run], str]:
    """Everything that a run shows, as text."""
    return lambda run: json.dumps(run.as_json(), ensure_ascii=False) + repr(run) + repr(run.activity)
