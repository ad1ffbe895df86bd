"""What a message gives its form: subject, text, and the lines at its head."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deputize.inbound.mail.content import MailContent, content_of
from deputize.inbound.mail.errors import MessageInvalid
from deputize.inbound.mail.form_address import FormAddress, folded, form_address
from deputize.inbound.mail.message import MailMessage


def content(text, subject="Disk"):
    message = MailMessage(
        sender="dana@example.org", addresses=(), subject=subject, text=text, attachments=(), message_id=""
    )
    return content_of(message)


def test_subject_and_text_are_properties():
    assert content("The disk is full.\n\nSee to it.\n") == MailContent(
        properties={"Subject": "Disk", "Body": "The disk is full.\n\nSee to it."},
        recipients=(),
        priority="MEDIUM",
    )


def test_lines_at_the_head_are_properties_recipients_and_priority():
    text = (
        "\nNumber: INC1\nrecipients: rob, DBA; dana|Work Email ,\nPriority: high\n"
        "Short Description:\nUrl: https://x.example/?a:b\n\nThe disk: is full.\n"
    )

    assert content(text) == MailContent(
        properties={
            "Subject": "Disk",
            "Body": "The disk: is full.",
            "Number": "INC1",
            "Short Description": "",
            "Url": "https://x.example/?a:b",
        },
        recipients=("rob", "DBA", "dana|Work Email"),
        priority="HIGH",
    )


@pytest.mark.parametrize(
    "text",
    ["Number: INC1\nthe disk is full", "https://x.example/", "a\nNumber: INC1", "1: x", ": x", "x" * 200],
)
def test_a_first_paragraph_of_other_lines_is_text(text):
    assert content(text).properties == {"Subject": "Disk", "Body": text}


def test_a_head_may_stand_alone_and_may_say_what_subject_and_body_are():
    assert content("Subject: Other\nBody: x").properties == {"Subject": "Other", "Body": "x"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Number: 1\nNUMBER: 2", 'The line "NUMBER:" stands in the head of the text more than once.'),
        ("Priority: urgent", 'The priority is "urgent"; it must be HIGH, MEDIUM or LOW.'),
    ],
)
def test_a_head_that_cannot_be_meant_is_refused(text, told):
    with pytest.raises(MessageInvalid) as refused:
        content(text)

    assert str(refused.value) == told


@given(st.text(max_size=300))
def test_nothing_of_a_text_is_lost(text):
    try:
        read = content(text)
    except MessageInvalid:
        return
    words = " ".join(map(str, [*read.properties.values(), *read.properties, *read.recipients, read.priority]))

    assert {each for each in text if each.isalnum()} <= {*words, *"PRIORITYpriorityRECIPIENTSrecipients"}


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("incidents+alert@alerts.example.org", FormAddress(plan="incidents", form="alert")),
        ("On.Call-EU+New_Alert@x.example", FormAddress(plan="on-call-eu", form="new-alert")),
        ("dana@example.org", None),
        ("a+b+c@x.example", None),
        ("+alert@x.example", None),
        ("incidents+@x.example", None),
        ("alert", None),
    ],
)
def test_an_address_names_a_form_by_plan_and_form(address, named):
    assert form_address(address) == named


def test_a_name_is_folded_to_what_an_address_can_have():
    assert [folded(each) for each in ("On call (EU)", "alert", "A--b", "Ü")] == [
        "on-call-eu",
        "alert",
        "a-b",
        "",
    ]
