"""The body of a request is a text, and read by one parser at most."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deputize.inbound.content import Content, Unreadable, read_content, read_json
from deputize.inbound.received import ReceivedRequest

#: What JSON can hold, and databases and answers as well.
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda below: (
        st.lists(below, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), below, max_size=4)
    ),
)


def read(body, *types):
    headers = tuple(("Content-Type", each) for each in types)
    return read_content(ReceivedRequest(integration_id="x", headers=headers, body=body))


@given(JSON)
def test_json_is_read_and_kept_as_text(value):
    text = json.dumps(value)

    assert read(text.encode(), "application/json") == Content(text=text, payload=value)


@pytest.mark.parametrize(
    "kind",
    [
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/vnd.github+json",
        'application/json;charset="UTF-8"',
    ],
)
def test_json_is_told_by_its_content_type(kind):
    assert read('{"ü": 1}'.encode(), kind).payload == {"ü": 1}


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "application/jsonp", "multipart/form-data; boundary=x", ""]
)
def test_no_parser_but_the_one_of_content_type_looks_at_a_body(kind):
    body = b'{"a": 1}&b=2'

    assert read(body, kind) == Content(text='{"a": 1}&b=2')


def test_a_body_without_content_type_is_a_text():
    assert read(b"a=1&b=2") == Content(text="a=1&b=2")


def test_a_form_is_read_into_fields_in_their_order():
    content = read(
        b"payload=%7B%22a%22%3A1%7D&b=&a=1&a=2+3&x", "application/x-www-form-urlencoded; charset=UTF-8"
    )

    assert content.fields == [("payload", '{"a":1}'), ("b", ""), ("a", "1"), ("a", "2 3"), ("x", "")]
    assert content.payload is None


@pytest.mark.parametrize("field", ["apiKey=x", "access_token=x", "APIKEY=", "a=1&%61ccess_token=x"])
def test_a_form_with_a_credential_is_refused(field):
    assert read(field.encode(), "application/x-www-form-urlencoded") == Unreadable(
        code="CREDENTIALS_AMBIGUOUS",
        why="A credential does not belong into a form. Send it in the header Authorization, a URL key in the "
        "address, and no other.",
    )


@pytest.mark.parametrize("body", [b"a=%ff", b"&".join([b"a=1"] * 1001)])
def test_a_form_that_is_none_is_refused(body):
    assert read(body, "application/x-www-form-urlencoded") == Unreadable(
        code="REQUEST_UNREADABLE",
        why="The body is no form: it has more than 1000 fields, or is not percent-encoded UTF-8.",
    )


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/plain; charset=iso-8859-1", b"\xfc", "ü"),
        ("text/plain;charset=latin1", b"\xfc", "ü"),
        ("text/plain; format=flowed; Charset=Windows-1252", b"\x80", "€"),
        ("text/plain; charset=utf-16", "ü".encode("utf-16"), "ü"),
        ("text/plain", "ü\0\ufeff".encode(), "ü\0\ufeff"),
    ],
)
def test_text_is_read_in_its_charset(kind, body, text):
    assert read(body, kind) == Content(text=text)


@pytest.mark.parametrize(
    "charset", ["idna", "punycode", "utf-7", "unicode_escape", "base64", "x", '"', "rot13"]
)
def test_an_unknown_charset_is_refused(charset):
    assert read(b"a", f"text/plain; charset={charset}") == Unreadable(
        code="MEDIA_TYPE_REFUSED", why="The charset of Content-Type is not known here. Send UTF-8."
    )


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("image/png", b"\x89PNG"),
        ("text/plain; charset=ascii", b"\xfc"),
        ("application/json", b'"\xed\xa0\x80"'),
    ],
)
def test_what_is_no_text_is_refused(kind, body):
    assert read(body, kind) == Unreadable(
        code="MEDIA_TYPE_REFUSED",
        why="The body is not text in the charset that Content-Type names, or else in UTF-8.",
    )


def test_two_content_types_are_refused():
    assert read(b"{}", "application/json", "text/plain") == Unreadable(
        code="REQUEST_UNREADABLE", why="The request has more than one Content-Type."
    )


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "{", "}", "[", "]", '"', "nul", "NaN", "Infinity", "-Infinity", "[NaN]", '{"a": Infinity}', "1e400", "[-1e999]", "{'a': 1}", "[1,]",
        '{"a":1,}', "01", "+1", ".5", "1.", "0x1", "// a", '"\t"', '"\\x41"', '"\\ud800"', '{"\\udfff": 1}', '["\\ud800x"]', "1 2", "{}{}", "true false",
        "[" * 100_000, '{"a":' * 50_000, "[" * 201 + "]" * 201, "9" * 5000, "\0", "\ufeff\ufeff{}", "undefined", "<a/>", '{"a"}', '{1: 2}',
    ],
)  # fmt: skip
def test_what_is_no_json_or_cannot_be_passed_on_is_a_text_without_a_value(text):
    assert read_json(text) is None
    assert read(text.encode(), "application/json") == Content(text=text)


@pytest.mark.parametrize(
    ("text", "value"), [("[" * 200 + "]" * 200, 200), ('{"a":' * 199 + "{}" + "}" * 199, 200)]
)
def test_two_hundred_levels_can_be_passed_on(text, value):
    assert text.count("[") + text.count("{") == value
    assert json.dumps(read_json(text)).count(text[0]) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"\\u0000"', "\0"),
        ('"\\ud83d\\ude00"', "😀"),
        ("\ufeff{}", {}),
        ('{"a":1,"a":2}', {"a": 2}),
        ("1e3", 1000.0),
        ("9" * 4000, int("9" * 4000)),
    ],
)
def test_odd_json_is_json(text, value):
    assert read_json(text) == value


@given(st.binary(max_size=200), st.text(max_size=40))
def test_any_body_of_any_kind_is_read_or_refused(body, kind):
    assert isinstance(read(body, kind), Content | Unreadable)


@given(st.text(max_size=200))
def test_whatever_has_a_value_can_be_written_as_json_and_utf8(text):
    json.dumps(read_json(text), ensure_ascii=False, allow_nan=False).encode()
