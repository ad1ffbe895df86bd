"""``deputize show``: the stream of one run, or one entry of it."""

import json

import pytest

RUN = "7f3a2c1d-5b1e-4c8a-9a3f-0e1d2c3b4a59"
REASON = "UNAUTHORIZED_ACCESS_ERROR: User does not have the permission to access this service/functionality."


@pytest.mark.parametrize("start", ["7f3a2", "7F3A2C1D", RUN])
def test_a_run_is_shown_as_it_was_while_it_ran(deployed, start):
    ended = deployed("show", start)

    assert ended.code == 0
    assert ended.out == (
        f"run {RUN}  grafana@9c1e04  inbound  as rob (via api-key)\n"
        "\n"
        "    0.001  ✓ 200 OK                 platform  GET /api/xm/1/people   12 ms   grafana:4   as rob\n"
        "    0.002  ✗ 403 FORBIDDEN refused  platform  GET /api/xm/1/people/mmcbride?embed=roles"
        "   12 ms   grafana:9   as rob\n"
        f"             {REASON}\n"
        "             rob needs: View or Use on role Standard User\n"
        "             would pass: role Company Supervisor\n"
        '    0.004  = result                 {"event": null}\n'
        "    0.005  ■ finished COMPLETED   79 ms   http 50 ms   script 29 ms\n"
        "\n"
        "COMPLETED. 1 of 2 calls was refused; the script went on.\n"
    )
    assert ended.err == "Why: deputize explain 7f3a2c1d\n"


def test_a_run_that_was_denied_says_that_no_script_started(deployed):
    ended = deployed("show", "7f3a9", "--plain")

    assert ended.out == (
        "run 7f3a9e00-1d2c-4b3a-8f5e-6d7c8b9a0f1e  grafana@9c1e04  inbound  as rob (via api-key)\n"
        "\n"
        "    0.000  REFUSED, not begun: INBOUND_NOT_PERMITTED  inbound   as rob\n"
        '             rob may not send form "alert" (access to plan: yes, sender permission: no).\n'
        '             rob needs: sender permission on form "alert"\n'
        "             would pass: role Company Supervisor; person dana\n"
        "\n"
        "DENIED. The script did not start.\n"
    )


def test_a_run_that_waits_says_so(deployed):
    ended = deployed("show", "c0ffee00")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "run c0ffee00-2e3d-4c4b-9a6f-7e8d9cab1b2c  grafana@9c1e04  inbound  as dana (via api-key)\n"
        "\n"
        "QUEUED. The script has not started yet.\n"
    )


def test_what_a_script_logged_cannot_act_on_the_terminal(process):
    ended = process("show", "badc")

    lines = ended.out.splitlines()
    assert lines[2] == (
        r"    0.000  · log                    \x1b[2J\x1b]0;owned\x07\u202e\r\nerror[FAKE]: no  a\x9b="
        r'"\u2028"'
    )
    assert lines[3].startswith('    0.001  · of.another.version     {"id": ')
    assert lines[3].endswith(r'"kind": "of.another.version", "said": "\u001b[31m"}')
    assert [character for character in ended.out if character < " " and character != "\n"] == []


def test_one_entry_is_shown_whole(deployed):
    ended = deployed("show", "7f3a2c1d/5")

    headline, empty, *document = ended.out.splitlines()
    assert (headline, empty) == ('    0.000  = result                 {"event": null}', "")
    assert json.loads("\n".join(document))["value"] == {"event": None}


def test_json_is_the_run_of_the_http_api_and_its_activity(process):
    from deputize.server.documents.runs import RunDocument

    document = process("show", "7f3a2", "--json").json

    activity = document.pop("activity")
    assert [each["seq"] for each in activity] == [1, 2, 3, 4, 5, 6]
    assert [each.seq for each in RunDocument.model_validate(document).refusals] == [4]


def test_ndjson_is_an_entry_a_line(deployed):
    lines = deployed("show", "7f3a2", "--ndjson").out.splitlines()

    assert [json.loads(each)["seq"] for each in lines] == [1, 2, 3, 4, 5, 6]
    assert deployed("show", "7f3a2/6", "--ndjson").out == lines[5] + "\n"


@pytest.mark.parametrize(
    ("target", "code", "message"),
    [
        (
            "7f3b2c1d",
            "UNKNOWN_RUN",
            'there is no run whose id is or begins with "7f3b2c1d". Did you mean "7f3a2c1d"? '
            "Runs of `deputize run` are not kept.",
        ),
        (
            "%\x1b[2J",
            "UNKNOWN_RUN",
            r'there is no run whose id is or begins with "%\x1b[2J". Runs of `deputize run` are not kept.',
        ),
        ("7f3", "UNKNOWN_RUN", '"7f3" is too short for a run: give 4 characters of its id or more.'),
        (
            "7f3a",
            "AMBIGUOUS_RUN",
            'more than one run begins with "7f3a": 7f3a2c1d-5b1e-4c8a-9a3f-0e1d2c3b4a59, '
            "7f3a9e00-1d2c-4b3a-8f5e-6d7c8b9a0f1e. Give more of the id.",
        ),
        (
            "7f3a2/7",
            "UNKNOWN_ENTRY",
            f"run {RUN} has no entry 7. `deputize show 7f3a2c1d` shows all.",
        ),
        (
            "7f3a2/x",
            "USAGE",
            'Invalid value for RUN: "7f3a2/x": after the slash stands the number of an entry. '
            "See `deputize show --help`.",
        ),
    ],
)
def test_what_is_not_there_is_said(deployed, target, code, message):
    ended = deployed("show", target)

    assert (ended.code, ended.out, ended.err) == (2, "", f"error[{code}]: {message}\n")
