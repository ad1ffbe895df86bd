"""Messages are read, or refused with what is wrong with them; they never bring the reader down."""

import time
from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deputize.inbound.mail.errors import MessageInvalid
from deputize.inbound.mail.html_text import plain_text
from deputize.inbound.mail.message import MOST_BYTES, read_message

HEAD = b"From: Dana Ito <Dana@Example.org>\r\nTo: incidents+alert@alerts.example.org\r\n"
#: Seconds that no message takes, on a machine that does other things beside.
LONG = 5


def mail(text=b"The disk is full.\r\n", *fields):
    return HEAD + b"".join(field + b"\r\n" for field in fields) + b"\r\n" + text


def refusal(content):
    with pytest.raises(MessageInvalid) as told:
        read_message(content)
    assert told.value.code == "MESSAGE_INVALID"
    return str(told.value)


def test_a_message_says_who_sent_it_where_to_and_what():
    read = read_message(mail(b"The disk is full.\r\n", b"Subject: Disk", b"Message-ID: <1@mx.example.org>"))

    assert (read.sender, read.addresses) == ("dana@example.org", ("incidents+alert@alerts.example.org",))
    assert (read.subject, read.text, read.attachments) == ("Disk", "The disk is full.\n", ())
    assert read.message_id == "<1@mx.example.org>"


def test_encoded_words_and_charsets_are_read():
    message = EmailMessage()
    message["From"] = "Jürgen Groß <juergen@example.org>"
    message["Subject"] = "Störung am Gerät № 7"
    message.set_content("Das Gerät piept.", charset="iso-8859-1")

    read = read_message(message.as_bytes())

    assert (read.sender, read.subject, read.text) == (
        "juergen@example.org",
        "Störung am Gerät № 7",
        "Das Gerät piept.\n",
    )


def test_the_plain_part_goes_before_the_html_and_attachments_are_named_only():
    message = EmailMessage()
    message["From"] = "dana@example.org"
    message.set_content("plain")
    message.add_alternative("<p>rich</p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan\u202e.pdf")
    message.add_attachment("note", filename="note.txt")
    inner = EmailMessage()
    inner.set_content("of somebody else")
    message.add_attachment(inner)

    read = read_message(message.as_bytes())

    assert read.text == "plain\n"
    assert read.attachments == ("plan\ufffd.pdf", "note.txt", "message/rfc822")


def test_html_alone_becomes_text():
    html = (
        "<html><head><title>x</title><style>p {}</style></head><body><!-- no --><p>Disk&nbsp;full &amp; hot</p>"
        "<script>alert(1)</script><div>a &lt;b&gt;<br>c</div></body></html>"
    )
    message = EmailMessage()
    message["From"] = "dana@example.org"
    message.set_content(html, subtype="html")

    assert read_message(message.as_bytes()).text == "Disk full & hot\n\na <b>\nc"


def test_the_envelopes_address_goes_before_the_letters():
    read = read_message(
        mail(
            b"",
            b"Delivered-To: two@example.org",
            b"X-Original-To: one@example.org",
            b"To: Three <x@y.example>",
        )
    )

    assert read.addresses == (
        "one@example.org",
        "two@example.org",
        "incidents+alert@alerts.example.org",
        "x@y.example",
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The message has 0 fields From; it must have one, with one address."),
        (b"\0\xff\xfe", "The message has 0 fields From; it must have one, with one address."),
        (b"Subject: x\r\n\r\nx", "The message has 0 fields From; it must have one, with one address."),
        (
            mail(b"", b"From: eve@example.org"),
            "The message has 2 fields From; it must have one, with one address.",
        ),
        (b"From: a@b.example, c@d.example\n\n", "From names 2 addresses; it must name exactly one."),
        (b"From: us: a@b.example;\n\n", "From names 1 addresses; it must name exactly one."),
        (b"From: nobody\n\n", "The address in From is not a plain one, such as dana@example.org."),
        (
            b"From: =?utf-8?q?dana=40example=2Eorg?= <eve@example.org>, dana@example.org\n\n",
            "From names 2 addresses; it must name exactly one.",
        ),
        (b"From: " + b"(" * 1900 + b"\n\n", "From cannot be read."),
        (b"From: " + b"x" * 3000 + b"@b.example\n\n", "From has more than 2000 characters."),
        (mail(b"", b"Subject: " + b"x" * 3000), "Subject has more than 2000 characters."),
        (
            mail(b"", b"Auto-Submitted: auto-replied; x=y"),
            "The message is an automatic answer (Auto-Submitted: auto-replied).",
        ),
        (
            mail(b"x", b'Content-Type: text/plain; charset="punycode"'),
            "The text of the message is in a charset that is not known here. Send UTF-8.",
        ),
        (mail(b"x" * MOST_BYTES), "The message has more than 1048576 bytes."),
        (mail(b"\n" * 60_000), "The message has more than 50000 lines."),
        (mail(b"x", *[b"X-Field: x"] * 1001), "The message has more than 1000 header fields."),
        (
            mail(b"", b"Content-Type: text/plain; " + b"x" * 3000),
            "A field about the message's content has more than 2000 characters.",
        ),
        (
            mail(b"", *[b"Content-Type: multipart/mixed; boundary=x"] * 11),
            "More than 10 of the message's parts hold other parts.",
        ),
        (
            mail(b"--x\n\n\n" * 101 + b"--x--", b"Content-Type: multipart/mixed; boundary=x"),
            "The message has more than 100 parts.",
        ),
    ],
)
def test_what_is_no_message_with_one_sender_is_refused(content, told):
    assert refusal(content) == told


def test_a_display_name_that_looks_like_an_address_is_not_the_sender():
    read = read_message(b'From: "dana@example.org" <eve@example.net>\n\nx')

    assert read.sender == "eve@example.net"


def test_an_address_in_encoded_words_is_not_put_together():
    content = b"From: <=?utf-8?q?dana?=@example.org>\n\nx"

    assert refusal(content) == "The address in From is not a plain one, such as dana@example.org."


@pytest.mark.parametrize(
    "unit",
    ["<", "<!--", "<!", "<?", "<a ", '<a b="', "</", "</a <", "&", "&#", "<script>", "<a /", "<p>", "\n"],
)
def test_html_of_any_kind_takes_no_time(unit):
    html, before = (unit * MOST_BYTES)[: MOST_BYTES // 2], time.monotonic()

    plain_text(html)

    assert time.monotonic() - before < LONG


@pytest.mark.parametrize(
    "content",
    [
        mail((b"--x\n" * 40_000)[: MOST_BYTES - 1000], b"Content-Type: multipart/mixed; boundary=x"),
        mail(b"=" * 900_000, b"Content-Transfer-Encoding: quoted-printable"),
        mail(b"A" * 900_000, b"Content-Transfer-Encoding: base64"),
        HEAD + b"To: " + b"a@b.example," * 70_000 + b"\n\n",
        HEAD + b"To: " + b"(" * 900_000 + b"\n\n",
        mail(b"", b"Subject: " + b"=?utf-8?q?a?= " * 140),
        b'From: "' + b'\\"' * 900 + b"\n\n",
        mail(b"content-type:\n" * 49_000),
    ],
    ids=range(8),
)
def test_a_message_that_is_made_to_be_slow_is_not(content):
    before = time.monotonic()

    with suppress(MessageInvalid):
        read_message(content)

    assert time.monotonic() - before < LONG


PIECES = st.sampled_from(
    [
        b"From: ",
        b"From: a@b.example\n",
        b"Subject: =?x?q?",
        b"?=",
        b"To: <",
        b"Content-Type: multipart/mixed; boundary=",
        b"Content-Type: text/html; charset=",
        b"Content-Disposition: attachment; filename*=utf-8''%",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: x-uuencode\n",
        b"begin 666 x\n",
        b"--",
        b"--x\n",
        b"--x--\n",
        b"x",
        b"\n",
        b"\n\n",
        b"\r",
        b" ",
        b"\xff",
        b"\0",
        b'"',
        b"<",
        b"<p>",
        b"(",
        b":",
        b";",
        b"@",
        b"&#x110000;",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=5), max_size=40).map(b"".join))
def test_bytes_of_any_kind_are_read_or_refused(content):
    try:
        read = read_message(content)
    except MessageInvalid:
        return
    # What is read can be kept.
    for text in (read.sender, *read.addresses, read.subject, read.text, *read.attachments, read.message_id):
        text.encode("utf-8")
        assert "\0" not in text
