"""Changes of an alert reach ServiceNow as they came, with the mode that it expects."""

import pytest

CALL_BACK = "/api/x_xma/xm/incident"


@pytest.mark.parametrize(
    ("integration", "mode"),
    [
        ("servicenow_status", "status"),
        ("servicenow_delivery", "deliveryStatus"),
        ("servicenow_response", "response"),
    ],
)
def test_the_whole_callback_is_passed_on(
    deputize_run, deputize_sample, deputize_mock, bodies, logged, integration, mode
):
    table = deputize_mock.endpoint("ServiceNow").post(CALL_BACK).respond(201)
    callback = deputize_sample(integration)

    done = deputize_run(integration, payload=callback)

    assert done.state == "COMPLETED"
    assert bodies(table) == [callback | {"mode": mode}]
    assert logged(done) == [
        "Executing outbound integration for event ID: 12623005",
        "Successful callback to ServiceNow",
    ]


def test_servicenow_is_called_as_the_service_account_whoever_the_initiator_is(
    deputize_run, deputize_sample, deputize_mock
):
    table = deputize_mock.endpoint("ServiceNow").post(CALL_BACK).respond(201)

    done = deputize_run("servicenow_status", payload=deputize_sample("servicenow_status"), as_user="rob")

    assert done.sent_as == {"service"}
    assert table.calls.last.request.headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (403, "Failed callback to ServiceNow: 403 FORBIDDEN"),
        (500, "Failed callback to ServiceNow: 500 INTERNAL_SERVER_ERROR"),
    ],
)
def test_servicenow_that_does_not_take_it_fails_the_run(
    deputize_run, deputize_sample, deputize_mock, logged, status, message
):
    deputize_mock.endpoint("ServiceNow").post(CALL_BACK).respond(status)

    done = deputize_run("servicenow_status", payload=deputize_sample("servicenow_status"))

    assert done.state == "FAILED"
    assert done.error.message == message
    assert "Successful callback to ServiceNow" not in logged(done)


def test_a_refusal_by_servicenow_is_not_one_of_the_initiator(deputize_run, deputize_sample, deputize_mock):
    deputize_mock.endpoint("ServiceNow").post(CALL_BACK).respond(403)

    done = deputize_run("servicenow_status", payload=deputize_sample("servicenow_status"))

    assert done.refusals == ()
