"""Hello, as one who may look people up and as one who may not."""

import json

import pytest

from deputize.testing import EndpointMocks, EndpointRoute, ScriptRuns


@pytest.fixture
def messages(deputize_mock: EndpointMocks) -> EndpointRoute:
    """What the chat system is sent."""
    return deputize_mock.endpoint("Chat").post("/messages").respond(201, json={"id": "m-1"})


def test_a_host_greets_by_first_name(deputize_run: ScriptRuns, messages: EndpointRoute) -> None:
    run = deputize_run("hello", sample="hello", as_user="dana")

    assert run.result == {"greeting": "Hello, Sam!"}
    assert run.refusals == ()
    assert json.loads(messages.calls.last.request.content) == {"text": "Hello, Sam!"}


def test_a_guest_is_refused_once_and_greets_all_the_same(
    deputize_run: ScriptRuns, messages: EndpointRoute
) -> None:
    run = deputize_run("hello", sample="hello", as_user="rob")

    assert run.result == {"greeting": "Hello, whoever you are!"}
    assert [refusal.endpoint for refusal in run.refusals] == ["platform"]
