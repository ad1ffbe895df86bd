"""What a script is started with, from what was sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deputize.domain.start import read_start
from deputize.errors import PayloadInvalid

RESPONSE = {
    "eventIdentifier": 12623005,
    "recipient": "mmcbride",
    "device": "Work Email",
    "response": "Acknowledge",
    "annotation": "null",
    "eventProperties": [{"number": "INC0010001"}, {"Tags": ["a", "b"]}],
}


def test_a_response_callback_is_folded_and_its_missing_comment_is_none():
    callback = read_start("RESPONSE", RESPONSE).provided

    assert callback["event_id"] == "12623005"
    assert callback["event_properties"] == {"number": "INC0010001", "Tags": ["a", "b"]}
    assert callback["annotation"] is None
    assert callback["raw"] == RESPONSE


@pytest.mark.parametrize(
    ("kind", "payload", "field"),
    [
        ("STATUS", {"status": "active", "username": "rob"}, "username"),
        ("DELIVERYSTATUS", {"deliveryStatus": "DELIVERED"}, "delivery_status"),
        ("ANNOTATION", {"author": {"targetName": "rob"}, "comment": "on it"}, "comment"),
        ("ESCALATION", {"group": "On-call"}, "group"),
        ("TARGETEDRECIPIENTFAILURE", {"recipient": "rob"}, "recipient"),
    ],
)
def test_each_kind_has_its_own_fields(kind, payload, field):
    callback = read_start(kind, {"eventIdentifier": "1", **payload}).provided

    assert callback["kind"] == kind
    assert field in callback


def test_an_inbound_request_carries_the_body_as_text():
    request = read_start("inbound", {"title": "disk full"}, integration="grafana").provided

    assert request["body"] == '{"title": "disk full"}'
    assert request["headers"] == {"content-type": "application/json"}
    assert request["integration_id"] == "grafana"


@pytest.mark.parametrize(
    ("kind", "payload", "message"),
    [
        ("RESPONSE", None, "a RESPONSE callback is a JSON object, but the payload is missing."),
        (
            "RESPONSE",
            {"eventIdentifier": 1, "recipient": "rob"},
            'the payload is no RESPONSE callback: "response" is missing.',
        ),
        (
            "STATUS",
            {"eventIdentifier": 1, "status": "active", "eventProperties": ["x"]},
            'the payload is no STATUS callback: "eventProperties" must be a list of objects with one key '
            "each, or one object.",
        ),
        (
            "inbound",
            {"x": {1, 2}},
            "the payload is not JSON: use dicts, lists, texts, numbers, booleans, None.",
        ),
    ],
)
def test_a_payload_that_does_not_fit_is_refused_with_its_field(kind, payload, message):
    with pytest.raises(PayloadInvalid) as refused:
        read_start(kind, payload)

    assert str(refused.value) == message


def test_an_unknown_kind_names_the_nearest():
    with pytest.raises(PayloadInvalid, match=r'"RESPONCE" is no kind of start\. Did you mean "RESPONSE"\?'):
        read_start("RESPONCE", {})


@given(st.lists(st.dictionaries(st.text(), st.integers(), min_size=1, max_size=1)))
def test_of_a_repeated_property_the_last_one_counts(properties):
    callback = read_start(
        "STATUS", {"eventIdentifier": 1, "status": "active", "eventProperties": properties}
    ).provided

    expected = {}
    for item in properties:
        expected.update(item)
    assert callback["event_properties"] == expected
