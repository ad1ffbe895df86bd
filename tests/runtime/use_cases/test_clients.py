"""Clients of OAuth: registered, seen, changed, given new secrets – by administrators."""

from dataclasses import replace

import pytest

from deputize.credentials.oauth_secrets import hash_of_client_secret
from deputize.use_cases.change_client import ClientChange, change_client
from deputize.use_cases.errors import Conflict, Invalid, NotFound, NotPermitted
from deputize.use_cases.register_client import NewClient, register_client
from deputize.use_cases.rotate_client_secret import rotate_client_secret
from deputize.use_cases.see_clients import see_client, see_clients

pytestmark = pytest.mark.anyio

WALLBOARD = NewClient(
    name="Wallboard",
    redirect_uris=("https://wall.example/back",),
    grants=("refresh_token", "authorization_code"),
    scope=("read", "trigger"),
)
CONFIDENTIAL = replace(WALLBOARD, kind="confidential")


async def register(office, new=WALLBOARD, by="ann"):
    return await register_client(office.database, office.as_(by), hasher=office.hasher, new=new)


async def change(office, client_id, by="ann", **more):
    return await change_client(
        office.database, office.as_(by), client_id=client_id, change=ClientChange(**more)
    )


async def rotate(office, client_id, by="ann"):
    return await rotate_client_secret(
        office.database, office.as_(by), hasher=office.hasher, client_id=client_id
    )


async def test_a_public_client_is_registered_without_a_secret(office):
    registered = await register(office)

    client = registered.seen.client
    assert (registered.secret, client.secret_hash) == (None, None)
    assert (client.name, client.grants) == ("Wallboard", {"authorization_code", "refresh_token"})
    assert (client.scope, client.enabled, client.mobile) == ({"read", "trigger"}, True, False)
    assert registered.seen.created_by == "ann"
    assert await see_clients(office.database, office.as_("ann")) == [registered.seen]
    assert await office.audit() == [
        (
            "ann",
            "client.registered",
            "client:Wallboard",
            {
                "client": client.id,
                "kind": "public",
                "redirect_uris": ["https://wall.example/back"],
                "grants": ["authorization_code", "refresh_token"],
                "scope": ["read", "trigger"],
                "mobile": False,
            },
        )
    ]


async def test_the_secret_of_a_confidential_client_is_given_once_and_kept_as_a_hash(office):
    registered = await register(office, CONFIDENTIAL)

    client = registered.seen.client
    secret = registered.secret.reveal()
    assert secret.startswith("dpcs_")
    assert client.secret_hash == hash_of_client_secret(
        office.hasher, client_id=client.id, secret=registered.secret
    )
    assert secret not in repr(registered) + repr(await office.audit())


async def test_a_new_secret_replaces_the_old_one_at_once(office):
    first = await register(office, CONFIDENTIAL)

    second = await rotate(office, first.seen.client.id)

    (seen,) = await see_clients(office.database, office.as_("ann"))
    assert second.secret.reveal() != first.secret.reveal()
    assert seen.client.secret_hash == hash_of_client_secret(
        office.hasher, client_id=seen.client.id, secret=second.secret
    )
    assert (await office.audit())[-1] == (
        "ann",
        "client.rotated",
        "client:Wallboard",
        {"client": seen.client.id},
    )


async def test_a_public_client_gets_no_secret(office):
    client_id = (await register(office)).seen.client.id

    with pytest.raises(Conflict) as refused:
        await rotate(office, client_id)

    assert str(refused.value) == (
        'The client "Wallboard" is public and has no secret. Register a confidential one.'
    )


async def test_what_is_left_out_of_a_change_stays_and_what_has_changed_is_noted(office):
    client = (await register(office, CONFIDENTIAL)).seen.client

    changed = await change(office, client.id, enabled=False, scope=["read"])

    assert changed.client == replace(client, enabled=False, scope=frozenset({"read"}))
    assert (await office.audit())[-1] == (
        "ann",
        "client.changed",
        "client:Wallboard",
        {"client": client.id, "scope": ["read"], "enabled": False},
    )


async def test_a_change_that_changes_nothing_is_not_noted(office):
    client = (await register(office)).seen.client
    before = await office.audit()

    await change(office, client.id, name="Wallboard", redirect_uris=list(client.redirect_uris))

    assert await office.audit() == before


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ({"name": " "}, [("/name", "A name has 1 to 100 characters.")]),
        ({"name": "x" * 101}, [("/name", "A name has 1 to 100 characters.")]),
        ({"name": "Wall\u202eboard"}, [("/name", "A name has no control or invisible characters.")]),
        ({"name": "Wall\nboard"}, [("/name", "A name has no control or invisible characters.")]),
        (
            {"redirect_uris": ()},
            [
                (
                    "/redirect_uris",
                    "Name where people are sent back to: the grant authorization_code needs it.",
                )
            ],
        ),
        (
            {"redirect_uris": ("https://a.example/", "http://a.example/")},
            [
                (
                    "/redirect_uris/1",
                    "http is for http://127.0.0.1 and http://[::1] only. Use https.",
                )
            ],
        ),
        (
            {"redirect_uris": tuple(f"https://a.example/{n}" for n in range(21))},
            [("/redirect_uris", "There are at most 20.")],
        ),
        (
            {"grants": ("authorisation_code", "password")},
            [
                (
                    "/grants/0",
                    "It is none of authorization_code, refresh_token, password. "
                    'Did you mean "authorization_code"?',
                )
            ],
        ),
        (
            {"grants": ("refresh_token",)},
            [("/grants", "Name authorization_code or password: a refresh comes after one.")],
        ),
        ({"scope": ("admin",)}, [("/scope/0", "It is none of read, trigger, write.")]),
        ({"scope": ()}, [("/scope", "Name what may be granted to it: read, trigger, write.")]),
    ],
)
async def test_a_client_that_cannot_be_is_told_what_is_wrong_with_it(office, more, faults):
    with pytest.raises(Invalid) as refused:
        await register(office, replace(WALLBOARD, **more))

    client = (await register(office)).seen.client
    with pytest.raises(Invalid) as refused_change:
        await change(office, client.id, **more)

    assert [(each.pointer, each.detail) for each in refused.value.faults] == faults
    assert refused_change.value.faults == refused.value.faults


@pytest.mark.parametrize("name", ["sue", "iris", "dev", "stan", "rob"])
async def test_clients_are_for_administrators(office, name):
    client_id = (await register(office, CONFIDENTIAL)).seen.client.id
    actor = office.as_(name)
    before = await office.audit()

    for act in (
        lambda: register(office, by=name),
        lambda: change(office, client_id, by=name, enabled=False),
        lambda: rotate(office, client_id, by=name),
        lambda: see_clients(office.database, actor),
        lambda: see_client(office.database, actor, client_id=client_id),
        lambda: see_client(office.database, actor, client_id="dpc_nothing"),
    ):
        with pytest.raises(NotPermitted):
            await act()

    assert await office.audit() == before


async def test_a_client_that_is_not_there_is_not_found(office):
    for act in (
        lambda: change(office, "dpc_nothing", enabled=False),
        lambda: rotate(office, "dpc_nothing"),
        lambda: see_client(office.database, office.as_("ann"), client_id="dpc_nothing"),
    ):
        with pytest.raises(NotFound) as refused:
            await act()

        assert str(refused.value) == 'There is no client "dpc_nothing".'
