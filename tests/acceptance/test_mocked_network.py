"""A test mocks what scripts call; everything else of a run is real."""

import asyncio

import pytest

from deputize import Runtime
from deputize_client.testing import MockedEndpoints, UnmockedCall

SCRIPT = """
def main(http):
    person = http.get("/api/xm/1/people/mmcbride")
    ticket = http.put("tickets/7", endpoint="Tickets", json={"name": person.status_message})
    return [person.refused, person.reason, ticket.status_code]
"""


@pytest.fixture
def run(bench, monkeypatch):
    """Run SCRIPT with what is mocked."""
    monkeypatch.setenv("DEPUTIZE_SECRET_TICKETS", "stored-password")
    path = bench.root / "script.py"
    path.write_text(SCRIPT, encoding="utf-8")

    def run(mocked):
        async def go():
            async with Runtime.open(bench.root, transport=mocked) as runtime:
                return await runtime.run(str(path), initiator="rob")

        return asyncio.run(go())

    return run


def test_a_mocked_platform_refuses_as_a_real_one_would(run):
    mocked = MockedEndpoints()
    mocked["platform"].get("/api/xm/1/people/mmcbride").respond(
        403, json={"code": 403, "message": "Not you."}
    )
    put = mocked["Tickets"].put("/base/tickets/7").respond(204)

    done = run(mocked)

    assert done.state == "COMPLETED"
    assert done.result == [True, "UNAUTHORIZED_ACCESS_ERROR: Not you.", 204]
    assert [refusal.status_code for refusal in done.refusals] == [403]
    assert put.calls.last.request.content == b'{"name":"FORBIDDEN"}'


def test_the_embedded_platform_can_be_called_while_the_rest_is_mocked(run):
    mocked = MockedEndpoints(real=["platform"])
    mocked["Tickets"].put("/base/tickets/7").respond(204)

    done = run(mocked)

    assert done.refusals[0].explain.needs == ("View or Use on role Standard User",)


def test_a_call_that_is_not_mocked_ends_the_test(run):
    mocked = MockedEndpoints()
    mocked["platform"].get("/api/xm/1/people/mmcbride").respond(200)

    with pytest.raises(UnmockedCall) as caught:
        run(mocked)

    assert str(caught.value).endswith('mocked["Tickets"].put("/base/tickets/7").respond(200)')
