"""A deployment with a past: a project that was taken over, and runs that ended in different ways.

The runs: 7f3a2c1d completed and was refused once, 7f3a9e00 was denied, badc0de0 logged what would act on a
terminal, c0ffee00 is queued.
"""

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from deputize.clock import now
from deputize.deployment import open_deployment
from deputize.domain.principal import Principal
from deputize.domain.run import RunState, RunUsage
from deputize.domain.stored_run import StoredRun
from deputize.project import Project, ids
from deputize.project.apply import apply_project
from deputize.project.content import ProjectContent
from deputize.settings import Settings

PROJECT = """
[users.dana]
first_name = "Dana"
last_name = "Ito"
roles = ["Company Supervisor"]
[users.rob]
roles = ["REST Web Service User"]
[users.gone]
roles = ["Company Supervisor"]
status = "INACTIVE"

[endpoints.EasyVista]
base_url = "https://example.easyvista.example/"
[endpoints.chat]
base_url = "https://chat.example/"

[plans.incidents]
access = { roles = ["Company Supervisor", "REST Web Service User"] }
[plans.incidents.forms.alert]
senders = { roles = ["Company Supervisor"], users = ["dana"] }
[plans.incidents.integrations.grafana]
auth = "api-key"
action = "RUN_SCRIPT"
script = "scripts/grafana.py"
[plans.incidents.integrations.hook]
auth = "url"
action = "RUN_SCRIPT"
script = "scripts/grafana.py"
[plans.incidents.integrations.people]
auth = "basic"
action = "RUN_SCRIPT"
script = "scripts/grafana.py"

[plans.changes]
access = "all"
[plans.changes.integrations.hook]
auth = "url"
action = "RUN_SCRIPT"
script = "scripts/grafana.py"
"""
SCRIPT = "def main(request):\n    return None\n"
REASON = "UNAUTHORIZED_ACCESS_ERROR: User does not have the permission to access this service/functionality."

#: Seconds that anything here may take at most.
PATIENCE = 30
#: When the past ended.
THEN = datetime(2018, 4, 17, 14, 2, 11, 301000, tzinfo=UTC)
COMPLETED = "7f3a2c1d-5b1e-4c8a-9a3f-0e1d2c3b4a59"
DENIED = "7f3a9e00-1d2c-4b3a-8f5e-6d7c8b9a0f1e"
QUEUED = "c0ffee00-2e3d-4c4b-9a6f-7e8d9cab1b2c"
HOSTILE = "badc0de0-3f4e-4d5c-8b7a-8f9eadbc2c3d"

_USAGE = RunUsage(wall_ms=79, cpu_ms=3, http_ms=50, max_rss_kb=9000, calls=2, refusals=1)


@pytest.fixture(scope="session")
def past(tmp_path_factory):
    """A deployment that nobody has open, to be copied."""
    folder = tmp_path_factory.mktemp("past") / "project"
    (folder / "scripts").mkdir(parents=True)
    (folder / "deputize.toml").write_text(PROJECT, encoding="utf-8")
    (folder / "scripts/grafana.py").write_text(SCRIPT, encoding="utf-8")
    asyncio.run(_seed(folder))
    return folder


@pytest.fixture
def folder(past, tmp_path):
    """The folder of a deployment with a past."""
    return shutil.copytree(past, tmp_path / "deployed")


@pytest.fixture
def deployed(folder, deputize_here):
    """The command, run in this process, in the folder of a deployment with a past."""
    return deputize_here(folder)


@pytest.fixture
def process(folder, deputize_in):
    """The command, run as a process, in the folder of a deployment with a past."""
    return deputize_in(folder)


@pytest.fixture
def serving(process):
    """Return what serves the project, on a port of the moment, while its context lasts."""

    @contextmanager
    def running():
        with subprocess.Popen(
            [sys.executable, "-m", "deputize", "serve", "--port", "0", "--json"],
            cwd=process.folder,
            env=process.environment(DEPUTIZE_LOG_LEVEL="error"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as server:
            yield json.loads(server.stdout.readline())
            server.terminate()

    return running


@pytest.fixture
def ended():
    """Return what waits for a run and returns it when it has ended."""

    def wait(deployed, run_id: str) -> dict[str, Any]:
        patience = monotonic() + PATIENCE
        while monotonic() < patience:
            run = deployed("show", run_id, "--json").json
            if run["finished"] is not None:
                return run
            sleep(0.05)
        raise AssertionError(f"run {run_id} has not ended after {PATIENCE} seconds")

    return wait


@pytest.fixture
def take_over(folder):
    """Return what takes the project over as it stands now, as the start of a server does."""

    def take() -> None:
        asyncio.run(_take_over(folder))

    return take


async def _take_over(folder: Path) -> None:
    content = ProjectContent.read(Project.load(folder / "deputize.toml"))
    async with open_deployment(Settings(), folder=folder / ".deputize", clock=now) as deployment:
        await deployment.database.write(lambda tx: apply_project(tx, content))


async def _seed(folder: Path) -> None:
    content = ProjectContent.present(Project.load(folder / "deputize.toml"))
    async with open_deployment(Settings(), folder=folder / ".deputize", clock=lambda: THEN) as deployment:
        database = deployment.database
        await database.write(lambda tx: apply_project(tx, content))
        people = await database.read(lambda tx: tx.people.all())
        subjects = {each.target_name: each.id for each in people}
        for run, entries in _past(subjects):

            async def keep(tx, run=run, entries=entries):
                await tx.runs.add(run)
                await tx.entries.append(run.id, entries)

            await database.write(keep)


def _past(subjects: dict[str, str]) -> list[tuple[StoredRun, list[dict[str, Any]]]]:
    return [
        (
            _run(COMPLETED, "rob", subjects, state=RunState.COMPLETED, usage=_USAGE, calls=2, refusals=1),
            _entries(COMPLETED, "rob", _completed()),
        ),
        (
            _run(DENIED, "rob", subjects, state=RunState.DENIED, after=10),
            _entries(DENIED, "rob", _denied(), after=10),
        ),
        (
            _run(HOSTILE, "dana", subjects, state=RunState.FAILED, after=20, trigger="RESPONSE"),
            _entries(HOSTILE, "dana", _hostile(), after=20),
        ),
        (_run(QUEUED, "dana", subjects, after=30), []),
    ]


def _run(run_id: str, user: str, subjects: dict[str, str], *, after: int = 0, **fields: Any) -> StoredRun:
    return StoredRun(
        **{
            "id": run_id,
            "integration_id": ids.integration_id("incidents", "grafana"),
            "plan_id": ids.plan_id("incidents"),
            "name": "grafana",
            "trigger": "inbound",
            "script_sha256": "9c1e04" + "0" * 58,
            "shown_path": "grafana",
            "start": {},
            "initiator": Principal(id=user, name=user, via="api-key", subject=subjects[user]),
            "trace_id": "0" * 32,
            "queued": THEN + timedelta(seconds=after),
            **fields,
        }
    )


def _entries(
    run_id: str, user: str, kinds: Sequence[dict[str, Any]], *, after: int = 0
) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{run_id[:24]}{seq:012}",
            "run": run_id,
            "seq": seq,
            "ts": (THEN + timedelta(seconds=after, milliseconds=seq)).isoformat(),
            "level": "info",
            "initiator": {"id": user, "via": "api-key"},
            "script": {"name": "grafana", "sha256": "9c1e04" + "0" * 58, "line": each.pop("line", None)},
            "trace_id": "0" * 32,
            **each,
        }
        for seq, each in enumerate(kinds, 1)
    ]


def _completed() -> list[dict[str, Any]]:
    request = {"method": "GET", "url": "http://127.0.0.1:4711/api/xm/1/people/mmcbride?embed=roles"}
    exchange = {
        "kind": "http.exchange",
        "endpoint": "platform",
        "sent_as": "initiator",
        "source": "platform",
        "elapsed_ms": 12.0,
    }
    return [
        {"kind": "run.started", "trigger": "inbound", "tier": "full", "jail": ["seccomp"]},
        {
            **exchange,
            "line": 4,
            "request": {"method": "GET", "url": "http://127.0.0.1:4711/api/xm/1/people"},
            "statusCode": 200,
            "statusMessage": "OK",
            "refused": False,
        },
        {
            **exchange,
            "line": 9,
            "request": request,
            "statusCode": 403,
            "statusMessage": "FORBIDDEN",
            "refused": True,
        },
        {
            "kind": "permission.denied",
            "level": "warning",
            "line": 9,
            "endpoint": "platform",
            "request": request,
            "statusCode": 403,
            "statusMessage": "FORBIDDEN",
            "reason": REASON,
            "exchange": 3,
            "explain": {
                "initiator": "rob",
                "needs": ["View or Use on role Standard User"],
                "would_pass": ["role Company Supervisor"],
                "source": "platform",
            },
        },
        {"kind": "result", "value": {"event": None}},
        {
            "kind": "run.finished",
            "state": "COMPLETED",
            "calls": 2,
            "refusals": 1,
            "wall_ms": 79.0,
            "http_ms": 50.0,
            "script_ms": 29.0,
        },
    ]


def _denied() -> list[dict[str, Any]]:
    return [
        {
            "kind": "run.denied",
            "level": "warning",
            "trigger": "inbound",
            "code": "INBOUND_NOT_PERMITTED",
            "reason": 'rob may not send form "alert" (access to plan: yes, sender permission: no).',
            "explain": {
                "initiator": "rob",
                "needs": ['sender permission on form "alert"'],
                "would_pass": ["role Company Supervisor", "person dana"],
                "source": "deputize",
            },
        }
    ]


def _hostile() -> list[dict[str, Any]]:
    return [
        {
            "kind": "log",
            "message": "\x1b[2J\x1b]0;owned\x07\u202e\r\nerror[FAKE]: no",
            "fields": {"a\x9b": "\u2028"},
        },
        {"kind": "of.another.version", "said": "\x1b[31m"},
    ]
