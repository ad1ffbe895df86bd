"""Where a client has people sent back to: what may be registered, and what counts as the same."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deputize.domain.redirect_uri import is_among, unfit, with_answer

REGISTERED = (
    "https://wall.example/back",
    "https://wall.example:8443/back?tenant=1",
    "http://127.0.0.1/back",
    "http://[::1]:9000/back",
    "com.example.wall:/back",
)

#: Each of them leads somewhere else, or could be read so (W-09, RFC 9700 §4.1).
TRICKS = (
    "",
    "/back",
    "//wall.example/back",
    "https:wall.example/back",
    "https:/wall.example/back",
    "https:///wall.example/back",
    "HTTPS://wall.example/back",
    "https://WALL.example/back",
    "https://wall.example/Back",
    "https://wall.example/back/",
    "https://wall.example/back?",
    "https://wall.example/back?x=1",
    "https://wall.example/back#x",
    "https://wall.example/back%2F",
    "https://wall.example/%62ack",
    "https://wall.example//back",
    "https://wall.example/./back",
    "https://wall.example/x/../back",
    "https://wall.example/back/..",
    "https://wall.example/back;x",
    "https://wall.example.evil.example/back",
    "https://wall.example@evil.example/back",
    "https://evil.example/https://wall.example/back",
    "https://evil.example?https://wall.example/back",
    "https://evil.example#https://wall.example/back",
    "https://evil.example\\@wall.example/back",
    "https://wall.example\\back",
    "https://wall.example./back",
    "https://wall.example:443/back",
    "https://wall.example:8443/back",
    "https://sub.wall.example/back",
    "https://wall.example/back\r\nSet-Cookie: x=1",
    "https://wall.example/back\x00",
    " https://wall.example/back",
    "https://wall.example/back ",
    "https://wall.example/back\t",
    "https://wａll.example/back",
    "http://wall.example/back",
    "http://127.0.0.1/other",
    "http://127.0.0.1:0/back",
    "http://127.0.0.1:x/back",
    "http://127.0.0.1:80@evil.example/back",
    "http://127.0.0.1@evil.example/back",
    "http://127.0.0.1.evil.example/back",
    "http://127.0.0.1:9000.evil.example/back",
    "http://127.0.0.2/back",
    "http://127.1/back",
    "http://2130706433/back",
    "http://localhost/back",
    "http://[::1]/other",
    "http://[::1]evil.example/back",
    "http://[::ffff:127.0.0.1]/back",
    "https://127.0.0.1/back",
    "com.example.wall:back",
    "com.example.wall://back",
    "com.example.wall:/back?x",
    "javascript:alert(1)//https://wall.example/back",
    "data:text/html,https://wall.example/back",
)


@pytest.mark.parametrize("uri", TRICKS)
def test_what_only_looks_like_a_registered_address_is_none(uri):
    assert not is_among(uri, REGISTERED)


@pytest.mark.parametrize(
    "uri",
    [
        *REGISTERED,
        "http://127.0.0.1:1/back",
        "http://127.0.0.1:65535/back",
        "http://[::1]/back",
        "http://[::1]:1234/back",
    ],
)
def test_a_registered_address_is_one_and_the_port_of_a_loopback_address_is_free(uri):
    assert is_among(uri, REGISTERED)


@given(st.text(string.printable, max_size=30), st.sampled_from(REGISTERED), st.integers(0, 60))
@example("@evil.example", "http://127.0.0.1/back", 16)
@example(":1", "http://[::1]:9000/back", 12)
def test_nothing_that_is_put_into_an_address_keeps_it_registered_but_a_port(put, uri, at):
    changed = uri[:at] + put + uri[at:]

    if is_among(changed, REGISTERED) and changed not in REGISTERED:
        prefix = next(each for each in ("http://127.0.0.1", "http://[::1]") if changed.startswith(each))
        port, slash, path = changed.removeprefix(prefix).partition("/")
        assert (slash + path, port[:1], port[1:].isdigit() or not port) == ("/back", ":" * bool(port), True)


@pytest.mark.parametrize("uri", REGISTERED)
def test_an_address_of_each_kind_may_be_registered(uri):
    assert unfit(uri) is None


HTTPS = "Write https://HOST/PATH with the host in lower case and no user name."
LOOPBACK = "http is for http://127.0.0.1 and http://[::1] only. Use https."
ASCII = "It is no absolute address in ASCII, or a percent sign does not begin a pair such as %2F."
APP = "A scheme of an app's own is a domain name backwards, as com.example.app:/callback."
DOTS = "It has a . or .. segment, which browsers leave out. Write the path that is meant."
FRAGMENT = "It has a fragment (#…), which no server is sent. Leave it out."
ANSWER = "Its query has a parameter of the answer itself, such as code or state. Name it otherwise."


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("https://user@wall.example/back", HTTPS),
        ("https://WALL.example/back", HTTPS),
        ("https://-wall.example/back", HTTPS),
        ("https:///back", HTTPS),
        ("https://wall.example:0/back", HTTPS),
        ("https://*.wall.example/back", HTTPS),
        ("http://wall.example/back", LOOPBACK),
        ("http://localhost/back", LOOPBACK),
        ("http://127.0.0.1.evil.example/back", LOOPBACK),
        ("https://wall.example/b ck", ASCII),
        ("https://wall.example/bäck", ASCII),
        ("https://wall.example/back%zz", ASCII),
        ("https://wall.example/back%2f", ASCII),
        ("https://wall.example\\back", ASCII),
        ("https://wall.example/<script>", ASCII),
        ("", ASCII),
        ("/back", "It has no scheme. Write https://HOST/PATH."),
        ("javascript:alert(1)", APP),
        ("wall:/back", APP),
        ("com.example.wall:back", APP),
        ("https://wall.example/x/../back", DOTS),
        ("https://wall.example/x/%2E%2E/back", DOTS),
        ("https://wall.example/.", DOTS),
        ("https://wall.example/back#top", FRAGMENT),
        ("https://wall.example/back?state=1", ANSWER),
        ("https://wall.example/back?x=1&iss=", ANSWER),
        (f"https://wall.example/{'x' * 1000}", "It has more than 1000 characters."),
    ],
)
def test_an_address_that_may_not_be_registered_is_told_why(uri, why):
    assert unfit(uri) == why


def test_the_answer_follows_what_the_address_has_already():
    answer = {"state": "a&b=c /é", "iss": "https://deputize.example"}
    encoded = "state=a%26b%3Dc%20%2F%C3%A9&iss=https%3A%2F%2Fdeputize.example"

    assert with_answer("https://wall.example/back", answer) == f"https://wall.example/back?{encoded}"
    assert with_answer("https://wall.example/back?x=1", answer) == f"https://wall.example/back?x=1&{encoded}"
