"""The page of runs: whose it shows, filtered by what its address says, a page at a time."""

import re
from datetime import timedelta

import pytest

from deputize.domain.run import RunState

pytestmark = pytest.mark.anyio

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;",
    "\u202egpj.exe",
]


def names(parts, page):
    return [each["id"].removeprefix("run-") for each in parts(page.text).all("tr") if "id" in each]


async def test_each_run_is_a_row_with_who_what_and_how_it_ended(bench, visit, read):
    await bench.add_run("run-1", calls=3, refusals=1)

    page = await (await visit("dev")).get()

    assert page.status_code == 200
    assert (
        "Time Integration As Calls Took Result "
        "25 Nov 2026 08:34:28.000 UTC by-basic Inbound stan via basic 3 1 refused 1 ms Completed"
    ) in read(page)


async def test_times_are_those_of_who_looks(bench, visit, read):
    await bench.change_person("dev", timezone="Europe/Berlin")
    await bench.add_run("run-1")

    page = await (await visit("dev")).get()

    assert "25 Nov 2026 09:34:28.000 CET" in read(page)
    assert "Times in Europe/Berlin." in page.text
    assert '<time datetime="2026-11-25T08:34:28.000Z"' in page.text


async def test_one_sees_what_one_may_see(bench, visit, parts):
    await bench.add_run("own", name="stan")
    await bench.add_run("other", name="sue")
    await bench.add_run("payroll", name="sue", plan="payroll", integration="secret-pay")

    seen = {name: names(parts, await (await visit(name)).get()) for name in ("stan", "dev", "ann")}

    assert seen == {"stan": ["own"], "dev": ["own", "other"], "ann": ["payroll", "own", "other"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["f", "e", "d", "c", "b", "a"]),
        ("integration=&initiator=&result=&trigger=&text=&last=", ["f", "e", "d", "c", "b", "a"]),
        ("initiator=sue", ["b"]),
        ("integration=by-url", ["c"]),
        ("result=FAILED", ["d"]),
        ("result=refused", ["f", "e"]),
        ("result=DENIED", ["f"]),
        ("trigger=RESPONSE", ["c"]),
        ("text=disk+FULL", ["a"]),
        ("text=nothing", []),
        ("last=1h", ["f", "e", "d", "c", "b"]),
        ("result=refused&initiator=sue", []),
    ],
)
async def test_the_address_says_which_runs_are_shown(bench, visit, parts, query, found):
    await bench.add_run("a", queued=bench.clock() - timedelta(hours=2), documents=[{"message": "Disk full"}])
    await bench.add_run("b", name="sue")
    await bench.add_run("c", integration="by-url", trigger="RESPONSE")
    await bench.add_run("d", state=RunState.FAILED)
    await bench.add_run("e", refusals=2)
    await bench.add_run("f", state=RunState.DENIED, usage=None)

    page = await (await visit("dev")).get(f"/?{query}")

    assert names(parts, page) == found


@pytest.mark.parametrize("query", ["result=x", "trigger=x", "last=x", "text=" + "x" * 201, "initiator=%00"])
async def test_filters_that_cannot_be_used_are_told(visit, read, query):
    page = await (await visit("dev")).get(f"/?{query}")

    assert page.status_code == 422
    assert read(page).startswith("Invalid The filters in the address cannot be used; see below.")


async def test_a_page_leads_on_to_the_older_ones_with_the_same_filters(bench, visit, parts):
    for number in range(7):
        await bench.add_run(f"run-{number}", queued=bench.clock() + timedelta(seconds=number))
    browser = await visit("dev")

    first = await browser.get("/?initiator=stan&limit=5")
    [older] = parts(first.text).all("a", rel="next")
    second = await browser.get(older["href"])

    assert names(parts, first) == [f"run-{number}" for number in (6, 5, 4, 3, 2)]
    assert names(parts, second) == ["run-1", "run-0"]
    assert parts(second.text).all("a", rel="next") == []


async def test_the_cursor_of_somebody_else_is_no_good(bench, visit, parts):
    for number in range(3):
        await bench.add_run(f"run-{number}")
    [older] = parts((await (await visit("dev")).get("/?limit=1")).text).all("a", rel="next")

    page = await (await visit("ann")).get(older["href"])

    assert page.status_code == 400


@pytest.mark.parametrize(
    ("name", "query", "says"),
    [
        ("dev", "", "No runs yet A run stands here as soon as something sets an integration off"),
        ("stan", "", "No runs yet Runs that you set off stand here"),
        ("dev", "?initiator=x", "No run matches Nothing that you may see is as the filters say."),
    ],
)
async def test_where_there_is_nothing_it_says_what_to_do_next(visit, read, name, query, says):
    assert says in read(await (await visit(name)).get(f"/{query}"))


async def test_navigation_offers_what_ones_role_may(visit, parts):
    offered = {}
    for name in ("stan", "dev", "ann"):
        page = (await (await visit(name)).get()).text
        nav = page[page.index("<nav") : page.index("</nav>")]
        offered[name] = [each["href"] for each in parts(nav).all("a")]

    assert offered == {
        "stan": ["/", "/dead-letters"],
        "dev": ["/", "/integrations", "/dead-letters"],
        "ann": ["/", "/integrations", "/dead-letters"],
    }


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_whatever_stands_in_a_field_is_shown_as_text(bench, visit, parts, text):
    await bench.add_run("run-1", integration=text)
    plain = parts((await (await visit("dev")).get("/?initiator=x")).text)
    await bench.change_person("dev", timezone=text)
    browser = await visit("dev")

    page = await browser.get("/")
    filtered = await browser.get("/", params={"text": text, "initiator": text})

    assert text in parts(page.text).text
    for shown in (page, filtered):
        assert {tag for tag, _ in parts(shown.text).elements} <= {tag for tag, _ in plain.elements} | {
            *("table", "caption", "thead", "tbody", "tr", "th", "td", "time")
        }
        assert not re.search(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', "", shown.text))
