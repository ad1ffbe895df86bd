"""An e-mail address leads to one Jira user, or the run says why not."""

import httpx
import pytest

SEARCH = "/rest/api/3/user/search"
EMAIL = "aruiz@example.com"
ANA = {"accountId": "5b10a2844c20165700ede21g", "displayName": "Ana Ruiz"}
FOUND = {"Jira User Account ID": "5b10a2844c20165700ede21g", "Jira User Display Name": "Ana Ruiz"}
NOBODY = {"Jira User Account ID": "", "Jira User Display Name": ""}


@pytest.fixture
def search(deputize_mock):
    return deputize_mock.endpoint("Jira Cloud").get(SEARCH)


def test_the_one_user_is_returned(deputize_run, deputize_sample, search, logged):
    search.respond(json=[ANA])

    done = deputize_run("find_jira_user", payload=deputize_sample("find_jira_user"))

    assert done.result == FOUND
    assert logged(done) == ["Found the following users:"]


def test_blanks_around_the_address_are_dropped(deputize_run, deputize_sample, search):
    search.respond(json=[ANA])

    deputize_run(
        "find_jira_user", payload=deputize_sample("find_jira_user", **{"User Email": f"  {EMAIL}\n"})
    )

    assert search.calls.last.request.url.params["query"] == EMAIL


def test_an_empty_address_is_not_searched_for(deputize_run, deputize_sample):
    done = deputize_run("find_jira_user", payload=deputize_sample("find_jira_user", **{"User Email": " "}))

    assert done.error.message == "Error: User Email is empty"
    assert done.usage.calls == 0


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (httpx.Response(200, json=[]), f"No Jira accounts matched email {EMAIL}"),
        (httpx.Response(200, json=[ANA, ANA]), f"More than one Jira account matched email {EMAIL}"),
        (httpx.Response(200, text="<html>"), "Unable to parse errors, see logs for details."),
        (
            httpx.Response(403, json={"errorMessages": ["You may not", "browse users."]}),
            f'Failed to find user with email "{EMAIL}", Jira Cloud returned error code [403] and the '
            "following messages: You may not browse users.",
        ),
        (
            httpx.Response(400, json={"errorMessages": [], "errors": {"query": "is bad", "max": "is 50"}}),
            f'Failed to find user with email "{EMAIL}", Jira Cloud returned error code [400] and the '
            "following messages: query: is bad max: is 50",
        ),
        (httpx.Response(500, text="oops"), "Unable to parse errors, see logs for details."),
    ],
    ids=["none", "several", "no JSON", "refused", "bad request", "failed"],
)
class TestWithoutOneUser:
    """The run fails with what is wrong, or goes on without a user where that is asked for."""

    def test_the_run_fails(self, deputize_run, deputize_sample, search, answer, message):
        search.mock(return_value=answer)

        done = deputize_run("find_jira_user", payload=deputize_sample("find_jira_user"))

        assert done.state == "FAILED"
        assert done.error.message == f"Error: {message}"

    @pytest.mark.parametrize("goes_on", ["true", " Yes", "1"])
    def test_or_goes_on(self, deputize_run, deputize_sample, search, logged, answer, message, goes_on):
        search.mock(return_value=answer)

        done = deputize_run(
            "find_jira_user", payload=deputize_sample("find_jira_user", **{"Continue On Error": goes_on})
        )

        assert done.result == NOBODY
        assert logged(done)[-1] == message


@pytest.mark.parametrize(("goes_on", "state"), [("no", "FAILED"), ("yes", "COMPLETED")])
def test_jira_that_cannot_be_reached_is_an_error_like_the_others(
    deputize_run, deputize_sample, search, goes_on, state
):
    search.mock(side_effect=httpx.ConnectError("refused"))

    done = deputize_run(
        "find_jira_user", payload=deputize_sample("find_jira_user", **{"Continue On Error": goes_on})
    )

    assert done.state == state
