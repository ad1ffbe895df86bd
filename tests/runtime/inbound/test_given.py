"""What a script is given of a request."""

import base64

import pytest

from deputize.domain.start import Start
from deputize.inbound.content import Content, read_content
from deputize.inbound.given import start_of
from deputize.inbound.presented import presented_by, query_parameters
from deputize.inbound.received import ReceivedRequest

#: Fixed, as parameters of tests have to be.
URL_KEY, KEY_ID, SECRET = (
    "dpu_" + "uRL-key_" * 5 + "abc",
    "dpk_" + "0123456789abcdef" * 2,
    "dps_" + "sEc-ret_" * 5 + "abc",
)
API_KEY = base64.b64encode(f"{KEY_ID}:{SECRET}".encode()).decode()
PASSWORD = base64.b64encode(b"rob:acknowledge").decode()


def given(*, headers=(), query="", body=b""):
    request = ReceivedRequest(
        integration_id="x", headers=tuple(headers), query=query, body=body, remote_address="192.0.2.1"
    )
    parameters = query_parameters(query)
    content = read_content(request)
    assert isinstance(content, Content)
    return start_of(
        request,
        secrets=presented_by(request, parameters).secrets(),
        integration_id="x",
        request_id="r",
        query=parameters,
        content=content,
    )


def test_a_request_is_given_with_everything_but_its_credential():
    start = given(
        headers=[
            ("Authorization", f"Basic {PASSWORD}"),
            ("Content-Type", "application/json"),
            ("X-Hub-Signature-256", "sha256=abc"),
            ("Cookie", "session=1"),
            ("Proxy-Authorization", "Basic eDp5"),
            ("X-Tag", "one"),
            ("x-tag", "two"),
        ],
        query="recipients=rob&recipients=dana&empty=",
        body=b'{"title": "disk full"}',
    )

    assert start.provided == {
        "method": "POST",
        "headers": {
            "content-type": "application/json",
            "x-hub-signature-256": "sha256=abc",
            "x-tag": "one, two",
        },
        "parameters": {"recipients": "rob", "empty": ""},
        "body": '{"title": "disk full"}',
        "request_id": "r",
        "integration_id": "x",
        "remote_address": "192.0.2.1",
    }
    assert start.headers == start.provided["headers"]
    assert start.payload == start.body == {"title": "disk full"}


def test_a_form_is_given_as_parameters_after_those_of_the_query():
    start = given(
        headers=[
            ("Authorization", f"Basic {PASSWORD}"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ],
        query="a=query",
        body=b"a=form&payload=%7B%7D",
    )

    assert start.provided["parameters"] == {"a": "query", "payload": "{}"}
    assert start.body == "a=form&payload=%7B%7D"


def every_byte(key):
    return "".join(f"%{byte:02X}" for byte in key.encode())


def in_base64(key):
    return base64.b64encode(key.encode()).decode()


@pytest.mark.parametrize("write", [str, every_byte, in_base64])
def test_a_url_key_is_given_in_no_place_and_in_no_form(write):
    again = write(URL_KEY)
    start = given(
        headers=[("X-Original-URI", f"/triggers?apiKey={again}"), ("Content-Type", "application/json")],
        query=f"apiKey={URL_KEY}&copy={again}&{URL_KEY}=1",
        body=f'{{"url": "https://example.test/?apiKey={again}", "n": 1}}'.encode(),
    )

    stored = start.model_dump_json()
    assert URL_KEY not in stored
    assert again not in stored
    assert start.headers["x-original-uri"] == "/triggers?apiKey=‹secret:url key›"
    assert start.payload == {"url": "https://example.test/?apiKey=‹secret:url key›", "n": 1}
    assert start.provided["parameters"] == {"copy": "‹secret:url key›", "‹secret:url key›": "1"}


def test_an_api_secret_is_given_neither_by_itself_nor_with_its_key_id():
    start = given(
        headers=[("Authorization", f"Basic {API_KEY}"), ("X-Forwarded-Authorization", f"Basic {API_KEY}")],
        body=f"{SECRET} {KEY_ID}".encode(),
    )

    assert start.headers == {"x-forwarded-authorization": "Basic ‹secret:api secret›"}
    assert start.provided["body"] == f"‹secret:api secret› {KEY_ID}"


def test_a_password_that_is_a_word_leaves_no_gap_in_the_text():
    start = given(
        headers=[("Authorization", f"Basic {PASSWORD}"), ("X-Echo", PASSWORD)], body=b"please acknowledge"
    )

    assert start.provided["body"] == "please acknowledge"
    assert start.headers == {"x-echo": "‹secret:password›"}


def test_a_run_token_is_given_nowhere():
    token = "dpt_" + "x" * 43
    start = given(headers=[("Authorization", f"Bearer {token}")], body=f"token={token}".encode())

    assert start.provided["body"] == "token=‹secret:platform token›"


def test_the_senders_own_secrets_are_given_as_they_are():
    body = b"token=slack-token&api_key=theirs"
    start = given(
        headers=[
            ("Authorization", f"Basic {PASSWORD}"),
            ("X-Api-Key", "theirs"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ],
        body=body,
    )

    assert start.provided["parameters"] == {"token": "slack-token", "api_key": "theirs"}
    assert start.headers["x-api-key"] == "theirs"
    assert start.provided["body"] == body.decode()


def test_a_start_is_read_back_as_it_was_kept():
    start = given(headers=[("Authorization", f"Basic {PASSWORD}")], body="ü\0".encode())

    assert Start.model_validate(start.model_dump(mode="json")) == start
