"""The page on which a person lets a client act for them: whom it asks, and where it leads."""

import re
from html.parser import HTMLParser

import pytest

from deputize.errors import StoreUnavailable

pytestmark = pytest.mark.anyio

UNKNOWN = "The application that sent you here is not known, or is disabled."
ELSEWHERE = "The address that you would be sent back to is not one of the application that sent you here."
TOO_OLD = "This page has stood open for too long, or was not made here. Begin again in the application."
NOBODY = "The user name or the password is wrong."


def refused(why):
    return (
        f"This does not work {why} Nothing was allowed, and nobody was told. "
        "Tell whoever looks after the application."
    )


async def test_the_page_says_who_asks_for_what_and_where_it_leads(wall, page_of):
    page = await wall.ask(scope="trigger read")

    assert page.status_code == 200
    assert page_of(page) == (
        "Allow Wallboard to act for you? It may, as you and never beyond what you may do yourself: "
        "set integrations off read people, groups, plans and events "
        "Afterwards you are sent to wall.example . If you do not know it, refuse. "
        "User name Password Sign in and allow Refuse"
    )


async def test_a_person_who_allows_it_is_sent_back_with_a_code(wall, back, bench, issuer):
    answered = back(await wall.answer())

    assert re.fullmatch(r"dpa_[\w-]{43}", answered.pop("code"))
    assert answered == {"state": "from the application", "iss": issuer}
    (login, given) = sorted(await bench.audit())[::-1]
    assert login == ("stan", "login.succeeded", "user:stan")
    assert given == ("stan", "grant.given", "client:Wallboard")


async def test_a_person_who_refuses_needs_no_password_and_leaves_nothing_behind(wall, back, bench, issuer):
    answered = back(await wall.answer(decision="refuse", username="", password=""))

    assert answered == {
        "error": "access_denied",
        "error_description": "The person has refused.",
        "state": "from the application",
        "iss": issuer,
    }
    assert await bench.audit() == []
    assert bench.hash.verified == 0


async def test_a_request_without_state_is_answered_without_one(wall, back):
    assert back(await wall.answer(asked={"state": None})).keys() == {"code", "iss"}


async def test_a_request_without_scope_asks_for_all_that_the_client_may(wall, page_of):
    assert "set integrations off read people" in page_of(await wall.ask(scope=None))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"client_id": None}, UNKNOWN),
        ({"client_id": "dpc_nobody"}, UNKNOWN),
        ({"client_id": "dpc_wall "}, UNKNOWN),
        ({"redirect_uri": None}, ELSEWHERE),
        ({"redirect_uri": "https://evil.example/back"}, ELSEWHERE),
        ({"redirect_uri": "https://wall.example/back?next=//evil.example"}, ELSEWHERE),
        ({"redirect_uri": "https://wall.example/back/../elsewhere"}, ELSEWHERE),
        ({"redirect_uri": "javascript:alert(1)"}, ELSEWHERE),
        ({"state": "\0"}, "A parameter of the query holds a NUL."),
        ({"scope": ["read", "trigger"]}, "A parameter stands in the query more than once."),
        (
            {"redirect_uri": ["https://wall.example/back"] * 2},
            "A parameter stands in the query more than once.",
        ),
    ],
)
async def test_nobody_is_sent_to_an_address_that_is_not_certain(wall, page_of, changed, why):
    page = await wall.ask(**changed)

    assert page.status_code == 400
    assert "Location" not in page.headers
    assert page_of(page) == refused(why)


@pytest.mark.parametrize(
    ("changed", "error", "description"),
    [
        ({"response_type": None}, "invalid_request", "response_type is missing. It is code."),
        ({"response_type": "token"}, "unsupported_response_type", "The one response_type here is code."),
        ({"response_type": "code token"}, "unsupported_response_type", "The one response_type here is code."),
        ({"response_mode": "fragment"}, "invalid_request", "The one response_mode here is query."),
        (
            {"code_challenge_method": "plain"},
            "invalid_request",
            "PKCE is needed: send code_challenge_method=S256.",
        ),
        (
            {"code_challenge_method": None},
            "invalid_request",
            "PKCE is needed: send code_challenge_method=S256.",
        ),
        (
            {"code_challenge": None},
            "invalid_request",
            "code_challenge is missing, or is no SHA-256 in base64url.",
        ),
        (
            {"code_challenge": "x" * 44},
            "invalid_request",
            "code_challenge is missing, or is no SHA-256 in base64url.",
        ),
        (
            {"scope": "write"},
            "invalid_scope",
            "What can be granted here is read trigger; name no more than that.",
        ),
        (
            {"scope": "read  trigger"},
            "invalid_scope",
            "What can be granted here is read trigger; name no more than that.",
        ),
    ],
)
async def test_what_a_client_asks_wrongly_it_is_told(wall, back, issuer, changed, error, description):
    assert back(await wall.ask(**changed)) == {
        "error": error,
        "error_description": description,
        "state": "from the application",
        "iss": issuer,
    }


@pytest.mark.parametrize("state", ["é", "a\nb", "x" * 2001])
async def test_a_state_that_cannot_be_sent_back_is_not(wall, back, issuer, state):
    assert back(await wall.ask(state=state)) == {
        "error": "invalid_request",
        "error_description": "state holds something else than printable ASCII, or is too long.",
        "iss": issuer,
    }


async def test_a_client_that_may_not_ask_people_is_told(bench, application, back):
    former = await application(bench, "dpc_former", grants=frozenset({"password"}))

    assert back(await former.ask())["error"] == "unauthorized_client"


@pytest.mark.parametrize(
    ("registered", "asked"),
    [
        ("http://127.0.0.1/back", "http://127.0.0.1:43211/back"),
        ("http://[::1]/back", "http://[::1]:43211/back"),
        ("com.example.wall:/back", "com.example.wall:/back"),
    ],
)
async def test_a_program_on_ones_own_machine_is_led_back_to(bench, application, back, registered, asked):
    program = await application(bench, "dpc_program", redirect_uris=(registered,))
    program.redirect_uri = asked

    answered = await program.answer()

    assert "code" in back(answered, to=asked)


@pytest.mark.parametrize(
    ("uri", "where", "source"),
    [
        ("https://wall.example:8443/back?x=1", "wall.example:8443", "https://wall.example:8443"),
        ("http://127.0.0.1:5000/back", "a program on this machine", "http://127.0.0.1:5000"),
        ("http://[::1]:5000/back", "a program on this machine", "http:"),
        ("com.example.wall:/back", "the app com.example.wall", "com.example.wall:"),
    ],
)
async def test_the_form_may_lead_on_to_the_client_and_nowhere_else(
    bench, application, page_of, uri, where, source
):
    program = await application(bench, "dpc_program", redirect_uris=(uri,))

    page = await program.ask()

    assert f"you are sent to {where} ." in page_of(page)
    assert f"form-action 'self' {source};" in page.headers["Content-Security-Policy"]


async def test_a_page_cannot_be_framed_stored_scripted_or_told_on(wall):
    for page in (await wall.ask(), await wall.ask(client_id="dpc_nobody"), await wall.answer(password="no")):
        headers = page.headers
        policy = dict(each.split(" ", 1) for each in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["frame-ancestors"] == "'none'"
        assert policy["base-uri"] == "'none'"
        assert policy["style-src"] == "'self'"
        assert "script-src" not in policy
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in headers


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "{{ 7 * 7 }}{% raw %}",
    "</title></style><script>alert(1)</script>",
    "&lt;b&gt;",
]


class Parts(HTMLParser):
    """What a browser makes of a page: its elements with the names of their attributes, and its text."""

    def __init__(self, page):
        super().__init__()
        self.elements = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, *sorted(name for name, _ in attributes)))

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("text", HOSTILE)
async def test_what_others_have_written_shows_as_text(bench, application, text):
    plain = await application(bench, "dpc_plain", name="Plain")
    hostile = await application(bench, "dpc_hostile", name=text)

    for wanted, page in (
        (await plain.ask(), await hostile.ask(state=text)),
        (await plain.answer(name="x", password="x"), await hostile.answer(name=text, password="x")),
    ):
        assert Parts(page.text).elements == Parts(wanted.text).elements
        assert f"Allow {text} to act for you?" in Parts(page.text).text


async def test_state_comes_back_as_it_was_and_cannot_add_to_the_answer(wall, back):
    state = "x&code=evil&iss=https://evil.example#<>\"' %00"

    answered = back(await wall.answer(asked={"state": state}))

    assert answered["state"] == state
    assert answered["code"].startswith("dpa_")


# The sign-in


@pytest.mark.parametrize(
    ("name", "password", "status", "why"),
    [
        ("stan", "wrong password", 403, NOBODY),
        ("nobody", "wrong password", 403, NOBODY),
        ("x" * 101, "wrong password", 403, NOBODY),
        ("stan", "x" * 1025, 403, NOBODY),
        ("stan", "", 403, "Enter your user name and your password."),
        ("", "x", 403, "Enter your user name and your password."),
        ("rob", "password of rob", 403, "This account may not log in."),
    ],
)
async def test_who_cannot_sign_in_is_asked_once_more(wall, page_of, bench, name, password, status, why):
    page = await wall.answer(name=name, password=password)

    assert page.status_code == status
    assert f"to act for you? {why} It may," in page_of(page)
    assert "wrong password" not in page.text
    assert [each for each in await bench.audit() if each[1] == "grant.given"] == []


async def test_the_answer_to_the_page_that_asks_once_more_counts(wall, back):
    page = await wall.answer(password="wrong")
    sealed = re.search(r'name="request" value="([^"]+)"', page.text)[1]

    assert "code" in back(await wall.answer(sealed=sealed))


async def test_nobody_costs_what_somebody_costs(wall, bench):
    costs = []
    for name in ("stan", "nobody"):
        before = bench.hash.verified
        await wall.answer(name=name, password="wrong")
        costs.append(bench.hash.verified - before)

    assert costs == [1, 1]


async def test_a_disabled_account_is_nobodys(wall, bench, page_of):
    await bench.change_person("stan", status="INACTIVE")

    assert NOBODY in page_of(await wall.answer())


async def test_an_expired_password_is_told_to_who_has_it(wall, bench, page_of):
    await bench.expire_password("stan")

    assert "The password has expired. Have it changed." in page_of(await wall.answer())
    assert NOBODY in page_of(await wall.answer(password="wrong"))


async def test_guessing_is_slowed_down_as_everywhere(wall, bench, page_of):
    for _ in range(20):
        await wall.answer(password="wrong")

    page = await wall.answer()

    assert (page.status_code, page.headers["Retry-After"]) == (429, "300")
    assert "There were too many wrong passwords for this account or from this address." in page_of(page)
    assert ("unknown", "login.failed", "user:stan") in await bench.audit()


# What the form carries


@pytest.mark.parametrize("spoil", ["", "x", "{}", "cut", "changed", "swapped"])
async def test_a_form_that_was_not_made_here_leads_nowhere(wall, page_of, spoil):
    sealed = await wall.sealed()
    payload, _, signature = sealed.rpartition(".")
    spoiled = {"cut": sealed[:-1], "changed": f"x{sealed}", "swapped": f"{signature}.{payload}"}

    page = await wall.answer(sealed=spoiled.get(spoil, spoil) or " ")

    assert (page.status_code, page_of(page)) == (400, refused(TOO_OLD))


async def test_a_page_is_good_for_ten_minutes(wall, bench, back, page_of):
    sealed = await wall.sealed()

    bench.clock.forward(seconds=599)
    in_time = await wall.answer(sealed=sealed)
    bench.clock.forward(seconds=1)
    too_late = await wall.answer(sealed=sealed)

    assert "code" in back(in_time)
    assert page_of(too_late) == refused(TOO_OLD)


async def test_a_cursor_is_no_authorization_request(wall, bench, page_of):
    await bench.add_run("run-1")
    await bench.add_run("run-2")
    listed = await bench.client("stan").get("/api/v1/runs?limit=1")
    cursor = re.search(r"cursor=([^>&]+)", listed.headers["Link"])[1]

    assert page_of(await wall.answer(sealed=cursor)) == refused(TOO_OLD)


@pytest.mark.parametrize("change", [{"enabled": False}, {"redirect_uris": ("https://wall.example/new",)}])
async def test_a_client_that_was_changed_meanwhile_gets_nothing(wall, bench, page_of, change):
    sealed = await wall.sealed()
    await bench.put_client("dpc_wall", **change)

    for decision in ("allow", "refuse"):
        page = await wall.answer(sealed=sealed, decision=decision)
        assert (page.status_code, "Location" in page.headers) == (400, False)


async def test_what_the_form_adds_does_not_count(wall, back):
    """The redirect URI, the scope and the state are those that were judged, whatever a browser sends."""
    added = {"redirect_uri": "https://evil.example/", "state": "evil", "scope": "write", "client_id": "evil"}

    answered = await wall.answer(**added)

    assert back(answered)["state"] == "from the application"


# Pages of others


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://deputize.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_a_page_of_another_origin_cannot_send_the_form(wall, bench, headers):
    answered = await wall.answer(headers=headers)

    assert (answered.status_code, answered.json()["code"]) == (403, "ORIGIN_REFUSED")
    assert await bench.audit() == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://deputize.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://deputize.example"},
    ],
)
async def test_our_own_page_and_programs_can(wall, back, headers):
    """A browser says Origin: null for a page that tells nobody where it is."""
    assert "code" in back(await wall.answer(headers=headers))


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
async def test_a_body_of_another_type_leads_nowhere(wall, page_of, kind):
    sealed = await wall.sealed()
    body = f"request={sealed}&decision=allow&username=stan&password=password+of+stan"

    page = await wall.http.post("/oauth2/authorize", content=body, headers={"Content-Type": kind})

    assert (page.status_code, page_of(page)) == (
        400,
        refused("Send the parameters as a form, with Content-Type: application/x-www-form-urlencoded."),
    )


async def test_a_password_in_the_address_is_refused(wall, page_of):
    page = await wall.http.post(
        "/oauth2/authorize?username=stan&password=x", data={"request": await wall.sealed()}
    )

    assert page_of(page) == refused("Send the parameters in the body, as a form. The address has a query.")


async def test_the_page_without_a_database_is_a_page(wall, bench, page_of, monkeypatch):
    async def unavailable(_work):
        raise StoreUnavailable("The database at an address does not answer.")

    monkeypatch.setattr(bench.database, "read", unavailable)

    page = await wall.ask()

    assert (page.status_code, page_of(page)) == (
        503,
        refused("The server cannot answer now. Try again in a moment."),
    )
