"""A PostgreSQL that goes away and comes back: callers are told at once, and everything acknowledged ends."""

import asyncio

import pytest

from .conftest import METRICS, Served, answered_within, ended, set_passwords, until


@pytest.fixture
def away(project, own_postgresql):
    """A server on a PostgreSQL that the test may end."""
    store = own_postgresql.new_url()
    server = Served(project, environment={"DEPUTIZE_STORE": store, **METRICS})
    server.start()
    asyncio.run(set_passwords(server.data, "rob", "dana", store=store))
    try:
        yield server, own_postgresql.stop, own_postgresql.start
    finally:
        server.stop(kill=True)


@pytest.fixture
def silent(project, wire):
    """A server whose way to PostgreSQL the test may have carry nothing, and close nothing."""
    way, name = wire
    server = Served(project, environment={"DEPUTIZE_STORE": way.url(name), **METRICS})
    server.start()
    asyncio.run(set_passwords(server.data, "rob", "dana", store=way.url(name)))
    try:
        yield server, way.stand_still, way.go_on
    finally:
        server.stop(kill=True)


@pytest.mark.parametrize("how", ["away", "silent"])
def test_a_database_that_is_gone_is_told_and_all_that_was_acknowledged_ends(request, how):
    served, stop, start = request.getfixturevalue(how)
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

            stop()
            refused = until(lambda: sent(503))
            assert refused.json()["code"] == "STORE_UNAVAILABLE"
            assert int(refused.headers["Retry-After"]) > 0
            assert [rob.post(path, json={}).status_code for _ in range(12)] == [503] * 12
            unready = until(lambda: (answer := rob.get("/readyz")).status_code == 503 and answer)
            assert unready.json()["checks"] == {"accepting": True, "database": False, "sandbox": True}
            assert rob.get("/healthz").status_code == 200

            start()
            until(lambda: sent(202))
            until(lambda: rob.get("/readyz").status_code == 200)
        for each in acknowledged:
            until(lambda: ended(dana.get(f"/api/v1/runs/{each}").json()))  # noqa: B023 - waited for at once
        # Two seconds are what it takes, ten what a busy machine may make of them.
        within, everything = answered_within(rob, "10.0")
        assert within == everything
