"""Bad input: each has a code, a message that says what to do, exit 2, and nothing is started."""

import pytest

from deputize.domain.start import STARTS

RUN = ("run", "acknowledge", "--as", "dana", "--payload", "samples/acknowledge.json", "--stand-ins")
PARAMETERS = "callback, payload, initiator, http, constants, secrets, log, clock"


def refused(ended) -> tuple[str, str]:
    """Return code and message of a command that was refused with exit 2 and no data."""
    assert ended.code == 2
    assert ended.out == ""
    code, _, message = ended.err.removeprefix("error[").partition("]: ")
    return code, message.rstrip("\n")


def test_an_unknown_user_is_answered_with_the_nearest_name(deputize):
    assert refused(deputize("run", "acknowledge", "--as", "dona", *RUN[4:])) == (
        "UNKNOWN_USER",
        'nobody on the platform is named "dona". Did you mean "dana"? People: dana, mmcbride, rob.',
    )


def test_an_unknown_integration_is_answered_with_the_nearest_name(deputize):
    code, message = refused(deputize("run", "acknowlege", "--as", "dana", *RUN[4:]))

    assert code == "UNKNOWN_INTEGRATION"
    assert message.startswith(
        '"acknowlege" is neither an integration nor the path of a script. Did you mean "acknowledge"? '
        "Integrations: acknowledge, acknowledge_strict, "
    )


def test_the_path_of_no_script_is_refused(deputize):
    code, message = refused(deputize("run", "scripts/none.py", "--as", "dana"))

    assert code == "UNKNOWN_INTEGRATION"
    assert message.startswith('"scripts/none.py" is neither an integration nor the path of a script.')


def test_the_name_of_a_script_that_no_integration_runs_is_answered_with_its_path(deputize, add_script):
    add_script("new", "def main():\n    pass\n")
    code, message = refused(deputize("run", "new", "--as", "dana"))

    assert code == "UNKNOWN_INTEGRATION"
    assert message.startswith(
        '"new" is neither an integration nor the path of a script. Did you mean "scripts/new.py"? '
        "Integrations: acknowledge, "
    )


def test_an_integration_whose_script_is_gone_names_the_file(deputize, project):
    (project / "scripts/acknowledge.py").unlink()

    code, message = refused(deputize(*RUN))
    assert code == "UNKNOWN_INTEGRATION"
    assert message.endswith(
        'the script of "acknowledge" is not there. Write it, or correct `script` in deputize.toml.'
    )


def test_a_payload_file_that_is_missing_is_answered_with_the_nearest_name(deputize):
    ended = deputize("run", "acknowledge", "--as", "dana", "--payload", "samples/aknowledge.json")

    assert refused(ended) == (
        "PAYLOAD_INVALID",
        'samples/aknowledge.json: no such file. Did you mean "samples/acknowledge.json"?',
    )


def test_a_callback_without_a_payload_says_how_to_give_one(deputize):
    assert refused(deputize("run", "acknowledge", "--as", "dana")) == (
        "PAYLOAD_INVALID",
        "a RESPONSE callback is a JSON object, but the payload is missing. Give one with --payload FILE.",
    )


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (b'{\n  "a" 1\n}', "stdin:2:7: not JSON: expecting ':' delimiter."),
        (b'{"a": tru}', "stdin:1:7: not JSON: expecting value."),
        (b"", "stdin: empty. A payload is one JSON document, for example {}."),
        (b'{"a": NaN}', "stdin: not JSON: NaN is no JSON number."),
        (b'{"a": "\xff"}', "stdin: not UTF-8: byte 7 is 0xff."),
        (b"[" * 100_000, "stdin: nested too deeply."),
    ],
)
def test_a_payload_that_is_not_json_says_where(deputize, payload, message):
    ended = deputize("run", "acknowledge", "--as", "dana", "--payload", "-", stdin=payload)

    assert refused(ended) == ("PAYLOAD_INVALID", message)


def test_a_payload_that_does_not_fit_the_kind_names_each_field(deputize):
    ended = deputize("run", "acknowledge", "--as", "dana", "--payload", "-", stdin=b'{"recipient": 7}')

    assert refused(ended) == (
        "PAYLOAD_INVALID",
        'the payload is no RESPONSE callback: "eventIdentifier" is missing; '
        '"recipient" input should be a valid string; "response" is missing.',
    )


def test_an_unknown_kind_is_answered_with_the_nearest_one(deputize):
    code, message = refused(deputize(*RUN, "--kind", "RESPONCE"))

    assert code == "PAYLOAD_INVALID"
    assert message.startswith('"RESPONCE" is no kind of start. Did you mean "RESPONSE"?')


def test_a_syntax_error_is_shown_where_it_is(deputize, add_script):
    script = add_script("broken", "def main(log):\n    log.info('a'\n")
    code, message = refused(deputize("run", script, "--as", "dana"))

    assert code == "SCRIPT_REJECTED"
    assert message.startswith("scripts/broken.py:2:13: SYNTAX_ERROR: ")


def test_a_script_without_main_is_refused(deputize, add_script):
    script = add_script("headless", "x = 1\n")
    code, message = refused(deputize("run", script, "--as", "dana"))

    assert code == "SCRIPT_REJECTED"
    assert message.startswith("scripts/headless.py:1:1: MAIN_MISSING: ")


def test_an_unknown_parameter_is_answered_with_those_that_exist(deputize, add_script):
    script = add_script("curious", "def main(htp):\n    pass\n")

    assert refused(deputize("run", script, "--as", "dana", "--kind", "STATUS", *status_payload())) == (
        "SCRIPT_REJECTED",
        'scripts/curious.py:1:10: PARAMETER_UNKNOWN: main asks for "htp", which nobody provides when it is '
        f'started by a STATUS callback. Did you mean "http"? It may ask for: {PARAMETERS}.',
    )


def status_payload() -> tuple[str, str]:
    return "--payload", "samples/status.json"


@pytest.fixture(autouse=True)
def _status_sample(project):
    text = '{"eventIdentifier": 1, "status": "active"}'
    (project / "samples/status.json").write_text(text, encoding="utf-8")


def test_an_unknown_endpoint_is_found_before_the_run(deputize, add_script):
    script = add_script("astray", 'def main(http):\n    http.get("/x", endpoint="EasyVisa")\n')

    code, message = refused(deputize("run", script, "--as", "dana"))
    assert code == "SCRIPT_REJECTED"
    assert "ENDPOINT_UNKNOWN: No endpoint has been defined with name 'EasyVisa'." in message
    assert 'Did you mean "EasyVista"? Endpoints: EasyVista, Jira Cloud, ' in message


def test_an_unknown_key_of_the_project_is_answered_with_the_nearest_one(deputize, project):
    path = project / "deputize.toml"
    path.write_text(path.read_text().replace("methods =", "method ="), encoding="utf-8")

    code, message = refused(deputize(*RUN))
    assert code == "PROJECT_INVALID"
    assert 'endpoints.EasyVista.method: unknown key. Did you mean "methods"?' in message


def test_no_project_says_how_to_make_one(deputize, project):
    deputize.folder = project.parent

    assert refused(deputize(*RUN)) == (
        "PROJECT_NOT_FOUND",
        f"{project.parent}: no deputize.toml here or in a folder above. "
        "Make a project with `deputize init NAME`, or name one with --project DIR.",
    )


def test_a_stand_in_file_that_is_missing_is_named(deputize, project):
    (project / "stand_ins/easyvista.toml").unlink()

    code, message = refused(deputize(*RUN))
    assert code == "STAND_IN_INVALID"
    assert "stand_ins/easyvista.toml" in message


def test_json_and_ndjson_exclude_each_other(deputize):
    ended = deputize(*RUN, "--json", "--ndjson")

    assert ended.code == 2
    assert ended.err == (
        "error[USAGE]: Invalid value: --json and --ndjson exclude each other. See `deputize run --help`.\n"
    )


def test_a_missing_user_is_a_usage_error(deputize):
    assert refused(deputize("run", "acknowledge")) == (
        "USAGE",
        "Missing option '--as'. See `deputize run --help`.",
    )


def test_with_json_the_error_is_on_stdout_too(deputize):
    ended = deputize("run", "acknowledge", "--as", "dona", *RUN[4:], "--json")

    assert ended.code == 2
    assert ended.json["error"]["code"] == "UNKNOWN_USER"
    assert ended.err == f"error[UNKNOWN_USER]: {ended.json['error']['message']}\n"


def test_with_ndjson_the_error_is_one_line(deputize, add_script):
    script = add_script("headless", "x = 1\n")
    ended = deputize("run", script, "--as", "dana", "--ndjson")

    error = ended.json["error"]
    assert ended.out.count("\n") == 1
    assert error["code"] == "SCRIPT_REJECTED"
    assert [(each["code"], each["file"], each["line"]) for each in error["diagnostics"]] == [
        ("MAIN_MISSING", "scripts/headless.py", 1)
    ]


def test_a_message_cannot_act_on_the_terminal(deputize):
    ended = deputize("run", "x\x1b[2J\u202e", "--as", "dana")

    assert ended.code == 2
    assert r'"x\x1b[2J\u202e" is neither' in ended.err


def test_help_names_every_kind_of_start(deputize):
    text = " ".join(deputize("run", "--help").out.split())

    assert [kind for kind in STARTS if kind not in text] == []
