"""A project of its own for each test, whose tests pytest runs in a process of its own, as a user does."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = """
[users.dana]
roles = ["Company Supervisor"]
[users.rob]
roles = ["REST Web Service User"]
[endpoints.Desk]
base_url = "https://desk.example/api"
auth = { type = "basic", user = "svc", password = { secret = "desk" } }
[plans.p.integrations.tell]
auth = "basic"
script = "tell.py"
"""
SCRIPT = """
def main(http, payload, clock):
    person = http.get("/api/xm/1/people/dana")
    name = person.json()["targetName"] if person.ok else "somebody"
    if payload and payload.get("wait"):
        clock.sleep(payload["wait"])
    told = http.post("/notes", endpoint="Desk", json={"name": name})
    return [name, told.status_code]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A session of pytest that has ended."""

    code: int
    out: str

    def counted(self, word: str) -> int:
        (last,) = re.findall(r"^.*\d+ \w+ in [\d.]+s.*$", self.out, re.MULTILINE)
        found = re.search(rf"(\d+) {word}", last)
        return int(found[1]) if found else 0


@pytest.fixture
def session(tmp_path):
    """``session(tests, *arguments)``: pytest run over the text of a test file; *typed* at a debugger."""
    (tmp_path / "deputize.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "tell.py").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "slow.json").write_text('{"wait": 30}', encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nasyncio_default_fixture_loop_scope = function\n", encoding="utf-8"
    )

    def run(tests: str, *arguments: str, folder: Path = tmp_path, typed: str = "") -> Ended:
        (folder / "test_tell.py").write_text(tests, encoding="utf-8")
        process = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "-p",
                "no:randomly",
                "-p",
                "no:schemathesis",
                *arguments,
            ],
            cwd=folder,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        return Ended(code=process.returncode, out=process.stdout + process.stderr)

    return run
