"""A ServiceNow incident becomes an alert, in the place of earlier ones."""

import httpx
import pytest

EVENTS = "/api/xm/1/events"
TRIGGER = r"^/api/xm/1/plans/[^/]+/forms/[^/]+/triggers$"
CALL_BACK = "/api/x_xma/xm/incident"


@pytest.fixture
def platform(deputize_mock):
    return deputize_mock.endpoint("platform")


@pytest.fixture
def servicenow(deputize_mock):
    """ServiceNow takes what it is told."""
    return deputize_mock.endpoint("ServiceNow").post(CALL_BACK).respond(201, json={})


@pytest.fixture
def form(platform):
    """The form can be sent."""
    return platform.post(path__regex=TRIGGER).respond(202, json={"requestId": "11700770"})


def page(*ids, following=None):
    links = {"self": EVENTS} if following is None else {"self": EVENTS, "next": following}
    return httpx.Response(
        200, json={"count": len(ids), "data": [{"id": each} for each in ids], "links": links}
    )


def test_earlier_alerts_end_before_the_new_one_is_sent(
    deputize_run, deputize_sample, platform, form, servicenow, calls, bodies
):
    platform.get(EVENTS).mock(return_value=page("e1"))
    end = platform.post(EVENTS).respond(200, json={})

    done = deputize_run("incident_alerts", payload=deputize_sample("incident_alerts"))

    assert done.result == {"requestId": "11700770", "ended": 1}
    assert [each.partition("?")[0].rpartition("/")[2] for each in calls(done)] == [
        "events",
        "events",
        "triggers",
        "incident",
    ]
    assert bodies(end) == [{"id": "e1", "status": "TERMINATED"}]


def test_alerts_on_every_page_end_and_all_pages_are_read_first(
    deputize_run, deputize_sample, platform, form, servicenow, calls
):
    following = f"{EVENTS}?offset=2&limit=2"
    platform.get(EVENTS).mock(side_effect=[page("e1", "e2", following=following), page("e3")])
    platform.post(EVENTS).respond(200, json={})

    done = deputize_run("incident_alerts", payload=deputize_sample("incident_alerts"))

    assert done.result["ended"] == 3
    methods = [each.partition(" ")[0] for each in calls(done)]
    assert methods == ["GET", "GET", "POST", "POST", "POST", "POST", "POST"]


def test_the_events_of_the_incident_are_looked_for(deputize_run, deputize_sample, platform, form, servicenow):
    search = platform.get(EVENTS).mock(return_value=page())

    deputize_run("incident_alerts", payload=deputize_sample("incident_alerts"))

    assert dict(search.calls.last.request.url.params) == {
        "status": "ACTIVE,SUSPENDED",
        "propertyName": "sys_id",
        "propertyValue": "9d385017c611228701d22104cc95c371",
    }


def test_servicenow_is_told_the_id_of_the_request(
    deputize_run, deputize_sample, platform, form, servicenow, bodies
):
    platform.get(EVENTS).mock(return_value=page())

    deputize_run("incident_alerts", payload=deputize_sample("incident_alerts"))

    assert bodies(servicenow) == [
        {
            "eventIdentifier": "11700770",
            "targetName": "mmcbride",
            "eventProperties": [{"sys_id": "9d385017c611228701d22104cc95c371"}],
            "mode": "eventCreation",
        }
    ]


def test_the_body_is_sent_as_it_came_with_its_recipients_by_name(
    deputize_run, deputize_sample, platform, form, servicenow, bodies
):
    platform.get(EVENTS).mock(return_value=page())
    payload = deputize_sample("incident_alerts", priority="HIGH")

    done = deputize_run("incident_alerts", payload=payload)

    sent = bodies(form)[0]
    assert sent.pop("requestId") == done.id
    assert set(sent) == {"properties", "priority", "recipients", "integrationUUID"}
    assert (sent["properties"], sent["priority"]) == (payload["properties"], "HIGH")
    assert sent["recipients"] == [{"id": "mmcbride"}]


def test_without_recipients_the_form_decides(
    deputize_run, deputize_sample, platform, form, servicenow, bodies
):
    platform.get(EVENTS).mock(return_value=page())

    deputize_run("incident_alerts", payload=deputize_sample("incident_alerts", recipients=[]))

    assert "recipients" not in bodies(form)[0]
    assert bodies(servicenow)[0]["targetName"] == "Default Recipients"


def test_who_may_not_look_for_earlier_alerts_still_raises_the_new_one(
    deputize_run, deputize_sample, platform, form, servicenow, refused, logged
):
    platform.get(EVENTS).respond(**refused)

    done = deputize_run("incident_alerts", payload=deputize_sample("incident_alerts"), as_user="rob")

    assert done.state == "COMPLETED"
    assert done.result == {"requestId": "11700770", "ended": 0}
    assert len(done.refusals) == 1
    assert logged(done) == ["cannot look for earlier alerts"]


def test_an_alert_that_may_not_be_ended_stays_and_the_others_end(
    deputize_run, deputize_sample, platform, form, servicenow, refused, logged
):
    platform.get(EVENTS).mock(return_value=page("e1", "e2", "e3"))
    platform.post(EVENTS).mock(
        side_effect=[httpx.Response(200), httpx.Response(403, json=refused["json"]), httpx.Response(200)]
    )

    done = deputize_run("incident_alerts", payload=deputize_sample("incident_alerts"), as_user="rob")

    assert done.result["ended"] == 2
    assert logged(done) == ["cannot end an earlier alert"]


def test_a_refused_form_fails_the_run_and_servicenow_is_not_called(
    deputize_run, deputize_sample, platform, refused
):
    platform.get(EVENTS).mock(return_value=page())
    platform.post(path__regex=TRIGGER).respond(**refused)

    done = deputize_run("incident_alerts", payload=deputize_sample("incident_alerts"), as_user="rob")

    assert done.state == "FAILED"
    assert done.error.message == (
        "Incident Alerts failed with response: 403 UNAUTHORIZED_ACCESS_ERROR: Not you."
    )


def test_servicenow_that_does_not_take_it_fails_the_run(
    deputize_run, deputize_sample, deputize_mock, platform, form
):
    platform.get(EVENTS).mock(return_value=page())
    deputize_mock.endpoint("ServiceNow").post(CALL_BACK).respond(500)

    done = deputize_run("incident_alerts", payload=deputize_sample("incident_alerts"))

    assert done.state == "FAILED"
    assert done.error.message == "Failed callback to ServiceNow: 500 INTERNAL_SERVER_ERROR"


@pytest.mark.parametrize("payload", [{}, {"properties": {}}])
def test_a_request_without_properties_calls_nobody(deputize_run, payload):
    done = deputize_run("incident_alerts", payload=payload)

    assert done.state == "FAILED"
    assert done.error.message == "Request body has an empty 'properties' value."
    assert done.usage.calls == 0


def test_a_request_without_the_id_of_the_incident_calls_nobody(deputize_run):
    done = deputize_run("incident_alerts", payload={"properties": {"number": "INC0010001"}})

    assert done.error.message == (
        "Request properties object is missing ServiceNow Incident Id value [properties.sys_id]."
    )
    assert done.usage.calls == 0


def test_on_the_platform_the_alert_of_before_ends_and_a_new_one_is_sent(deputize_run, deputize_mock):
    deputize_mock.endpoint("ServiceNow").post("/api/x_xma/xm/incident").respond(201)

    runs = [deputize_run("incident_alerts", sample="incident_alerts") for _ in range(3)]

    assert [each.state for each in runs] == ["COMPLETED"] * 3
    assert [each.result["ended"] for each in runs] == [1, 1, 1]
