"""What answers the calls of a script in a test, by the name of the endpoint."""

from typing import get_args

import pytest

from deputize.testing import UnmockedCall
from deputize_client import TransportCause

PERSON = "/api/xm/1/people/dana"


def test_paths_are_those_below_the_base_url(call, deputize_mock):
    route = deputize_mock.endpoint("Desk").get("/notes", params={"page": "2"}).respond(200, text="second")
    deputize_mock.endpoint("Desk").get(path__regex=r"^/notes/\d+$").respond(404)

    assert call("Desk", "/notes?page=2").result == [200, "second"]
    assert call("Desk", "notes/17").result[0] == 404
    assert str(route.calls.last.request.url) == "https://desk.example/api/v2/notes?page=2"


def test_a_plans_own_endpoint_is_named_with_its_plan_where_there_are_two(call, deputize_mock):
    deputize_mock.endpoint("p/Shared").get("/x").respond(204)
    with pytest.raises(LookupError) as caught:
        deputize_mock.endpoint("Shared")

    assert call("Shared", "/x").result == [204, ""]
    assert str(caught.value) == (
        "More than one endpoint is named 'Shared'. Name it with its plan, if it has one: Shared, p/Shared."
    )


@pytest.mark.parametrize("cause", get_args(TransportCause))
def test_a_call_fails_for_every_cause_that_there_is(call, deputize_mock, cause):
    deputize_mock.endpoint("Desk").get("/x").fail(cause)

    run = call("Desk", "/x")

    assert run.result[0] == cause
    assert [entry.error.cause for entry in run.activity if entry.kind == "http.exchange"] == [cause]


def test_an_unknown_cause_is_told_with_those_that_there_are(deputize_mock):
    deputize_mock.allow_unused()
    with pytest.raises(ValueError, match=r"^fail\('slow'\): no such cause\. Causes: dns, connect, "):
        deputize_mock.endpoint("Desk").get("/x").fail("slow")


def test_a_refusal_is_the_platforms_own_to_the_letter(call, deputize_mock):
    real = call("platform", PERSON, as_user="rob")
    deputize_mock.endpoint("platform").get(PERSON).refuse(needs=["this", "that"], would_pass="role Z")
    mocked = call("platform", PERSON, as_user="rob")

    assert mocked.result == real.result
    assert mocked.refusals[0].reason == real.refusals[0].reason
    assert mocked.refusals[0].explain.model_dump(mode="json") == {
        "initiator": "rob",
        "needs": ["this", "that"],
        "would_pass": ["role Z"],
        "source": "platform",
    }


def test_a_refusal_without_needs_explains_nothing(call, deputize_mock):
    deputize_mock.endpoint("platform").get(PERSON).refuse()

    assert [refusal.explain for refusal in call("platform", PERSON).refusals] == [None]


def test_another_endpoint_refuses_without_an_explanation(call, deputize_mock):
    route = deputize_mock.endpoint("Desk").get("/x")
    route.refuse()
    with pytest.raises(ValueError, match='"Desk"') as caught:
        route.refuse(needs="a star")

    assert call("Desk", "/x").result[0] == 403
    assert str(caught.value) == (
        'endpoint("Desk"): refuse() takes no explanation here. '
        'Only the endpoint "platform" says what its caller needs.'
    )


def test_once_a_route_of_the_platform_is_mocked_all_of_it_is(call, deputize_mock):
    deputize_mock.endpoint("platform").get(PERSON).respond(418)

    assert call("platform", PERSON).result[0] == 418
    with pytest.raises(UnmockedCall, match=r"^GET platform /api/xm/1/people/rob       call\.py:8\n"):
        call("platform", "/api/xm/1/people/rob")


def test_the_rest_of_the_platform_may_be_let_through(call, deputize_mock):
    platform = deputize_mock.endpoint("platform")
    platform.get(PERSON).refuse()
    platform.route().pass_through()

    assert call("platform", PERSON).result[0] == 403
    assert call("platform", "/api/xm/1/people/rob").result[0] == 200


def test_nothing_else_is_let_through_to_the_network(call, deputize_mock):
    deputize_mock.endpoint("Desk").route().pass_through()

    assert call("Desk", "/x").result == [
        "egress_denied",
        "Endpoint 'Desk' (desk.example:443): a route passes through, and the network is blocked in tests.",
    ]


def test_tokens_of_service_accounts_are_issued_without_a_route(call, deputize_mock):
    route = deputize_mock.endpoint("Vault").get("/x").respond(200)

    assert call("Vault", "/x").sent_as == {"service"}
    assert route.calls.last.request.headers["authorization"] == "Bearer test-token-of-login.example"


def test_every_call_that_nobody_answers_is_told_with_its_line(deputize_run, deputize_mock):
    deputize_mock.endpoint("Desk").get("/c").respond(200)
    deputize_mock.allow_unused()
    with pytest.raises(UnmockedCall) as caught:
        deputize_run("everything")

    said = str(caught.value).splitlines()
    assert said[0] == "GET Desk /a       everything.py:17"
    assert said[1].startswith("Network is blocked in tests. Nearest route: Desk GET /c (")
    assert said[2] == '    deputize_mock.endpoint("Desk").get("/a").respond(json=…)'
    assert said[3] == "GET Desk /b       everything.py:17"
