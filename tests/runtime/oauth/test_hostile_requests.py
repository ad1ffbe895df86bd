"""What clients and browsers send is read or refused, whatever it is."""

from base64 import b64encode
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from deputize.domain.oauth import OAuthClient
from deputize.domain.redirect_uri import with_answer
from deputize.oauth.authorization_request import AuthorizationRequest, SentBack, Shown, read_request
from deputize.oauth.client_authentication import PresentedClient, presented_client
from deputize.oauth.parameters import read_form, read_query
from deputize.oauth.refusals import Refusal
from deputize.oauth.sealed_request import RequestSeal

ISSUER = "https://deputize.example"
BACK = "https://wall.example/back"
NOW = datetime(2026, 11, 25, tzinfo=UTC)
CLIENT = OAuthClient(
    id="dpc_wall",
    name="Wallboard",
    redirect_uris=(BACK,),
    grants=frozenset({"authorization_code"}),
    scope=frozenset({"read"}),
    created=NOW,
    created_by="operator",
)
TEXTS = st.text(max_size=50)
NAMES = (
    st.sampled_from(["client_id", "client_secret", "grant_type", "state", "scope", "redirect_uri"]) | TEXTS
)
FORM = "application/x-www-form-urlencoded"


@given(
    st.binary(max_size=200),
    st.lists(st.sampled_from([FORM, f"{FORM};charset=utf-8", "text/plain", ""])),
    TEXTS,
)
@example(b"a=%", [FORM], "")
@example(b"a=1&a=2", [FORM], "")
def test_a_form_is_read_or_refused(body, types, query):
    read = read_form(body, content_types=types, query=query)

    if isinstance(read, Refusal):
        assert read.members()["error"] == "invalid_request"
    else:
        assert (query, len(types)) == ("", 1)
        assert all(read.values())


@given(TEXTS)
def test_a_query_is_read_or_refused(query):
    assert isinstance(read_query(query), dict | Refusal)


@given(
    st.lists(TEXTS | TEXTS.map(lambda text: "Basic " + b64encode(text.encode()).decode()), max_size=2),
    st.dictionaries(NAMES, st.text(min_size=1, max_size=50)),
)
@example(["Basic "], {})
@example(["Basic Og=="], {})
@example(["Basic JTAwOng="], {})
def test_a_client_is_one_or_none(headers, form):
    presented = presented_client(headers, form)

    if isinstance(presented, PresentedClient):
        assert 0 < len(presented.id) <= 200
        assert "\0" not in presented.id
        assert len(headers) + ("client_secret" in form) <= 1
        assert form.get("client_id", presented.id) == presented.id
    else:
        assert presented.members()["error"] in ("invalid_client", "invalid_request")


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "response_type": st.sampled_from(["code", "token", "code token"]) | TEXTS,
            "redirect_uri": st.just(BACK) | TEXTS,
            "scope": st.just("read") | TEXTS,
            "state": TEXTS,
            "code_challenge": st.just("x" * 43) | TEXTS,
            "code_challenge_method": st.sampled_from(["S256", "plain"]) | TEXTS,
        },
    )
)
def test_a_request_leads_to_the_question_or_back_to_the_client_and_nowhere_else(parameters):
    read = read_request(parameters, CLIENT, issuer=ISSUER)

    match read:
        case AuthorizationRequest():
            assert (parameters["response_type"], parameters["code_challenge_method"]) == ("code", "S256")
            assert (read.redirect_uri, read.scope) == (BACK, {"read"})
        case SentBack(location=location):
            assert location.startswith(f"{BACK}?error=")
            assert location.endswith(with_answer("", {"iss": ISSUER})[1:])
            assert parameters["redirect_uri"] == BACK
        case Shown():
            assert parameters.get("redirect_uri") != BACK


@given(TEXTS, st.none() | st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1))
def test_what_is_sealed_is_what_comes_back_and_nothing_else_does(text, state):
    request = AuthorizationRequest(
        client_id="dpc_wall", redirect_uri=BACK, scope=frozenset({"read"}), state=state, challenge="x" * 43
    )
    seal = RequestSeal(b"k" * 32, clock=lambda: NOW)
    sealed = seal.seal(request)

    assert seal.unseal(sealed) == request
    assert RequestSeal(b"l" * 32, clock=lambda: NOW).unseal(sealed) is None
    assert [seal.unseal(each) for each in (text, f"!{text}{sealed}", f"{sealed}{text}x")] == [None] * 3
