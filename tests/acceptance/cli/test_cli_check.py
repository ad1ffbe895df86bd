"""``deputize check``: what is wrong, where, without running anything."""

import re

import pytest


def test_sound_scripts_pass(deputize):
    ended = deputize("check")

    assert (ended.code, ended.err) == (0, "")
    assert re.fullmatch(r"0 errors, 4 notes in 16 scripts \(\d+ ms\)", ended.out.splitlines()[-1])


def test_every_error_has_place_severity_code_and_message(deputize, project):
    (project / "scripts/acknowledge.py").write_text(
        "import os\n\ndef main(htp):\n    pass\n", encoding="utf-8"
    )
    ended = deputize("check")

    lines = ended.out.splitlines()
    assert ended.code == 2
    assert lines[0].startswith("scripts/acknowledge.py:1:1  error  IMPORT_NOT_ALLOWED  ")
    assert re.fullmatch(r"1 error, 3 notes in 16 scripts \(\d+ ms\)", lines[-1])


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


@pytest.fixture
def checked(deputize, add_script):
    """Return what `check` finds in a script of the plan contacts, each with its place."""

    def check(source: str, *, run_by: str = "scripts/sync_contact.py") -> list[tuple[str, ...]]:
        (deputize.folder / run_by).write_text(source, encoding="utf-8")
        found = deputize("check", run_by, "--no-types", "--json").json["diagnostics"]
        return [
            (
                f"{each['file']}:{each['line']}:{each['column']}",
                each["severity"],
                each["code"],
                each["message"],
            )
            for each in found
        ]

    return check


def test_a_constant_that_the_plan_does_not_have_is_found(checked):
    source = 'def main(constants):\n    return "é", constants["Time Zon"]\n'

    assert checked(source) == [
        (
            "scripts/sync_contact.py:2:27",
            "error",
            "CONSTANT_UNKNOWN",
            'the plan has no constant "Time Zon". Did you mean "Time Zone"? '
            "Constants: Email Device, SMS Device, Time Budget, Time Zone, Voice Device.",
        )
    ]


def test_a_secret_that_the_plan_does_not_have_is_found(checked):
    source = 'def main(secrets):\n    return secrets["splnk"]\n'

    assert checked(source, run_by="scripts/send_to_splunk.py") == [
        (
            "scripts/send_to_splunk.py:2:20",
            "error",
            "SECRET_UNKNOWN",
            'the plan has no secret "splnk". Did you mean "splunk"? Secrets: splunk.',
        )
    ]


@pytest.mark.parametrize(
    "body",
    [
        'return constants.get("Nope")',
        'return constants["Nope"] if "Nope" in constants else None',
        'try:\n        return constants["Nope"]\n    except KeyError:\n        return None',
        'constants = {"Nope": 1}\n    return constants["Nope"]',
        'name = "Nope"\n    return constants[name]',
    ],
)
def test_a_constant_that_may_be_missing_is_left_alone(checked, body):
    assert checked(f"def main(constants):\n    {body}\n") == []


def test_a_shared_library_that_the_plan_does_not_have_is_found(checked):
    [(place, severity, code, message)] = checked("from shared import contact\n\ndef main():\n    pass\n")

    assert (place, severity, code) == ("scripts/sync_contact.py:1:20", "error", "SHARED_UNKNOWN")
    assert 'Did you mean "contacts"?' in message


def test_a_status_at_which_nothing_looks_is_a_note(checked):
    assert checked('def main(http):\n    http.post("/x")\n') == [
        (
            "scripts/sync_contact.py:2:5",
            "note",
            "STATUS_IGNORED",
            "http.post: the status of this answer is never looked at; a refusal (403) would pass unnoticed. "
            "Look at ok, refused or status_code, or call raise_for_status().",
        )
    ]


def test_an_endpoint_that_sends_as_a_service_account_is_noted_once(checked):
    call = 'http.get("/x", endpoint="EasyVista").raise_for_status()'

    assert checked(f"def main(http):\n    {call}\n    {call}\n") == [
        (
            "scripts/sync_contact.py:2:29",
            "note",
            "SERVICE_IDENTITY",
            'endpoint "EasyVista" always sends as its service account, whoever sets the script off.',
        )
    ]


def test_what_is_wrong_in_a_library_is_found_through_the_script_that_imports_it(deputize, project):
    path = project / "shared/servicenow.py"
    path.write_text(path.read_text().replace('"ServiceNow"', '"ServiceNau"'), encoding="utf-8")
    through, alone = deputize("check"), deputize("check", "shared/servicenow.py")

    line = (
        "shared/servicenow.py:19:65  error  ENDPOINT_UNKNOWN  No endpoint has been defined with name "
        "'ServiceNau'. Did you mean \"ServiceNow\"? "
        "Endpoints: EasyVista, Jira Cloud, ServiceNow, Splunk, Status.io, StatusPage, platform."
    )
    assert (through.code, alone.code) == (2, 2)
    assert through.out.count(line) == 1
    assert alone.out.splitlines()[0] == line


def test_a_folder_stands_for_every_script_and_library_in_it(deputize, add_script):
    add_script("unbound", "x = 1\n")
    ended = deputize("check", ".", "--json")

    scripts = ended.json["scripts"]
    assert {"scripts/unbound.py", "shared/lookup.py"} <= set(scripts)
    assert [each for each in scripts if "test" in each] == []
    assert [each["code"] for each in ended.json["diagnostics"] if each["severity"] == "error"] == [
        "MAIN_MISSING"
    ]


def test_a_folder_without_scripts_is_refused(deputize):
    ended = deputize("check", "samples")

    assert (ended.code, ended.err) == (
        2,
        "error[UNKNOWN_INTEGRATION]: samples: no script is in this folder. "
        "Name a folder that has files *.py.\n",
    )


def test_a_mistyped_endpoint_is_told_by_the_same_sentence_in_check_and_in_a_run(deputize, add_script):
    literal = add_script("literal", 'def main(http):\n    http.get("/x", endpoint="EasyVisa")\n')
    made = add_script("made", 'def main(http):\n    http.get("/x", endpoint="Easy" + "Visa")\n')
    checked = deputize("check", literal, "--json").json
    refused = deputize("run", literal, "--as", "dana", "--json").json
    run = deputize("run", made, "--as", "dana", "--json").json

    [sentence] = [each["message"] for each in checked["diagnostics"] if each["code"] == "ENDPOINT_UNKNOWN"]
    assert sentence.startswith(
        "No endpoint has been defined with name 'EasyVisa'. Did you mean \"EasyVista\"?"
    )
    assert refused["error"]["diagnostics"][0]["message"] == sentence
    assert sentence in run["error"]["message"]
