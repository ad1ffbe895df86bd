"""Retries and dead letters on a real server: what fails is tried again by itself, and then by hand."""

import json
import subprocess
import sys

import pytest

from .conftest import PATIENCE, Served, until

#: Fails for who sees nobody else, and so can be mended while it is tried.
FLAKY = '''
"""Fail while there is nobody but me."""

def main(initiator, http, request):
    people = http.get("/api/xm/1/people").json()["data"]
    if len(people) < 2:
        raise ValueError("nobody else is there yet")
    return {"initiator": initiator.id, "request": request.request_id}
'''
#: wim may sign in, and sees nobody but himself.
MORE = """
[roles.Watcher]
functions = ["login"]
[users.wim]
roles = ["Watcher"]

[plans.flaky.integrations.flaky]
auth = "url"
script = "flaky.py"
retries = { tries = 2, first_seconds = 1 }
"""


@pytest.fixture
def project(project):
    (project / "flaky.py").write_text(FLAKY.lstrip())
    text = (project / "deputize.toml").read_text()
    (project / "deputize.toml").write_text(text + MORE)
    return project


@pytest.fixture
def served(served):
    served.command("user", "password", "wim", input_="password of wim")
    return served


@pytest.fixture
def trigger(served):
    """Sets the integration off as wim, and returns the id of the run."""
    url = served.key("flaky", "wim")["url"]

    def trigger() -> str:
        with served.client() as client:
            answer = client.post(url, json={"n": 1})
        assert answer.status_code == 202
        return answer.json()["requestId"]

    return trigger


def retry_of(served: Served, run_id: str) -> dict:
    """The run that tries *run_id* again, when it has ended."""
    [retry] = until(lambda: served.runs(retry_of=run_id))
    return served.run(retry["id"])


def letters(served: Served) -> list[dict]:
    return json.loads(served.command("dead-letters", "--json").stdout)["data"]


def refused(served: Served, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "deputize", "dead-letters", *arguments),
            *("--project", served.folder, "--data", served.data),
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_what_fails_is_tried_again_given_up_and_done_again_by_hand(served, trigger):
    first = trigger()
    second = retry_of(served, first)

    assert served.run(first)["state"] == "FAILED"
    assert (second["state"], second["tries"]) == ("FAILED", 2)
    assert second["error"]["message"] == "nobody else is there yet"
    assert second["initiator"] == served.run(first)["initiator"]
    assert second["activity"][0]["retry_of"] == first
    [letter] = letters(served)
    assert (letter["id"], letter["given_up_because"]) == (second["id"], "Try 2 of 2 has failed.")
    shown = served.command("show", second["id"], "--plain")
    assert f"try 2, after run {first} failed" in shown.stdout
    assert "Not tried again: Try 2 of 2 has failed." in shown.stderr
    assert f"Tried again: deputize show {second['id'][:8]}" in served.command("show", first).stderr

    with served.as_("dana") as dana:
        dana.patch("/api/v1/users/wim", json={"roles": ["Watcher", "Company Supervisor"]}).raise_for_status()
    done = served.command("dead-letters", "retry", second["id"], "--plain")

    [again] = until(lambda: served.runs(replay_of=second["id"]))
    again = served.run(again["id"])
    assert done.stdout == f"run {second['id'][:8]} is done again by run {again['id'][:8]}\n"
    assert (again["state"], again["result"]["initiator"]) == ("COMPLETED", "wim")
    assert letters(served) == []


def test_all_are_dismissed_by_one_command_and_only_when_that_is_said(served, trigger):
    ids = [retry_of(served, trigger())["id"] for _ in range(2)]

    unsaid = refused(served, "dismiss")
    both = refused(served, "dismiss", ids[0], "--all")
    narrowed = refused(served, "dismiss", ids[0], "--integration", "flaky")
    other = served.command("dead-letters", "dismiss", "--all", "--integration", "by_url")
    done = json.loads(served.command("dead-letters", "dismiss", "--all", "--json").stdout)
    again = refused(served, "dismiss", ids[0], "--json")

    assert unsaid.returncode == both.returncode == narrowed.returncode == 2
    assert "name the runs, or say --all" in unsaid.stderr
    assert other.stderr == "No dead letters.\n"
    assert done["data"] == [{"run": each, "done": {}} for each in ids]
    assert letters(served) == []
    assert again.returncode == 1
    assert json.loads(again.stdout)["data"] == [
        {
            "run": ids[0],
            "refused": "The run is FAILED and no dead letter, or somebody has seen to it already.",
            "code": "CONFLICT",
        }
    ]


def test_over_http_it_is_listed_retried_once_and_dismissed(served, trigger):
    letter = retry_of(served, trigger())["id"]

    with served.as_("wim") as wim, served.as_("mary") as mary:
        listed = wim.get("/api/v1/dead-letters").json()["data"]
        unseen = mary.get("/api/v1/dead-letters").json()["data"]
        not_hers = mary.post(f"/api/v1/dead-letters/{letter}/retries")
        accepted = wim.post(f"/api/v1/dead-letters/{letter}/retries", headers={"Idempotency-Key": "k"})
        repeated = wim.post(f"/api/v1/dead-letters/{letter}/retries", headers={"Idempotency-Key": "k"})
        gone = wim.post(f"/api/v1/dead-letters/{letter}/retries")
    new = accepted.json()["id"]
    served.run(new)
    second = retry_of(served, new)["id"]
    with served.as_("dana") as dana:
        dismissed = dana.delete(f"/api/v1/dead-letters/{second}")
        once_more = dana.delete(f"/api/v1/dead-letters/{second}")

    assert [each["id"] for each in listed] == [letter]
    assert unseen == []
    assert not_hers.status_code == 404
    assert accepted.status_code == 202
    assert accepted.headers["Location"] == f"/api/v1/runs/{new}"
    assert accepted.json() == {"id": new, "replay_of": letter}
    assert (repeated.json()["id"], repeated.headers["Idempotency-Replayed"]) == (new, "true")
    assert (gone.status_code, gone.json()["code"]) == (409, "CONFLICT")
    assert (dismissed.status_code, once_more.status_code) == (204, 409)
