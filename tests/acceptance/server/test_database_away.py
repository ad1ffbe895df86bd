"""A PostgreSQL that is killed and comes back: callers are told at once, and everything acknowledged ends."""

import asyncio

import pytest

from .conftest import Served, ended, set_passwords, until


@pytest.fixture
def away(project, own_postgresql):
    """A server on a PostgreSQL that the test may end."""
    store = own_postgresql.new_url()
    server = Served(project, environment={"DEPUTIZE_STORE": store})
    server.start()
    asyncio.run(set_passwords(server.data, "rob", "dana", store=store))
    try:
        yield server, own_postgresql
    finally:
        server.stop(kill=True)


def test_a_database_that_is_killed_is_told_and_all_that_was_acknowledged_ends(away):
    served, postgresql = away
    path = served.path("simple")
    acknowledged = []

    with served.client(auth=("rob", "password of rob")) as rob, served.as_("dana") as dana:

        def sent(status):
            answer = rob.post(path, json={"properties": {}})
            if answer.status_code == 202:
                acknowledged.append(answer.json()["requestId"])
            return answer if answer.status_code == status else None

        for _ in range(2):
            until(lambda: sent(202))
            until(lambda: rob.get("/readyz").status_code == 200)

            postgresql.stop()
            refused = until(lambda: sent(503))
            assert refused.json()["code"] == "STORE_UNAVAILABLE"
            assert int(refused.headers["Retry-After"]) > 0
            assert [rob.post(path, json={}).status_code for _ in range(12)] == [503] * 12
            unready = until(lambda: (answer := rob.get("/readyz")).status_code == 503 and answer)
            assert unready.json()["checks"] == {"accepting": True, "database": False, "sandbox": True}
            assert rob.get("/healthz").status_code == 200

            postgresql.start()
            until(lambda: sent(202))
            until(lambda: rob.get("/readyz").status_code == 200)
        for each in acknowledged:
            until(lambda: ended(dana.get(f"/api/v1/runs/{each}").json()))  # noqa: B023 - waited for at once
