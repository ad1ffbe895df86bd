"""Servers and workers on one PostgreSQL: whoever accepts a run, and whoever performs it."""

import asyncio
import subprocess
import sys
from contextlib import contextmanager

import pytest

from deputize.settings import Settings

from .conftest import PATIENCE, Served, Working, set_passwords, until


@pytest.fixture
def environment(postgresql_url, monkeypatch):
    """What all processes of the deployment have in common."""
    settings = {"DEPUTIZE_STORE": postgresql_url, "DEPUTIZE_KEY": f"{'A' * 43}="}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert Settings.read().store == postgresql_url
    return settings


@contextmanager
def worker(project, *arguments):
    """A worker beside the server, from the moment when it says that it works."""
    working = Working(project, *arguments)
    working.start()
    try:
        yield working
    finally:
        working.stop()


@pytest.fixture
def server(project, environment):
    """A server that performs nothing itself."""
    server = Served(project, "--concurrency", "0", environment=environment)
    server.start()
    try:
        asyncio.run(set_passwords(server.data, "rob", "dana", "mary", store=environment["DEPUTIZE_STORE"]))
        yield server
    finally:
        server.stop(kill=True)


def trigger(server, user="dana"):
    with server.as_(user) as client:
        answer = client.post(server.path("simple"), json={"properties": {"Number": "INC1"}})
        assert answer.status_code == 202, answer.text
        return answer.json()["requestId"]


def test_what_a_server_accepts_is_performed_by_a_worker(server, project):
    accepted = trigger(server)
    with worker(project, "--concurrency", "3") as working:
        run = server.run(accepted)

    assert working.told["concurrency"] == 3
    assert (run["state"], run["initiator"]["id"]) == ("COMPLETED", "dana")
    assert "form.posted" in [each["kind"] for each in run["activity"]]


def test_a_worker_that_is_told_to_stop_leaves_what_comes_to_others(server, project):
    with worker(project) as stopped:
        assert stopped.stop() == 0
        accepted = trigger(server)
        with worker(project):
            assert server.run(accepted)["state"] == "COMPLETED"


def test_a_killed_worker_is_found_out_and_its_name_goes(server, project):
    with worker(project) as killed, worker(project) as other:
        killed.stop(kill=True)
        accepted = trigger(server)
        assert server.run(accepted)["state"] == "COMPLETED"
        assert killed.told["worker"] != other.told["worker"]


def test_a_worker_serves_the_canned_routes_to_the_runs_that_it_performs(server, project):
    with worker(project, "--stand-ins") as working:
        with server.as_("dana") as dana, server.as_("mary") as mary:
            dana.post(
                "/api/xm/1/plans/incidents/forms/alert/triggers",
                json={"properties": {"Number": "INC1"}, "recipients": [{"id": "mary"}]},
            ).raise_for_status()
            [event] = dana.get("/api/xm/1/events").json()["data"]
            answer = mary.post(f"/api/xm/1/events/{event['id']}/responses", json={"response": "Join"})
            answer.raise_for_status()
        run = server.run_of("open_bridge")

    [ticket] = [each for each in run["activity"] if each.get("endpoint") == "Tickets"]
    assert (run["state"], ticket["statusCode"]) == ("COMPLETED", 200)
    assert ticket["request"]["url"] == f"{working.told['stand_ins']['Tickets']}/tickets/INC1"


def test_on_sqlite_a_worker_beside_the_server_is_refused(served):
    refused = subprocess.run(
        [sys.executable, "-m", "deputize", "work", "--project", served.folder, "--data", served.data],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.splitlines()[-1] == (
        "error[WORKER_ALONE]: A worker beside the server needs a database that several processes can write to: "
        f"PostgreSQL, in DEPUTIZE_STORE. On sqlite+aiosqlite:///{served.data}/deputize.db `deputize serve` "
        "performs all runs by itself."
    )
    assert until(lambda: served.told)
