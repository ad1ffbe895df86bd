"""Every page for everybody: axe finds nothing, the keyboard is enough, and so are 320 pixels and no scripts."""

import json
from pathlib import Path

import axe_playwright_python
import pytest

from deputize.domain.run import RunState

pytestmark = pytest.mark.anyio

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
#: WCAG 2.2 up to AA, and what axe holds for good practice besides.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_ALL = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
PAGES = {
    "activity": "/",
    "filtered": "/?initiator=stan&result=refused",
    "nothing that matches": "/?initiator=nobody",
    "a run": "/runs/refused",
    "a denied run": "/runs/denied",
    "integrations": "/integrations",
    "an integration": "/integrations/by-api-key",
    "a legacy integration": "/integrations/old",
    "an outbound integration": "/integrations/outbound",
    "a problem": "/runs/nothing",
    "dead letters": "/dead-letters",
}
REQUEST = {"method": "POST", "url": "https://deputize.example/api/xm/1/events", "headers": {"Accept": "*/*"}}


@pytest.fixture
async def furnished(bench):
    """Runs of every state, one with entries of every colour; a legacy integration; a key."""
    for state in RunState:
        await bench.add_run(f"run-{state.lower()}", state=state, calls=12, refusals=1)
    answered = {"sent_as": "initiator", "source": "platform", "elapsed_ms": 3.5, "endpoint": "platform"}
    denied = {"statusCode": 403, "statusMessage": "FORBIDDEN", "request": {**REQUEST, "body": {"a": "b"}}}
    explain = {"initiator": "stan", "needs": ["x"], "would_pass": ["role Supervisor"], "source": "platform"}
    reason = "UNAUTHORIZED_ACCESS_ERROR: no."
    run = await bench.add_run("refused", refusals=1, calls=2, started=bench.clock(), script_version_id="v3")
    entries = [
        {"kind": "run.started", "trigger": "inbound", "tier": "full", "jail": ["seccomp", "landlock"]},
        {"kind": "inbound.request", "method": "POST", "headers": {"a": "b"}, "body": {"c": "d"}},
        {"kind": "log", "message": "a line", "fields": {"e": 1}, "level": "warning"},
        {"kind": "http.exchange", **answered, **denied, "refused": True},
        {
            "kind": "permission.denied",
            "endpoint": "platform",
            **denied,
            "reason": reason,
            "exchange": 4,
            "explain": explain,
        },
        {
            "kind": "http.exchange",
            **answered,
            "request": REQUEST,
            "statusCode": 404,
            "statusMessage": "NOT_FOUND",
        },
        {
            "kind": "http.exchange",
            **answered,
            "request": REQUEST,
            "error": {"cause": "timeout", "message": "No answer came."},
        },
        {
            "kind": "limit.hit",
            "limit": "wall",
            "value": 1,
            "setting": "limits.wall_seconds",
            "message": "Too long.",
        },
        {"kind": "error", "code": "SCRIPT_RAISED", "type": "ValueError", "message": "no", "level": "error"},
        {"kind": "result", "value": {"a": [1, 2]}, "truncated": [{"path": "/value", "bytes": 9, "kept": 8}]},
    ]
    await append(bench, run, entries)
    run = await bench.add_run("denied", state=RunState.DENIED, usage=None)
    await append(
        bench,
        run,
        [
            {
                "kind": "run.denied",
                "trigger": "inbound",
                "code": "INBOUND_NOT_PERMITTED",
                "reason": "stan may not.",
            }
        ],
    )
    await bench.add_dead_letter("dead", error={"type": "ValueError", "message": "no disk"})
    await bench.put_legacy()
    issued = await bench.client("dev").post("/api/v1/integrations/by-api-key/keys")
    assert issued.status_code == 201


async def append(bench, run, entries):
    envelope = {
        "run": run.id,
        "ts": "2026-11-25T08:34:28+00:00",
        "level": "info",
        "initiator": {"id": "stan", "via": "basic"},
        "script": {"name": "by-basic.py", "sha256": "a" * 64, "line": 2},
        "trace_id": "0" * 32,
    }
    documents = [
        {**envelope, "id": f"{run.id}-{seq}", "seq": seq, **each} for seq, each in enumerate(entries, 1)
    ]
    await bench.database.write(lambda tx: tx.entries.append(run.id, documents))


async def violations(page):
    """Return what axe finds wrong with the page, each with where."""
    await page.evaluate(AXE)
    options = json.dumps({"runOnly": {"type": "tag", "values": RULES}})
    found = await page.evaluate(f"axe.run(document, {options}).then((results) => results.violations)")
    return [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found]


@pytest.mark.parametrize(
    "look",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}],
    ids=["light", "dark", "forced colours"],
)
async def test_axe_finds_nothing_on_any_page(furnished, open_screen, look):
    async with open_screen(**look) as screen:
        page, found = screen.page, {}
        await page.goto("/sign-in")
        found["signing in"] = await violations(page)
        await page.click("button.deed")
        await screen.sign_in("ann")
        for name, path in PAGES.items():
            await page.goto(path)
            await page.evaluate(OPEN_ALL)
            found[name] = await violations(page)
        await page.goto("/integrations/by-url")
        await page.check("#method-signature")
        await page.click("text=Update inbound integration")
        await page.wait_for_selector("h1:text-is('Updated: Signed requests')")
        found["what is shown once"] = await violations(page)

    assert {name: those for name, those in found.items() if those} == {}


@pytest.mark.parametrize("width", [320, 3840])
async def test_no_page_has_to_be_moved_sideways(furnished, open_screen, width):
    async with open_screen(viewport={"width": width, "height": 800}) as screen:
        page, wide = screen.page, {}
        await screen.sign_in("ann")
        for name, path in PAGES.items():
            await page.goto(path)
            await page.evaluate(OPEN_ALL)
            wide[name] = await page.evaluate("document.scrollingElement.scrollWidth")

    assert {name: each for name, each in wide.items() if each > width} == {}


async def test_the_keyboard_is_enough_to_sign_in_and_to_read_why_a_call_was_refused(furnished, screen):
    page, keyboard = screen.page, screen.page.keyboard
    await page.goto("/runs/refused")

    await page.wait_for_selector("#username:focus")
    await keyboard.type("dev")
    await keyboard.press("Tab")
    await keyboard.type("password of dev")
    await keyboard.press("Enter")
    await page.wait_for_selector("h2:text-is('What happened')")
    await tab_to(page, "Skip to the content")
    await keyboard.press("Enter")
    await tab_to(page, "Link to entry 4")
    await tab_to(page, "As curl")
    await keyboard.press("Enter")

    assert "Authorization: ‹credential: stan → platform›" in await page.inner_text("#part-4-2")


async def test_the_keyboard_is_enough_to_choose_a_method(furnished, screen):
    page, keyboard = screen.page, screen.page.keyboard
    await screen.sign_in()
    await page.goto("/integrations/by-basic")

    await page.focus("#main")
    while await page.evaluate("document.activeElement.name") != "method":
        await keyboard.press("Tab")
    await keyboard.press("ArrowDown")
    await tab_to(page, "Update inbound integration")
    await keyboard.press("Enter")
    await page.wait_for_selector("h1:text-is('Updated: URL')")

    assert "?apiKey=dpu_" in await page.inner_text("#url")


async def tab_to(page, name):
    """Press Tab until what is called *name* has the focus, which must be seen."""
    for _ in range(100):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(
            """(() => { const it = document.activeElement;
            return [it.getAttribute("aria-label") || it.textContent.trim(), getComputedStyle(it).outlineStyle]; })()"""
        )
        if focused[0] == name:
            assert focused[1] == "solid"
            return
    raise AssertionError(f"nothing that Tab reaches is called {name}")


async def test_everything_is_read_and_done_without_scripts(furnished, open_screen):
    async with open_screen(java_script_enabled=False) as screen:
        page = screen.page
        await screen.sign_in()
        assert await page.locator("#pause:visible, [data-copies]:visible").count() == 0

        await page.select_option("#result", "refused")
        await page.click("text=Filter")
        await page.click("#run-refused a")
        await page.click("#entry-4 summary:has-text('Request')")
        assert "/api/xm/1/events" in await page.inner_text("#entry-4 .part[open]")

        await page.goto("/integrations/by-basic")
        await page.check("#method-api-key")
        await page.click("text=Update inbound integration")
        assert (await page.inner_text("#secret")).startswith("dps_")

        await page.click("text=Dark")
        assert await page.get_attribute("html", "data-theme") == "dark"
        await page.click("text=Sign out")
        await page.wait_for_selector("h1:text-is('Sign in')")


async def test_what_was_shown_is_copied_and_gone_when_one_comes_back(furnished, open_screen):
    async with open_screen(permissions=["clipboard-read", "clipboard-write"]) as screen:
        page = screen.page
        await screen.sign_in()
        await page.goto("/integrations/by-basic")
        await page.check("#method-api-key")
        await page.click("text=Update inbound integration")
        secret = await page.inner_text("#secret")

        await page.click("[data-copies=secret]")
        await page.wait_for_selector("[data-copies=secret]:has-text('Copied')")
        copied = await page.evaluate("navigator.clipboard.readText()")
        await page.click("text=Done")
        await page.wait_for_selector("h2:text-is('Keys')")

        assert copied == secret
        assert secret not in await page.content()
        stored = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
        assert await page.evaluate(stored) == '[{},{},""]'
        assert screen.wrong == []


async def test_nothing_that_people_have_written_acts(bench, screen):
    hostile = '<img src=x onerror=alert(1)><script>alert(2)</script>"onfocus=alert(3) autofocus="'
    run = await bench.add_run("hostile", integration=hostile, documents=[])
    headers = {hostile: hostile}
    request = {"method": hostile, "url": f"https://x.example/{hostile}", "headers": headers, "body": hostile}
    exchange = {"kind": "http.exchange", "endpoint": hostile, "source": "remote", "elapsed_ms": 1}
    await append(
        bench,
        run,
        [
            {"kind": "log", "message": hostile, "fields": {hostile: hostile}},
            {**exchange, "request": request, "statusCode": 200, "statusMessage": hostile},
            {"kind": "inbound.request", "method": hostile, "headers": headers, "body": hostile},
            {"kind": "error", "code": "SCRIPT_RAISED", "type": hostile, "message": hostile},
            {"kind": "result", "value": hostile},
            {"kind": hostile},
        ],
    )
    await screen.sign_in()
    for path in ("/", "/runs/hostile"):
        await screen.page.goto(path)
        assert hostile in await screen.page.inner_text("main")
    await bench.add_run("another", integration=hostile, documents=[{"message": hostile}])
    await screen.page.goto("/")
    await screen.page.wait_for_selector("#live-state:has-text('Live')")
    await bench.add_run("live", integration=hostile, documents=[{"message": hostile}])
    bench.pulse.beat()
    await screen.page.wait_for_selector("#run-live", state="attached")

    assert screen.wrong == []
