"""People, roles, passwords and tokens, on both stores."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deputize.domain.keys import ApiKey, ApiSecret, RunToken, StoredPassword, UrlKey
from deputize.domain.person import Role
from deputize.domain.standing import Standing

pytestmark = pytest.mark.anyio

STANDARD = Role(name="Standard User", functions=frozenset({"login"}))
REST = Role(
    name="REST", functions=frozenset({"rest"}), on={"*": frozenset({"View", "Use"}), "a": frozenset()}
)


async def test_a_person_comes_back_as_they_were_put(database, make):
    rob = make.person(
        "rob",
        first_name="Rob",
        last_name="Ito",
        email="rob@example.com",
        language="de",
        timezone="Europe/Vienna",
        status="INACTIVE",
        roles=frozenset({"REST", "Standard User"}),
    )

    async def put(tx):
        await tx.roles.put(STANDARD)
        await tx.roles.put(REST)
        await tx.people.put(rob)

    await database.write(put)

    assert await database.read(lambda tx: tx.people.get(rob.id)) == rob
    assert await database.read(lambda tx: tx.people.by_name("rob")) == rob
    assert await database.read(lambda tx: tx.people.all()) == [rob]


async def test_a_name_is_no_id_and_an_id_is_no_name(database, make):
    rob = make.person("rob")
    await database.write(lambda tx: tx.people.put(rob))

    assert await database.read(lambda tx: tx.people.get("rob")) is None
    assert await database.read(lambda tx: tx.people.by_name(rob.id)) is None
    assert await database.read(lambda tx: tx.people.find("rob")) == rob
    assert await database.read(lambda tx: tx.people.find(rob.id)) == rob


async def test_an_id_is_found_before_the_name_that_looks_like_it(database, make):
    rob = make.person("rob")
    impostor = make.person(rob.id)

    async def put(tx):
        await tx.people.put(rob)
        await tx.people.put(impostor)

    await database.write(put)

    assert await database.read(lambda tx: tx.people.find(rob.id)) == rob


async def test_people_are_sorted_by_code_points(database, make):
    names = ["Zoe", "adam", "Äda", "ada", "_x", "~"]

    async def put(tx):
        for name in names:
            await tx.people.put(make.person(name))

    await database.write(put)

    everybody = await database.read(lambda tx: tx.people.all())
    assert [person.target_name for person in everybody] == sorted(names)


async def test_putting_a_person_again_changes_them_roles_included(database, make):
    rob = make.person("rob", roles=frozenset({"REST"}))
    changed = replace(rob, target_name="robert", roles=frozenset({"Standard User"}))

    async def put(tx):
        await tx.roles.put(STANDARD)
        await tx.roles.put(REST)
        await tx.people.put(rob)
        await tx.people.put(changed)

    await database.write(put)

    assert await database.read(lambda tx: tx.people.all()) == [changed]


async def test_a_standing_is_what_all_the_roles_allow_together(database, make):
    rob = make.person("rob", roles=frozenset({"REST", "Standard User"}))
    nobody = make.person("nobody", status="INACTIVE")

    async def put(tx):
        await tx.roles.put(STANDARD)
        await tx.roles.put(REST)
        await tx.people.put(rob)
        await tx.people.put(nobody)

    await database.write(put)

    expected = Standing(
        subject=rob.id, name="rob", active=True, roles=rob.roles, functions=frozenset({"login", "rest"})
    )
    assert await database.read(lambda tx: tx.people.standing(rob.id)) == expected
    assert await database.read(lambda tx: tx.people.standing_by_name("rob")) == expected
    assert await database.read(lambda tx: tx.people.standing(nobody.id)) == Standing(
        subject=nobody.id, name="nobody", active=False, roles=frozenset(), functions=frozenset()
    )
    assert await database.read(lambda tx: tx.people.standing("rob")) is None


async def test_a_role_comes_back_as_it_was_put_last(database):
    changed = replace(REST, functions=frozenset({"rest", "login"}), on={"*": frozenset({"Edit"})})

    async def put(tx):
        await tx.roles.put(REST)
        await tx.roles.put(STANDARD)
        await tx.roles.put(changed)

    await database.write(put)

    assert await database.read(lambda tx: tx.roles.all()) == [changed, STANDARD]
    assert await database.read(lambda tx: tx.roles.get("REST")) == changed
    assert await database.read(lambda tx: tx.roles.get("rest")) is None


async def test_who_had_a_role_that_is_deleted_has_it_no_more(database, make):
    rob = make.person("rob", roles=frozenset({"REST"}))

    async def put_and_delete(tx):
        await tx.roles.put(REST)
        await tx.people.put(rob)
        await tx.roles.delete("REST")

    await database.write(put_and_delete)

    assert await database.read(lambda tx: tx.people.get(rob.id)) == replace(rob, roles=frozenset())


async def test_a_new_database_has_nobody_and_no_role(database, make):
    assert await database.read(lambda tx: tx.people.is_empty())
    assert await database.read(lambda tx: tx.roles.is_empty())

    await database.write(lambda tx: tx.people.put(make.person()))
    await database.write(lambda tx: tx.roles.put(REST))

    assert not await database.read(lambda tx: tx.people.is_empty())
    assert not await database.read(lambda tx: tx.roles.is_empty())


async def test_a_person_has_one_password_or_none(database, make, epoch):
    rob = make.person("rob")
    first = StoredPassword(person_id=rob.id, hash="one", changed=epoch)
    second = StoredPassword(person_id=rob.id, hash="two", changed=epoch, expires=epoch + timedelta(days=90))

    async def put(tx):
        await tx.people.put(rob)
        assert await tx.passwords.get(rob.id) is None
        await tx.passwords.put(first)
        assert await tx.passwords.get(rob.id) == first
        await tx.passwords.put(second)

    await database.write(put)

    assert await database.read(lambda tx: tx.passwords.get(rob.id)) == second
    await database.write(lambda tx: tx.passwords.delete(rob.id))
    assert await database.read(lambda tx: tx.passwords.get(rob.id)) is None


async def test_a_token_lives_until_the_moment_of_its_end(database, make, epoch):
    rob = make.person("rob")
    token = RunToken(hash="h", person_id=rob.id, run_id="run-1", expires=epoch)

    async def put(tx):
        await tx.people.put(rob)
        await tx.tokens.add(token)

    await database.write(put)

    just_before = epoch - timedelta(microseconds=1)
    assert await database.read(lambda tx: tx.tokens.live("h", now=just_before)) == token
    assert await database.read(lambda tx: tx.tokens.live("h", now=epoch)) is None
    assert await database.read(lambda tx: tx.tokens.live("H", now=just_before)) is None


@pytest.mark.parametrize(
    ("forgetting", "left"),
    [
        (lambda tx, epoch: tx.tokens.delete_of_run("run-1"), {"c"}),
        (lambda tx, epoch: tx.people.delete("person-b"), {"a"}),
        (lambda tx, epoch: tx.tokens.delete_expired(epoch), {"b", "c"}),
    ],
)
async def test_tokens_are_forgotten_with_their_run_with_their_person_or_by_age(
    database, make, epoch, forgetting, left
):
    late = epoch + timedelta(hours=1)

    async def put(tx):
        for name in ("a", "b"):
            await tx.people.put(make.person(name, id=f"person-{name}"))
        for hashed, person, run, expires in (
            ("a", "person-a", "run-1", epoch),
            ("b", "person-b", "run-1", late),
            ("c", "person-b", "run-2", late),
        ):
            await tx.tokens.add(RunToken(hash=hashed, person_id=person, run_id=run, expires=expires))
        await forgetting(tx, epoch)

    await database.write(put)

    async def live(tx):
        return {hashed for hashed in "abc" if await tx.tokens.live(hashed, now=epoch - timedelta(hours=1))}

    assert await database.read(live) == left


async def test_with_a_person_go_their_password_tokens_and_keys_and_nobody_elses(database, make, epoch):
    rob, dana, plan = make.person("rob"), make.person("dana"), make.plan()
    integration = make.integration(plan)

    async def put(tx):
        await tx.plans.put(plan)
        await tx.integrations.put(integration)
        for person in (rob, dana):
            mine = {
                "integration_id": integration.id,
                "subject": person.id,
                "created": epoch,
                "issued_by": "x",
            }
            await tx.people.put(person)
            await tx.passwords.put(StoredPassword(person_id=person.id, hash="h", changed=epoch))
            await tx.tokens.add(
                RunToken(hash=person.id, person_id=person.id, run_id="r", expires=epoch + timedelta(hours=1))
            )
            await tx.keys.create_api_key(ApiKey(id=f"dpk_{person.id}", subject=person.id, created=epoch))
            await tx.keys.add_secret(ApiSecret(id=f"s {person.id}", hash="h", **mine))
            await tx.keys.add_url_key(UrlKey(id=f"u {person.id}", hash=person.id, **mine))

    await database.write(put)
    await database.write(lambda tx: tx.people.delete(rob.id))

    async def what_is_left_of(tx, person):
        return [
            await tx.people.get(person.id),
            await tx.passwords.get(person.id),
            await tx.tokens.live(person.id, now=epoch),
            await tx.keys.api_key_of(person.id),
            await tx.keys.url_key_by_hash(person.id),
            *await tx.keys.secrets(subject=person.id),
        ]

    assert await database.read(lambda tx: what_is_left_of(tx, rob)) == [None] * 5
    left = await database.read(lambda tx: what_is_left_of(tx, dana))
    assert len(left) == 6
    assert None not in left


async def test_who_takes_a_deleted_persons_name_inherits_nothing(database, make, epoch):
    first, second = make.person("rob"), make.person("rob")

    async def put(tx):
        await tx.people.put(first)
        await tx.passwords.put(StoredPassword(person_id=first.id, hash="h", changed=epoch))
        await tx.people.delete(first.id)
        await tx.people.put(second)

    await database.write(put)

    assert await database.read(lambda tx: tx.people.by_name("rob")) == second
    assert await database.read(lambda tx: tx.passwords.get(second.id)) is None


def test_no_hash_is_shown():
    at = {"created": None, "issued_by": "x", "integration_id": "i", "subject": "s"}
    shown = repr(
        [
            StoredPassword(person_id="p", hash="SECRET", changed=None),
            RunToken(hash="SECRET", person_id="p", run_id="r", expires=None),
            ApiSecret(id="a", hash="SECRET", **at),
            UrlKey(id="u", hash="SECRET", **at),
        ]
    )

    assert "SECRET" not in shown


async def test_people_are_found_by_an_address_that_is_vouched_for(database, make):
    own = make.person("own", email="Dana@Example.org")
    gone = make.person("gone", email="dana@example.org", status="INACTIVE")
    claimed, without = make.person("claimed", email="dana@example.org", vouched=False), make.person("without")

    async def put(tx):
        for each in (own, gone, claimed, without):
            await tx.people.put(each)

    await database.write(put)

    async def found(address):
        return await database.read(lambda tx: tx.people.with_email(address))

    assert await found("dana@example.ORG") == [gone, own]
    assert await found("dana@example") == []
    assert await found("%@example.org") == []
    assert await found("") == []
    assert await found("") == []
