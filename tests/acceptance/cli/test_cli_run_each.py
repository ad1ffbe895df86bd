"""``deputize run --as dana,rob`` and ``--watch``: the loop of who writes a script."""

import re
import signal
import subprocess
import sys

import pytest

ACKNOWLEDGE = ("acknowledge", "--payload", "samples/acknowledge.json", "--stand-ins")


def test_the_calls_of_several_users_stand_side_by_side(deputize):
    ended = deputize("run", *ACKNOWLEDGE, "--as", "dana, rob", "--plain")

    assert (ended.code, ended.err) == (0, "")
    assert [re.split(r" {2,}", line.strip()) for line in ended.out.splitlines()] == [
        ["Call", "Endpoint", "Path", "as dana", "as rob"],
        ["GET", "platform", "/api/xm/1/people/mmcbride", "200", "403 refused"],
        ["PUT", "EasyVista", "/api/v1/70049/requests/INC0010001", "200", "200"],
        ["result", "null", "null"],
        ["state", "COMPLETED", "COMPLETED"],
        [""],
        ["exit 0"],
    ]


def test_a_call_that_only_one_made_stands_where_it_was_made(deputize, add_script):
    script = add_script(
        "choosy",
        "def main(http, initiator):\n"
        '    http.get("/a")\n'
        '    if initiator.id == "rob":\n'
        '        http.get("/b?x=1")\n'
        '    http.get("/a")\n'
        '    return {"who": initiator.id}\n',
    )
    ended = deputize("run", script, "--as", "dana,rob", "--plain")

    assert [re.split(r" {2,}", line.strip()) for line in ended.out.splitlines()][1:6] == [
        ["GET", "platform", "/a", "404", "404"],
        ["GET", "platform", "/b?x=1", "not made", "404"],
        ["GET", "platform", "/a", "404", "404"],
        ["result.who", '"dana"', '"rob"'],
        ["state", "COMPLETED", "COMPLETED"],
    ]


def test_json_is_a_list_of_runs_and_the_worst_code_ends_it(deputize):
    ended = deputize("run", *ACKNOWLEDGE, "--as", "dana,rob", "--json", "--strict")

    assert ended.code == 3
    assert [(run["initiator"]["id"], run["state"]) for run in ended.json] == [
        ("dana", "COMPLETED"),
        ("rob", "COMPLETED"),
    ]


def test_no_user_finds_what_another_has_changed(deputize, project, add_script):
    with (project / "deputize.toml").open("a", encoding="utf-8") as file:
        file.write('[users.ana]\nroles = ["Company Supervisor"]\n')
    person = '{"targetName": "new", "firstName": "N", "lastName": "N", "roles": ["REST Web Service User"]}'
    script = add_script(
        "twice",
        f"def main(http):\n    return http.post('/api/xm/1/people', json={person}).status_code\n",
    )
    ended = deputize("run", script, "--as", "dana,ana", "--json")

    assert [run["result"] for run in ended.json] == [201, 201]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("--as", "dana,rob", "--record", "x"),
            "--record keeps one run, and --as names several users. Name one.",
        ),
        (
            ("--as", "dana", "--watch", "--json"),
            "--watch has no end; it excludes --record, --json and --ndjson.",
        ),
        (
            ("--as", "dana", "--watch", "--payload", "-"),
            "--watch reads the payload again and again. Give a file.",
        ),
    ],
)
def test_what_cannot_be_had_together_is_a_usage_error(deputize_here, project, options, message):
    ended = deputize_here(project)("run", "acknowledge", *options)

    assert ended.code == 2
    assert message in ended.err


def test_watch_runs_again_after_each_change_and_ends_with_ctrl_c(deputize, project, add_script):
    script = add_script("said", "def main():\n    return 'first'\n")
    with subprocess.Popen(
        [sys.executable, "-m", "deputize", "run", script, "--as", "dana", "--watch", "--plain"],
        cwd=project,
        env=deputize.environment(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:

        def until(end: str) -> str:
            text = ""
            for line in process.stdout:
                text += line
                if end in line:
                    return text
            raise AssertionError(text)

        first = until("Watching the project for changes. Ctrl-C ends it.")
        add_script("said", "def main(:\n")
        wrong = until("Watching")
        add_script("said", "def main():\n    return 'second'\n")
        second = until("Watching")
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()

    assert '"first"' in first
    assert "said.py changed." in wrong
    assert "error[SCRIPT_REJECTED]" in wrong
    assert '"second"' in second
    assert (process.returncode, rest) == (130, "")
