"""Both scripts, as one who may read the responder and as one who may not."""

import pytest


@pytest.fixture
def ticket(deputize_mock):
    """The ticket, which takes any change."""
    return deputize_mock.endpoint("EasyVista").put("/api/v1/70049/requests/INC0010001").respond(200)


def test_one_who_may_read_the_responder_updates_the_ticket(deputize_run, ticket, bodies):
    run = deputize_run("acknowledge", sample="acknowledge", as_user="dana")

    assert run.state == "COMPLETED"
    assert run.refusals == ()
    assert bodies(ticket) == [{"AVAILABLE_FIELD_1": "mmcbride"}]


def test_one_who_may_not_is_refused_once_and_updates_the_ticket_too(deputize_run, ticket, bodies):
    run = deputize_run("acknowledge", sample="acknowledge", as_user="rob")

    assert run.state == "COMPLETED"
    assert [refusal.request.method for refusal in run.refusals] == ["GET"]
    assert bodies(ticket) == [{"AVAILABLE_FIELD_1": "mmcbride"}]


def test_the_strict_script_updates_the_ticket_for_one_who_may(deputize_run, ticket, bodies):
    run = deputize_run("acknowledge_strict", sample="acknowledge", as_user="dana")

    assert run.state == "COMPLETED"
    assert bodies(ticket) == [{"AVAILABLE_FIELD_1": "mmcbride"}]


def test_the_strict_script_fails_for_one_who_may_not_and_leaves_the_ticket(deputize_run):
    run = deputize_run("acknowledge_strict", sample="acknowledge", as_user="rob")

    assert run.state == "FAILED"
    assert len(run.refusals) == 1
    assert run.sent_as == {"rob"}


def test_another_response_than_acknowledge_calls_nobody(deputize_run, deputize_sample):
    payload = deputize_sample("acknowledge", response="Escalate")
    run = deputize_run("acknowledge", payload=payload, as_user="rob")

    assert run.state == "COMPLETED"
    assert run.usage.calls == 0
