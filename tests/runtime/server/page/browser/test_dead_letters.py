"""Dead letters seen to with a browser, which has no scripts."""

import pytest

from deputize.domain.start import inbound_start

pytestmark = pytest.mark.anyio


async def test_those_that_are_chosen_are_done_again_and_gone_from_the_list(bench, open_screen):
    start = inbound_start(request_id="r", integration_id="by-basic", headers={}, body="", payload=None)
    for name in ("letter-1", "letter-2", "letter-3"):
        await bench.add_dead_letter(name, start=start.model_dump(mode="json"))
    async with open_screen(java_script_enabled=False) as screen:
        page = screen.page
        await screen.sign_in("stan")

        await page.click("nav >> text=Dead letters")
        await page.check("#run-letter-1")
        await page.check("#run-letter-3")
        await page.click("text=Retry the chosen ones")
        await page.wait_for_selector("h1:text-is('2 done again')")
        await page.click("text=To the dead letters")
        await page.wait_for_selector("#run-letter-2")
        left = await page.locator("[type=checkbox]").evaluate_all("those => those.map(each => each.id)")
        await page.click("[aria-label='Retry by-basic, run letter-2']")
        await page.click("[role=status] a >> nth=1")
        await page.wait_for_selector("h1:has-text('by-basic')")

        assert left == ["run-letter-2"]
        assert (await page.inner_text("h1")).split() == ["by-basic", "Queued"]
        assert screen.wrong == []
