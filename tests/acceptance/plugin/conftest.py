"""A project of its own for each test, whose tests pytest runs in a process of its own, as a user does."""

import json
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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
#: The secret of the real system.
REAL_SECRET = "correct-horse-battery"


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


class RealDesk(ThreadingHTTPServer):
    """A real system behind the endpoint Desk: notes down what it is sent, and echoes the credential."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received = []
        self.status = 201

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/api"

    @property
    def project(self):
        """The project, with this as its Desk."""
        own = f'base_url = "{self.url}"\nnetworks = ["127.0.0.0/8"]'
        return PROJECT.replace('base_url = "https://desk.example/api"', own)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.received.append((self.path, json.loads(body)))
        told = json.dumps({"authorization": self.headers["authorization"]}).encode()
        self.send_response(self.server.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_arguments):
        """Say nothing."""


@pytest.fixture(scope="module")
def running_desk():
    with RealDesk() as desk:
        thread = threading.Thread(target=desk.serve_forever)
        thread.start()
        yield desk
        desk.shutdown()
        thread.join()


@pytest.fixture
def desk(running_desk, monkeypatch):
    """The real system, which nothing was sent to yet, and its secret in the environment."""
    running_desk.received, running_desk.status = [], 201
    monkeypatch.setenv("DEPUTIZE_SECRET_DESK", REAL_SECRET)
    return running_desk
