"""Signing in to the page and out of it: who may, for how long, and what a browser is told."""

import re
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from deputize.errors import StoreUnavailable
from deputize.server.app import build_app

pytestmark = pytest.mark.anyio

NOBODY = "Sign in The user name or the password is wrong. User name Password Sign in"
NO_LOGIN = "Sign in This account may not sign in to the page. User name Password Sign in"
ASIDE = " API keys and URL keys do not sign in, and neither do accounts for REST alone."


async def test_whoever_has_not_signed_in_is_asked_to_in_place_of_the_page(visit, read, parts):
    page = await (await visit()).get("/?initiator=rob")

    assert page.status_code == 401
    assert read(page) == "Sign in User name Password Sign in" + ASIDE
    [way_on] = parts(page.text).all("input", name="next")
    assert way_on["value"] == "/?initiator=rob"
    assert page.headers["WWW-Authenticate"] == 'Cookie realm="Deputize", cookie-name="__Host-deputize"'


async def test_signing_in_opens_a_session_and_leads_to_what_was_asked_for(bench, visit):
    browser = await visit()

    answered = await browser.sign_in("dev", next="/?initiator=rob")

    assert (answered.status_code, answered.headers["Location"]) == (303, "/?initiator=rob")
    assert re.fullmatch(
        r"__Host-deputize=dpw_[\w-]{43}; HttpOnly; Max-Age=604800; Path=/; SameSite=lax; Secure",
        answered.headers["Set-Cookie"],
    )
    assert (await browser.get()).status_code == 200
    assert await bench.audit() == [
        ("dev", "session.opened", "user:dev"),
        ("dev", "login.succeeded", "user:dev"),
    ]


@pytest.mark.parametrize(
    ("name", "password"), [("dev", "wrong"), ("nobody", "wrong"), ("x" * 101, "wrong"), ("dev", "x" * 1025)]
)
async def test_a_wrong_name_and_a_wrong_password_read_the_same(visit, read, name, password):
    browser = await visit()

    page = await browser.sign_in(name, password)

    assert (page.status_code, read(page), browser.cookie) == (401, NOBODY + ASIDE, None)


async def test_an_empty_form_is_asked_for_once_more(visit, read):
    page = await (await visit()).sign_in("dev", password=" ", next="/x", username="")

    assert read(page) == (
        "Sign in Enter your user name and your password. User name Password Sign in" + ASIDE
    )


async def test_an_account_for_rest_alone_does_not_sign_in(bench, visit, read):
    browser = await visit()

    page = await browser.sign_in("rob")

    assert (page.status_code, read(page), browser.cookie) == (401, NO_LOGIN + ASIDE, None)
    assert await bench.audit() == [("rob", "login.refused", "user:rob")]


async def test_keys_do_not_sign_in(bench, visit, read):
    issued = (await bench.client("dev").post("/api/v1/integrations/by-api-key/keys")).json()
    url = (await bench.client("dev").post("/api/v1/integrations/by-url/keys")).json()["url"]
    browser = await visit()

    for name, secret in ((issued["key"], issued["secret"]), ("dev", issued["secret"]), ("dev", url[-47:])):
        page = await browser.sign_in(name, secret)
        assert (page.status_code, read(page)) == (401, NOBODY + ASIDE)
    for secret in (issued["secret"], url[-47:]):
        browser.http.cookies.set("__Host-deputize", secret)
        assert (await browser.get()).status_code == 401


async def test_guessing_is_slowed_down_as_everywhere(visit, read):
    browser = await visit()
    for _ in range(20):
        await browser.sign_in("dev", "wrong")

    page = await browser.sign_in("dev")

    assert (page.status_code, page.headers["Retry-After"]) == (429, "300")
    assert "There were too many wrong passwords for this account or from this address." in read(page)


async def test_every_sign_in_has_a_token_of_its_own_and_the_one_before_is_over(visit):
    browser = await visit("dev")
    first = browser.cookie

    await browser.sign_in("dev")

    assert browser.cookie != first
    another = await visit()
    another.http.cookies.set("__Host-deputize", first)
    assert (await another.get()).status_code == 401


async def test_a_token_that_was_planted_never_opens_anything(visit):
    planted = "dpw_" + "x" * 43
    browser = await visit()
    browser.http.cookies.set("__Host-deputize", planted, domain="deputize.example", path="/")

    await browser.sign_in("dev")

    assert browser.cookie != planted
    attacker = await visit()
    attacker.http.cookies.set("__Host-deputize", planted)
    assert (await attacker.get()).status_code == 401


async def test_signing_out_ends_the_session_for_good(bench, visit):
    browser = await visit("dev")
    token = browser.cookie

    answered = await browser.send("/sign-out")

    assert (answered.status_code, answered.headers["Location"]) == (303, "/sign-in")
    assert browser.cookie is None
    browser.http.cookies.set("__Host-deputize", token)
    assert (await browser.get()).status_code == 401
    assert (await bench.audit())[-1] == ("dev", "session.ended", "user:dev")


async def disable(bench):
    await bench.change_person("dev", status="INACTIVE")


async def take_the_log_in_away(bench):
    await bench.change_person("dev", roles=frozenset({"REST"}))


async def change_the_password(bench):
    async def work(tx):
        stored = await tx.passwords.get("id-of-dev")
        bench.clock.forward(seconds=1)
        await tx.passwords.put(replace(stored, changed=bench.clock()))

    await bench.database.write(work)


async def delete(bench):
    await bench.database.write(lambda tx: tx.people.delete("id-of-dev"))


async def let_a_day_pass(bench):
    bench.clock.forward(hours=24)


@pytest.mark.parametrize(
    "change", [disable, take_the_log_in_away, change_the_password, delete, let_a_day_pass]
)
async def test_the_session_is_over_at_the_next_request(bench, visit, change):
    browser = await visit("dev")
    assert (await browser.get()).status_code == 200

    await change(bench)

    page = await browser.get()
    assert page.status_code == 401
    assert browser.cookie is None


async def test_a_session_that_is_used_goes_on_for_a_week(bench, visit):
    browser = await visit("dev")

    for _ in range(7):
        bench.clock.forward(hours=23)
        assert (await browser.get()).status_code == 200
    bench.clock.forward(hours=7)

    assert (await browser.get()).status_code == 401


async def test_every_server_of_a_deployment_knows_the_session(bench, visit):
    browser, another = await visit("dev"), await visit(app=build_app(bench.parts))
    another.http.cookies.set("__Host-deputize", browser.cookie)

    assert (await another.get()).status_code == 200
    await another.send("/sign-out")
    assert (await browser.get()).status_code == 401


async def test_a_database_without_room_still_lets_people_read(bench, visit, monkeypatch):
    browser = await visit("dev")
    bench.clock.forward(hours=1)

    async def full(_work):
        raise StoreUnavailable("The database has no room.")

    monkeypatch.setattr(bench.database, "write", full)

    assert (await browser.get()).status_code == 200


async def test_the_token_is_not_in_the_database(bench, visit):
    browser = await visit("dev")

    async def look(tx):
        return (await tx.connection.exec_driver_sql("SELECT * FROM sessions")).all()

    [row] = await bench.database.read(look)

    assert browser.cookie not in str(row)
    assert browser.cookie.removeprefix("dpw_") not in str(row)


# Forms


@pytest.mark.parametrize("token", ["", "x", "0" * 64])
async def test_a_form_without_the_token_of_the_session_changes_nothing(visit, read, token):
    browser = await visit("dev")

    page = await browser.http.post("/sign-out", data={"form_token": token})

    assert page.status_code == 403
    assert read(page).startswith("Form refused The form is not of this session.")
    assert (await browser.get()).status_code == 200


async def test_the_token_of_another_session_is_no_good(visit):
    browser, other = await visit("dev"), await visit("dev")

    page = await browser.http.post("/sign-out", data={"form_token": await other.token()})

    assert page.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/theme"])
async def test_a_page_of_another_origin_can_send_no_form(visit, headers, path):
    browser = await visit("dev")
    form = {"form_token": await browser.token(), "username": "ann", "password": "password of ann"}

    answered = await browser.http.post(path, data=form, headers=headers)

    assert (answered.status_code, answered.json()["code"]) == (403, "ORIGIN_REFUSED")
    assert (await browser.get()).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x", ""])
async def test_what_is_not_sent_as_a_form_changes_nothing(visit, kind):
    browser = await visit("dev")
    body = f"form_token={await browser.token()}"

    page = await browser.http.post("/sign-out", content=body, headers={"Content-Type": kind})

    assert page.status_code == 403
    assert (await browser.get()).status_code == 200


async def test_following_a_link_signs_nobody_out(visit):
    browser = await visit("dev")

    assert (await browser.get("/sign-out")).status_code == 405
    assert (await browser.get()).status_code == 200


ELSEWHERE = [
    *("//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example"),
    *("\\/evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "/ /evil.example"),
    *("https://evil.example", "https:evil.example", "https:/evil.example", "http:\\\\evil.example"),
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,x"),
    *("evil.example", "@evil.example", ".evil.example", "?next=x", "#x", "", " /", "/%5Cevil\\", "/a//b"),
    *("/\u2215evil.example", "/\uff0fevil.example", "/x\u0000", "/" + "a" * 2000, "/\u202e/evil.example"),
]


@pytest.mark.parametrize("way_on", ELSEWHERE, ids=range(len(ELSEWHERE)))
async def test_nobody_is_led_elsewhere(visit, way_on):
    answered = await (await visit()).sign_in("dev", next=way_on)

    assert answered.headers.get("Location", "/") == "/"


# What every page is


async def test_every_page_keeps_browsers_from_harm(visit):
    browser = await visit()
    pages = [await browser.get(), await browser.sign_in("dev", "wrong")]
    await browser.sign_in("dev")
    pages += [await browser.get(), await browser.get("/nothing"), await browser.get("/?result=x")]

    for page in pages:
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert page.headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in page.headers
        assert "style=" not in page.text
        assert not re.search(r"<script(?![^>]* src=)|\son\w+=", page.text)


async def test_what_pages_are_made_of_is_kept_by_browsers_and_open_to_all(visit, parts):
    browser = await visit()
    [style] = parts((await browser.get()).text).all("link", rel="stylesheet")

    answered = await browser.get(style["href"])

    assert answered.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answered.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for other in ("/static/0/deputize.css", style["href"].replace("deputize.css", "other.css")):
        assert (await browser.get(other)).status_code == 404


async def test_mounted_under_a_prefix_every_address_begins_with_it(bench, visit, parts):
    mounted = Starlette(routes=[Mount("/inside/here", app=bench.app)])
    await bench.add_run("run-1")
    browser = await visit("dev", app=mounted, at="/inside/here")

    answered = await browser.get("/")
    assert answered.status_code == 200, answered.text
    page = parts(answered.text)

    links = [*page.all("a"), *page.all("link"), *page.all("form")]
    addresses = [each.get("href") or each.get("action") for each in links]
    assert [each for each in addresses if not each.startswith(("/inside/here/", "#"))] == []
    answered = await browser.send("/theme", theme="dark", next="/?last=1h")
    assert answered.headers["Location"] == "/inside/here/?last=1h"


async def test_a_theme_that_was_chosen_stays(visit, parts):
    browser = await visit("dev")
    themes = []
    for theme in ("dark", "light", "system", "'><script>"):
        answered = await browser.send("/theme", theme=theme, next="/")
        assert answered.status_code == 303
        [page] = parts((await browser.get()).text).all("html")
        themes.append(page.get("data-theme"))

    assert themes == ["dark", "light", None, None]


async def test_a_browser_is_told_of_errors_with_pages_and_a_program_with_documents(bench, visit, read):
    page = await (await visit("dev")).get("/nothing")
    document = await bench.client().get("/nothing")

    assert (page.status_code, read(page)) == (
        404,
        "Not found There is nothing at this address. There is nothing of that id, name or address. "
        "NOT_FOUND To the activity",
    )
    assert (document.status_code, document.json()["code"]) == (404, "NOT_FOUND")


async def test_a_program_without_a_session_is_told_so(bench):
    answered = await bench.client().get("/")

    assert (answered.status_code, answered.json()["code"]) == (401, "UNAUTHENTICATED")


async def test_the_page_without_a_database_is_a_page(bench, visit, read, monkeypatch):
    browser = await visit("dev")

    async def unavailable(_work):
        raise StoreUnavailable("The database at an address does not answer.")

    monkeypatch.setattr(bench.database, "read", unavailable)

    page = await browser.get()

    assert page.status_code == 503
    assert read(page).startswith("Database unavailable The database does not answer. Nothing was kept")
