from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deputize_client import Endpoint, NoAuthentication
from deputize_client.errors import CallFailed
from deputize_client.paths import join


def endpoint(base_url):
    return Endpoint(name="E", base_url=base_url, authentication=NoAuthentication())


def joined(base_url, path, params=()):
    return str(join(endpoint(base_url), path, params))


@pytest.mark.parametrize(
    ("base_url", "path", "url"),
    [
        ("https://a.example", "", "https://a.example/"),
        ("https://a.example/api", "", "https://a.example/api"),
        ("https://a.example/api/", "", "https://a.example/api/"),
        ("https://a.example", "v1", "https://a.example/v1"),
        ("https://a.example", "/v1", "https://a.example/v1"),
        ("https://a.example/api", "v1", "https://a.example/api/v1"),
        ("https://a.example/api", "/v1", "https://a.example/api/v1"),
        ("https://a.example/api/", "v1", "https://a.example/api/v1"),
        ("https://a.example/api/", "/v1", "https://a.example/api/v1"),
        ("https://a.example/api", "/v1/", "https://a.example/api/v1/"),
        ("https://a.example/api", "/", "https://a.example/api/"),
        ("https://a.example/api", "?a=b", "https://a.example/api?a=b"),
        ("https://a.example:8443/api", "v1?a=b", "https://a.example:8443/api/v1?a=b"),
        ("https://a.example/api", "v1?", "https://a.example/api/v1"),
    ],
)
def test_no_slash_is_doubled_or_lost(base_url, path, url):
    assert joined(base_url, path) == url


@pytest.mark.parametrize(
    ("path", "admitted"),
    [
        ("v1/tickets", True),
        ("/v1/tickets/7?full=1", True),
        ("v1/tickets/", True),
        ("v1/people", False),
        ("v1/ticketsx", False),
        ("v1/tickets%2Fx", False),
        ("v1", False),
        ("", False),
        ("V1/tickets", False),
    ],
)
def test_only_the_paths_of_the_endpoint_are_called_and_what_lies_below_them(path, admitted):
    narrow = Endpoint(
        name="E",
        base_url="https://a.example/api/",
        authentication=NoAuthentication(),
        paths=("/v1/tickets", "v1/a b"),
    )

    if admitted:
        assert join(narrow, path)
    else:
        with pytest.raises(CallFailed) as refused:
            join(narrow, path)
        assert refused.value.cause == "invalid_request"
        assert refused.value.message == (
            f"endpoint 'E' (a.example:443): the path {path!r} is not among those that may be called: "
            "/v1/tickets, v1/a b. If it is meant, add it to `paths` of the endpoint."
        )


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("devices/bsmith|Work Email", "/devices/bsmith%7CWork%20Email"),
        ("people/a%20b", "/people/a%20b"),
        ("people/a%2Fb", "/people/a%2Fb"),
        ("100%", "/100%25"),
        ("a%zzb", "/a%25zzb"),
        ("people/rob@acme.example", "/people/rob@acme.example"),
        ("items:batch", "/items:batch"),
        ("café", "/caf%C3%A9"),
        ('q?x="<>^`{}', "/q?x=%22%3C%3E%5E%60%7B%7D"),
        ("q?x=a%23b&y=1+1", "/q?x=a%23b&y=1+1"),
        ("q?next=https://a.example/../b", "/q?next=https://a.example/../b"),
        ("a..b/...", "/a..b/..."),
    ],
)
def test_only_what_no_uri_may_hold_is_encoded(path, sent):
    assert joined("https://a.example", path) == "https://a.example" + sent


def test_params_are_appended_to_the_query_of_the_path():
    url = joined("https://a.example", "q?a=1", (("b", "x y&z"), ("b", "ü"), ("c", "")))

    assert url == "https://a.example/q?a=1&b=x%20y%26z&b=%C3%BC&c="


ESCAPES = [
    "..",
    "../x",
    "a/../../x",
    "/a/..",
    "./x",
    "a/./b",
    "%2e%2e/x",
    "%2E%2e/x",
    ".%2e/x",
    "%252e%252e/x",
    "%25252e%25252e%25252fx",
    "..%2fx",
    "a%2f..%2fx",
    "..%5cx",
    "..\\x",
    "a\\b",
    "a%5cb",
    "a%255cb",
    "..;/x",
    "..;a=b/x",
    "%2e%2e%3b/x",
    "%2e%2e%20/x",
    "a%3f/../x",
    "%c0%ae%c0%ae/x",
    "%e0%80%ae/x",
    "\uff0e\uff0e/x",
    "\u2025/x",
    "%ef%bc%8e%ef%bc%8e/x",
    "\uff3cx",
    "//evil.example/x",
    " //evil.example",
    "///evil.example",
    "/\\evil.example",
    "https://evil.example/",
    "HTTPS://evil.example/",
    "file:/etc/passwd",
    "@evil.example/",
    ":80/x",
    "a#b",
    "a\r\nX: y",
    "a\x00",
    "a%00",
    "a%0d%0aX: y",
    "a%250d",
    "a\x7f",
    "a\x85",
    "a\ud800",
    "%" + "25" * 20 + "2e",
    "x" * 70_000,
]


@pytest.mark.parametrize("path", ESCAPES, ids=lambda path: ascii(path)[:40])
def test_a_path_that_would_leave_the_base_is_refused(path):
    with pytest.raises(CallFailed) as refused:
        joined("https://a.example/api/", path)

    assert refused.value.cause == "invalid_request"
    assert refused.value.message.isprintable()


def test_the_refusal_says_what_where_why_and_what_to_do():
    with pytest.raises(CallFailed) as refused:
        joined("https://a.example/api", "../admin")

    assert refused.value.message == (
        "endpoint 'E' (a.example:443): the path '../admin' is refused, because it holds a '.' or '..' segment."
        " Give a path below the endpoint's base URL."
    )


PIECES = st.sampled_from(
    r"a / \ . .. %2e %2E %2f %5c %25 % ; : @ // http:// evil.example ? # %c0%ae | %20 & =".split(" ")
) | st.sampled_from("\uff0eé \t\r\n")


@given(st.one_of(st.lists(PIECES, max_size=10).map("".join), st.text(max_size=30)))
def test_whatever_the_path_the_url_stays_below_the_base(path):
    target = endpoint("https://a.example:8443/api/v1/")
    try:
        url = join(target, path)
    except CallFailed:
        return

    assert (url.scheme, url.host, url.port, url.userinfo, url.fragment) == (
        "https",
        "a.example",
        8443,
        b"",
        "",
    )
    sent = url.raw_path.decode().partition("?")[0]
    assert sent.startswith("/api/v1/")
    for _ in range(12):
        assert not {".", ".."} & set(sent.replace("\\", "/").split("/"))
        sent = unquote(sent)


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=4))
def test_params_never_change_anything_but_the_query(params):
    try:
        url = join(endpoint("https://a.example/api"), "x", tuple(params))
    except CallFailed:
        return

    assert url.raw_path.decode().partition("?")[0] == "/api/x"
    assert url.fragment == ""
    assert parse_qsl(url.query.decode(), keep_blank_values=True) == params


@pytest.mark.parametrize(
    "base_url",
    [
        "ftp://a.example",
        "a.example/api",
        "https://",
        "https://user:hunter2hunter2@a.example",
        "https://a.example?x=1",
        "https://a.example/#x",
        "https://a.example\\@b.example",
        "https://a.example/ x",
        "https://a.example/\n",
        "https://[::1",
        "https://0177.0.0.1",
    ],
)
def test_a_base_url_that_can_be_misread_is_no_endpoint(base_url):
    with pytest.raises(ValueError, match="endpoint 'E': base_url") as refused:
        endpoint(base_url)

    assert "hunter2" not in str(refused.value)


def test_an_endpoint_knows_only_known_methods():
    with pytest.raises(ValueError, match="TRACE"):
        Endpoint(
            name="E",
            base_url="https://a.example",
            authentication=NoAuthentication(),
            methods=frozenset({"GET", "TRACE"}),
        )
