"""Live replay over real sockets, by the command: the calls are made again, as whoever it is now."""

import json
import subprocess
import sys

import pytest

from .conftest import PATIENCE, Served

#: fay may do what dana may, and replay runs as their initiators.
FAY = """
[users.fay]
roles = ["Company Supervisor", "Full Access User"]
"""


@pytest.fixture
def project(project):
    text = (project / "deputize.toml").read_text()
    (project / "deputize.toml").write_text(text + FAY)
    return project


@pytest.fixture
def replaying(served: Served) -> Served:
    served.command("user", "password", "fay", input_="password of fay")
    return served


def rerun(served, run_id, user, *options, url=None):
    """Run ``deputize rerun`` as *user*, whose password is read from stdin."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "deputize", "rerun", url or f"{served.told['url']}/runs/{run_id}"),
            *("--user", user, *options),
        ],
        input=f"password of {user}",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def whoami(served, user):
    """Set ``by_url`` off as *user*; return the run, which says whom that person sees."""
    with served.client() as client:
        accepted = client.post(served.key("by_url", user)["url"], json={"n": 1})
    assert accepted.status_code == 202
    return served.run(accepted.json()["requestId"])


def replay_of(served, run, user, *options):
    """Replay *run* by the command and return the new run, when it has ended."""
    done = rerun(served, run["id"], user, "--json", *options)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told == {"id": told["id"], "replay_of": run["id"]}
    return served.run(told["id"])


def test_a_run_is_done_again_with_the_authority_of_who_replays_it(replaying):
    old = whoami(replaying, "rob")
    assert old["result"] == {"initiator": "rob", "sees": ["mary", "rob"]}

    own = replay_of(replaying, old, "dana")
    robs = replay_of(replaying, old, "fay", "--as-initiator")

    assert own["result"] == {"initiator": "dana", "sees": ["dana", "fay", "mary", "nobody", "rob"]}
    assert robs["result"] == old["result"]
    started, request, *_ = robs["activity"]
    assert (started["kind"], started["initiator"]) == ("run.started", {"id": "rob", "via": "replay"})
    assert (started["replay_of"], started["replayed_by"]) == (old["id"], "fay")
    assert (request["kind"], request["body"]) == ("inbound.request", {"n": 1})
    after = replaying.run(old["id"])
    assert set(after["replays"]) == {own["id"], robs["id"]}
    assert after["activity"] == old["activity"]
    records = replaying.command("audit", "--action", "run.replayed", "--json").stdout
    assert [(each["actor"], each["detail"]["initiator"]) for each in json.loads(records)["data"]] == [
        ("fay", "rob"),
        ("dana", "dana"),
    ]


def test_what_an_event_has_set_off_is_really_done_again(replaying):
    with replaying.as_("dana") as dana:
        dana.post(
            "/api/xm/1/plans/incidents/forms/alert/triggers",
            json={"properties": {"Number": "INC1"}, "recipients": [{"id": "mary"}]},
        ).raise_for_status()
        [event] = dana.get("/api/xm/1/events").json()["data"]
    with replaying.as_("mary") as mary:
        mary.post(f"/api/xm/1/events/{event['id']}/responses", json={"response": "Join"}).raise_for_status()
    first = replaying.run_of("note_bridge")
    old = replaying.run_of("open_bridge")

    new = replay_of(replaying, old, "fay")

    assert (new["result"], new["event_id"], new["initiator"]["id"]) == (202, old["event_id"], "fay")
    again = replaying.run_of("note_bridge", 2)
    assert again["id"] != first["id"]
    assert again["result"] == {"initiator": "fay", "for": event["eventId"], "status": "active"}


def test_whoever_may_not_is_told_so_and_nothing_is_called(replaying):
    old = whoami(replaying, "rob")

    unseen = rerun(replaying, old["id"], "mary")
    absent = rerun(replaying, old["id"].translate(str.maketrans("0123456789", "1234567890")), "mary")
    no_login = rerun(replaying, old["id"], "rob")
    without = rerun(replaying, old["id"], "dana", "--as-initiator")
    replaying.command("user", "disable", "rob")
    disabled = rerun(replaying, old["id"], "fay", "--as-initiator")

    for done in (unseen, absent):
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("error[SERVER_REFUSED]: http://")
        assert "/replays: NOT_FOUND: There is no run " in done.stderr
    for done, why in (
        (no_login, "LOGIN_NOT_PERMITTED: The account may not log in."),
        (without, "NOT_PERMITTED: dana may not replay a run as rob, its initiator (function login: yes, "),
        (
            disabled,
            "NOT_PERMITTED: The run is not replayed as rob, its initiator: that account is not active",
        ),
    ):
        assert (done.returncode, done.stdout) == (5, "")
        assert why in done.stderr
    denied = [each for each in replaying.runs() if each["id"] != old["id"]]
    assert [(each["state"], each["initiator"]["id"]) for each in denied] == [
        ("DENIED", "fay"),
        ("DENIED", "dana"),
    ]


def test_the_terminal_says_which_run_does_what_again(replaying):
    old = whoami(replaying, "rob")

    done = rerun(
        replaying, old["id"], "dana", "--plain", url=f"{replaying.told['url']}/api/v1/runs/{old['id']}"
    )

    [line] = done.stdout.splitlines()
    new = line.split()[1]
    assert line == f"run {new} replays {old['id']} live, as dana"
    assert done.stderr == f"It is at {replaying.told['url']}/api/v1/runs/{new}\n"
    replaying.run(new)
    shown = replaying.command("show", new, "--plain").stdout
    assert f"live replay of run {old['id']}, asked for by dana" in shown
    assert f"Replayed live: deputize show {new[:8]}" in replaying.command("show", old["id"]).stderr
    assert "inbound, replay" in replaying.command("runs", "--plain").stdout


def test_a_live_replay_is_a_bundle_like_every_run_and_replays_offline(replaying, tmp_path):
    new = replay_of(replaying, whoami(replaying, "rob"), "fay", "--as-initiator")
    bundle = tmp_path / "replay.deputize"

    pulled = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "deputize",
                "bundle",
                "pull",
                f"{replaying.told['url']}/runs/{new['id']}",
            ),
            *("--user", "fay", "--out", str(bundle)),
        ],
        input="password of fay",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    again = subprocess.run(
        [sys.executable, "-m", "deputize", "replay", str(bundle), "--json"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert (pulled.returncode, again.returncode) == (0, 0), pulled.stderr + again.stderr
    run = json.loads(bundle.read_text())["run"]
    assert (run["replay_of"], run["replayed_by"]) == (new["replay_of"], "fay")


@pytest.mark.parametrize(
    ("url", "code", "message"),
    [
        (
            "https://deputize.example/",
            2,
            "error[ADDRESS_INVALID]: https://deputize.example/: not the address of",
        ),
        ("file:///runs/1", 2, "error[ADDRESS_INVALID]: file:///runs/1: not the address of a run. Write "),
        (
            "http://127.0.0.1:9/runs/1",
            7,
            "error[SERVER_UNREACHABLE]: http://127.0.0.1:9/api/v1/runs/1/replays: ",
        ),
    ],
    ids=["no run", "no server", "no answer"],
)
def test_an_address_that_is_none_or_does_not_answer_is_told(url, code, message):
    done = rerun(None, "", "dana", url=url)

    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(message)
