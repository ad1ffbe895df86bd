"""The list of runs while it is read: what comes in, what stays where it is, and Pause."""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from deputize.domain.run import RunState

pytestmark = pytest.mark.anyio

#: Milliseconds that anything here may take at most.
PATIENCE = 30_000
NEW = [{"kind": "run.finished"}]


@pytest.fixture
async def listed(bench):
    """Forty runs, of one page, and ``more`` to come, each a second after the one before."""
    runs = []

    async def more(count=1, **values):
        for _ in range(count):
            number = len(runs)
            queued = bench.clock() + timedelta(seconds=number)
            runs.append(await bench.add_run(f"run-{number}", queued=queued, documents=NEW, **values))
        bench.pulse.beat()

    await more(40)
    return more


async def first(page):
    return await page.locator("#runs tr").first.get_attribute("id")


async def live(page):
    await expect(page.locator("#live-state")).to_have_text("Live", timeout=PATIENCE)


async def test_a_new_run_comes_to_the_top_of_a_list_that_nobody_is_at(listed, screen):
    await screen.sign_in()
    await live(screen.page)

    await listed(refusals=1)

    await screen.page.wait_for_selector("#run-run-40")
    assert await first(screen.page) == "run-run-40"
    await expect(screen.page.locator("#said")).to_have_text("1 new run, 1 refused.", timeout=PATIENCE)
    assert screen.wrong == []


async def test_pause_is_the_first_thing_that_tab_reaches(listed, screen):
    await screen.sign_in()

    await screen.page.reload()
    await screen.page.wait_for_selector("#pause:visible")
    await screen.page.keyboard.press("Tab")

    assert await screen.page.evaluate("document.activeElement.id") == "pause"


async def test_nothing_moves_under_who_reads_while_a_thousand_entries_come(bench, listed, screen):
    page = screen.page
    await screen.sign_in()
    await live(page)
    row = page.locator("#run-run-20")
    await row.scroll_into_view_if_needed()
    await page.evaluate("scrollTo(0, 400)")
    await row.locator("a").focus()
    before = await row.bounding_box()

    for batch in range(10):
        await listed(10)
        for number in range(10):
            await bench.add_run(f"busy-{batch}-{number}", documents=[{"message": "line"}] * 10)
        bench.pulse.beat()
    await expect(page.locator("#held")).to_have_text("Show 200 new runs", timeout=PATIENCE)

    assert await row.bounding_box() == before
    assert await page.evaluate("document.activeElement.closest('tr').id") == "run-run-20"
    assert await page.evaluate("document.getElementById('runs').rows.length") == 40
    await page.click("#held")
    await page.wait_for_selector("#run-run-139")
    assert await first(page) == "run-run-139"
    assert await page.evaluate("document.activeElement.closest('tr').id") == "run-run-139"


async def test_a_run_that_goes_on_changes_where_it_stands(bench, listed, screen):
    page = screen.page
    await listed(state=RunState.RUNNING, usage=None, finished=None)
    await listed(1)
    await screen.sign_in()
    await live(page)
    row = page.locator("#run-run-40")
    assert "Running" in await row.inner_text()

    async def end(tx):
        await tx.runs.finish("run-40", state=RunState.FAILED, at=bench.clock())
        await tx.entries.append(
            "run-40", [{**(await tx.entries.of_run("run-40"))[0], "seq": 2, "id": "run-40-2"}]
        )

    await bench.database.write(end)
    bench.pulse.beat()

    await page.wait_for_selector("#run-run-40 .result:has-text('Failed')")
    assert await first(page) == "run-run-41"


async def test_pause_keeps_the_list_as_it_is_until_resume(listed, screen):
    page = screen.page
    await screen.sign_in()
    await live(page)

    await page.click("#pause")
    assert await page.inner_text("#live-state") == "Paused"
    await listed(3)
    assert await page.evaluate("document.getElementById('runs').rows.length") == 40
    await page.click("#pause")

    await page.wait_for_selector("#run-run-42", state="attached")


async def test_only_what_the_filters_ask_for_comes(listed, screen):
    page = screen.page
    await screen.sign_in()
    await page.goto("/?initiator=sue")
    await live(page)

    await listed(name="stan")
    await listed(name="sue")

    await page.wait_for_selector("#held:has-text('Show 1 new run')")


async def test_whoever_signs_out_elsewhere_is_not_told_anything_more(bench, listed, screen):
    page = screen.page
    await screen.sign_in()
    await live(page)

    async def end_all(tx):
        await tx.connection.exec_driver_sql("DELETE FROM sessions")

    await bench.database.write(end_all)
    await listed(1)

    await page.wait_for_selector("#live-state:has-text('Not live any more: load the page again')")
    assert await page.evaluate("document.getElementById('runs').rows.length") == 40
