"""Answers to an alert open, comment and resolve a StatusPage incident, once each."""

import httpx
import pytest

INCIDENTS = "/incidents.json"
INCIDENT = "/incidents/p31zjtct2jer.json"
NAME = "12623005"
KNOWN = {"id": "p31zjtct2jer", "name": NAME}
CREATE = "Create StatusPage.io Incident"
COMMENT = "Update StatusPage.io Incident With Comment"
RESOLVE = "Resolve StatusPage.io Incident"


@pytest.fixture
def page(deputize_mock):
    return deputize_mock.endpoint("StatusPage")


@pytest.fixture
def answer(deputize_run, deputize_sample):
    """Run the script with what somebody answered."""

    def answer(response, annotation="null"):
        callback = deputize_sample("statuspage_incident", response=response, annotation=annotation)
        return deputize_run("statuspage_incident", payload=callback, as_user="rob")

    return answer


def test_create_opens_an_incident_named_after_the_event(answer, page, bodies):
    page.get(INCIDENTS).respond(json=[])
    create = page.post(INCIDENTS).respond(201, json=KNOWN)

    done = answer(CREATE)

    assert done.state == "COMPLETED"
    assert bodies(create) == [{"incident": {"name": NAME, "message": "A new issue has been detected."}}]


def test_a_second_create_opens_nothing(answer, page, calls):
    page.get(INCIDENTS).respond(json=[KNOWN])

    done = answer(CREATE)

    assert [each.partition(" ")[0] for each in calls(done)] == ["GET"]


def test_an_incident_whose_name_comes_as_a_number_is_found(answer, page, calls):
    page.get(INCIDENTS).respond(json=[{"id": "p31zjtct2jer", "name": 12623005}])

    done = answer(CREATE)

    assert [each.partition(" ")[0] for each in calls(done)] == ["GET"]


def test_an_incident_on_the_second_page_is_found(answer, page, calls):
    others = [{"id": str(number), "name": f"other {number}"} for number in range(100)]
    search = page.get(INCIDENTS)
    search.side_effect = [httpx.Response(200, json=others), httpx.Response(200, json=[KNOWN])]

    done = answer(CREATE)

    assert [call.request.url.params["page"] for call in search.calls] == ["1", "2"]
    assert [each.partition(" ")[0] for each in calls(done)] == ["GET", "GET"]


@pytest.mark.parametrize("status", [401, 403, 500])
def test_incidents_that_cannot_be_listed_are_not_taken_for_none(answer, page, calls, status):
    page.get(INCIDENTS).respond(status)

    done = answer(CREATE)

    assert done.state == "FAILED"
    assert done.error.type == "HttpError"
    assert [each.partition(" ")[0] for each in calls(done)] == ["GET"]


def test_an_incident_that_cannot_be_opened_fails_the_run(answer, page):
    page.get(INCIDENTS).respond(json=[])
    page.post(INCIDENTS).respond(422, json={"error": "name is too long"})

    assert answer(CREATE).state == "FAILED"


def test_a_comment_is_added_to_the_incident(answer, page, bodies):
    page.get(INCIDENTS).respond(json=[KNOWN])
    change = page.patch(INCIDENT).respond(json=KNOWN)

    answer(COMMENT, annotation="The database is slow.")

    assert bodies(change) == [{"incident": {"message": "Updating this incident - The database is slow."}}]


def test_an_update_without_a_comment_calls_nobody(answer, logged):
    done = answer(COMMENT)

    assert done.usage.calls == 0
    assert logged(done) == ["Skipping update to StatusPage as no annotation was provided"]


def test_resolve_resolves_the_incident(answer, page, bodies):
    page.get(INCIDENTS).respond(json=[KNOWN])
    change = page.patch(INCIDENT).respond(json=KNOWN)

    answer(RESOLVE)

    assert bodies(change) == [{"incident": {"status": "resolved"}}]


@pytest.mark.parametrize("response", [COMMENT, RESOLVE])
def test_without_an_incident_there_is_nothing_to_change(answer, page, logged, response):
    page.get(INCIDENTS).respond(json=[])

    done = answer(response, annotation="The database is slow.")

    assert done.state == "COMPLETED"
    assert logged(done) == ["No StatusPage found. Returning."]


def test_a_change_that_is_refused_fails_the_run(answer, page):
    page.get(INCIDENTS).respond(json=[KNOWN])
    page.patch(INCIDENT).respond(403)

    assert answer(RESOLVE).state == "FAILED"


def test_another_answer_calls_nobody(answer):
    done = answer("Acknowledge")

    assert done.state == "COMPLETED"
    assert done.usage.calls == 0


def test_the_token_goes_in_a_header_and_is_shown_nowhere(answer, page):
    search = page.get(INCIDENTS).respond(json=[KNOWN])

    done = answer(CREATE)

    assert search.calls.last.request.headers["authorization"] == "OAuth value of statuspage"
    assert "value of statuspage" not in str(done.as_json())
