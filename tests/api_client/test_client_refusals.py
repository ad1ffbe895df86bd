import json
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deputize_client import refusal_reason, status_message

STANDARD = (
    "UNAUTHORIZED_ACCESS_ERROR: User does not have the permission to access this service/functionality."
)


def body(**fields):
    return json.dumps(fields).encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            body(
                code=403, reason="Forbidden", message="You may not see rob.", subcode="a.b", arguments=["rob"]
            ),
            "UNAUTHORIZED_ACCESS_ERROR: You may not see rob.",
        ),
        (body(code=403, message="No."), "UNAUTHORIZED_ACCESS_ERROR: No."),
        (body(type="UNAUTHORIZED_ACCESS_ERROR", message="No."), "UNAUTHORIZED_ACCESS_ERROR: No."),
        (body(type="PLAN_ERROR", message="No."), "UNAUTHORIZED_ACCESS_ERROR: PLAN_ERROR: No."),
        (body(code=403, message="UNAUTHORIZED_ACCESS_ERROR: No."), "UNAUTHORIZED_ACCESS_ERROR: No."),
        (body(code=403, message="a\nb\x1b[31m c"), "UNAUTHORIZED_ACCESS_ERROR: a b [31m c"),
        (body(code=403, message=" "), STANDARD),
        (body(code=403), STANDARD),
        (body(message="No."), STANDARD),
        (b"", STANDARD),
        (b"<html>", STANDARD),
        (b"\xff\xfe", STANDARD),
        (b"[" * 100_000, STANDARD),
        (b"null", STANDARD),
    ],
)
def test_a_403_says_why(content, reason):
    assert refusal_reason(403, content) == reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (body(code=401, reason="Unauthorized", message="Expired."), "UNAUTHORIZED: Expired."),
        (body(type="TOKEN_EXPIRED", message="Expired."), "TOKEN_EXPIRED: Expired."),
        (b"", None),
    ],
)
def test_a_401_says_why_if_it_does(content, reason):
    assert refusal_reason(401, content) == reason


@pytest.mark.parametrize("status", [200, 302, 400, 404, 500])
def test_no_other_status_is_a_refusal(status):
    assert refusal_reason(status, body(type="X", message="Y")) is None


@given(st.binary(max_size=200))
def test_a_403_has_one_bounded_line_whatever_its_body(content):
    reason = refusal_reason(403, content)

    assert reason.startswith("UNAUTHORIZED_ACCESS_ERROR: ")
    assert reason.isprintable()
    assert len(reason) < 2100


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (200, "OK"),
        (202, "ACCEPTED"),
        (403, "FORBIDDEN"),
        (404, "NOT_FOUND"),
        (413, "PAYLOAD_TOO_LARGE"),
        (414, "URI_TOO_LONG"),
        (416, "REQUESTED_RANGE_NOT_SATISFIABLE"),
        (418, "I_AM_A_TEAPOT"),
        (422, "UNPROCESSABLE_ENTITY"),
        (429, "TOO_MANY_REQUESTS"),
        (599, "UNKNOWN"),
        (0, "UNKNOWN"),
    ],
)
def test_a_status_has_the_name_that_scripts_compare_with(code, name):
    assert status_message(code) == name


def test_every_known_status_has_a_name():
    assert all(status_message(status).isupper() for status in HTTPStatus)
