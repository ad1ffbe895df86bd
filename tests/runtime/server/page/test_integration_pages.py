"""The pages of integrations: what each method means, what is shown once, and when something changes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deputize.domain.run import RunState

pytestmark = pytest.mark.anyio

HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "&lt;b&gt;"]


async def method_of(bench, integration):
    found = await bench.database.read(lambda tx: tx.integrations.get(integration))
    return found.method


def shown(parts, page):
    """Return what is to be copied from a page, by its name."""
    text, names = page.text, ("url", "address", "key", "secret")
    return {
        name: text.split(f'<pre id="{name}"', 1)[1].split(">", 1)[1].split("</pre>", 1)[0]
        for name in names
        if f'<pre id="{name}"' in text
    }


async def test_integrations_stand_by_plan_inbound_and_outbound(visit, read):
    page = await (await visit("dev")).get("/integrations")

    assert read(page) == (
        "Integrations Incidents "
        "Inbound Name Does Authentication Form State "
        "by-api-key Runs a script API key – Enabled "
        "by-basic Runs a script Name and password – Enabled "
        "by-url Transforms the request, creates events URL discouraged alert Enabled "
        "unchosen No method of authentication has been chosen: every request is refused, and the script cannot "
        "be edited until one is. Runs a script None chosen – Enabled "
        "Outbound Name When Acts as Form State "
        "outbound On response the initiator of the event alert Enabled"
    )


async def test_a_legacy_integration_is_marked_where_it_is_listed(bench, visit, read, parts):
    await bench.put_legacy()
    browser = await visit("dev")

    listed = await browser.get("/integrations")
    page = await browser.get("/integrations/old")

    assert (
        "old Legacy. Callers and calls go on as before there were methods. Select an authentication method. "
        "Runs a script Legacy – Enabled"
    ) in read(listed)
    assert "It cannot be edited until a method is chosen." in read(page)
    assert "Updating ends legacy for good" in read(page)
    assert [each["value"] for each in parts(page.text).all("input", type="radio") if "checked" in each] == []


async def test_each_method_says_what_it_means_and_for_whom_it_acts_before_it_is_chosen(visit, read, parts):
    page = await (await visit("dev")).get("/integrations/by-basic")

    assert (
        "Select authentication method "
        "API key A key and a secret, by HTTP Basic. Both are good for this integration and nothing else. "
        "The script acts as the owner of the key. The first one is issued to you, dev. "
        "Recommended. It outlives a change of password, and ends with the person."
    ) in read(page)
    assert "URL discouraged A key that stands in the address." in read(page)
    radios = parts(page.text).all("input", type="radio", name="method")
    assert [each["value"] for each in radios] == ["api-key", "signature", "oauth", "basic", "url"]
    assert [each["value"] for each in radios if "checked" in each] == ["basic"]


async def test_looking_changes_nothing(bench, visit):
    browser = await visit("dev")

    for path in ("/integrations", "/integrations/by-basic", "/integrations/by-basic?method=url"):
        assert (await browser.get(path)).status_code == 200

    assert await method_of(bench, "by-basic") == "basic"
    assert [
        each for each in await bench.audit() if each[1] not in ("login.succeeded", "session.opened")
    ] == []


async def test_update_changes_the_method_and_shows_key_and_secret_once(bench, visit, read, parts):
    browser = await visit("dev")

    page = await browser.send("/integrations/by-basic", method="api-key")
    told = shown(parts, page)
    again = await browser.get("/integrations/by-basic")

    assert page.status_code == 200
    assert told["address"] == "https://deputize.example/api/integration/1/functions/by-basic/triggers"
    assert told["key"].startswith("dpk_")
    assert told["secret"].startswith("dps_")
    assert "Whoever sends it sets the script off as dev ." in read(page)
    assert told["secret"] not in again.text
    assert told["key"] in again.text
    assert await method_of(bench, "by-basic") == "api-key"
    answered = await bench.client().post(
        "/api/integration/1/functions/by-basic/triggers", auth=(told["key"], told["secret"])
    )
    assert answered.status_code == 202
    acts = [each[1:] for each in await bench.audit()][2:]
    assert acts == [
        ("integration.changed", "integration:Incidents/by-basic"),
        ("key.issued", "integration:Incidents/by-basic"),
    ]


async def test_a_url_is_shown_whole_and_once(bench, visit, parts):
    browser = await visit("dev")

    told = shown(parts, await browser.send("/integrations/by-basic", method="url"))

    assert list(told) == ["url"]
    path = told["url"].removeprefix("https://deputize.example")
    assert (await bench.client().post(path)).status_code == 202
    assert told["url"].partition("=")[2] not in (await browser.get("/integrations/by-basic")).text


async def test_requests_are_signed_as_was_chosen(bench, visit, parts):
    browser = await visit("dev")

    told = shown(parts, await browser.send("/integrations/by-basic", method="signature", preset="github"))

    assert set(told) == {"address", "secret"}
    integration = await bench.database.read(lambda tx: tx.integrations.get("by-basic"))
    assert integration.signature == {"preset": "github"}
    again = await browser.send("/integrations/by-basic", method="signature", preset="present")
    assert again.status_code == 200
    assert (await bench.database.read(lambda tx: tx.integrations.get("by-basic"))).signature == {
        "preset": "github"
    }


@pytest.mark.parametrize("method", ["oauth", "basic"])
async def test_methods_without_a_key_of_ours_show_no_secret(bench, visit, parts, method):
    told = shown(parts, await (await visit("dev")).send("/integrations/by-url", method=method))

    assert set(told) == {"address"}
    assert await method_of(bench, "by-url") == method


async def test_who_has_a_key_keeps_it(bench, visit, read, parts):
    issued = (await bench.client("dev").post("/api/v1/integrations/by-api-key/keys")).json()

    page = await (await visit("dev")).send("/integrations/by-api-key", method="api-key")

    assert set(shown(parts, page)) == {"address"}
    assert "dev has a key to the integration" in read(page)
    answered = await bench.client().post(
        "/api/integration/1/functions/by-api-key/triggers", auth=(issued["key"], issued["secret"])
    )
    assert answered.status_code == 202


async def test_who_may_not_use_the_plan_chooses_the_method_and_gets_no_key(bench, visit, read, parts):
    page = await (await visit("ann")).send("/integrations/by-basic", method="api-key")

    assert set(shown(parts, page)) == {"address"}
    assert 'ann may not use plan "Incidents"' in read(page)
    assert await method_of(bench, "by-basic") == "api-key"


async def test_a_legacy_integration_goes_on_until_update_and_then_never_again(bench, visit):
    await bench.put_legacy(owner="id-of-stan", authenticated=False)
    browser, caller = await visit("dev"), bench.client()
    path = "/api/integration/1/functions/old/triggers"

    await browser.get("/integrations/old")
    before = (await caller.post(path)).status_code
    await browser.send("/integrations/old", method="api-key")
    after = (await caller.post(path)).status_code

    assert (before, after) == (202, 401)
    assert (await bench.database.read(lambda tx: tx.integrations.get("old"))).legacy is False


@pytest.mark.parametrize(
    "form", [{}, {"method": ""}, {"method": "ANY"}, {"method": "signature", "preset": "x"}]
)
async def test_without_a_method_nothing_is_saved(bench, visit, read, form):
    page = await (await visit("dev")).send("/integrations/unchosen", **form)

    assert page.status_code == 422
    assert "The integration was not updated; see below. Select " in read(page)
    assert await method_of(bench, "unchosen") is None


@pytest.mark.parametrize(
    ("name", "path"), [("stan", "/integrations/by-basic"), ("dev", "/integrations/secret-pay")]
)
async def test_what_the_api_refuses_the_page_refuses(bench, visit, read, name, path):
    browser = await visit(name)

    pages = [await browser.get(path), await browser.send(path, method="url")]
    document = (await bench.client(name).get(f"/api/v1{path}")).json()

    for page in pages:
        assert page.status_code == document["status"] == 403
        assert document["detail"] in read(page)
    assert await method_of(bench, path.rpartition("/")[2]) == "basic"


async def test_a_form_of_another_session_updates_nothing(bench, visit):
    browser, other = await visit("dev"), await visit("dev")
    form = {"form_token": await other.token(), "method": "url"}

    page = await browser.http.post("/integrations/by-basic", data=form)

    assert page.status_code == 403
    assert await method_of(bench, "by-basic") == "basic"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_whatever_stands_in_a_field_is_shown_as_text(bench, visit, parts, text):
    async def rename(tx):
        await tx.integrations.put(replace(await tx.integrations.get("by-basic"), name=text))
        await tx.plans.put(replace(await tx.plans.get("incidents"), name=text))
        await tx.forms.put(replace(await tx.forms.get("alert"), name=text))
        version = await tx.scripts.get("v3")
        await tx.scripts.add(replace(version, id="v9", number=2, source=text, author=text))
        await tx.integrations.put(
            replace(await tx.integrations.get("by-basic"), name=text, script_version_id="v9", form_id="alert")
        )

    await bench.database.write(rename)
    browser = await visit("dev")
    pages = [await browser.get("/integrations"), await browser.get("/integrations/by-basic")]
    pages.append(await browser.send("/integrations/by-basic", method="api-key"))

    for page in pages:
        found = parts(page.text)
        assert page.status_code == 200
        assert text in found.text
        assert [each for each in found.all("script") if "src" not in each] == []
        assert found.all("img") + found.all("b") == []


# Keys


async def test_keys_are_issued_rotated_and_revoked_on_the_page(bench, visit, read, parts):
    browser, caller = await visit("dev"), bench.client()
    path = "/api/integration/1/functions/by-api-key/triggers"

    first = shown(parts, await browser.send("/integrations/by-api-key/keys"))
    [key] = (await bench.client("dev").get("/api/v1/keys")).json()["data"]
    second = shown(parts, await browser.send(f"/keys/{key['id']}/rotation"))
    opens = [
        (await caller.post(path, auth=(each["key"], each["secret"]))).status_code for each in (first, second)
    ]
    [live] = [
        each for each in (await bench.client("dev").get("/api/v1/keys")).json()["data"] if not each["ends"]
    ]
    answered = await browser.send(f"/keys/{live['id']}/revocation", integration="by-api-key")

    assert first["key"] == second["key"]
    assert opens == [401, 202]
    assert (answered.status_code, answered.headers["Location"]) == (303, "/integrations/by-api-key")
    assert (await caller.post(path, auth=(second["key"], second["secret"]))).status_code == 401


async def test_a_key_for_somebody_else_is_offered_and_issued_to_who_may(bench, visit, read, parts):
    async def let_her_edit(tx):
        role = next(each for each in await tx.roles.all() if each.name == "Issuer")
        await tx.roles.put(replace(role, functions=role.functions | {"admin"}))

    await bench.database.write(let_her_edit)
    offered = {
        name: parts((await (await visit(name)).get("/integrations/by-api-key")).text).all(
            "input", id="holder"
        )
        != []
        for name in ("iris", "dev")
    }

    issued = await (await visit("iris")).send("/integrations/by-api-key/keys", holder="rob")
    refused = await (await visit("dev")).send("/integrations/by-api-key/keys", holder="rob")

    assert offered == {"iris": True, "dev": False}
    assert "Whoever sends it sets the script off as rob ." in read(issued)
    assert (refused.status_code, "dev may not issue a key to somebody else" in read(refused)) == (403, True)


@pytest.mark.parametrize("act", ["rotation", "revocation"])
async def test_the_key_of_somebody_else_is_not_touched(bench, visit, act):
    issued = (await bench.client("stan").post("/api/v1/integrations/by-api-key/keys")).json()

    page = await (await visit("dev")).send(f"/keys/{issued['id']}/{act}")

    assert page.status_code == 403
    answered = await bench.client().post(
        "/api/integration/1/functions/by-api-key/triggers", auth=(issued["key"], issued["secret"])
    )
    assert answered.status_code == 202


# Its runs


async def test_the_last_day_of_an_integration_is_shown_as_bars_and_in_words(bench, visit, read, parts):
    now = bench.clock()
    await bench.add_run("a", queued=now - timedelta(hours=25))
    await bench.add_run("b", queued=now - timedelta(hours=2), refusals=1)
    await bench.add_run("c", queued=now - timedelta(hours=2))
    await bench.add_run("d", state=RunState.FAILED)

    page = await (await visit("dev")).get("/integrations/by-basic")
    nothing = await (await visit("dev")).get("/integrations/by-url")

    assert "3 runs in 24 hours, 1 with something refused , 1 failed" in read(page)
    assert "No runs in 24 hours" in read(nothing)
    bars = [each["height"] for each in parts(page.text).all("rect", **{"class": "runs-of"})]
    assert len(bars) == 24
    assert bars[-3:] == ["40.0", "0.0", "20.0"]
