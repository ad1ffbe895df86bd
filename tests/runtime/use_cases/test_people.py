"""People: their passwords, roles and status."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deputize.use_cases.actor import Actor
from deputize.use_cases.change_user import UserChange, change_user
from deputize.use_cases.errors import Conflict, Invalid, NotFound, NotPermitted, TooBusy
from deputize.use_cases.see_users import see_user, see_users
from deputize.use_cases.set_password import set_password

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse"


async def set_as(office, name, user, password=PASSWORD, **more):
    actor = name if isinstance(name, Actor) else office.as_(name)
    await set_password(office.database, actor, hasher=office.passwords, user=user, password=password, **more)


async def change(office, name, user, **values):
    await change_user(office.database, office.as_(name), user=user, change=UserChange(**values))


async def password_of(office, name):
    return await office.read(lambda tx: tx.passwords.get(f"id-of-{name}"))


async def person(office, name):
    return await office.read(lambda tx: tx.people.by_name(name))


async def test_a_password_is_set_and_its_hash_alone_is_kept(office):
    await set_as(office, "stan", "stan")
    stored = await password_of(office, "stan")

    assert stored.hash == await office.passwords.hash(PASSWORD)
    assert (stored.changed, stored.expires) == (office.clock(), None)
    assert await office.audit() == [("stan", "password.set", "user:stan", {})]


async def test_a_password_expires_where_that_is_asked_for(office):
    await set_as(office, "stan", "stan", lifetime=timedelta(days=90))

    assert (await password_of(office, "stan")).expires == office.clock() + timedelta(days=90)


@pytest.mark.parametrize(
    ("name", "user"), [("sue", "stan"), ("sue", "id-of-stan"), ("ann", "sue"), ("sue", "sue"), ("ann", "ann")]
)
async def test_who_administers_people_sets_passwords(office, name, user):
    await set_as(office, name, user)

    assert await password_of(office, user.removeprefix("id-of-")) is not None


async def test_the_operator_sets_anybodys_password(office):
    await set_as(office, Actor.operator(), "ann")

    assert await office.audit() == [("operator", "password.set", "user:ann", {})]


@pytest.mark.parametrize(
    ("name", "user", "reason"),
    [
        (
            "stan",
            "dev",
            "stan may not change the password of others (function login: yes, "
            "function people or function admin: no).",
        ),
        ("rob", "rob", "rob may not change a password (function login: no)."),
        # A password of somebody who may do more would open more than one has.
        (
            "sue",
            "ann",
            "sue may not change the password of others (function login: yes, "
            "function people or function admin: yes, function admin: no).",
        ),
        (
            "sue",
            "dev",
            "sue may not change the password of others (function login: yes, "
            "function people or function admin: yes, function developer: no).",
        ),
    ],
)
async def test_nobody_else_does(office, name, user, reason):
    with pytest.raises(NotPermitted) as refused:
        await set_as(office, name, user)

    assert str(refused.value) == reason
    assert await password_of(office, user) is None


@pytest.mark.parametrize(
    ("password", "detail"),
    [
        ("seven..", "A password has 8 to 1024 characters."),
        ("x" * 1025, "A password has 8 to 1024 characters."),
        ("tab\there", "A password has no control characters: HTTP Basic cannot carry them."),
        ("nul\0nul\0", "A password has no control characters: HTTP Basic cannot carry them."),
    ],
)
async def test_a_password_that_could_not_be_used_is_refused(office, password, detail):
    with pytest.raises(Invalid) as refused:
        await set_as(office, "stan", "stan", password)

    assert [(each.pointer, each.detail) for each in refused.value.faults] == [("/password", detail)]


async def test_a_password_is_not_the_users_name(office):
    await office.write(lambda tx: rename(tx, "stan", "stanislaus"))
    with pytest.raises(Invalid, match="not the user's name"):
        await set_as(office, "stan", "stanislaus", "StanisLaus")


async def rename(tx, name, other):
    await tx.people.put(replace(await tx.people.by_name(name), target_name=other))


async def test_what_is_allowed_is_judged_again_when_the_password_has_been_hashed(office):
    hashing = office.passwords.hash

    async def hash_and_lose(password):
        await office.change_person("sue", roles=frozenset())
        return await hashing(password)

    office.passwords.hash = hash_and_lose
    with pytest.raises(NotPermitted):
        await set_as(office, "sue", "stan")

    assert await password_of(office, "stan") is None


async def test_when_too_many_passwords_are_hashed_one_is_told_when_to_come_again(office):
    office.passwords.busy = True
    with pytest.raises(TooBusy) as refused:
        await set_as(office, "stan", "stan")

    assert refused.value.retry_after == 2
    assert await office.audit() == []


# Roles and status


async def test_roles_and_status_are_changed_by_who_administers_people(office):
    await change(office, "sue", "stan", roles=["Standard", "Supervisor"], status="INACTIVE")
    stan = await person(office, "stan")

    assert (stan.roles, stan.status) == ({"Standard", "Supervisor"}, "INACTIVE")
    assert await office.audit() == [
        (
            "sue",
            "user.changed",
            "user:stan",
            {"roles_added": ["Supervisor"], "roles_removed": [], "status": "INACTIVE"},
        )
    ]


async def test_what_is_left_out_stays_and_no_change_is_no_act(office):
    await change(office, "sue", "stan")
    await change(office, "sue", "stan", roles=["Standard"], status="ACTIVE")

    assert (await person(office, "stan")).roles == {"Standard"}
    assert await office.audit() == []


@pytest.mark.parametrize(
    ("name", "user", "roles"),
    [
        ("sue", "stan", ["Administrator"]),
        ("sue", "sue", ["Supervisor", "Administrator"]),
        ("sue", "stan", ["Developer"]),
        ("sue", "ann", []),
        ("stan", "stan", ["Supervisor"]),
        ("dev", "stan", []),
        ("iris", "stan", []),
        ("rob", "rob", []),
    ],
)
async def test_nobody_gives_or_takes_what_they_do_not_have(office, name, user, roles):
    before = await person(office, user)
    with pytest.raises(NotPermitted):
        await change(office, name, user, roles=roles)

    assert await person(office, user) == before
    assert await office.audit() == []


async def test_a_role_that_there_is_not_is_named_by_its_place(office):
    with pytest.raises(Invalid) as refused:
        await change(office, "ann", "stan", roles=["Standard", "Develper", "Nobody"])

    assert [(each.pointer, each.detail) for each in refused.value.faults] == [
        ("/roles/1", 'There is no such role. Did you mean "Developer"?'),
        ("/roles/2", "There is no such role."),
    ]


async def test_nobody_disables_themselves(office):
    with pytest.raises(Conflict, match="Nobody disables themselves"):
        await change(office, "ann", "ann", status="INACTIVE")


async def test_who_is_there_is_told_to_who_administers_people(office):
    assert [each.person.target_name for each in await see_users(office.database, office.as_("sue"))] == [
        "ann",
        "dev",
        "iris",
        "rob",
        "stan",
        "sue",
    ]
    assert (await see_user(office.database, office.as_("stan"), user="stan")).functions == {"login"}
    assert (await see_user(office.database, office.as_("ann"), user="dev")).person.id == "id-of-dev"
    with pytest.raises(NotFound, match='There is no user "ghost"'):
        await see_user(office.database, office.as_("sue"), user="ghost")


async def test_others_are_told_the_same_of_who_is_there_and_who_is_not(office):
    refusals = []
    for user in ("ann", "ghost"):
        with pytest.raises(NotPermitted) as refused:
            await set_as(office, "dev", user)
        refusals.append(str(refused.value))
        with pytest.raises(NotPermitted) as refused:
            await see_user(office.database, office.as_("dev"), user=user)
        refusals.append(str(refused.value))
        with pytest.raises(NotPermitted) as refused:
            await change(office, "dev", user, roles=[])
        refusals.append(str(refused.value))

    assert refusals[:3] == refusals[3:]
