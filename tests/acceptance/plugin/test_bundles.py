"""``--deputize-record`` as a tester meets it: recorded once, offline from then on, and what a failure says."""

import json
import subprocess
import sys

import pytest

TEST = """
def test_it(deputize_run):
    run = deputize_run("tell", payload={}, bundle="told", as_user="dana")
    assert run.result == ["dana", 201], run.result
"""


@pytest.fixture
def file(desk, session, tmp_path):
    """The bundle ``told`` of a project whose Desk is the real one."""
    (tmp_path / "deputize.toml").write_text(desk.project, encoding="utf-8")
    return tmp_path / "bundles" / "told.deputize"


def test_a_run_is_recorded_once_and_from_then_on_nothing_is_sent(session, desk, file, monkeypatch):
    before = session(TEST)
    first = session(TEST, "--deputize-record=missing", "-v")
    sent, written = list(desk.received), file.read_bytes()
    monkeypatch.delenv("DEPUTIZE_SECRET_DESK")
    again = session(TEST, "--deputize-record=missing")
    offline = session(TEST)

    assert (
        "BundleMissing: bundles/told.deputize: no such bundle. Bundles there: none. Fetch one with "
        "`deputize bundle pull`, or record it once from the real system: pytest --deputize-record=missing."
    ) in before.out
    assert sent == [("/api/notes", {"name": "dana"})]
    assert "deputize: calls that their bundles have no answer to are really sent, and recorded" in first.out
    assert "bundles/told.deputize: 2 exchanges as dana" in first.out
    assert [each.code for each in (first, again, offline)] == [0, 0, 0], again.out + offline.out
    assert (desk.received, file.read_bytes()) == (sent, written)
    assert "deputize: recorded" not in again.out


def test_what_was_recorded_is_a_bundle_that_replays(session, file):
    session(TEST, "--deputize-record=all")
    ended = subprocess.run(
        [sys.executable, "-m", "deputize", "replay", str(file), "--json"], capture_output=True, check=False
    )

    assert [each["verdict"] for each in json.loads(ended.stdout)["data"]] == ["identical"]


def test_a_call_that_is_not_the_recorded_one_fails_the_test_and_shows_the_difference(
    session, desk, file, tmp_path
):
    session(TEST, "--deputize-record=missing")
    desk.received.clear()
    script = tmp_path / "tell.py"
    text = script.read_text(encoding="utf-8")
    script.write_text(text.replace('"name": name', '"name": name, "by": "script"'), encoding="utf-8")
    ended = session(TEST)

    assert "UnmockedCall: POST Desk /notes" in ended.out
    assert "bundles/told.deputize has another record of that address:" in ended.out
    assert '+   "by": "script",\n' in ended.out
    assert "Or record it once from the real system: pytest --deputize-record=missing" in ended.out
    assert desk.received == []


def test_processes_side_by_side_record_into_one_file_and_each_finds_it_whole(session, desk, file):
    tests = "".join(TEST.replace("test_it", f"test_{number}") for number in range(4))
    together = session(tests, "--deputize-record=all", "-n", "2")
    offline = session(tests, "-n", "2")

    assert [each.counted("passed") for each in (together, offline)] == [4, 4], together.out + offline.out
    assert together.out.count("bundles/told.deputize: 2 exchanges as dana") == 4
    assert len(desk.received) == 4
    assert [each.name for each in file.parent.iterdir()] == [file.name]
