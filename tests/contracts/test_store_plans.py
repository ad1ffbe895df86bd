"""Plans and what they hold, on both stores."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deputize.domain.endpoint import EVERY_PLAN, SealedSecret, StoredEndpoint
from deputize.domain.integration import SharedLibrary
from deputize.domain.plan import Access

pytestmark = pytest.mark.anyio

SOME = Access(roles=frozenset({"a", "b"}), people=frozenset({"rob"}))


@pytest.fixture
async def plan(database, make):
    plan = make.plan("incidents")
    await database.write(lambda tx: tx.plans.put(plan))
    return plan


async def test_a_plan_comes_back_as_it_was_put_last(database, make, plan):
    other = make.plan("changes", enabled=False, access=SOME, requests_per_minute=60)
    changed = replace(other, name="works", access=Access())

    async def put(tx):
        await tx.plans.put(other)
        assert await tx.plans.get(other.id) == other
        await tx.plans.put(changed)

    await database.write(put)

    assert await database.read(lambda tx: tx.plans.all()) == [plan, changed]
    assert await database.read(lambda tx: tx.plans.by_name("works")) == changed
    assert await database.read(lambda tx: tx.plans.by_name("changes")) is None
    assert await database.read(lambda tx: tx.plans.find(changed.id)) == changed
    assert await database.read(lambda tx: tx.plans.find("works")) == changed


async def test_a_form_comes_back_as_it_was_put_last(database, make, plan):
    form = make.form(
        plan, "alert", senders=SOME, start=frozenset({"api"}), response_options=("Acknowledge", "Ignore")
    )
    changed = replace(form, response_options=("Ignore", "Acknowledge"))

    async def put(tx):
        await tx.forms.put(form)
        assert await tx.forms.get(form.id) == form
        await tx.forms.put(changed)

    await database.write(put)

    assert await database.read(lambda tx: tx.forms.of_plan(plan.id)) == [changed]
    assert await database.read(lambda tx: tx.forms.all()) == [changed]
    assert await database.read(lambda tx: tx.forms.find(plan.id, "alert")) == changed
    assert await database.read(lambda tx: tx.forms.find(plan.id, form.id)) == changed
    assert await database.read(lambda tx: tx.forms.find("another plan", "alert")) is None


async def test_an_integration_comes_back_as_it_was_put_last(database, make, plan):
    form = make.form(plan)
    inbound = make.integration(plan, "sync", action="CREATE_EVENT", form_id=form.id, method="api-key")
    outbound = make.integration(
        plan,
        "acknowledge",
        action=None,
        callback="RESPONSE",
        form_id=form.id,
        response_choice="Acknowledge",
        enabled=False,
    )
    version = make.script(inbound.id)
    changed = replace(inbound, script_version_id=version.id, method="basic")

    async def put(tx):
        await tx.forms.put(form)
        await tx.integrations.put(inbound)
        await tx.integrations.put(outbound)
        assert await tx.integrations.get(inbound.id) == inbound
        await tx.scripts.add(version)
        await tx.integrations.put(changed)

    await database.write(put)

    assert await database.read(lambda tx: tx.integrations.of_plan(plan.id)) == [outbound, changed]
    assert await database.read(lambda tx: tx.integrations.all()) == [outbound, changed]
    assert await database.read(lambda tx: tx.integrations.by_name(plan.id, "sync")) == changed
    assert await database.read(lambda tx: tx.integrations.by_name("another plan", "sync")) is None


async def test_integrations_of_one_name_may_stand_in_several_plans(database, make, plan):
    other = make.plan("changes")
    first, second = make.integration(plan, "sync"), make.integration(other, "sync")

    async def put(tx):
        await tx.plans.put(other)
        await tx.integrations.put(second)
        await tx.integrations.put(first)

    await database.write(put)

    assert await database.read(lambda tx: tx.integrations.named("sync")) == [first, second]


async def test_a_change_of_an_event_finds_what_is_enabled_for_its_form_and_kind(database, make, plan):
    form, other = make.form(plan), make.form(plan)

    def outbound(name, form=form, callback="STATUS", **more):
        return make.integration(plan, name, action=None, callback=callback, form_id=form.id, **more)

    b, a = outbound("b"), outbound("a")

    async def put(tx):
        await tx.forms.put(form)
        await tx.forms.put(other)
        for each in (
            b,
            a,
            outbound("of another form", form=other),
            outbound("of another kind", callback="RESPONSE"),
            outbound("disabled", enabled=False),
        ):
            await tx.integrations.put(each)

    await database.write(put)

    assert await database.read(lambda tx: tx.integrations.on(form.id, "STATUS")) == [a, b]


async def test_an_integration_whose_form_is_deleted_is_left_without_one(database, make, plan):
    form = make.form(plan)
    integration = make.integration(plan, form_id=form.id)

    async def put(tx):
        await tx.forms.put(form)
        await tx.integrations.put(integration)
        await tx.forms.delete(form.id)

    await database.write(put)

    left = await database.read(lambda tx: tx.integrations.get(integration.id))
    assert left == replace(integration, form_id=None)


async def test_versions_of_a_script_are_numbered_and_stay_when_their_owner_goes(database, make, plan):
    integration = make.integration(plan)
    first, second = make.script(integration.id, 1), make.script(integration.id, 2, author="rob")

    async def put(tx):
        await tx.integrations.put(integration)
        assert await tx.scripts.next_number(integration.id) == 1
        await tx.scripts.add(first)
        await tx.scripts.add(second)
        assert await tx.scripts.next_number(integration.id) == 3
        await tx.integrations.put(replace(integration, script_version_id=second.id))
        await tx.integrations.delete(integration.id)

    await database.write(put)

    assert await database.read(lambda tx: tx.scripts.of_owner(integration.id)) == [second, first]
    assert await database.read(lambda tx: tx.scripts.get(first.id)) == first
    assert await database.read(lambda tx: tx.scripts.get("no version")) is None


async def test_a_shared_library_comes_back_as_it_was_put_last(database, make, plan):
    first, second = make.script("library"), make.script("library", 2)
    library = SharedLibrary(id="library", plan_id=plan.id, name="servicenow", script_version_id=first.id)
    changed = replace(library, script_version_id=second.id)

    async def put(tx):
        await tx.scripts.add(first)
        await tx.scripts.add(second)
        await tx.libraries.put(library)
        await tx.libraries.put(changed)

    await database.write(put)

    assert await database.read(lambda tx: tx.libraries.of_plan(plan.id)) == [changed]
    assert await database.read(lambda tx: tx.libraries.get("library")) == changed
    assert await database.read(lambda tx: tx.libraries.by_name(plan.id, "servicenow")) == changed
    await database.write(lambda tx: tx.libraries.delete("library"))
    assert await database.read(lambda tx: tx.libraries.of_plan(plan.id)) == []


async def test_a_plan_calls_its_own_endpoint_before_the_one_of_every_plan(database, plan):
    def endpoint(scope, name, url):
        return StoredEndpoint(scope=scope, name=name, definition={"base_url": url, "methods": ["GET"]})

    common, wiki = endpoint(EVERY_PLAN, "Chat", "https://a/"), endpoint(EVERY_PLAN, "Wiki", "https://w/")
    own, foreign = endpoint(plan.id, "Chat", "https://b/"), endpoint("another plan", "Chat", "https://c/")

    async def put(tx):
        for each in (common, wiki, own, foreign):
            await tx.endpoints.put(each)

    await database.write(put)

    assert await database.read(lambda tx: tx.endpoints.of_plan(plan.id)) == [own, wiki]
    assert await database.read(lambda tx: tx.endpoints.in_scope(EVERY_PLAN)) == [common, wiki]
    assert await database.read(lambda tx: tx.endpoints.get(EVERY_PLAN, "Chat")) == common
    assert await database.write(lambda tx: tx.endpoints.delete(plan.id, "Chat"))
    assert not await database.write(lambda tx: tx.endpoints.delete(plan.id, "Chat"))
    assert await database.read(lambda tx: tx.endpoints.of_plan(plan.id)) == [common, wiki]


async def test_a_secret_comes_back_byte_for_byte(database, plan, epoch):
    sealed = bytes(range(256))
    secret = SealedSecret(
        scope=plan.id, name="easyvista", endpoints=frozenset({"a", "b"}), sealed=sealed, changed=epoch
    )
    common = replace(secret, scope=EVERY_PLAN)
    changed = replace(secret, sealed=b"", changed=epoch + timedelta(days=1))

    async def put(tx):
        await tx.secrets.put(common)
        assert await tx.secrets.of_plan(plan.id) == [common]
        await tx.secrets.put(secret)
        assert await tx.secrets.of_plan(plan.id) == [secret]
        await tx.secrets.put(changed)

    await database.write(put)

    assert await database.read(lambda tx: tx.secrets.get(plan.id, "easyvista")) == changed
    assert await database.read(lambda tx: tx.secrets.in_scope(plan.id)) == [changed]
    assert await database.read(lambda tx: tx.secrets.all()) == [common, changed]
    assert repr(sealed) not in repr(secret)
    assert await database.write(lambda tx: tx.secrets.delete(plan.id, "easyvista"))
    assert not await database.write(lambda tx: tx.secrets.delete(plan.id, "easyvista"))


async def test_constants_are_texts_by_name(database, plan):
    async def put(tx):
        await tx.constants.put(plan.id, "Prefix", "x_")
        await tx.constants.put(plan.id, "Empty", "")
        await tx.constants.put(plan.id, "Prefix", "y_")

    await database.write(put)

    assert await database.read(lambda tx: tx.constants.of_plan(plan.id)) == {"Empty": "", "Prefix": "y_"}
    assert await database.write(lambda tx: tx.constants.delete(plan.id, "Empty"))
    assert not await database.write(lambda tx: tx.constants.delete(plan.id, "Empty"))
    assert await database.read(lambda tx: tx.constants.of_plan("another plan")) == {}


async def test_with_a_plan_goes_what_it_holds_and_nothing_else(database, make, plan, epoch):
    kept = make.plan("kept")

    async def put(tx):
        await tx.plans.put(kept)
        for each in (plan, kept):
            version = make.script(each.id)
            await tx.scripts.add(version)
            await tx.forms.put(make.form(each))
            await tx.integrations.put(make.integration(each))
            await tx.libraries.put(
                SharedLibrary(id=each.id, plan_id=each.id, name="x", script_version_id=version.id)
            )
            await tx.constants.put(each.id, "a", "b")
            await tx.endpoints.put(StoredEndpoint(scope=each.id, name="x", definition={}))
            await tx.secrets.put(
                SealedSecret(scope=each.id, name="x", endpoints=frozenset(), sealed=b"", changed=epoch)
            )
        await tx.plans.delete(plan.id)

    await database.write(put)

    async def held_by(tx, plan_id):
        return [
            await tx.forms.of_plan(plan_id),
            await tx.integrations.of_plan(plan_id),
            await tx.libraries.of_plan(plan_id),
            await tx.constants.of_plan(plan_id),
            await tx.endpoints.in_scope(plan_id),
            await tx.secrets.in_scope(plan_id),
        ]

    assert await database.read(lambda tx: tx.plans.all()) == [kept]
    assert [len(each) for each in await database.read(lambda tx: held_by(tx, plan.id))] == [0] * 6
    assert [len(each) for each in await database.read(lambda tx: held_by(tx, kept.id))] == [1] * 6


async def test_what_was_taken_over_is_remembered_by_its_hash(database):
    async def put(tx):
        await tx.applied.put("plan", "incidents", "a")
        await tx.applied.put("integration", "incidents", "b")
        await tx.applied.put("plan", "incidents", "c")
        await tx.applied.put("plan", "gone", "d")
        await tx.applied.delete("plan", "gone")

    await database.write(put)

    assert await database.read(lambda tx: tx.applied.get("plan", "incidents")) == "c"
    assert await database.read(lambda tx: tx.applied.get("plan", "gone")) is None
    assert await database.read(lambda tx: tx.applied.all()) == {
        ("plan", "incidents"): "c",
        ("integration", "incidents"): "b",
    }
