"""``deputize runs``: which runs there were, the newest first."""

import pytest


def shown(ended) -> list[str]:
    """Return the ids of the runs in a table."""
    assert (ended.code, ended.err) == (0, "")
    return [line.partition(" ")[0] for line in ended.out.splitlines()[1:]]


def test_runs_are_listed_with_who_set_them_off_and_how_they_ended(process):
    ended = process("runs")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "Run       Queued                Script   Kind      As    State        Calls         Took\n"
        "c0ffee00  2018-04-17 14:02:41Z  grafana  inbound   dana  · QUEUED     0             –\n"
        "badc0de0  2018-04-17 14:02:31Z  grafana  RESPONSE  dana  ‼ FAILED     0             –\n"
        "7f3a9e00  2018-04-17 14:02:21Z  grafana  inbound   rob   ✗ DENIED     0             –\n"
        "7f3a2c1d  2018-04-17 14:02:11Z  grafana  inbound   rob   ✓ COMPLETED  2, 1 refused  79 ms\n"
    )


def test_without_symbols_the_states_are_words_alone(deployed):
    assert "  COMPLETED  2, 1 refused  79 ms\n" in deployed("runs", "--plain").out


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--initiator", "rob"], ["7f3a9e00", "7f3a2c1d"]),
        (["--state", "denied"], ["7f3a9e00"]),
        (["--kind", "RESPONSE"], ["badc0de0"]),
        (["--integration", "incidents/grafana", "--limit", "1"], ["c0ffee00"]),
        (["--since", "2018-04-17T15:02:30+01:00"], ["c0ffee00", "badc0de0"]),
        (["--until", "2018-04-17T14:02:20", "--since", "2018-04-17"], ["7f3a2c1d"]),
    ],
)
def test_runs_are_narrowed_down(deployed, options, found):
    assert shown(deployed("runs", *options)) == found


def test_none_is_said_where_talk_goes(deployed):
    ended = deployed("runs", "--since", "1m", "--initiator", "rob")

    assert (ended.code, ended.out, ended.err) == (0, "", "No such runs.\n")


def test_an_initiator_who_has_neither_runs_nor_an_account_is_a_slip(deployed):
    ended = deployed("runs", "--initiator", "rop")

    assert (ended.code, ended.out, ended.err) == (
        2,
        "",
        'error[UNKNOWN_USER]: there is no user "rop". Did you mean "rob"? Users: dana, gone, rob.\n',
    )


def test_json_has_the_objects_of_the_http_api(deployed):
    from deputize.server.documents.runs import Runs

    ended = deployed("runs", "--json")

    runs = Runs.model_validate_json(ended.out).data
    assert [each.id[:8] for each in runs] == ["c0ffee00", "badc0de0", "7f3a9e00", "7f3a2c1d"]
    assert runs[-1].usage is not None
    assert runs[-1].usage.refusals == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--state", "deny"],
            'Invalid value for --state: "deny" is none of QUEUED, RUNNING, COMPLETED, FAILED, CANCELED, '
            'INTERRUPTED, POISONED, DENIED. Did you mean "DENIED"? See `deputize runs --help`.',
        ),
        (
            ["--since", "yesterday"],
            'Invalid value for --since: "yesterday" is no time. Write 2026-11-25, 2026-11-25T14:00Z, or '
            "30m, 2h, 7d for so long ago. See `deputize runs --help`.",
        ),
    ],
)
def test_a_filter_that_means_nothing_is_a_usage_error(deployed, options, message):
    ended = deployed("runs", *options)

    assert (ended.code, ended.out, ended.err) == (2, "", f"error[USAGE]: {message}\n")


def test_an_unknown_integration_is_answered_with_the_nearest(deployed):
    ended = deployed("runs", "--integration", "grafna")

    assert ended.code == 2
    assert ended.err == (
        'error[UNKNOWN_INTEGRATION]: there is no integration "grafna". Did you mean "grafana"? '
        "Integrations: grafana, hook, people.\n"
    )


def test_a_name_that_two_plans_have_is_asked_for_with_its_plan(deployed):
    ended = deployed("runs", "--integration", "hook")

    assert ended.code == 2
    assert ended.err == (
        'error[UNKNOWN_INTEGRATION]: more than one integration is named "hook". Name it with its plan: '
        "changes/hook, incidents/hook.\n"
    )


def test_a_narrow_terminal_gets_a_line_for_each_value(process):
    code, shown = process.at_a_terminal("runs", "--limit", "1", COLUMNS="60", NO_COLOR="1")

    assert code == 0
    assert shown == (
        "Run: c0ffee00\n"
        "Queued: 2018-04-17 14:02:41Z\n"
        "Script: grafana\n"
        "Kind: inbound\n"
        "As: dana\n"
        "State: · QUEUED\n"
        "Calls: 0\n"
        "Took: –\n"
    )
