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
