"""Endpoints are mocked by name, in place of the network."""

import httpx
import pytest

from deputize_client import BearerAuthentication, ClientCredentialsAuthentication, Secret, TokenSource
from deputize_client.testing import MockedEndpoints, UnmockedCall

pytestmark = pytest.mark.anyio


@pytest.fixture
def mocked():
    return MockedEndpoints()


async def test_a_route_answers_for_its_endpoint(mocked, caller, here):
    mocked["here"].get("/base/things/7").respond(json={"thing": 7})

    async with caller(here("https://here.example", path="/base"), transport=mocked) as client:
        exchange = await client.call("things/7")

    assert exchange.outcome.status_code == 200
    assert exchange.outcome.text == '{"thing":7}'


async def test_the_same_path_of_two_endpoints_has_two_answers(mocked, caller, here):
    mocked["one"].get("/things").respond(201)
    mocked["other"].get("/things").respond(202)
    endpoints = [here("https://same.example", name=name) for name in ("one", "other")]

    async with caller(*endpoints, transport=mocked) as client:
        answers = [await client.call("things", endpoint=name) for name in ("one", "other")]

    assert [each.outcome.status_code for each in answers] == [201, 202]


async def test_a_route_sees_the_request_as_it_would_be_sent(mocked, caller, here):
    route = mocked["here"].put("/things").respond(204)
    endpoint = here("https://here.example", BearerAuthentication(Secret("token", "stored-token")))

    async with caller(endpoint, transport=mocked) as client:
        await client.call("things", method="PUT", params=(("q", "a b"),))

    request = route.calls.last.request
    assert str(request.url) == "https://here.example/things?q=a%20b"
    assert request.headers["authorization"] == "Bearer stored-token"


async def test_a_failure_of_the_network_can_be_mocked(mocked, caller, here):
    mocked["here"].get("/things").mock(side_effect=httpx.ConnectError("refused"))

    async with caller(here("https://here.example"), transport=mocked) as client:
        exchange = await client.call("things")

    assert exchange.outcome.cause == "connect"


async def test_a_call_without_a_route_says_which_one_to_add(mocked, caller, here):
    async with caller(here("https://here.example"), transport=mocked) as client:
        with pytest.raises(UnmockedCall) as caught:
            await client.call("things/7?full=true", method="PUT")

    assert str(caught.value) == (
        'nothing answers PUT /things/7?full=true of the endpoint "here". Add a route:\n'
        '    mocked["here"].put("/things/7").respond(200)'
    )


async def test_an_endpoint_that_is_real_is_called_over_the_network(caller, here, serve, raw_answer):
    mocked = MockedEndpoints(real=["here"])
    async with serve(raw_answer(b"real")) as upstream, caller(here(upstream), transport=mocked) as client:
        exchange = await client.call()

    assert exchange.outcome.text == "real"


async def test_a_real_endpoint_with_a_route_is_mocked(caller, here, serve, raw_answer):
    mocked = MockedEndpoints(real=["here"])
    mocked["here"].get("/things").respond(text="mocked")
    async with serve(raw_answer(b"real")) as upstream, caller(here(upstream), transport=mocked) as client:
        exchange = await client.call("things")

    assert exchange.outcome.text == "mocked"
    assert upstream.connections == 0


async def test_routes_that_no_call_has_met_are_named(mocked, caller, here):
    mocked["here"].get("/met").respond(200)
    mocked["here"].get("/idle").respond(200)

    async with caller(here("https://here.example"), transport=mocked) as client:
        await client.call("met")

    with pytest.raises(AssertionError) as caught:
        mocked.assert_all_called()
    assert str(caught.value).splitlines()[0] == "these routes were not called:"
    assert "/idle" in str(caught.value)
    assert "/met" not in str(caught.value)


async def test_the_issuer_of_tokens_is_mocked_by_its_own_name(mocked, caller, here):
    endpoint = here(
        "https://here.example",
        ClientCredentialsAuthentication(
            token_url="https://login.example/token",
            client_id="us",
            client_secret=Secret("us", "client-secret"),
        ),
    )
    tokens = TokenSource(transport=mocked)
    mocked["here.auth"].post("/token").respond(json={"access_token": "issued-token", "token_type": "Bearer"})
    route = mocked["here"].get("/things").respond(200)

    async with caller(endpoint, transport=mocked, tokens=tokens) as client:
        await client.call("things")
    await tokens.aclose()

    assert route.calls.last.request.headers["authorization"] == "Bearer issued-token"
