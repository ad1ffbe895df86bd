"""``deputize check``: what is wrong, where, without running anything."""

import re

import pytest


def test_sound_scripts_pass(deputize):
    ended = deputize("check")

    assert (ended.code, ended.err) == (0, "")
    assert re.fullmatch(r"0 errors in 16 scripts \(\d+ ms\)\n", ended.out)


def test_every_error_has_place_severity_code_and_message(deputize, project):
    (project / "scripts/acknowledge.py").write_text(
        "import os\n\ndef main(htp):\n    pass\n", encoding="utf-8"
    )
    ended = deputize("check")

    lines = ended.out.splitlines()
    assert ended.code == 2
    assert lines[0].startswith("scripts/acknowledge.py:1:1  error  IMPORT_NOT_ALLOWED  ")
    assert re.fullmatch(r"1 error in 16 scripts \(\d+ ms\)", lines[-1])


def test_scripts_that_no_integration_runs_are_named_and_can_be_checked_by_their_paths(deputize, add_script):
    script = add_script("new", "x = 1\n")
    ended, alone = deputize("check"), deputize("check", script)

    assert (ended.code, alone.code) == (0, 2)
    assert ended.err == (
        "Not checked, for no integration runs it: scripts/new.py. `deputize check FILE` checks one.\n"
    )


def test_an_endpoint_that_does_not_exist_is_found(deputize, project):
    path = project / "scripts/acknowledge.py"
    path.write_text(path.read_text().replace('endpoint="EasyVista"', 'endpoint="EasyVisa"'), encoding="utf-8")
    ended = deputize("check", "acknowledge")

    assert ended.code == 2
    assert (
        "ENDPOINT_UNKNOWN  No endpoint has been defined with name 'EasyVisa'. Did you mean \"EasyVista\"?"
        in (ended.out)
    )


def test_json_has_every_field(deputize, add_script):
    script = add_script("headless", "x = 1\n")
    ended = deputize("check", script, "--json")

    document = ended.json
    (diagnostic,) = document["diagnostics"]
    assert ended.code == 2
    assert document["scripts"] == [script]
    assert document["errors"] == 1
    assert {name: diagnostic[name] for name in ("file", "line", "column", "severity", "code")} == {
        "file": script,
        "line": 1,
        "column": 1,
        "severity": "error",
        "code": "MAIN_MISSING",
    }


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_an_unknown_script_is_refused(deputize, form):
    ended = deputize("check", "acknowlege", *form)

    assert ended.code == 2
    assert ended.err.startswith('error[UNKNOWN_INTEGRATION]: "acknowlege" is neither an integration nor')
    assert (ended.json["error"]["code"] if form else ended.out) == ("UNKNOWN_INTEGRATION" if form else "")
