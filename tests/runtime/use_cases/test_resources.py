"""Constants, endpoints, secrets and shared libraries of a plan."""

import pytest

from deputize.domain.endpoint import EVERY_PLAN, SealedSecret, StoredEndpoint
from deputize.errors import ScriptRejected
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import Conflict, Invalid, NotFound, NotPermitted
from deputize.use_cases.set_constant import delete_constant, see_constants, set_constant
from deputize.use_cases.set_endpoint import delete_endpoint, see_endpoints, set_endpoint
from deputize.use_cases.set_library import delete_library, see_libraries, set_library
from deputize.use_cases.set_secret import SecretChange, delete_secret, see_secrets, set_secret
from deputize_client import Secret

pytestmark = pytest.mark.anyio

TOKEN = "token"
DESK = {"base_url": "https://desk.example/api/"}
EVIL = "https://evil.example/"
BY_WIKI_TOKEN = {"type": "bearer", "token": {"secret": "wiki-token"}}


async def secret(office, name, secret_name=TOKEN, plan="p1", value=None, endpoints=None):
    actor = name if isinstance(name, Actor) else office.as_(name)
    change = SecretChange(value=None if value is None else Secret(secret_name, value), endpoints=endpoints)
    await set_secret(office.database, actor, sealer=office.sealer, plan=plan, name=secret_name, change=change)


async def endpoint(office, name, endpoint_name, definition, plan="p1"):
    await set_endpoint(
        office.database, office.as_(name), plan=plan, name=endpoint_name, definition=definition
    )


def told(refused):
    return [(each.pointer, each.detail) for each in refused.value.faults]


async def test_nobody_but_developers_sees_or_changes_them(office):
    for name, plan in (("stan", "p1"), ("rob", "p1"), ("sue", "p1"), ("iris", "p1"), ("dev", "p2")):
        actor = office.as_(name)
        for doing in (
            set_constant(office.database, actor, plan=plan, name="x", value="y"),
            see_constants(office.database, actor, plan=plan),
            delete_constant(office.database, actor, plan=plan, name="x"),
            endpoint(office, name, "x", DESK, plan),
            see_endpoints(office.database, actor, plan=plan),
            delete_endpoint(office.database, actor, plan=plan, name="Desk"),
            secret(office, name, plan=plan, value="long enough", endpoints=["Wiki"]),
            see_secrets(office.database, actor, plan=plan),
            delete_secret(office.database, actor, plan=plan, name="x"),
            set_library(office.database, actor, checker=office.checker, plan=plan, name="x", source=""),
            see_libraries(office.database, actor, plan=plan),
            delete_library(office.database, actor, plan=plan, name="x"),
        ):
            with pytest.raises(NotPermitted):
                await doing

    assert await office.audit() == []
    assert office.checker.checked == []


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("", "A name has 1 to 200 characters."),
        ("x" * 201, "A name has 1 to 200 characters."),
        ("a\nb", "A name has no control characters, and no space before or after it."),
        (" a", "A name has no control characters, and no space before or after it."),
        ("a\u202eb", "A name has no control characters, and no space before or after it."),
        ("a\0", "A name has no control characters, and no space before or after it."),
        ("a/b", "A name has no slash or backslash, and is not made of dots: it stands in addresses."),
        ("..", "A name has no slash or backslash, and is not made of dots: it stands in addresses."),
        ("a\\b", "A name has no slash or backslash, and is not made of dots: it stands in addresses."),
    ],
)
async def test_a_name_that_could_not_be_asked_for_is_refused(office, name, detail):
    dev = office.as_("dev")
    for doing in (
        set_constant(office.database, dev, plan="p1", name=name, value="y"),
        endpoint(office, "dev", name, DESK),
        secret(office, "dev", name or "", value="long enough", endpoints=["Desk"]),
    ):
        with pytest.raises(Invalid) as refused:
            await doing

        assert told(refused) == [("/name", detail)]


async def test_constants_are_set_and_deleted(office):
    dev = office.as_("dev")
    await set_constant(office.database, dev, plan="Incidents", name="Application Prefix", value="x_xma")
    await set_constant(office.database, dev, plan="p1", name="ünïcode 100%", value="")
    seen = await see_constants(office.database, dev, plan="p1")
    await delete_constant(office.database, dev, plan="p1", name="Application Prefix")
    with pytest.raises(NotFound, match='There is no constant "Application Prefix"'):
        await delete_constant(office.database, dev, plan="p1", name="Application Prefix")

    assert seen == {"Application Prefix": "x_xma", "ünïcode 100%": ""}
    assert await office.audit() == [
        ("dev", "constant.set", "constant:Incidents/Application Prefix", {}),
        ("dev", "constant.set", "constant:Incidents/ünïcode 100%", {}),
        ("dev", "constant.deleted", "constant:Incidents/Application Prefix", {}),
    ]


# Endpoints


async def test_an_endpoint_is_defined_as_in_a_project(office):
    definition = {**DESK, "methods": ["get"]}
    await endpoint(office, "dev", "Ticket desk", definition)
    seen = {each.name: each for each in await see_endpoints(office.database, office.as_("dev"), plan="p1")}

    assert seen["Ticket desk"].definition == {**definition, "methods": ["GET"]}
    assert [(each.name, each.scope) for each in seen.values()] == [
        ("Desk", "p1"),
        ("Ticket desk", "p1"),
        ("Wiki", EVERY_PLAN),
    ]
    assert await office.audit() == [
        (
            "dev",
            "endpoint.set",
            "endpoint:Incidents/Ticket desk",
            {"base_url": DESK["base_url"], "auth": "none"},
        )
    ]


@pytest.mark.parametrize(
    ("definition", "faults"),
    [
        ({}, [("/base_url", "Field required.")]),
        ({"base_url": "ftp://x"}, [("/base_url", "Must be a full address such as https://host.example/.")]),
        ({**DESK, "nonsense": 1}, [("/nonsense", "Extra inputs are not permitted.")]),
        (
            {**DESK, "auth": {"type": "basic", "user": 1}},
            [("/auth/user", "Input should be a valid string."), ("/auth/password", "Field required.")],
        ),
        (
            {**DESK, "auth": {"type": "basic", "user": "u", "password": {"secret": ""}}},
            [("/auth/password/secret", "String should have at least 1 character.")],
        ),
        (
            {**DESK, "networks": ["10.0.0.0/8", "x"]},
            [
                ("/networks/1", "Input is not a valid IPv4 network."),
                ("/networks/1", "Input is not a valid IPv6 network."),
            ],
        ),
        ({**DESK, "stand_in": "x.toml"}, [("/stand_in", "Stand-ins are files of a project and set in it.")]),
    ],
)
async def test_a_definition_that_means_nothing_is_told_by_its_places(office, definition, faults):
    with pytest.raises(Invalid) as refused:
        await endpoint(office, "dev", "x", definition)

    assert told(refused) == faults


async def test_the_platforms_name_is_its_own(office):
    with pytest.raises(Invalid, match="This name is the platform's own"):
        await endpoint(office, "dev", "platform", DESK)


async def test_an_endpoint_of_every_plan_shows_again_when_the_plans_own_is_deleted(office):
    await endpoint(office, "ann", "Wiki", DESK)
    await delete_endpoint(office.database, office.as_("dev"), plan="p1", name="Wiki")
    with pytest.raises(NotFound, match='There is no endpoint "Wiki"'):
        await delete_endpoint(office.database, office.as_("ann"), plan="p1", name="Wiki")
    seen = await see_endpoints(office.database, office.as_("dev"), plan="p1")

    assert [(each.name, each.scope) for each in seen] == [("Desk", "p1"), ("Wiki", EVERY_PLAN)]


async def test_a_developer_sends_no_secret_of_the_whole_deployment_anywhere(office):
    """Who decides where an endpoint is must not decide about secrets that are not the plan's."""
    bearer = {"base_url": EVIL, "auth": BY_WIKI_TOKEN}
    basic = {
        "base_url": EVIL,
        "auth": {"type": "basic", "user": "u", "password": {"secret": "of-the-operator"}},
    }
    oauth = {
        "base_url": EVIL,
        "auth": {
            "type": "oauth2",
            "token_url": EVIL,
            "client_id": "c",
            "client_secret": {"secret": "of-the-operator"},
        },
    }
    for definition in (bearer, basic, oauth):
        with pytest.raises(NotPermitted) as refused:
            await endpoint(office, "dev", "x", definition)
        await endpoint(office, "ann", "x", definition)
    with pytest.raises(NotPermitted):
        await endpoint(office, "dev", "Wiki", {"base_url": EVIL})

    assert str(refused.value) == (
        "dev may not send a secret of the whole deployment to this endpoint "
        "(function login: yes, function admin: no)."
    )


def by_oauth(*networks):
    auth = {"type": "oauth2", "token_url": EVIL, "client_id": "c", "client_secret": {"secret": TOKEN}}
    return {**DESK, "auth": {**auth, "networks": list(networks)}}


@pytest.mark.parametrize(
    ("present", "definition"),
    [
        (None, {**DESK, "networks": ["10.2.0.0/16"]}),
        (None, {**DESK, "networks": ["127.0.0.0/8"]}),
        (None, {**DESK, "networks": ["fd00::/8"]}),
        (DESK, {**DESK, "networks": ["10.2.0.0/16"]}),
        ({**DESK, "networks": ["10.2.0.0/16"]}, {**DESK, "networks": ["10.0.0.0/8"]}),
        ({**DESK, "networks": ["10.2.0.0/16"]}, {**DESK, "networks": ["10.2.0.0/16", "10.3.0.0/16"]}),
        (None, by_oauth("169.254.0.0/16")),
        (by_oauth("10.2.0.0/16"), by_oauth("10.0.0.0/8")),
        ({**DESK, "networks": ["10.2.0.0/16"]}, by_oauth("10.2.0.0/16")),
        (by_oauth("10.2.0.0/16"), {**DESK, "networks": ["10.2.0.0/16"]}),
    ],
)
async def test_a_developer_opens_no_private_network(office, present, definition):
    await secret(office, "dev", value="long enough", endpoints=["Desk"])
    if present is not None:
        await endpoint(office, "ann", "x", present)
    with pytest.raises(NotPermitted) as refused:
        await endpoint(office, "dev", "x", definition)
    await endpoint(office, "ann", "x", definition)

    assert str(refused.value) == (
        "dev may not open a private network to this endpoint (function login: yes, function admin: no)."
    )


async def test_networks_of_every_plan_are_not_open_to_an_endpoint_of_one(office):
    definition = {**DESK, "networks": ["10.2.0.0/16"]}
    await office.write(
        lambda tx: tx.endpoints.put(StoredEndpoint(scope=EVERY_PLAN, name="x", definition=definition))
    )

    with pytest.raises(NotPermitted):
        await endpoint(office, "dev", "x", definition)


async def test_a_developer_keeps_the_networks_of_an_endpoint_or_closes_them(office):
    await secret(office, "dev", value="long enough", endpoints=["Desk"])
    opened = {**by_oauth("10.2.0.0/16", "fd00::/8"), "networks": ["10.2.0.0/16"]}
    await endpoint(office, "ann", "x", opened)

    for definition in ({**opened, "methods": ["GET"]}, {**by_oauth(), "networks": ["10.2.0.0/16"]}, DESK):
        await endpoint(office, "dev", "x", definition)


async def test_a_developer_sends_no_secret_of_the_operators_anywhere(office):
    """A secret of the plan without a value here is the one that the settings find."""
    await office.write(
        lambda tx: tx.secrets.put(
            SealedSecret(scope="p1", name="set", endpoints=frozenset({"Desk"}), sealed=b"", changed=tx.now)
        )
    )
    for name, definition in (
        ("x", {"base_url": EVIL, "auth": {"type": "bearer", "token": {"secret": "set"}}}),
        # The scripts' own use of the secret would go there.
        ("Desk", {"base_url": EVIL}),
    ):
        with pytest.raises(NotPermitted):
            await endpoint(office, "dev", name, definition)
        await endpoint(office, "ann", name, definition)
    await secret(office, "dev", "set", value="mine alone")
    await endpoint(office, "dev", "Desk", DESK)


async def test_a_developer_uses_the_plans_own_secrets(office):
    await secret(office, "dev", value="long enough", endpoints=["Desk"])
    await endpoint(office, "dev", "Desk", {**DESK, "auth": {"type": "bearer", "token": {"secret": "token"}}})

    assert (await office.audit())[-1][3] == {"base_url": DESK["base_url"], "auth": "bearer"}


# Secrets


async def test_a_secret_is_sealed_to_its_row_and_seen_without_its_value(office):
    await secret(office, "dev", value="s3cr3t-value", endpoints=["Desk", "Wiki"])
    stored = await office.read(lambda tx: tx.secrets.get("p1", "token"))
    seen = await see_secrets(office.database, office.as_("dev"), plan="p1")

    opened = office.sealer.unseal(stored.sealed, row=("secrets", "p1", "token"), name="token")
    assert opened.reveal() == "s3cr3t-value"
    assert b"s3cr3t-value" not in stored.sealed
    assert [(each.name, sorted(each.endpoints), each.changed) for each in seen] == [
        ("token", ["Desk", "Wiki"], office.clock()),
        ("wiki-token", ["Wiki"], office.clock()),
    ]
    assert await office.audit() == [
        (
            "dev",
            "secret.set",
            "secret:Incidents/token",
            {"value_changed": True, "endpoints": ["Desk", "Wiki"]},
        )
    ]


async def test_value_and_endpoints_are_changed_by_themselves(office):
    await secret(office, "dev", value="the first one", endpoints=["Desk"])
    await secret(office, "dev", endpoints=["Wiki"])
    await secret(office, "dev", value="the second one")
    stored = await office.read(lambda tx: tx.secrets.get("p1", "token"))

    assert stored.endpoints == {"Wiki"}
    assert (
        office.sealer.unseal(stored.sealed, row=("secrets", "p1", "token"), name="token").reveal()
        == "the second one"
    )


async def test_a_new_secret_needs_a_value_and_endpoints_that_there_are(office):
    for change, pointers in (
        ({}, ["/value", "/endpoints"]),
        ({"value": "short12", "endpoints": ["Desk"]}, ["/value"]),
        ({"value": "long enough"}, ["/endpoints"]),
        ({"endpoints": ["Desk"]}, ["/value"]),
        ({"value": "long enough", "endpoints": []}, ["/endpoints"]),
        ({"value": "long enough", "endpoints": ["Desk", "Dsk"]}, ["/endpoints/1"]),
        # That of another plan is none.
        ({"value": "long enough", "endpoints": ["platform"]}, ["/endpoints/0"]),
    ):
        with pytest.raises(Invalid) as refused:
            await secret(office, "dev", **change)

        assert [pointer for pointer, _ in told(refused)] == pointers


async def test_where_a_secret_of_the_operators_goes_is_not_for_developers(office):
    """A secret without a value here is looked for in the settings: its list is all that bounds it."""
    await office.write(
        lambda tx: tx.secrets.put(
            SealedSecret(scope="p1", name="set", endpoints=frozenset({"Wiki"}), sealed=b"", changed=tx.now)
        )
    )
    with pytest.raises(NotPermitted, match="say where a secret of the operator's goes"):
        await secret(office, "dev", "set", endpoints=["Desk"])
    await secret(office, "ann", "set", endpoints=["Desk"])
    with pytest.raises(NotPermitted):
        await secret(office, "dev", "set", value="mine alone", endpoints=["Wiki"])
    await secret(office, "dev", "set", value="mine alone")

    assert (await office.read(lambda tx: tx.secrets.get("p1", "set"))).endpoints == {"Desk"}


async def test_what_every_plan_has_is_for_administrators(office):
    with pytest.raises(NotPermitted, match="edit what belongs to every plan"):
        await secret(office, "dev", plan=EVERY_PLAN, value="long enough", endpoints=["Wiki"])
    await secret(office, "ann", plan=EVERY_PLAN, value="long enough", endpoints=["Wiki"])
    with pytest.raises(Invalid):
        await secret(
            office, Actor.operator(), "other", plan=EVERY_PLAN, value="long enough", endpoints=["Desk"]
        )
    seen = await see_secrets(office.database, office.as_("ann"), plan=EVERY_PLAN)

    assert [each.name for each in seen] == ["token", "wiki-token"]
    assert (await office.audit())[0][2] == "secret:*/token"


async def test_a_secret_is_deleted(office):
    await secret(office, "dev", value="long enough", endpoints=["Desk"])
    await delete_secret(office.database, office.as_("dev"), plan="p1", name="token")
    with pytest.raises(NotFound, match='There is no secret "wiki-token"'):
        await delete_secret(office.database, office.as_("dev"), plan="p1", name="wiki-token")

    assert (await office.audit())[-1][:3] == ("dev", "secret.deleted", "secret:Incidents/token")


async def test_a_secret_that_an_endpoint_proves_itself_with_is_not_deleted(office):
    """Of the same name there may be one of the whole deployment, which would go there in its place."""
    await secret(office, "dev", "wiki-token", value="mine alone", endpoints=["Desk"])
    await endpoint(office, "dev", "x", {"base_url": EVIL, "auth": BY_WIKI_TOKEN})
    for name in ("dev", "ann"):
        with pytest.raises(Conflict) as refused:
            await delete_secret(office.database, office.as_(name), plan="p1", name="wiki-token")
    kept = await office.read(lambda tx: tx.secrets.get("p1", "wiki-token"))
    await delete_endpoint(office.database, office.as_("dev"), plan="p1", name="x")
    await delete_secret(office.database, office.as_("dev"), plan="p1", name="wiki-token")

    assert str(refused.value) == (
        'The endpoint "x" proves itself with the secret "wiki-token". '
        "Give it another one, or delete it first."
    )
    assert kept is not None


def test_a_change_shows_no_value():
    assert "s3cr3t" not in repr(SecretChange(value=Secret("token", "s3cr3t"), endpoints=["Desk"]))


# Shared libraries


async def library(office, name, source, library_name="servicenow"):
    await set_library(
        office.database, office.as_(name), checker=office.checker, plan="p1", name=library_name, source=source
    )


async def test_a_library_is_checked_and_kept_in_versions(office):
    await library(office, "dev", "X = 1\n")
    await library(office, "dev", "X = 2\n")
    await library(office, "dev", "X = 2\n")
    await library(office, "dev", "Y = 1\n", "other")
    seen = await see_libraries(office.database, office.as_("dev"), plan="p1")

    assert [(each.library.name, each.version.number, each.version.source) for each in seen] == [
        ("other", 1, "Y = 1\n"),
        ("servicenow", 2, "X = 2\n"),
    ]
    checked = office.checker.checked[-1]
    assert (checked.name, checked.trigger) == ("shared/other", None)
    assert checked.shared == {"servicenow": "X = 2\n", "other": "Y = 1\n"}
    assert await office.audit() == [
        ("dev", "library.set", "library:Incidents/servicenow", {"version": 1}),
        ("dev", "library.set", "library:Incidents/servicenow", {"version": 2}),
        ("dev", "library.set", "library:Incidents/other", {"version": 1}),
    ]


async def test_a_library_that_could_not_be_imported_is_refused(office):
    with pytest.raises(ScriptRejected):
        await library(office, "dev", "eval('1')")
    for name in ("a b", "1a", "_a", "a-b", ""):
        with pytest.raises(Invalid, match="It could not be imported"):
            await library(office, "dev", "X = 1\n", name)

    assert await see_libraries(office.database, office.as_("dev"), plan="p1") == []


async def test_a_library_is_deleted(office):
    await library(office, "dev", "X = 1\n")
    await delete_library(office.database, office.as_("dev"), plan="p1", name="servicenow")
    with pytest.raises(NotFound, match='There is no shared library "servicenow"'):
        await delete_library(office.database, office.as_("dev"), plan="p1", name="servicenow")
    await library(office, "dev", "X = 1\n")

    assert [each[1] for each in await office.audit()] == ["library.set", "library.deleted", "library.set"]
