"""The walk from a legacy integration to API keys: what the guide has to copy is run as it stands there."""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.acceptance.server.conftest import Served

GUIDE = Path(__file__).parents[3] / "docs" / "from_legacy_to_api_keys.md"
PEOPLE = """
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
"""
#: As the system was set up that the plan comes from.
OLD = """
[users.svc]
roles = ["Company Supervisor"]
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
def project(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with (project / "deputize.toml").open("a") as file:
        file.write(PEOPLE)
    (project / "pair.txt").write_text("pair-of-the-plan\n")
    (project / "old.zip").write_bytes(exported_without_methods(tmp_path_factory.mktemp("old")))
    return project


def exported_without_methods(folder: Path) -> bytes:
    """Return the plan as a system exports it that has no methods yet."""
    (folder / "deputize.toml").write_text(OLD)
    (folder / "grafana.py").write_text(SCRIPT)
    server = Served(folder)
    server.start()
    server.command("plan", "export", "monitoring", "--out", str(folder / "new.zip"))
    server.stop(kill=True)
    old = io.BytesIO()
    with zipfile.ZipFile(folder / "new.zip") as made, zipfile.ZipFile(old, "w") as without:
        for name in made.namelist():
            without.writestr(name, made.read(name).replace(b'"API_KEY"', b'"NONE"'))
    return old.getvalue()


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


def path_of(served: Served, name: str) -> str:
    """Return where requests to an integration go that has come since the server started."""
    with served.as_("dana") as client:
        listed = client.get("/api/v1/integrations").json()["data"]
    (found,) = [each["id"] for each in listed if each["name"] == name]
    return f"/api/integration/1/functions/{found}/triggers"


def test_the_walk_leads_from_a_legacy_integration_to_an_api_key(served):
    shell, (bring, report, start, show, roles, access, senders, switch, call, look, undo) = (
        Shell(served),
        blocks(),
    )

    assert "grafana" in shell.run(bring)
    path = path_of(served, "grafana")
    with served.client(auth=("reapi", "pair-of-the-plan")) as client:
        old = client.post(path, json={"title": "before"})
    assert old.status_code == 202, old.text
    assert served.run_of("grafana")["initiator"]["id"] == "svc"

    assert "not ready" in shell.run(report)
    assert "monitoring/grafana as rob" in shell.run(start)
    with served.client(auth=("reapi", "pair-of-the-plan")) as client:
        client.post(path, json={"title": "while it is shadowed"})
    assert served.run_of("grafana", 2)["result"] == [200, 202]
    shown = shell.run(show)
    assert "grafana:4" in shown
    assert 'needs access to plan "monitoring"; sender permission on form "notice"' in shown
    for block in (roles, access, senders):
        shell.run(block)
    shell.run(switch)
    with served.client(auth=("reapi", "pair-of-the-plan")) as client:
        refused = client.post(path, json={"title": "as before"})
    assert refused.status_code == 401
    assert "requestId" in json.loads(shell.run(call))
    ended = served.run_of("grafana", 3)
    assert (ended["initiator"]["id"], ended["result"]) == ("rob", [200, 202])
    assert "has no effect anywhere" in shell.run(look)
    assert (
        shell.run(undo) == "monitoring/grafana is legacy again, as it was. Its keys stay, and open nothing.\n"
    )
    with served.client(auth=("reapi", "pair-of-the-plan")) as client:
        assert client.post(path, json={}).status_code == 202
