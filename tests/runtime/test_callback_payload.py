"""What an outbound script is told of a change, and how it reads it."""

from datetime import UTC, datetime

import pytest

from deputize.domain.callback import callback_payload
from deputize.domain.event import Event, EventChange
from deputize.domain.start import read_start

EVENT = Event(
    id="0d3b8d2e-6c55-4d8e-9f60-0d5f3a6d1c11",
    number="12623005",
    submitter_id="s-rob",
    submitter_name="rob",
    via="api",
    status="ACTIVE",
    form="alert",
    form_id="f",
    plan_id="p",
    priority="MEDIUM",
    created=datetime(2018, 4, 17, tzinfo=UTC),
    properties={"number": "INC0010001", "Tags": ["a", "b"]},
    recipients=("mmcbride",),
    request_id=None,
)
AT = datetime(2018, 4, 17, 20, 20, 11, 123_456, tzinfo=UTC)


def test_a_response_is_told_in_the_shape_of_the_field():
    fields = {"recipient": "mmcbride", "device": "Work Email", "response": "Acknowledge", "annotation": None}
    payload = callback_payload(EventChange(kind="RESPONSE", event=EVENT, at=AT, fields=fields))

    assert payload == {
        "eventIdentifier": 12623005,
        "date": "18-04-17 20:20:11.123",
        "recipient": "mmcbride",
        "device": "Work Email",
        "response": "Acknowledge",
        "annotation": "null",
        "eventProperties": [{"number": "INC0010001"}, {"Tags": ["a", "b"]}],
    }


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("STATUS", {"status": "terminated", "username": "rob"}),
        ("DELIVERYSTATUS", {"deliveryStatus": "DELIVERED", "device": "Work Email", "recipient": "mmcbride"}),
        ("RESPONSE", {"recipient": "mmcbride", "response": "Acknowledge", "annotation": None}),
        ("ANNOTATION", {"author": {"targetName": "mmcbride"}, "comment": "on it"}),
        ("ESCALATION", {"group": "Network", "shift": "Night", "reason": "no answer", "recipient": "dana"}),
        ("TARGETEDRECIPIENTFAILURE", {"recipient": "mmcbride", "reason": "no device"}),
    ],
)
def test_every_kind_is_read_as_a_callback_of_its_kind(kind, fields):
    payload = callback_payload(EventChange(kind=kind, event=EVENT, at=AT, fields=fields))

    start = read_start(kind, payload)
    assert start.provided["kind"] == kind
    assert start.provided["event_id"] == "12623005"
    assert start.provided["event_properties"] == {"number": "INC0010001", "Tags": ["a", "b"]}
    assert start.provided.get("annotation") is None
