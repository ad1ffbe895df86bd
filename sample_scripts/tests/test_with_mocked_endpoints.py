"""The shortest whole test of a script: everything is real but the network."""

import json

CALLBACK = {
    "eventIdentifier": 1,
    "recipient": "mmcbride",
    "response": "Acknowledge",
    "eventProperties": [{"Incident_Number": "INC1"}],
}


def test_a_refusal_does_not_keep_the_ticket_from_being_updated(deputize_run, deputize_mock):
    person = deputize_mock.endpoint("platform").get("/api/xm/1/people/mmcbride")
    person.refuse(needs="View on role Standard User")
    update = deputize_mock.endpoint("EasyVista").put("/api/v1/70049/requests/INC1").respond(200)

    run = deputize_run("acknowledge", payload=CALLBACK, as_user="rob")

    assert run.state == "COMPLETED"
    assert run.refusals[0].explain.needs == ("View on role Standard User",)
    assert run.sent_as == {"rob", "service"}
    assert json.loads(update.calls.last.request.content) == {"AVAILABLE_FIELD_1": "mmcbride"}
