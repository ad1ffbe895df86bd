"""A real browser, in front of the page over real sockets."""

import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from playwright.async_api import Page, async_playwright

from deputize.server.app import build_app
from deputize.server.late import LateApp

#: Milliseconds that anything here may take at most.
PATIENCE = 30_000


@dataclass
class Screen:
    """One tab of a browser, and what went wrong in it."""

    page: Page
    #: Dialogs, errors and what the policy of the page has refused.
    wrong: list[str]

    async def sign_in(self, name="dev"):
        await self.page.goto("/sign-in")
        await self.page.fill("#username", name)
        await self.page.fill("#password", f"password of {name}")
        await self.page.click("button.deed")
        await self.page.wait_for_selector("h1:text-is('Activity')")
        # Not over the list, where the button was.
        await self.page.mouse.move(5, 5)


@pytest.fixture
async def site(bench, serve):
    """The address of a server, whose deployment is ``bench``."""
    app = LateApp()
    async with serve(app, port=0) as listener:
        app.be(build_app(replace(bench.parts, public_url=listener.url)))
        yield listener.url
        bench.stopping.set()


@pytest.fixture
async def chromium():
    program = shutil.which("chromium")
    if program is None:
        pytest.fail(
            "Chromium is not installed, and the page is tested in a real browser. Install the package chromium.",
            pytrace=False,
        )
    async with async_playwright() as playwright:
        # Whoever tests as root has no jail of Chromium's own.
        browser = await playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        await browser.close()


@pytest.fixture
def open_screen(chromium, site):
    """Opens a tab, with options such as the width of the window."""

    @asynccontextmanager
    async def opened(**options):
        context = await chromium.new_context(base_url=site, **options)
        context.set_default_timeout(PATIENCE)
        page, wrong = await context.new_page(), []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)

        async def dismiss(dialog):
            wrong.append(dialog.message)
            await dialog.dismiss()

        page.on("dialog", dismiss)
        yield Screen(page=page, wrong=wrong)
        await context.close()

    return opened


@pytest.fixture
async def screen(open_screen):
    async with open_screen(viewport={"width": 1280, "height": 600}) as screen:
        yield screen
