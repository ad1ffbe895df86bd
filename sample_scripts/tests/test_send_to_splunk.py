"""An event reaches Splunk whole, or the run says what is missing."""

import httpx
import pytest

EVENT = "/api/xm/1/events/12623005"
AUDITS = "/api/xm/1/audits"
COLLECTOR = "/services/collector/event"


@pytest.fixture
def event(deputize_mock):
    """``event(annotations=…)``: the event with what belongs to it."""
    return lambda **details: (
        deputize_mock.endpoint("platform").get(EVENT).respond(json={"id": "e1", **details})
    )


@pytest.fixture
def audits(deputize_mock):
    return (
        deputize_mock.endpoint("platform").get(AUDITS).respond(json={"data": [{"type": "RESPONSE_RECEIVED"}]})
    )


@pytest.fixture
def splunk(deputize_mock):
    return deputize_mock.endpoint("Splunk").post(COLLECTOR).respond(json={"text": "Success", "code": 0})


def block(*items, following=None):
    return {"data": list(items), "links": {} if following is None else {"next": following}}


def test_an_event_is_sent_with_its_responses(deputize_run, deputize_sample, event, audits, splunk, bodies):
    event(status="ACTIVE", recipients=block("ana"), annotations=block("seen"))

    done = deputize_run("send_to_splunk", payload=deputize_sample("send_to_splunk"))

    assert done.result == {"Splunk Response": 200}
    assert bodies(splunk) == [
        {
            "sourcetype": "deputize:event",
            "event": {
                "id": "e1",
                "status": "ACTIVE",
                "recipients": ["ana"],
                "annotations": ["seen"],
                "audits": [{"type": "RESPONSE_RECEIVED"}],
            },
        }
    ]


def test_all_pages_of_recipients_annotations_and_audits_are_sent(
    deputize_run, deputize_sample, deputize_mock, event, splunk, bodies
):
    platform = deputize_mock.endpoint("platform")
    event(
        recipients=block("ana", following=f"{EVENT}/recipients?offset=1&limit=1"),
        annotations=block("seen", following=f"{EVENT}/annotations?offset=1&limit=1"),
    )
    second = platform.get(f"{EVENT}/recipients?offset=1&limit=1")
    second.respond(json=block("bo", following=f"{EVENT}/recipients?offset=2&limit=1"))
    platform.get(f"{EVENT}/recipients?offset=2&limit=1").respond(json=block("cy"))
    platform.get(f"{EVENT}/annotations?offset=1&limit=1").respond(json=block("done"))
    platform.get(AUDITS).mock(
        side_effect=[
            httpx.Response(200, json=block("first", following=f"{AUDITS}?eventId=12623005&after=1")),
            httpx.Response(200, json=block("second")),
        ]
    )

    deputize_run("send_to_splunk", payload=deputize_sample("send_to_splunk"))

    sent = bodies(splunk)[0]["event"]
    assert sent["recipients"] == ["ana", "bo", "cy"]
    assert sent["annotations"] == ["seen", "done"]
    assert sent["audits"] == ["first", "second"]


def test_an_event_without_annotations_is_sent(deputize_run, deputize_sample, event, audits, splunk):
    event()

    assert deputize_run("send_to_splunk", payload=deputize_sample("send_to_splunk")).state == "COMPLETED"


def test_a_long_event_is_sent_to_its_last_character(
    deputize_run, deputize_sample, event, audits, splunk, bodies
):
    comments = [f"{number:05}" * 1000 for number in range(50)]
    event(annotations=block(*comments))

    deputize_run("send_to_splunk", payload=deputize_sample("send_to_splunk"))

    assert bodies(splunk)[0]["event"]["annotations"] == comments


def test_an_event_that_may_not_be_read_is_not_sent(deputize_run, deputize_sample, deputize_mock, refused):
    deputize_mock.endpoint("platform").get(EVENT).respond(**refused)

    done = deputize_run("send_to_splunk", payload=deputize_sample("send_to_splunk"), as_user="rob")

    assert done.state == "FAILED"
    assert len(done.refusals) == 1


def test_responses_that_may_not_be_read_are_missing_and_that_is_logged(
    deputize_run, deputize_sample, deputize_mock, event, splunk, refused, bodies, logged
):
    event()
    deputize_mock.endpoint("platform").get(AUDITS).respond(**refused)

    done = deputize_run("send_to_splunk", payload=deputize_sample("send_to_splunk"), as_user="rob")

    assert done.state == "COMPLETED"
    assert bodies(splunk)[0]["event"]["audits"] == []
    assert logged(done) == ["some are missing"]


def test_a_page_that_fails_leaves_those_before_it(
    deputize_run, deputize_sample, deputize_mock, event, audits, splunk, bodies, logged
):
    event(recipients=block("ana", following=f"{EVENT}/recipients?offset=1&limit=1"))
    deputize_mock.endpoint("platform").get(f"{EVENT}/recipients?offset=1&limit=1").respond(500)

    done = deputize_run("send_to_splunk", payload=deputize_sample("send_to_splunk"))

    assert bodies(splunk)[0]["event"]["recipients"] == ["ana"]
    assert logged(done) == ["some are missing"]


@pytest.mark.parametrize("status", [403, 503])
def test_splunk_that_does_not_take_it_fails_the_run(
    deputize_run, deputize_sample, deputize_mock, event, audits, status
):
    event()
    deputize_mock.endpoint("Splunk").post(COLLECTOR).respond(
        status, json={"text": "Invalid token", "code": 4}
    )

    assert deputize_run("send_to_splunk", payload=deputize_sample("send_to_splunk")).state == "FAILED"


def test_the_token_goes_in_a_header_and_is_shown_nowhere(
    deputize_run, deputize_sample, event, audits, splunk
):
    event()

    done = deputize_run("send_to_splunk", payload=deputize_sample("send_to_splunk"))

    assert splunk.calls.last.request.headers["authorization"] == "Splunk value of splunk"
    assert "value of splunk" not in str(done.as_json())


def test_on_the_platform_the_submitter_may_send_the_event(run_with_stand_ins, deputize_sample):
    (done,) = run_with_stand_ins([("send_to_splunk", deputize_sample("send_to_splunk"), "rob")])

    assert done.result == {"Splunk Response": 200}
