"""``deputize audit``: who did what to the deployment."""

import json


def test_what_commands_did_is_listed_the_newest_first(deployed):
    deployed("user", "disable", "rob")
    deployed("user", "enable", "rob")
    deployed("secret", "set", "token", "--endpoint", "chat", stdin=b"not to be shown")

    records = deployed("audit", "--json").json["data"]

    assert [(each["actor"], each["source"], each["action"], each["target"]) for each in records] == [
        ("operator", "cli", "secret.set", "secret:*/token"),
        ("operator", "cli", "user.changed", "user:rob"),
        ("operator", "cli", "user.changed", "user:rob"),
        ("operator", "project", "project.applied", "project:deputize.toml"),
    ]
    assert "not to be shown" not in json.dumps(records)


def test_records_are_narrowed_and_come_as_lines(deployed):
    deployed("user", "disable", "rob")
    deployed("key", "create", "--integration", "grafana", "--for", "dana")

    done = deployed(
        "audit", "--action", "KEY.issued", "--target", "integration:incidents/grafana", "--ndjson"
    )

    (line,) = done.out.splitlines()
    assert json.loads(line)["detail"]["holder"] == "dana"
    assert (
        deployed("audit", "--since", "2018-04-17", "--until", "2018-04-18", "--ndjson").out.count("\n") == 1
    )
    assert deployed("audit", "--actor", "operator", "--limit", "1", "--ndjson").out == done.out


def test_a_table_has_what_was_changed(deployed):
    deployed("user", "disable", "rob")

    (heading, line) = deployed("audit", "--action", "user.changed", COLUMNS="200").out.splitlines()

    assert heading.split() == ["When", "Who", "From", "Action", "Target", "Detail"]
    assert line.split()[2:] == ["operator", "cli", "user.changed", "user:rob", "status=INACTIVE"]


def test_nothing_and_a_wrong_name_are_told(deployed):
    assert deployed("audit", "--actor", "eve").err == "No such records.\n"
    wrong = deployed("audit", "--action", "key.isued")
    assert wrong.code == 2
    assert 'Did you mean "key.issued"?' in wrong.err
