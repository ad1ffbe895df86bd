"""The page of dead letters: what each says of itself, what is offered to whom, and what came of it."""

import pytest

from deputize.domain.run import RunState
from deputize.domain.start import inbound_start

pytestmark = pytest.mark.anyio

HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "&lt;b&gt;"]
NOT_AS_STAN = (
    "dev may not replay a run as stan, its initiator (function login: yes, function replay:as-initiator: no)."
)


@pytest.fixture
async def letters(bench):
    """Two dead letters of stan's, and one of sue's."""
    start = inbound_start(request_id="r", integration_id="by-basic", headers={}, body="", payload=None)
    for name, of in (("letter-1", "stan"), ("letter-2", "stan"), ("letter-3", "sue")):
        error = {"code": "SCRIPT_RAISED", "type": "ValueError", "message": "no disk"}
        await bench.add_dead_letter(name, name=of, start=start.model_dump(mode="json"), error=error)


def listed(parts, page):
    return sorted(each["id"] for each in parts(page.text).all("input", type="checkbox"))


async def test_each_says_why_it_failed_and_why_nothing_tries_it_again(letters, visit, read):
    page = await (await visit("stan")).get("/dead-letters")

    assert page.status_code == 200
    assert (
        "Run As Why it failed Why nothing tries it again What you can do "
        "by-basic Inbound 25 Nov 2026 08:34:28.000 UTC stan via basic Failed ValueError no disk "
        "It failed. Retry"
    ) in read(page)


async def test_one_sees_those_of_ones_own_and_of_plans_that_one_edits(letters, visit, parts):
    seen = {
        name: listed(parts, await (await visit(name)).get("/dead-letters"))
        for name in ("stan", "dev", "iris")
    }

    assert seen == {
        "stan": ["run-letter-1", "run-letter-2"],
        "dev": ["run-letter-1", "run-letter-2", "run-letter-3"],
        "iris": [],
    }


async def test_only_what_one_may_do_is_offered_and_the_rest_says_why_not(letters, visit, parts, read):
    offered = {}
    for name in ("stan", "dev"):
        page = await (await visit(name)).get("/dead-letters")
        buttons = [each.get("formaction") for each in parts(page.text).all("button")]
        offered[name] = [each for each in buttons if each and each.startswith("/dead-letters/letter-1/")]

    assert offered == {
        "stan": ["/dead-letters/letter-1/retries"],
        "dev": ["/dead-letters/letter-1/dismissals"],
    }
    assert f"No retry: {NOT_AS_STAN}" in read(page)


async def test_without_any_the_page_says_what_stands_there(visit, read):
    assert "No dead letters Nothing that you may see has failed for good." in read(
        await (await visit("stan")).get("/dead-letters")
    )


async def test_a_retry_is_a_new_run_of_the_initiator(bench, letters, visit, read, parts):
    browser = await visit("stan")

    page = await browser.send("/dead-letters/letter-1/retries")

    (new,) = [each for each in await bench.runs() if each.replay_of]
    assert (new.replay_of, new.initiator.id, new.state) == ("letter-1", "stan", RunState.QUEUED)
    assert page.status_code == 200
    assert read(page) == (
        f"Dead letters 1 done again Run letter-1 is done again by run {new.id[:8]} . To the dead letters"
    )
    assert bench.submitted == [new.id]
    assert listed(parts, await browser.get("/dead-letters")) == ["run-letter-2"]


async def test_who_edits_the_plan_dismisses_one(bench, letters, visit, read, parts):
    browser = await visit("dev")

    page = await browser.send("/dead-letters/letter-1/dismissals")

    assert read(page) == "Dead letters 1 dismissed Run letter-1 is dismissed. To the dead letters"
    assert listed(parts, await browser.get("/dead-letters")) == ["run-letter-2", "run-letter-3"]
    assert ("dev", "run.dismissed", "run:letter-1") in await bench.audit()


async def test_of_those_that_were_chosen_what_is_refused_stays_and_says_why(
    bench, letters, visit, read, parts
):
    await bench.database.write(lambda tx: tx.runs.see_to("letter-2"))
    browser = await visit("stan")

    form = {"run-letter-1": "on", "run-letter-2": "on", "run-letter-3": "on"}
    page = await browser.send("/dead-letters/retries", **form)

    assert page.status_code == 200
    assert "1 done again, 2 not" in read(page)
    assert (
        'Run letter-3 stays as it is: There is no run "letter-3". '
        "Run letter-2 stays as it is: The run is FAILED and no dead letter, or somebody has seen to it already."
    ) in read(page)
    assert listed(parts, await (await visit("dev")).get("/dead-letters")) == ["run-letter-3"]


async def test_those_that_were_chosen_are_dismissed(letters, visit, parts):
    browser = await visit("dev")

    await browser.send("/dead-letters/dismissals", **{"run-letter-1": "on", "run-letter-3": "on"})

    assert listed(parts, await browser.get("/dead-letters")) == ["run-letter-2"]


async def test_those_that_were_chosen_are_done_again_as_they_came(bench, letters, visit):
    await (await visit("stan")).send("/dead-letters/retries", **{"run-letter-2": "on", "run-letter-1": "on"})

    new = {each.id: each.replay_of for each in await bench.runs() if each.replay_of}
    assert [new[each] for each in bench.submitted] == ["letter-1", "letter-2"]


@pytest.mark.parametrize("act", ["retries", "dismissals"])
async def test_when_none_is_chosen_nothing_is_done(bench, letters, visit, read, act):
    page = await (await visit("ann")).send(f"/dead-letters/{act}")

    assert page.status_code == 422
    assert "Nothing was done; see below. Choose at least one dead letter." in read(page)
    assert len(await bench.runs()) == 3


@pytest.mark.parametrize(
    ("name", "act", "api"),
    [
        ("dev", "retries", ("POST", "/retries")),
        ("stan", "dismissals", ("DELETE", "")),
        ("iris", "retries", ("POST", "/retries")),
        ("iris", "dismissals", ("DELETE", "")),
    ],
)
async def test_what_the_api_refuses_the_page_refuses(letters, bench, visit, read, name, act, api):
    method, path = api

    page = await (await visit(name)).send(f"/dead-letters/letter-1/{act}")
    document = (await bench.client(name).request(method, f"/api/v1/dead-letters/letter-1{path}")).json()

    assert page.status_code == document["status"]
    assert page.status_code in (403, 404)
    assert document["detail"] in read(page)


async def test_a_form_of_another_session_does_nothing(bench, letters, visit):
    browser, other = await visit("stan"), await visit("stan")

    page = await browser.http.post("/dead-letters/letter-1/retries", data={"form_token": await other.token()})

    assert page.status_code == 403
    assert len(await bench.runs()) == 3


async def test_a_long_list_goes_on_at_older(letters, visit, parts):
    browser = await visit("dev")

    first = await browser.get("/dead-letters?limit=2")
    (older,) = [each["href"] for each in parts(first.text).all("a", rel="next")]
    second = await browser.get(older)

    assert [len(listed(parts, each)) for each in (first, second)] == [2, 1]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_whatever_a_dead_letter_says_is_shown_as_text(bench, visit, parts, text):
    error = {"code": "SCRIPT_RAISED", "type": text, "message": text}
    await bench.add_run("letter", integration=text, state=RunState.FAILED, error=error)
    await bench.database.write(lambda tx: tx.runs.give_up("letter", at=tx.now, because=text))
    browser = await visit("ann")

    pages = [await browser.get("/dead-letters"), await browser.send("/dead-letters/letter/retries")]

    for page in pages:
        found = parts(page.text)
        assert text in found.text
        assert [each for each in found.all("script") if "src" not in each] == []
        assert found.all("img") + found.all("b") == []
