"""What a request presents, told by its shape."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deputize.inbound.presented import (
    Ambiguous,
    NothingPresented,
    PresentedAccessToken,
    PresentedApiKey,
    PresentedPassword,
    PresentedRunToken,
    PresentedSignature,
    PresentedUrlKey,
    presented_by,
    query_parameters,
)
from deputize.inbound.received import ReceivedRequest

#: Fixed, as parameters of tests have to be.
URL_KEY, KEY_ID, SECRET = (
    "dpu_" + "uRL-key_" * 5 + "abc",
    "dpk_" + "0123456789abcdef" * 2,
    "dps_" + "sEc-ret_" * 5 + "abc",
)
TWO = Ambiguous(why="The request has more than one credential. Send exactly one.")
MISPLACED = Ambiguous(why="A token belongs into the header Authorization, not into the address.")


def encoded(pair):
    return base64.b64encode(pair.encode() if isinstance(pair, str) else pair).decode()


def presented(*authorization, query=""):
    request = ReceivedRequest(
        integration_id="x", headers=tuple(("Authorization", each) for each in authorization), query=query
    )
    return presented_by(request, query_parameters(query))


@pytest.mark.parametrize(
    "query", [f"apiKey={URL_KEY}", f"a=1&apiKey={URL_KEY}&b=2", f"%61piKey={URL_KEY}", f"APIKEY={URL_KEY}"]
)
def test_a_url_key_stands_in_the_query(query):
    found = presented(query=query)

    assert isinstance(found, PresentedUrlKey)
    assert found.url_key.reveal() == URL_KEY


@pytest.mark.parametrize(
    "value", [f"Basic {encoded('rob:pass:word')}", f"basic   {encoded('rob:pass:word')} "]
)
def test_basic_with_any_name_is_a_password(value):
    found = presented(value)

    assert isinstance(found, PresentedPassword)
    assert (found.name, found.password.reveal()) == ("rob", "pass:word")


def test_a_name_and_password_may_be_of_any_language():
    found = presented(f"Basic {encoded('jürgen:пароль')}")

    assert (found.name, found.password.reveal()) == ("jürgen", "пароль")


def test_basic_with_a_key_id_is_an_api_key():
    found = presented(f"Basic {encoded(f'{KEY_ID}:{SECRET}')}")

    assert isinstance(found, PresentedApiKey)
    assert (found.key_id, found.secret.reveal()) == (KEY_ID, SECRET)


def test_a_bearer_token_of_ours_is_a_run_token():
    found = presented("Bearer dpt_abc")

    assert isinstance(found, PresentedRunToken)
    assert found.token.reveal() == "dpt_abc"


@pytest.mark.parametrize("token", ["eyJhbGciOiJSUzI1NiJ9.e30.AAAA", "eyJhbGciOiJub25lIn0.e30."])
def test_a_bearer_token_in_three_parts_is_an_access_token_whatever_it_says_of_itself(token):
    found = presented(f"Bearer {token}")

    assert isinstance(found, PresentedAccessToken)
    assert found.token.reveal() == token


@pytest.mark.parametrize(
    ("authorization", "query"),
    [
        ([f"Basic {encoded('rob:one')}", f"Basic {encoded('dana:two')}"], ""),
        ([f"Basic {encoded('rob:one')}"] * 2, ""),
        ([f"Basic {encoded('rob:one')}", "Bearer dpt_abc"], ""),
        ([f"Basic {encoded('rob:one')}"], f"apiKey={URL_KEY}"),
        ([f"Basic {encoded('rob:one')}"], "apiKey="),
        (["Digest x"], f"apiKey={URL_KEY}"),
        ([], f"apiKey={URL_KEY}&apiKey={URL_KEY}"),
        ([], f"apiKey=bad&apiKey={URL_KEY}"),
        ([], f"apiKey={URL_KEY}&apiKey=bad"),
        ([], f"apiKey={URL_KEY}&apikey=bad"),
        ([], f"apiKey={URL_KEY}&%61pi%4bey=bad"),
    ],
)
def test_two_credentials_are_none(authorization, query):
    assert presented(*authorization, query=query) == TWO


@pytest.mark.parametrize(
    "query", ["access_token=dpt_abc", "ACCESS_TOKEN=", f"apiKey={URL_KEY}&access_token=x"]
)
@pytest.mark.parametrize("authorization", [[], ["Bearer dpt_abc"]])
def test_a_token_in_the_query_is_refused(query, authorization):
    assert presented(*authorization, query=query) == MISPLACED


@pytest.mark.parametrize(
    ("authorization", "why"),
    [
        ("", "an Authorization that is neither Basic nor Bearer"),
        ("Digest username=rob", "an Authorization that is neither Basic nor Bearer"),
        (URL_KEY, "an Authorization that is neither Basic nor Bearer"),
        ("Bearer", "a Bearer token that is neither a run's nor a signed one"),
        ("Bearer eyJhbGciOiJub25lIn0.e30", "a Bearer token that is neither a run's nor a signed one"),
        (f"Bearer {URL_KEY}", "a Bearer token that is neither a run's nor a signed one"),
        ("Bearer dpt_" + "x" * 200, "a Bearer token that is neither a run's nor a signed one"),
        ("Bearer dpt_é", "a Bearer token that is neither a run's nor a signed one"),
        ("Basic", "a Basic token without a name or password, or with a control character"),
        ("Basic !", "a Basic token that is not base64 of UTF-8 (RFC 7617)"),
        ("Basic é", "a Basic token that is not base64 of UTF-8 (RFC 7617)"),
        (
            f"Basic {encoded('rob:one')}, Basic {encoded('rob:one')}",
            "a Basic token that is not base64 of UTF-8 (RFC 7617)",
        ),
        (f"Basic {encoded(b'rob:' + bytes([0xFF]))}", "a Basic token that is not base64 of UTF-8 (RFC 7617)"),
        (f"Basic {encoded('rob')}", "a Basic token without a name or password, or with a control character"),
        (
            f"Basic {encoded(':password')}",
            "a Basic token without a name or password, or with a control character",
        ),
        (f"Basic {encoded('rob:')}", "a Basic token without a name or password, or with a control character"),
        (
            f"Basic {encoded('rob:a' + chr(0))}",
            "a Basic token without a name or password, or with a control character",
        ),
        (
            f"Basic {encoded('r' + chr(10) + 'ob:a')}",
            "a Basic token without a name or password, or with a control character",
        ),
        (f"Basic {encoded('r' * 101 + ':a')}", "a Basic token with a name or password that is too long"),
        (f"Basic {encoded('rob:' + 'a' * 1025)}", "a Basic token with a name or password that is too long"),
        (f"Basic {encoded(f'{KEY_ID}:password')}", "an API key that is not written as ours are"),
        (f"Basic {encoded(f'{KEY_ID}:{URL_KEY}')}", "an API key that is not written as ours are"),
        (f"Basic {encoded(f'dpk_x:{SECRET}')}", "an API key that is not written as ours are"),
    ],
)
def test_what_can_be_nobodys_is_nothing(authorization, why):
    assert presented(authorization) == NothingPresented(why=why)


@pytest.mark.parametrize(
    "value", ["", KEY_ID, SECRET, URL_KEY[:-1], URL_KEY + "A", f"{URL_KEY}%0A", "dpt_abc", "%00"]
)
def test_what_is_not_written_as_url_keys_are_is_nothing(value):
    assert presented(query=f"apiKey={value}") == NothingPresented(why="apiKey is not written as URL keys are")


def test_a_request_without_a_credential_of_its_own_may_be_signed():
    request = ReceivedRequest(integration_id="x", query="key=1", body=b"hunter22")

    found = presented_by(request, query_parameters(request.query))
    assert found == PresentedSignature(request=request)
    assert repr(found) == f"PresentedSignature(request={request!r})"
    assert "hunter22" not in repr(found)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Authorization", "authorization", "Cookie", "X-Forwarded-User"]), st.text()
        ),
        max_size=3,
    ),
    st.text(),
)
def test_anything_at_all_can_be_looked_at(headers, query):
    parameters = query_parameters(query)

    if parameters is not None:
        request = ReceivedRequest(integration_id="x", headers=tuple(headers), query=query)
        assert presented_by(request, parameters) is not None


@given(st.binary())
def test_any_basic_token_can_be_looked_at(pair):
    assert presented(f"Basic {encoded(pair)}") is not None


@pytest.mark.parametrize("query", ["a=%ff", "a=%ED%A0%80", "&".join(["a=1"] * 1001)])
def test_a_query_that_is_none_is_told(query):
    assert query_parameters(query) is None


def test_nothing_that_is_presented_prints_itself():
    request = ReceivedRequest(
        integration_id="x",
        headers=(("Authorization", f"Basic {encoded('rob:hunter22')}"),),
        query=f"apiKey={URL_KEY}",
        body=b"hunter22",
    )
    shown = [
        repr(request),
        *(
            repr(presented(each))
            for each in (
                f"Basic {encoded('rob:hunter22')}",
                f"Basic {encoded(f'{KEY_ID}:{SECRET}')}",
                "Bearer dpt_hunter22",
            )
        ),
        repr(presented(query=f"apiKey={URL_KEY}")),
        repr(replace(request, integration_id="y")),
    ]

    for secret in ("hunter22", URL_KEY, SECRET, encoded("rob:hunter22"), encoded(f"{KEY_ID}:{SECRET}")):
        assert not any(secret in each for each in shown)
