"""A project that is served by the real command, and people who call it over real sockets."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest

from deputize.clock import now
from deputize.credentials.passwords import Passwords
from deputize.deployment import open_deployment
from deputize.settings import Settings
from deputize.use_cases.actor import Actor
from deputize.use_cases.set_password import set_password

PROJECT = """
[users.rob]
roles = ["REST Web Service User"]
[users.dana]
roles = ["Company Supervisor"]
[users.mary]
roles = ["Standard User"]
[users.nobody]
roles = []

[roles."REST Web Service User"]
functions = ["rest"]
on = { "Standard User" = ["Use"] }

[endpoints.Tickets]
base_url = "https://tickets.example/"
auth = { type = "basic", user = "svc", password = { secret = "tickets" } }
stand_in = "tickets.toml"

[plans.incidents]
access = { roles = ["REST Web Service User", "Company Supervisor"] }
[plans.incidents.forms.alert]
senders = { roles = ["REST Web Service User", "Company Supervisor"] }
response_options = ["Acknowledge", "Join"]
[plans.incidents.forms.bridge]
senders = { roles = ["Company Supervisor"] }

[plans.incidents.integrations.raise_alert]
auth = "api-key"
action = "CREATE_EVENT"
form = "alert"
script = "raise_alert.py"
[plans.incidents.integrations.simple]
auth = "basic"
action = "CREATE_EVENT_SIMPLE"
form = "alert"
[plans.incidents.integrations.by_url]
auth = "url"
script = "whoami.py"
[plans.incidents.integrations.bridge_by_hand]
auth = "basic"
action = "CREATE_EVENT_SIMPLE"
form = "bridge"
[plans.incidents.integrations.relay]
auth = "basic"
script = "relay.py"
[plans.incidents.integrations.open_bridge]
on = "RESPONSE"
response = "Join"
form = "alert"
script = "open_bridge.py"
[plans.incidents.integrations.note_bridge]
on = "STATUS"
form = "bridge"
script = "note_bridge.py"
[plans.incidents.integrations.again]
on = "STATUS"
form = "loop"
script = "again.py"
[plans.incidents.forms.loop]
"""
SCRIPTS = {
    "raise_alert.py": '''
"""Turn a request into an alert."""

def main(request, form, log):
    posted = form.post(properties=request.json(), recipients=["mary"])
    log.info("posted", status=posted.status_code)
    return posted.json()["requestId"]
''',
    "whoami.py": '''
"""Say who set this off, and whom that person may read."""

def main(initiator, http):
    people = http.get("/api/xm/1/people").json()
    return {"initiator": initiator.id, "sees": [each["targetName"] for each in people["data"]]}
''',
    "open_bridge.py": '''
"""Open a bridge when somebody wants to join, and note it in the ticket in any case."""

def main(callback, http, log):
    opened = http.post("/api/xm/1/plans/incidents/forms/bridge/triggers", json={"properties": {"For": callback.event_id}})
    if opened.refused:
        log.warning("no bridge", reason=opened.reason)
    http.put(f"tickets/{callback.event_properties['Number']}", endpoint="Tickets", json={"joined": callback.recipient})
    return opened.status_code
''',
    "note_bridge.py": '''
"""Note who opened a bridge."""

def main(callback, initiator):
    return {"initiator": initiator.id, "for": callback.event_properties["For"], "status": callback.status}
''',
    "relay.py": '''
"""Set another integration off."""

def main(request, http):
    return http.post(request.json()["path"], json={}).status_code
''',
    "again.py": '''
"""Start the event again that set this off."""

def main(http):
    return http.post("/api/xm/1/plans/incidents/forms/loop/triggers", json={}).status_code
''',
}
STAND_IN = """
[[routes]]
method = "PUT"
path = "/tickets/{ticket}"
"""
#: Seconds that anything here may take at most.
PATIENCE = 30


class Running:
    """A process of ``deputize`` that goes on until it is told to stop; ``told`` is what it says at its start."""

    #: What it is told to do.
    arguments: tuple[str, ...] = ()

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        environment: dict[str, str] | None = None,
        under: Sequence[str | Path] = (),
    ) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._arguments = arguments
        self._environment = environment or {}
        #: What runs the command, as `unshare …` does.
        self._under = under
        self._process: subprocess.Popen[str] | None = None
        self.told: dict[str, Any] = {}

    def start(self) -> None:
        """Start it, and wait until it says that it works."""
        self._stderr = (self.folder / "stderr.txt").open("a")
        self._process = subprocess.Popen(
            [
                *self._under,
                *(sys.executable, "-m", "deputize", *self.arguments, "--json"),
                *("--project", self.folder, "--data", self.data, *self._arguments),
            ],
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            text=True,
            env={**os.environ, **self._environment},
        )
        line = self._process.stdout.readline()
        assert line, (self.folder / "stderr.txt").read_text()
        self.told = json.loads(line)

    @property
    def process_id(self) -> int:
        """Its process."""
        return self._process.pid

    def stop(self, *, kill: bool = False) -> int:
        """End it and return its exit code."""
        if self._process is None:
            return 0
        self.signal(signal.SIGKILL if kill else signal.SIGTERM)
        return self.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def wait(self) -> int:
        """Wait until it has ended, and return its exit code."""
        code = self._process.wait(PATIENCE)
        self._process.stdout.close()
        self._stderr.close()
        self._process = None
        return code


class Working(Running):
    """A worker beside a server."""

    arguments = ("work",)


class Served(Running):
    """A running server; ``as_(name)`` is a client that signs in as somebody."""

    arguments = ("serve", "--port", "0", "--stand-ins")

    def command(self, *arguments: str, input_: str = "") -> subprocess.CompletedProcess[str]:
        """Run ``deputize`` on this project and its data."""
        done = subprocess.run(
            [sys.executable, "-m", "deputize", *arguments, "--project", self.folder, "--data", self.data],
            input=input_,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            env={**os.environ, **self._environment},
        )
        assert done.returncode == 0, done.stderr
        return done

    def client(self, **options: Any) -> httpx.Client:
        """A client of the server's address."""
        return httpx.Client(base_url=self.told["url"], timeout=PATIENCE, trust_env=False, **options)

    def as_(self, name: str) -> httpx.Client:
        """A client that sends the name and password of *name*."""
        return self.client(auth=(name, f"password of {name}"))

    def path(self, integration: str) -> str:
        """Where requests to an inbound integration go."""
        [url] = [each["url"] for each in self.told["integrations"] if each["name"] == integration]
        return url

    def key(self, integration: str, user: str) -> dict[str, str]:
        """Issue a key of *user* to an integration."""
        return json.loads(
            self.command(
                *("key", "create", "--integration", integration, "--for", user, "--json"),
                *("--url", self.told["url"]),
            ).stdout
        )

    def runs(self, *, as_: str = "dana", **filters: str) -> list[dict[str, Any]]:
        """The runs that *as_* may see, the newest first."""
        with self.as_(as_) as client:
            answer = client.get("/api/v1/runs", params=filters)
            assert answer.status_code == 200, answer.text
            return answer.json()["data"]

    def run_of(self, name: str, number: int = 1) -> dict[str, Any]:
        """The newest run of an integration that has had *number* of them, when it has ended."""

        def look() -> list[dict[str, Any]] | None:
            found = [each for each in self.runs() if each["name"] == name]
            return found if len(found) >= number else None

        return self.run(until(look)[0]["id"])

    def run(self, run_id: str) -> dict[str, Any]:
        """The run of that id, when it has ended, with its ``activity``."""
        with self.as_("dana") as client:
            run = until(lambda: ended(client.get(f"/api/v1/runs/{run_id}").json()))
            entries = client.get(f"/api/v1/runs/{run_id}/activity").json()["data"]
        return {**run, "activity": entries}


METRICS = {"DEPUTIZE_METRICS_TOKEN": "token of whoever watches"}


def answered_within(client: httpx.Client, seconds: str) -> tuple[float, float]:
    """How many inbound requests the server has answered within *seconds* by its own clock, and how many in all."""
    token = METRICS["DEPUTIZE_METRICS_TOKEN"]
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {token}"}, auth=None)
    counted = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    within = counted[f'deputize_request_seconds_bucket{{le="{seconds}",surface="inbound"}}']
    return float(within), float(counted['deputize_request_seconds_count{surface="inbound"}'])


async def set_passwords(data: Path, *names: str, store: str | None = None) -> None:
    """Give each of *names* the password that ``Served.as_`` sends."""
    passwords = Passwords()
    async with open_deployment(Settings(store=store), folder=data, clock=now) as deployment:
        for name in names:
            await set_password(
                deployment.database,
                Actor.operator(),
                hasher=passwords,
                user=name,
                password=f"password of {name}",
            )
    await passwords.close()


def ended(run: dict[str, Any]) -> dict[str, Any] | None:
    return run if run.get("state") not in (None, "QUEUED", "RUNNING") else None


def until(look: Callable[[], Any]) -> Any:
    """Return what *look* finds as soon as it finds something."""
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        found = look()
        if found:
            return found
        sleep(0.02)
    raise AssertionError("it did not happen in time")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "deputize.toml").write_text(PROJECT)
    (tmp_path / "tickets.toml").write_text(STAND_IN)
    for name, text in SCRIPTS.items():
        (tmp_path / name).write_text(text.lstrip())
    return tmp_path


@pytest.fixture
def served(project: Path) -> Iterator[Served]:
    server = Served(project)
    server.start()
    asyncio.run(set_passwords(server.data, "rob", "dana", "mary", "nobody"))
    try:
        yield server
    finally:
        server.stop(kill=True)
