"""The walk from a legacy integration to API keys: what the guide has to copy is run as it stands there."""

import asyncio
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from deputize.clock import now
from deputize.deployment import open_deployment
from deputize.domain.legacy import LegacyTerms
from deputize.settings import Settings

GUIDE = Path(__file__).parents[3] / "docs" / "from_legacy_to_api_keys.md"
PLAN = """
[users.svc]
roles = ["Company Supervisor"]
[users.ada]
roles = ["Administrator"]
[roles.Administrator]
functions = ["login", "admin", "people", "plans"]
[roles.Reader]
on = { "Standard User" = ["View"] }
[roles."Company Supervisor"]
functions = ["login", "people", "plans", "admin"]
on = { "*" = ["View", "Use"] }

[plans.monitoring]
access = { roles = ["Company Supervisor"] }
[plans.monitoring.forms.notice]
senders = { roles = ["Company Supervisor"] }
[plans.monitoring.integrations.grafana]
auth = "api-key"
action = "CREATE_EVENT"
form = "notice"
script = "grafana.py"
"""
SCRIPT = '''"""Tell mary what came."""

def main(request, http, form):
    read = http.get("/api/xm/1/people/mary").status_code
    return [read, form.post(properties=request.json(), recipients=["mary"]).status_code]
'''


@pytest.fixture
def project(project: Path) -> Path:
    with (project / "deputize.toml").open("a") as file:
        file.write(PLAN)
    (project / "grafana.py").write_text(SCRIPT)
    return project


async def make_legacy(data: Path) -> None:
    """Have grafana be as an import with ``--keep-legacy`` leaves it, its plan without authentication."""
    async with open_deployment(Settings(), folder=data, clock=now) as deployment:

        async def work(tx):
            owner = await tx.people.by_name("svc")
            [grafana] = await tx.integrations.named("grafana")
            await tx.integrations.put(replace(grafana, method=None, legacy=True))
            await tx.legacy.put_terms(
                LegacyTerms(plan_id=grafana.plan_id, authenticated=False, owner=owner.id, imported=tx.now)
            )

        await deployment.database.write(work)


def blocks() -> list[str]:
    """Return what the guide has to copy, in its order."""
    return re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


class Shell:
    """Runs the guide's blocks in the project's folder, with what one sets from one to the next."""

    def __init__(self, served) -> None:
        folder = served.folder
        (folder / "dana.curlrc").write_text('user = "dana:password of dana"\n')
        (folder / "bin").mkdir()
        command = folder / "bin" / "deputize"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m deputize "$@"\n')
        command.chmod(0o700)
        self._folder = folder
        self._environment = {
            **os.environ,
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "DEPUTIZE_DATA": str(served.data),
            "DEPUTIZE_URL": served.told["url"],
            "DANA": str(folder / "dana.curlrc"),
        }

    def run(self, block: str) -> str:
        done = subprocess.run(
            ["sh", "-euc", block],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, block + done.stdout + done.stderr
        return done.stdout


def test_the_walk_leads_from_a_legacy_integration_to_an_api_key(served):
    asyncio.run(make_legacy(served.data))
    shell, (report, start, show, roles, access, senders, switch, call, look, undo) = Shell(served), blocks()
    with served.client() as client:
        old = client.post(served.path("grafana"), json={"title": "before"})
    assert old.status_code == 202
    assert served.run_of("grafana")["initiator"]["id"] == "svc"

    assert "not ready" in shell.run(report)
    assert "monitoring/grafana as rob" in shell.run(start)
    with served.client() as client:
        client.post(served.path("grafana"), json={"title": "while it is shadowed"})
    assert served.run_of("grafana", 2)["result"] == [200, 202]
    shown = shell.run(show)
    assert "grafana:4" in shown
    assert 'needs access to plan "monitoring"; sender permission on form "notice"' in shown
    for block in (roles, access, senders):
        shell.run(block)
    shell.run(switch)
    with served.client() as client:
        refused = client.post(served.path("grafana"), json={"title": "as before"})
    assert refused.status_code == 401
    assert "requestId" in json.loads(shell.run(call))
    ended = served.run_of("grafana", 3)
    assert (ended["initiator"]["id"], ended["result"]) == ("rob", [200, 202])
    assert "has no effect anywhere" in shell.run(look)
    assert (
        shell.run(undo) == "monitoring/grafana is legacy again, as it was. Its keys stay, and open nothing.\n"
    )
    with served.client() as client:
        assert client.post(served.path("grafana"), json={}).status_code == 202
