import base64
import html
import json
import urllib.parse
from time import perf_counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deputize_client import BasicCredential, Redaction, Redactor, Secret

TOKEN = "s3cr3t-T0ken/with+odd=chars"


def knowing(**secrets):
    redactor = Redactor()
    for name, value in secrets.items():
        redactor.register(Secret(name, value))
    return redactor


def test_a_secret_is_replaced_by_its_name_and_recorded():
    clean, found = knowing(easyvista=TOKEN).redact_text(f"before {TOKEN} after {TOKEN}")

    assert clean == "before ‹secret:easyvista› after ‹secret:easyvista›"
    assert found == [Redaction("", "secret easyvista")]


ENCODERS = {
    "raw": lambda value: value,
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64url": lambda value: base64.urlsafe_b64encode(value.encode()).decode(),
    "base64url without padding": lambda value: base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
    "percent": lambda value: urllib.parse.quote(value, safe=""),
    "percent, slashes kept": urllib.parse.quote,
    "percent, lower case": lambda value: "".join(f"%{byte:02x}" for byte in value.encode()),
    "form": urllib.parse.quote_plus,
    "encodeURIComponent": lambda value: urllib.parse.quote(value, safe="!~*'()"),
    "JSON": lambda value: json.dumps(value)[1:-1],
    "JSON, readable": lambda value: json.dumps(value, ensure_ascii=False)[1:-1],
    "JSON in JSON": lambda value: json.dumps(json.dumps(value))[1:-1],
    "JSON with escaped slashes": lambda value: json.dumps(value)[1:-1].replace("/", "\\/"),
    "HTML": html.escape,
    "HTML text": lambda value: html.escape(value, quote=False),
}


@pytest.mark.parametrize("encode", ENCODERS.values(), ids=ENCODERS.keys())
@given(
    value=st.text(st.characters(codec="utf-8"), min_size=8, max_size=40),
    around=st.text("ab {}\"'", max_size=5),
)
def test_no_encoding_of_a_secret_is_left(encode, value, around):
    encoded = encode(value)
    assume(encoded not in "‹secret:name›")

    clean, found = knowing(name=value).redact_text(around + encoded + around)

    assert encoded not in clean
    assert Redaction("", "secret name") in found


@given(
    value=st.text("abcdefgh0123+/=%é", min_size=8, max_size=30),
    before=st.binary(max_size=4),
    after=st.binary(max_size=4),
)
def test_a_secret_inside_a_longer_base64_text_is_found_at_every_alignment(value, before, after):
    encoded = base64.b64encode(before + value.encode() + after).decode()

    clean, found = knowing(name=value).redact_text(encoded)

    assert found
    # What is left are the characters that the secret shares with its neighbours.
    assert len(clean.replace("‹secret:name›", "")) <= 4 * 4


def test_the_token_of_basic_authentication_goes_as_a_whole():
    redactor = Redactor()
    for secret in BasicCredential("rob", Secret("password", "pa:ss")).secrets():
        redactor.register(secret)

    clean, _ = redactor.redact_text("Authorization: Basic cm9iOnBhOnNz, rob:pa:ss")

    assert clean == "Authorization: Basic ‹secret:password›, ‹secret:password›"


def test_secrets_that_overlap_leave_no_end_of_either():
    redactor = knowing(short="abcdefgh", long="efghijklmnop", inner="ijklmnop")

    clean, found = redactor.redact_text("xabcdefghijklmnopx abcdefgh")

    assert clean == "x‹secret:long›x ‹secret:short›"
    assert [each.why for each in found] == ["secret long", "secret short"]


def test_a_secret_that_repeats_itself_leaves_nothing():
    clean, _ = knowing(name="a" * 8).redact_text("a" * 1000 + "b")

    assert clean == "‹secret:name›b"


def test_a_short_secret_is_not_searched_for():
    assert knowing(name="1234567").redact_text("1234567") == ("1234567", [])


def test_bytes_are_redacted_too():
    clean, found = knowing(name=TOKEN).redact_bytes(b"\xff" + TOKEN.encode())

    assert clean == b"\xff" + "‹secret:name›".encode()
    assert len(found) == 1


@pytest.mark.parametrize(
    "name",
    """
    Authorization proxy-authorization COOKIE Set-Cookie X-Api-Key my-api-key X_API_KEY Api-Key apikey X-ApiKey
    X-Auth-Token x-token X-Vault-Token Private-Token Token Access-Token Client-Secret Password
    """.split(),
)
def test_headers_that_carry_credentials_lose_their_value(name):
    headers, found = Redactor().redact_headers([(name, "Bearer somebody's"), ("Accept", "*/*")])

    assert headers == ((name, "‹redacted›"), ("Accept", "*/*"))
    assert found == [Redaction(f"/{name}", f"header {name}")]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("https://a.example/x?apiKey=abc&b=1", "https://a.example/x?apiKey=‹redacted›&b=1"),
        ("GET /x?b=1&access_token=a.b.c HTTP/1.1", "GET /x?b=1&access_token=‹redacted› HTTP/1.1"),
        ("client_secret=x&grant_type=y", "client_secret=‹redacted›&grant_type=y"),
        (
            "?password=a&token=b&secret=c&api_key=d",
            "?password=‹redacted›&token=‹redacted›&secret=‹redacted›&api_key=‹redacted›",
        ),
        ("?tokens=3&mytoken=4&token=", "?tokens=3&mytoken=4&token="),
        ("?sig=a%2Bb&se=2026&signature=c", "?sig=‹redacted›&se=2026&signature=‹redacted›"),
        (
            "id_token=a&refresh-token=b&passwd=c",
            "id_token=‹redacted›&refresh-token=‹redacted›&passwd=‹redacted›",
        ),
        ("?code=200&signed=yes&secretary=rob", "?code=200&signed=yes&secretary=rob"),
    ],
)
def test_query_keys_that_carry_credentials_lose_their_value(text, clean):
    assert Redactor().redact_text(text)[0] == clean


def test_json_is_redacted_by_value_and_by_structure_and_says_where():
    value = {
        "request": {
            "url": "https://a.example/?token=abc",
            "headers": {
                "Authorization": "‹credential: initiator → platform›",
                "Cookie": "a=b",
                "Accept": "x",
            },
            "pairs": [["X-Api-Key", "k"], ["Accept", "y"]],
        },
        f"key {TOKEN}": [1, None, True, 2.5, {"a/b~c": TOKEN}],
        "number": 1234567890,
    }

    clean, found = knowing(ev=TOKEN, pin="1234567890").redact_json(value)

    assert clean == {
        "request": {
            "url": "https://a.example/?token=‹redacted›",
            "headers": {
                "Authorization": "‹credential: initiator → platform›",
                "Cookie": "‹redacted›",
                "Accept": "x",
            },
            "pairs": [["X-Api-Key", "‹redacted›"], ["Accept", "y"]],
        },
        "key ‹secret:ev›": [1, None, True, 2.5, {"a/b~c": "‹secret:ev›"}],
        "number": "‹secret:pin›",
    }
    assert [(each.path, each.why) for each in found] == [
        ("/request/url", "query key token"),
        ("/request/headers/Cookie", "header Cookie"),
        ("/request/pairs/0/1", "header X-Api-Key"),
        ("/key ‹secret:ev›", "secret ev, in the key"),
        ("/key ‹secret:ev›/4/a~1b~0c", "secret ev"),
        ("/number", "secret pin"),
    ]


FIELDS = """
password passwd secret access_token refresh_token id_token client_secret api_key apikey token authorization
private_key
""".split()
VALUES = st.text(st.characters(codec="utf-8", exclude_characters="‹›"), min_size=1, max_size=20)


@st.composite
def written(draw):
    """A name of a field that carries a credential, as somebody might write it."""
    name = draw(st.sampled_from(FIELDS)).replace("_", draw(st.sampled_from(["_", "-", ""])))
    return draw(st.sampled_from([name, name.upper(), name.title()]))


@given(name=written(), value=VALUES)
def test_a_field_that_carries_a_credential_loses_its_text(name, value):
    clean, found = Redactor().redact_json({"a": [{name: value}]})

    assert clean == {"a": [{name: "‹redacted›"}]}
    # Some names are those of headers as well.
    assert [(each.path, each.why.split()[-1]) for each in found] == [(f"/a/0/{name}", name)]


@pytest.mark.parametrize("value", [None, True, False, 7, 1.5, "", [], ["read", "write"], {"name": "x"}])
@pytest.mark.parametrize("name", ["token", "secret", "Password"])
def test_a_field_that_holds_no_text_keeps_what_it_holds(name, value):
    assert Redactor().redact_json({name: value}) == ({name: value}, [])


@pytest.mark.parametrize(
    "name",
    "tokens token_type secret_name password_expires passwords my_token author signature code key".split(),
)
def test_a_field_of_another_name_keeps_its_text(name):
    assert Redactor().redact_json({name: "abc"}) == ({name: "abc"}, [])


def test_a_list_of_two_words_is_no_field():
    assert Redactor().redact_json(["token", "abc"]) == (["token", "abc"], [])


def test_a_field_whose_secret_has_a_name_keeps_the_name():
    clean, found = knowing(ev=TOKEN).redact_json({"password": TOKEN, "token": f"{TOKEN} and more"})

    assert clean == {"password": "‹secret:ev›", "token": "‹redacted›"}
    assert [(each.path, each.why) for each in found] == [
        ("/password", "secret ev"),
        ("/token", "field token"),
    ]


def _as_json(name, value):
    return json.dumps({"grant": "x", name: value, "scope": "read"})


@pytest.mark.parametrize(
    "write",
    [
        _as_json,
        lambda name, value: json.dumps({"text": _as_json(name, value)}),
        lambda name, value: json.dumps({name: value}, indent=2, ensure_ascii=False),
        lambda name, value: f"sent {_as_json(name, value)} to it",
        # The beginning of a body that was cut.
        lambda name, value: json.dumps({name: value})[:-2],
    ],
    ids=["JSON", "JSON in JSON", "indented", "in a sentence", "cut"],
)
@given(name=written(), value=VALUES)
def test_a_text_that_looks_like_json_loses_the_text_of_such_fields(write, name, value):
    marked, kept = f"#{value}#", "read"
    text = write(name, marked)

    clean, found = Redactor().redact_text(text)

    assert json.dumps(marked)[1:-1] not in clean
    assert marked not in clean
    assert clean.startswith(text[: text.index(name)])
    assert (kept in text) == (kept in clean)
    assert found == [Redaction("", f"field {name}")]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("{'Password': 'it is', 'x': 1}", "{'Password': '‹redacted›', 'x': 1}"),
        ("""{'token': "it's"}""", """{'token': "‹redacted›"}"""),
        ('{"X-Auth-Token" : "abc"}', '{"X-Auth-Token" : "‹redacted›"}'),
        (r'"token":"a\"b" and "c"', '"token":"‹redacted›" and "c"'),
        ('"token":"" "secret":null "password":7', '"token":"" "secret":null "password":7'),
        ('"token_type":"Bearer"', '"token_type":"Bearer"'),
        ('"token":"‹secret:ev›"', '"token":"‹secret:ev›"'),
    ],
)
def test_other_ways_to_quote_a_field(text, clean):
    assert Redactor().redact_text(text)[0] == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("see https://u:p@host/x", "see https://‹redacted›@host/x"),
        ("postgresql+psycopg://u:p@ss@host:5432/x", "postgresql+psycopg://‹redacted›@host:5432/x"),
        ('{"url": "https://:p@host"}', '{"url": "https://‹redacted›@host"}'),
        ("ssh://git@host/x", "ssh://git@host/x"),
        ("https://host:443/a@b:c@d", "https://host:443/a@b:c@d"),
        ("https://u:‹secret:ev›@host", "https://u:‹secret:ev›@host"),
        ("https://u:@host", "https://u:@host"),
    ],
)
def test_the_name_and_password_in_an_address_are_replaced(text, clean):
    found = [Redaction("", "name and password of an address")] if text != clean else []

    assert Redactor().redact_text(text) == (clean, found)


@given(st.text("\"\\':/@={}?& \n‹›token,ab", max_size=60))
def test_redacting_a_text_twice_changes_nothing_more(text):
    once, _ = Redactor().redact_text(text)

    assert Redactor().redact_text(once) == (once, [])


@pytest.mark.parametrize(
    "piece", ["\\", '"token"', '"token" ', '"token":"', "://", "://a:", "://a:b@", "?token=", "x", '"', "a@:"]
)
def test_no_text_takes_long(piece):
    text = piece * (400_000 // len(piece))

    began = perf_counter()
    Redactor().redact_text(text)
    assert perf_counter() - began < 5


def test_json_that_is_nested_too_deeply_is_not_kept():
    value = TOKEN
    for _ in range(5000):
        value = [value]

    clean, found = knowing(ev=TOKEN).redact_json(value)

    assert TOKEN not in repr(clean)
    assert [each.why for each in found] == ["nested too deeply"]


def test_redacting_twice_changes_nothing_more():
    redactor = knowing(ev=TOKEN)
    once, _ = redactor.redact_json({"Authorization": f"Bearer {TOKEN}", "text": f"?token={TOKEN}&x={TOKEN}"})

    assert redactor.redact_json(once) == (once, [])


def test_a_redactor_shows_no_secret_of_its_own():
    assert repr(knowing(ev=TOKEN)) == "<Redactor of 1 secrets>"
