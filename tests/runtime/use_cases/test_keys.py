"""Keys to integrations: issued, rotated, revoked, seen."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from deputize.store.tables import metadata
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import Conflict, Invalid, NotFound, NotPermitted
from deputize.use_cases.issue_key import issue_key
from deputize.use_cases.revoke_key import revoke_key
from deputize.use_cases.rotate_key import rotate_key
from deputize.use_cases.see_keys import see_keys

pytestmark = pytest.mark.anyio


async def issue(office, name, integration_id="by-api-key", holder=None):
    actor = name if isinstance(name, Actor) else office.as_(name)
    return await issue_key(
        office.database,
        actor,
        hasher=office.hasher,
        signing=office.signing,
        integration_id=integration_id,
        holder=holder,
    )


async def rotate(office, name, key_id, **more):
    return await rotate_key(
        office.database, office.as_(name), hasher=office.hasher, signing=office.signing, key_id=key_id, **more
    )


async def live(office, integration_id, name):
    """Return the hashes that open an integration for somebody."""

    async def work(tx):
        found = await tx.keys.live_secrets(integration_id, f"id-of-{name}", now=tx.now)
        urls = await tx.keys.url_keys(integration_id=integration_id, subject=f"id-of-{name}")
        return [each.hash for each in [*found, *(each for each in urls if each.live(tx.now))]]

    return await office.read(work)


def hash_of(office, issued):
    if issued.key.kind == "url":
        return office.hasher.of_url_key(
            integration_id=issued.key.integration_id, url_key=issued.secret.reveal()
        )
    return office.hasher.of_api_secret(
        integration_id=issued.key.integration_id, key_id=issued.key.key_id, secret=issued.secret.reveal()
    )


async def test_who_has_access_to_the_plan_issues_a_key_to_themselves(office):
    issued = await issue(office, "stan")

    assert issued.secret.reveal().startswith("dps_")
    assert issued.key.key_id.startswith("dpk_")
    assert (issued.key.holder, issued.key.issued_by, issued.key.kind) == ("stan", "stan", "api-key")
    assert await live(office, "by-api-key", "stan") == [hash_of(office, issued)]
    assert await office.audit() == [
        (
            "stan",
            "key.issued",
            "integration:Incidents/by-api-key",
            {"key": issued.key.id, "kind": "api-key", "holder": "stan"},
        )
    ]


async def test_the_integrations_method_decides_what_kind_of_key_it_is(office):
    issued = await issue(office, "stan", "by-url")

    assert issued.secret.reveal().startswith("dpu_")
    assert (issued.key.kind, issued.key.key_id) == ("url", None)
    assert await live(office, "by-url", "stan") == [hash_of(office, issued)]


async def test_the_key_id_is_the_persons_and_the_secret_the_integrations(office):
    first, second = await issue(office, "stan"), await issue(office, "stan", "other")
    others = await issue(office, "dev")

    assert first.key.key_id == second.key.key_id != others.key.key_id
    assert first.secret != second.secret
    assert hash_of(office, first) not in await live(office, "other", "stan")


async def test_a_secret_is_kept_nowhere(office):
    issued = [await issue(office, "stan"), await issue(office, "stan", "by-url")]

    async def dump(tx):
        tables = [metadata.tables[name] for name in ("api_keys", "api_secrets", "url_keys", "audit")]
        return repr([(await tx.keys._connection.execute(select(table))).all() for table in tables])

    stored = await office.read(dump)
    for each in issued:
        assert each.secret.reveal() not in stored
        assert each.secret.reveal() not in repr(each)


async def test_only_who_may_issues_a_key_to_somebody_else_who_sees_it(office):
    issued = await issue(office, "iris", holder="rob")
    with pytest.raises(NotPermitted) as refused:
        await issue(office, "ann", holder="dev")

    assert (issued.key.holder, issued.key.issued_by) == ("rob", "iris")
    assert str(refused.value) == (
        "ann may not issue a key to somebody else (function login: yes, function issue-keys-for-others: no)."
    )
    assert await office.audit() == [
        (
            "iris",
            "key.issued",
            "integration:Incidents/by-api-key",
            {"key": issued.key.id, "kind": "api-key", "holder": "rob"},
        )
    ]


async def test_the_operator_issues_keys_for_others_and_has_none(office):
    issued = await issue(office, Actor.operator(), holder="rob")
    with pytest.raises(Invalid) as refused:
        await issue(office, Actor.operator())

    assert (issued.key.holder, issued.key.issued_by) == ("rob", "operator")
    assert str(refused.value) == "/for: Name whom the key is for: the operator has no account."


async def test_who_may_not_sign_in_or_not_use_the_plan_issues_nothing(office):
    for name, integration_id in (("rob", "by-api-key"), ("stan", "pay"), ("iris", "by-api-key")):
        with pytest.raises(NotPermitted):
            await issue(office, name, integration_id)
    await office.change_plan("Incidents", enabled=False)
    with pytest.raises(NotPermitted):
        await issue(office, "stan")

    assert await office.audit() == []


async def test_a_key_needs_an_integration_that_takes_one_and_somebody_to_have_it(office):
    await office.change_person("rob", status="INACTIVE")
    for integration_id, why in (
        ("by-basic", "its callers are authenticated by the method basic. Choose"),
        ("unchosen", "its callers are authenticated by no method yet. Choose"),
        ("on-response", "it is outbound, and what happens to the events of its form sets it off.$"),
    ):
        with pytest.raises(Conflict, match=f"takes no keys: {why}"):
            await issue(office, "stan", integration_id)
    for holder in ("rob", "ghost"):
        with pytest.raises(Invalid, match="There is no active user of this name"):
            await issue(office, "iris", holder=holder)
    with pytest.raises(NotFound, match='There is no integration "nowhere"'):
        await issue(office, "stan", "nowhere")


async def test_a_second_key_is_refused_until_the_first_has_ended(office):
    first = await issue(office, "stan")
    with pytest.raises(Conflict, match="Rotate it for a new secret, or revoke it"):
        await issue(office, "stan")
    await revoke_key(office.database, office.as_("stan"), key_id=first.key.id)
    second = await issue(office, "stan")

    assert first.key.key_id == second.key.key_id
    assert await live(office, "by-api-key", "stan") == [hash_of(office, second)]


@pytest.mark.parametrize("integration_id", ["by-api-key", "by-url"])
async def test_a_rotated_key_opens_nothing_from_now_on(office, integration_id):
    first = await issue(office, "stan", integration_id)
    second = await rotate(office, "stan", first.key.id)

    assert await live(office, integration_id, "stan") == [hash_of(office, second)]
    assert second.secret != first.secret
    with pytest.raises(Conflict, match="rotated already"):
        await rotate(office, "stan", first.key.id)


async def test_an_overlap_ends_to_the_second(office):
    first = await issue(office, "stan")
    second = await rotate(office, "stan", first.key.id, overlap=timedelta(minutes=10))
    both = [hash_of(office, second), hash_of(office, first)]

    assert sorted(await live(office, "by-api-key", "stan")) == sorted(both)
    office.clock.forward(minutes=9, seconds=59)
    assert sorted(await live(office, "by-api-key", "stan")) == sorted(both)
    office.clock.forward(seconds=1)
    assert await live(office, "by-api-key", "stan") == both[:1]
    assert (await office.audit())[-1] == (
        "stan",
        "key.rotated",
        "integration:Incidents/by-api-key",
        {"key": first.key.id, "successor": second.key.id, "holder": "stan", "overlap_seconds": 600.0},
    )


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=7, seconds=1)])
async def test_an_overlap_that_is_too_long_is_refused(office, overlap):
    first = await issue(office, "stan")
    with pytest.raises(Invalid, match="from 0 seconds to 7 days"):
        await rotate(office, "stan", first.key.id, overlap=overlap)


async def test_a_key_of_another_kind_than_the_integration_takes_is_not_rotated(office):
    first = await issue(office, "stan")
    await office.change_integration("by-api-key", method="url")
    with pytest.raises(Conflict, match="does not take keys of this kind any more"):
        await rotate(office, "stan", first.key.id)

    assert len(await live(office, "by-api-key", "stan")) == 1


async def test_the_keys_of_others_are_for_who_administers_them(office):
    issued = await issue(office, "stan")
    for name in ("dev", "sue"):
        with pytest.raises(NotPermitted):
            await revoke_key(office.database, office.as_(name), key_id=issued.key.id)
        with pytest.raises(NotPermitted):
            await rotate(office, name, issued.key.id)
    # Whoever rotates a key has its new secret: an administrator ends it, and does not take it over.
    with pytest.raises(NotPermitted, match="rotate the keys of others"):
        await rotate(office, "ann", issued.key.id)
    rotated = await rotate(office, "iris", issued.key.id)
    await revoke_key(office.database, office.as_("ann"), key_id=rotated.key.id)
    await revoke_key(office.database, office.as_("ann"), key_id=rotated.key.id)

    assert await live(office, "by-api-key", "stan") == []
    assert [each[1] for each in await office.audit()] == ["key.issued", "key.rotated", "key.revoked"]


async def test_a_key_that_is_not_there_is_not_found(office):
    with pytest.raises(NotFound, match='There is no key "nowhere"'):
        await revoke_key(office.database, office.as_("ann"), key_id="nowhere")


async def test_everybody_sees_their_own_and_those_that_they_administer(office):
    await issue(office, "stan")
    await issue(office, "dev", "by-url")
    await issue(office, "iris", "pay", holder="sue")

    async def seen(name, **more):
        keys = await see_keys(office.database, office.as_(name), **more)
        return sorted((each.holder, each.integration) for each in keys)

    everything = [("dev", "by-url"), ("stan", "by-api-key"), ("sue", "pay")]
    assert await seen("stan") == [("stan", "by-api-key")]
    assert await seen("sue") == [("sue", "pay")]
    assert await seen("dev") == everything[:2]
    assert await seen("iris") == everything
    assert await seen("ann") == everything
    assert await seen("ann", holder="stan") == everything[1:2]
    assert await seen("ann", integration_id="pay") == everything[2:]
    assert await seen("stan", integration_id="by-url") == []
    with pytest.raises(NotPermitted):
        await seen("rob")
    with pytest.raises(NotFound):
        await seen("ann", holder="ghost")


async def test_a_key_ends_with_its_holder(office):
    await issue(office, "iris", holder="rob")
    await office.write(lambda tx: tx.people.delete("id-of-rob"))

    assert await see_keys(office.database, office.as_("ann")) == []


async def test_somebody_who_is_gone_or_disabled_does_nothing_any_more(office):
    await office.change_person("stan", status="INACTIVE")
    for name in ("stan", "ghost"):
        with pytest.raises(NotPermitted) as refused:
            await issue(office, name)

        assert str(refused.value) == f"{name} may do nothing any more: the account is not active."


@pytest.mark.parametrize(
    ("issuer", "told"),
    [
        ("iris", None),
        ("operator", None),
        ("ann", ("function issue-keys-for-others",)),
        ("sue", ("function issue-keys-for-others",)),
        ("dev", ("function issue-keys-for-others",)),
        ("stan", ("function issue-keys-for-others",)),
        ("rob", ("function login", "function issue-keys-for-others")),
    ],
)
@pytest.mark.parametrize("integration_id", ["by-api-key", "by-url"])
async def test_a_key_for_somebody_else_takes_a_function_of_its_own(office, issuer, told, integration_id):
    actor = Actor.operator() if issuer == "operator" else issuer
    if told is None:
        issued = await issue(office, actor, integration_id, holder="dev")

        assert (issued.key.issued_by, issued.key.issued_by_other) == (issuer, True)
        return
    holder = "stan" if issuer == "dev" else "dev"
    with pytest.raises(NotPermitted) as refused:
        await issue(office, actor, integration_id, holder=holder)

    assert refused.value.denial.needs == told
    assert await live(office, integration_id, holder) == []


async def test_the_holder_sees_who_issued_a_key_and_ends_it(office):
    issued = await issue(office, "iris", holder="stan")
    own = await issue(office, "stan", "other")

    seen = await see_keys(office.database, office.as_("stan"))
    assert {each.id: (each.issued_by, each.issued_by_other) for each in seen} == {
        issued.key.id: ("iris", True),
        own.key.id: ("stan", False),
    }
    await revoke_key(office.database, office.as_("stan"), key_id=issued.key.id)

    assert await live(office, "by-api-key", "stan") == []
    assert (await office.audit())[-1][:3] == ("stan", "key.revoked", "integration:Incidents/by-api-key")


async def test_a_secret_that_somebody_else_renewed_is_said_to_be_theirs(office):
    own = await issue(office, "stan")

    renewed = await rotate(office, "iris", own.key.id)

    assert (renewed.key.holder, renewed.key.issued_by, renewed.key.issued_by_other) == ("stan", "iris", True)


async def test_a_key_for_somebody_without_access_opens_nothing_by_itself(office):
    """Access is judged when the key is used, so it may be given before or after."""
    issued = await issue(office, "iris", "pay", holder="rob")

    assert await live(office, "pay", "rob") == [hash_of(office, issued)]
