"""``deputize run``: the stream that is shown, the JSON, and the exit codes."""

import json
import os
import pty
import re
import signal
import subprocess
import sys

import jsonschema
import pytest

ACKNOWLEDGE = ("--payload", "samples/acknowledge.json", "--stand-ins")
REASON = "UNAUTHORIZED_ACCESS_ERROR: User does not have the permission to access this service/functionality."


def normalised(text: str) -> str:
    """Put fixed values in the place of ids, hashes and times."""
    text = re.sub(r"^run \S+", "run ID", text, flags=re.MULTILINE)
    text = re.sub(r"@[0-9a-f]{6}", "@HASH", text)
    text = re.sub(r"^ +\d+\.\d{3}  ", "    0.000  ", text, flags=re.MULTILINE)
    return re.sub(r"\d+ ms", "N ms", text)


def test_one_who_may_read_the_responder_sees_every_call_succeed(deputize):
    ended = deputize("run", "acknowledge", "--as", "dana", *ACKNOWLEDGE)

    assert (ended.code, ended.err) == (0, "")
    assert normalised(ended.out) == (
        "run ID  acknowledge@HASH  RESPONSE  as dana (via cli)\n"
        "\n"
        "    0.000  ▶ inbound                callback, 270 bytes\n"
        "    0.000  ✓ 200 OK                 platform  GET /api/xm/1/people/mmcbride"
        "   N ms   acknowledge:14   as dana\n"
        "    0.000  ✓ 200 OK                 EasyVista (stand-in)  PUT /api/v1/70049/requests/INC0010001"
        "   N ms   acknowledge:22   as the service account\n"
        '    0.000  · log                    EasyVista answered  ticket="INC0010001"  status=200'
        "   acknowledge:27\n"
        "    0.000  = result                 null\n"
        "    0.000  ■ finished COMPLETED   N ms   http N ms   script N ms\n"
        "\n"
        "The stand-in for EasyVista received 1 request.\n"
        '  PUT /api/v1/70049/requests/INC0010001, answered 200  {"AVAILABLE_FIELD_1": "mmcbride"}\n'
        "\n"
        "COMPLETED. 2 calls.   exit 0\n"
    )


def test_one_who_may_not_sees_one_refusal_explained_and_the_script_go_on(deputize):
    ended = deputize("run", "acknowledge", "--as", "rob", *ACKNOWLEDGE)

    assert (ended.code, ended.err) == (0, "")
    assert normalised(ended.out) == (
        "run ID  acknowledge@HASH  RESPONSE  as rob (via cli)\n"
        "\n"
        "    0.000  ▶ inbound                callback, 270 bytes\n"
        "    0.000  ✗ 403 FORBIDDEN refused  platform  GET /api/xm/1/people/mmcbride"
        "   N ms   acknowledge:14   as rob\n"
        f"             {REASON}\n"
        "             rob needs: View or Use on role Standard User\n"
        "             would pass: role Company Supervisor\n"
        "    0.000  · log warning            cannot read the responder  status=403"
        f'  reason="{REASON}"   acknowledge:18\n'
        "    0.000  ✓ 200 OK                 EasyVista (stand-in)  PUT /api/v1/70049/requests/INC0010001"
        "   N ms   acknowledge:22   as the service account\n"
        '    0.000  · log                    EasyVista answered  ticket="INC0010001"  status=200'
        "   acknowledge:27\n"
        "    0.000  = result                 null\n"
        "    0.000  ■ finished COMPLETED   N ms   http N ms   script N ms\n"
        "\n"
        "The stand-in for EasyVista received 1 request.\n"
        '  PUT /api/v1/70049/requests/INC0010001, answered 200  {"AVAILABLE_FIELD_1": "mmcbride"}\n'
        "\n"
        "COMPLETED. 1 of 2 calls was refused; the script went on.   exit 0 (--strict would exit 3)\n"
    )


@pytest.mark.parametrize("how", ["--plain", "TERM"])
def test_without_symbols_words_say_the_same(deputize, how):
    arguments = ("run", "acknowledge", "--as", "rob", *ACKNOWLEDGE)
    ended = deputize(*arguments, "--plain") if how == "--plain" else deputize(*arguments, TERM="dumb")

    assert "REFUSED 403 FORBIDDEN" in ended.out
    assert ended.out.isascii()


def test_json_is_one_document_that_fits_the_published_schema(deputize):
    ended = deputize("run", "acknowledge", "--as", "rob", *ACKNOWLEDGE, "--json")
    schema = deputize("schema", "run").json

    assert (ended.code, ended.err) == (0, "")
    jsonschema.validate(ended.json, schema)


def test_json_tells_who_was_refused_what_and_who_would_pass(deputize):
    document = deputize("run", "acknowledge", "--as", "rob", *ACKNOWLEDGE, "--json").json

    (refusal,) = document["refusals"]
    assert document["state"] == "COMPLETED"
    assert document["initiator"] == {"id": "rob", "via": "cli"}
    assert refusal["statusCode"] == 403
    assert refusal["statusMessage"] == "FORBIDDEN"
    assert refusal["reason"] == REASON
    assert refusal["explain"] == {
        "initiator": "rob",
        "needs": ["View or Use on role Standard User"],
        "would_pass": ["role Company Supervisor"],
        "source": "platform",
    }


def test_json_with_stand_ins_tells_what_they_received(deputize):
    document = deputize("run", "acknowledge", "--as", "rob", *ACKNOWLEDGE, "--json").json

    (request,) = document["stand_ins"]["EasyVista"]
    assert "‹redacted›" in request["headers"]["authorization"]
    assert {name: request[name] for name in ("method", "path", "query", "body", "status")} == {
        "method": "PUT",
        "path": "/api/v1/70049/requests/INC0010001",
        "query": "",
        "body": {"AVAILABLE_FIELD_1": "mmcbride"},
        "status": 200,
    }


def test_json_without_stand_ins_says_nothing_of_them(deputize, add_script):
    script = add_script("idle", "def main():\n    return 1\n")
    document = deputize("run", script, "--as", "rob", "--json").json

    assert "stand_ins" not in document


def test_ndjson_is_one_entry_a_line_and_each_fits_the_published_schema(deputize):
    ended = deputize("run", "acknowledge", "--as", "rob", *ACKNOWLEDGE, "--ndjson")
    schema = deputize("schema", "activity").json
    entries = [json.loads(line) for line in ended.out.splitlines()]

    for entry in entries:
        jsonschema.validate(entry, schema)
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry["kind"] for entry in entries] == [
        "run.started",
        "inbound.request",
        "http.exchange",
        "permission.denied",
        "log",
        "http.exchange",
        "log",
        "result",
        "run.finished",
    ]


def test_entries_are_written_while_the_script_runs(deputize, add_script):
    script = add_script("slow", 'def main(log, clock):\n    log.info("first")\n    clock.sleep(30)\n')
    process = subprocess.Popen(
        [sys.executable, "-m", "deputize", "run", script, "--as", "rob", "--ndjson"],
        cwd=deputize.folder,
        env=deputize.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        kinds = [json.loads(process.stdout.readline())["kind"] for _ in range(3)]
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)

    assert kinds == ["run.started", "inbound.request", "log"]
    assert process.returncode == 130
    assert err.decode() == "Interrupted: the script was stopped.\n"


def test_the_strict_script_fails_with_a_traceback_of_its_own_lines(deputize):
    ended = deputize("run", "acknowledge_strict", "--as", "rob", *ACKNOWLEDGE)

    lines = normalised(ended.out).splitlines()
    assert ended.code == 1
    assert lines[-1] == "FAILED. 1 of 1 call was refused.   exit 1"
    assert "No stand-in received a request." in lines
    assert lines[7:10] == [
        f"    0.000  ‼ failed                 RuntimeError: cannot read mmcbride: {REASON}"
        "   acknowledge_strict:16",
        "             acknowledge_strict:16, in main",
        '                 raise RuntimeError(f"cannot read {callback.recipient}: '
        '{person.reason or person.status_code}")',
    ]


@pytest.mark.parametrize(
    ("user", "script", "options", "code"),
    [
        ("dana", "acknowledge", (), 0),
        ("dana", "acknowledge", ("--strict",), 0),
        ("rob", "acknowledge", (), 0),
        ("rob", "acknowledge", ("--strict",), 3),
        ("dana", "acknowledge_strict", (), 0),
        ("rob", "acknowledge_strict", (), 1),
        ("rob", "acknowledge_strict", ("--strict",), 1),
    ],
)
def test_the_exit_code_says_how_the_run_ended(deputize, user, script, options, code):
    assert deputize("run", script, "--as", user, *ACKNOWLEDGE, *options).code == code


def test_a_limit_ends_with_4_and_names_the_setting(deputize, add_script, project):
    with (project / "deputize.toml").open("a", encoding="utf-8") as file:
        file.write("\n[limits]\ncalls = 3\n")
    script = add_script(
        "endless",
        'def main(http, log):\n    log.info("here")\n    while True:\n        http.get("/api/xm/1/people")\n',
    )
    ended = deputize("run", script, "--as", "rob")

    assert ended.code == 4
    assert "‼ stopped at a limit: calls" in ended.out
    assert "limits.calls" in ended.out
    assert "· log                    here" in ended.out
    assert ended.out.endswith("CANCELED. 3 calls.   exit 4\n")


def test_what_a_script_logs_is_escaped(deputize, add_script):
    hostile = r'"\x1b[2J\x9b1m\r\n\u202e[red]done\x00"'
    script = add_script("hostile", f"def main(log):\n    log.info({hostile})\n    return {hostile}\n")
    text = deputize("run", script, "--as", "rob").out
    lines = deputize("run", script, "--as", "rob", "--ndjson").out

    acting = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]")
    assert r"\x1b[2J\x9b1m\r\n\u202e[red]done\x00" in text
    assert acting.search(text) is None
    assert acting.search(lines) is None


def test_a_payload_may_come_from_stdin(deputize, add_script):
    script = add_script("echo", "def main(payload):\n    return payload\n")
    document = deputize("run", script, "--as", "rob", "--payload", "-", "--json", stdin=b'{"a": [1]}').json

    assert document["result"] == {"a": [1]}


def test_a_project_may_be_named_from_elsewhere(deputize, project):
    deputize.folder = project.parent
    ended = deputize("run", "acknowledge", "--project", "project", "--as", "dana", *ACKNOWLEDGE)

    assert ended.code == 0


def test_a_terminal_has_colour_unless_no_color_is_set(deputize):
    coloured, colourless = (
        on_a_terminal(deputize, "run", "acknowledge", "--as", "rob", *ACKNOWLEDGE, **environment)
        for environment in ({}, {"NO_COLOR": "1"})
    )

    colour = re.compile(r"\x1b\[[0-9;]*\b[34][0-9][;m]")
    assert colour.search(coloured)
    assert not colour.search(colourless)
    assert "✗ 403 FORBIDDEN refused" in colourless


def on_a_terminal(deputize, *arguments: str, **environment: str) -> str:
    """Run a command with a pseudo-terminal for its stdout and return what it wrote there."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "deputize", *arguments],
        cwd=deputize.folder,
        env=deputize.environment(**environment),
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    ):
        os.close(theirs)
        chunks = []
        while chunk := read_or_end(ours):
            chunks.append(chunk)
    os.close(ours)
    return b"".join(chunks).decode()


def read_or_end(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:
        # What Linux says when the other side is closed.
        return b""
