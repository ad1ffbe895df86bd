"""How requests are signed: what may be said of it, in a project and over HTTP."""

import pytest
from pydantic import ValidationError

from deputize.domain.signature import SignatureScheme

HMAC = {"preset": "hmac", "header": "X-Signature"}


@pytest.mark.parametrize(
    ("said", "signs_time", "tolerance"),
    [
        ({"preset": "standard-webhooks"}, True, 300),
        ({"preset": "github"}, False, 300),
        ({"preset": "slack", "tolerance_seconds": 60}, True, 60),
        ({"preset": "stripe", "tolerance_seconds": 3600}, True, 3600),
        (HMAC, False, 300),
        ({**HMAC, "algorithm": "sha512", "encoding": "base64", "prefix": "sha512="}, False, 300),
        ({**HMAC, "timestamp_header": "X-Time", "content": "{timestamp}{body}"}, True, 300),
    ],
)
def test_a_scheme_is_kept_as_it_was_said(said, signs_time, tolerance):
    scheme = SignatureScheme.of(said)

    assert (scheme.signs_time, scheme.tolerance) == (signs_time, tolerance)
    assert scheme.kept() == said
    assert SignatureScheme.of(scheme.kept()) == scheme


@pytest.mark.parametrize(
    ("said", "where", "why"),
    [
        (
            {"preset": "githb"},
            ("preset",),
            'is no preset. Did you mean "github"? Presets: standard-webhooks, github, slack, stripe, hmac',
        ),
        (
            {**HMAC, "algorithm": "sha1"},
            ("algorithm",),
            "sha1 can be forged and is not accepted; have the sender use sha256",
        ),
        ({"preset": "hmac"}, (), "`header` is missing: name the header that carries the signature"),
        (
            {"preset": "github", "header": "X-Signature"},
            (),
            '`header` is settled by the preset "github"; leave it out',
        ),
        (
            {"preset": "github", "tolerance_seconds": 60},
            (),
            "`tolerance_seconds` means nothing here, as no time is signed; leave it out",
        ),
        (
            {**HMAC, "content": "{timestamp}{body}"},
            (),
            "`content` needs `timestamp_header`; without one the body alone is signed",
        ),
        (
            {"preset": "hmac", "header": "Authorization"},
            (),
            "the header authorization carries credentials of its own; name another one",
        ),
        (
            {**HMAC, "timestamp_header": "x-signature"},
            (),
            "`header` and `timestamp_header` are the same; they are two headers",
        ),
        (
            {"preset": "slack", "tolerance_seconds": 3601},
            ("tolerance_seconds",),
            "Input should be less than or equal to 3600",
        ),
        (
            {"preset": "slack", "tolerance_seconds": 0},
            ("tolerance_seconds",),
            "Input should be greater than or equal to 1",
        ),
        ({"preset": "slack", "secret": "x"}, ("secret",), "Extra inputs are not permitted"),
    ],
)
def test_what_does_not_go_together_is_said(said, where, why):
    with pytest.raises(ValidationError) as refused:
        SignatureScheme.of(said)

    (error,) = refused.value.errors()
    assert (error["loc"], error["msg"].removeprefix("Value error, ")) == (where, why)


@pytest.mark.parametrize("header", ["X Signature", "X:Signature", "", "Ü", "X-Signature\r\n"])
def test_a_header_has_a_name_that_headers_may_have(header):
    with pytest.raises(ValidationError):
        SignatureScheme.of({"preset": "hmac", "header": header})
