"""The commands beside a server that runs: what they make, it accepts, and what it does, they show."""

import httpx
import pytest


@pytest.fixture
def server(serving):
    """A server of the project, on a port of the moment."""
    with serving() as server:
        yield server


def test_a_key_opens_its_integration_as_its_holder_until_it_is_revoked(server, deployed, ended):
    url = deployed("key", "create", "--integration", "incidents/hook", "--for", "rob", "--json").json["url"]
    assert url.startswith(f"{server['url']}/api/integration/1/functions/")

    accepted = httpx.post(url, json={"title": "disk full"})
    assert accepted.status_code == 202
    run = ended(deployed, accepted.json()["requestId"])
    assert (run["name"], run["state"], run["initiator"]) == (
        "hook",
        "COMPLETED",
        {"id": "rob", "via": "url-key"},
    )
    assert run["id"][:8] in deployed("runs", "--initiator", "rob", "--limit", "1").out
    assert '"title": "disk full"' in deployed("tail", "--kind", "inbound.request", "--ndjson").out

    (key,) = deployed("key", "list", "--json").json["data"]
    assert key["last_used"] is not None
    deployed("key", "revoke", key["id"])
    assert httpx.post(url, json={}).status_code == 401


def test_a_password_opens_at_once_and_not_while_its_user_is_disabled(server, deployed):
    (where,) = [each["url"] for each in server["integrations"] if each["name"] == "people"]
    rob = ("rob", "correct horse battery staple")
    assert httpx.post(where, json={}, auth=rob).status_code == 401

    deployed("user", "password", "rob", stdin=rob[1].encode())
    assert httpx.post(where, json={}, auth=rob).status_code == 202

    deployed("user", "disable", "rob")
    assert httpx.post(where, json={}, auth=rob).status_code == 401

    deployed("user", "enable", "rob")
    assert httpx.post(where, json={}, auth=rob).status_code == 202


def test_a_second_server_on_the_same_data_is_refused_and_the_first_one_goes_on(server, process, deployed):
    second = process("serve", "--port", "0")

    assert (second.code, second.out) == (2, "")
    assert second.err.splitlines()[-1].startswith("error[ALREADY_SERVED]: The database sqlite+aiosqlite:///")
    assert deployed("runs").code == 0
    assert httpx.get(f"{server['url']}/readyz").status_code == 200


NIGHTLY = ("--integration", "grafana", "--name", "nightly", "--as", "dana", "--cron", "30 2 * * *")


@pytest.mark.parametrize("answer", ["y", "n"])
def test_at_a_terminal_a_user_is_shown_what_they_consent_to_and_asked(server, deployed, process, answer):
    deployed("user", "password", "dana", stdin=b"correct horse battery staple")
    schedule = deployed("schedule", "create", *NIGHTLY, "--json").json
    address = f"{server['url']}/schedules/{schedule['id']}"

    code, shown = process.at_a_terminal(
        *("schedule", "consent", address, "--user", "dana", "--plain"),
        typed=["correct horse battery staple", answer],
    )

    asked, _, after = shown.partition("Let this run as dana? [y/N]: ")
    assert "runs as       dana\n" in asked
    assert "cron          30 2 * * *\n" in asked
    assert "correct horse" not in shown
    state = deployed("schedule", "show", "nightly", "--json").json["state"]
    if answer == "y":
        assert (code, state) == (0, "ACTIVE")
        assert "The schedule nightly runs as dana from now on. It is due " in after
    else:
        assert (code, state) == (2, "UNCONSENTED")
        assert "error[CONSENT_UNCONFIRMED]: Nothing was consented to.\n" in after


def test_who_may_edit_everything_here_consents_to_nothing_and_withdraws(server, deployed):
    deployed("user", "password", "dana", stdin=b"correct horse battery staple")
    schedule = deployed("schedule", "create", *NIGHTLY, "--json").json
    address = f"{server['url']}/schedules/{schedule['id']}"
    dana = {"stdin": b"correct horse battery staple"}

    assert deployed("schedule", "consent", address, "--user", "dana", "--yes", **dana).code == 0
    assert deployed("schedule", "withdraw", "nightly").code == 0
    assert deployed("schedule", "consent", address, "--user", "dana", "--yes", **dana).code == 0
    withdrawn = deployed("schedule", "withdraw", address, "--user", "dana", **dana)

    assert (withdrawn.code, withdrawn.out) == (0, "The schedule nightly does nothing any more.\n")
    acts = deployed("audit", "--target", "schedule:incidents/grafana/nightly", "--json").json["data"]
    assert [(each["actor"], each["action"]) for each in reversed(acts)] == [
        ("operator", "schedule.created"),
        ("dana", "schedule.consented"),
        ("operator", "schedule.withdrawn"),
        ("dana", "schedule.consented"),
        ("dana", "schedule.withdrawn"),
    ]
