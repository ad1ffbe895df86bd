"""Who calls an integration: one method each, and nothing else opens it."""

from dataclasses import asdict
from datetime import timedelta
from itertools import product

import pytest

from deputize.credentials.keys import mint_api_secret, mint_key_id, mint_url_key
from deputize.domain.person import Person
from deputize.inbound.answers import Accepted, CallerRefused

pytestmark = pytest.mark.anyio

CHALLENGE = {"WWW-Authenticate": 'Basic realm="Deputize", charset="UTF-8", Bearer realm="Deputize"'}
REFUSED = {
    "code": "UNAUTHENTICATED",
    "detail": "The request has no credential, or none that is accepted here.",
    "headers": CHALLENGE,
    "needs": (),
    "run_id": None,
    "explanation": None,
}
UNKNOWN = {
    "code": "NOT_FOUND",
    "detail": "There is no such integration.",
    "headers": {},
    "needs": (),
    "run_id": None,
    "explanation": None,
}
#: The method of an integration, the credential that opens it, and how the caller is then said to have come.
RIGHT = {
    ("url", "url key"): "url-key",
    ("basic", "password"): "basic",
    ("api-key", "api key"): "api-key",
    ("basic", "run token"): "run-token",
    ("oauth", "run token"): "run-token",
}
WRONG = [
    pairing
    for pairing in product(
        ("url", "basic", "api-key", "oauth", "signature", None),
        ("url key", "password", "api key", "run token"),
    )
    if pairing not in RIGHT
]


def told(answer):
    """Return all that the caller learns."""
    assert isinstance(answer, CallerRefused), answer
    values = asdict(answer)
    del values["operator_detail"]
    return values


@pytest.fixture
def credential(bench, header):
    """Return a credential of *name*'s, issued for an integration."""

    async def make(kind, integration_id, name="rob"):
        match kind:
            case "url key":
                return f"apiKey={await bench.url_key(integration_id, name)}"
            case "password":
                return header(name, f"password of {name}")
            case "api key":
                return header(*await bench.api_key(integration_id, name))
            case "run token":
                return "Authorization", f"Bearer {(await bench.run_token(name))[0]}"

    return make


@pytest.mark.parametrize(("method", "kind"), RIGHT)
async def test_the_credential_of_its_method_opens_an_integration_as_its_owner(
    bench, credential, method, kind
):
    answer = await bench.take(f"by {method}", await credential(kind, f"by {method}"))

    initiator = (await bench.run(answer.request_id)).initiator
    assert (initiator.id, initiator.name, initiator.subject) == ("rob", "Rob", "id of rob")
    assert initiator.via == RIGHT[method, kind]


@pytest.mark.parametrize(("method", "kind"), WRONG)
async def test_a_right_credential_of_another_method_opens_nothing(bench, credential, method, kind):
    await bench.add_integration("target", method=method)

    assert told(await bench.take("target", await credential(kind, "target"))) == REFUSED
    assert bench.submitted == []


@pytest.mark.parametrize("method", ["url", "basic", "api-key", "oauth", "signature"])
async def test_whoever_presents_nothing_is_nobody(bench, method):
    assert told(await bench.take(f"by {method}")) == REFUSED
    assert (
        told(
            await bench.take(
                f"by {method}",
                headers=[("X-Forwarded-User", "rob"), ("X-Remote-User", "rob"), ("Cookie", "user=rob")],
                query="user=rob&initiator=rob",
            )
        )
        == REFUSED
    )


@pytest.mark.parametrize("kind", ["url key", "api key"])
async def test_a_key_of_one_integration_opens_no_other_not_even_of_its_plan(bench, credential, kind):
    method = "url" if kind == "url key" else "api-key"
    await bench.add_integration("other", method=method)
    key = await credential(kind, f"by {method}")

    assert told(await bench.take("other", key)) == REFUSED
    assert told(await bench.take("missing", key)) == REFUSED
    assert isinstance(await bench.take(f"by {method}", key), Accepted)


async def test_one_api_key_id_has_a_secret_for_each_integration(bench, header):
    await bench.add_integration("other", method="api-key")
    (one_id, one), (other_id, other) = (
        await bench.api_key("by api-key", "rob"),
        await bench.api_key("other", "rob"),
    )

    assert one_id == other_id
    assert isinstance(await bench.take("by api-key", header(one_id, one)), Accepted)
    assert isinstance(await bench.take("other", header(one_id, other)), Accepted)
    assert told(await bench.take("by api-key", header(one_id, other))) == REFUSED
    assert told(await bench.take("other", header(one_id, one))) == REFUSED


async def test_several_people_hold_keys_to_one_integration_and_each_is_told_apart(bench, header):
    keys = {name: await bench.api_key("by api-key", name) for name in ("rob", "dana")}
    url_keys = {name: await bench.url_key("by url", name) for name in ("rob", "dana")}

    for name in ("rob", "dana"):
        for answer in (
            await bench.take("by api-key", header(*keys[name])),
            await bench.take("by url", f"apiKey={url_keys[name]}"),
        ):
            assert (await bench.run(answer.request_id)).initiator.id == name
    mixed = header(keys["rob"][0], keys["dana"][1])
    assert told(await bench.take("by api-key", mixed)) == REFUSED


async def test_a_key_id_is_no_url_key(bench, header):
    key_id, secret = await bench.api_key("by url", "rob")

    for value in (key_id, secret, f"{key_id}:{secret}"):
        assert told(await bench.take("by url", f"apiKey={value}")) == REFUSED


@pytest.mark.parametrize(
    "integration_id",
    ["by basic", "by url", "by api-key", "missing", "outbound", "", "\0", "x" * 10_000, "\ud800"],
)
async def test_to_the_unknown_every_address_answers_alike(bench, header, integration_id):
    presented = [
        (),
        (header("rob", "wrong"),),
        (header("nobody", "password of rob"),),
        (header(mint_key_id(), mint_api_secret().reveal()),),
        (f"apiKey={mint_url_key().reveal()}",),
        ("apiKey=x",),
        (("Authorization", "Bearer dpt_x"),),
        (("Authorization", "Digest x"),),
    ]

    answers = [told(await bench.take(integration_id, *each)) for each in presented]

    assert answers == [REFUSED] * len(presented)


@pytest.mark.parametrize("integration_id", ["missing", "outbound", "", "\0", "\ud800", "x" * 10_000])
async def test_a_person_who_is_known_is_told_that_there_is_no_such_integration(
    bench, header, credential, integration_id
):
    assert told(await bench.take(integration_id, header("rob", "password of rob"))) == UNKNOWN
    assert told(await bench.take(integration_id, await credential("run token", ""))) == UNKNOWN


@pytest.mark.parametrize(("method", "kind"), RIGHT)
async def test_an_integration_that_is_not_enabled_is_not_there(bench, credential, method, kind):
    key = await credential(kind, f"by {method}")
    await bench.change_integration(f"by {method}", enabled=False)

    assert told(await bench.take(f"by {method}", key)) == UNKNOWN


async def test_an_integration_without_a_script_is_not_there(bench, header):
    await bench.add_integration("empty", action="RUN_SCRIPT", script_version_id=None)

    assert told(await bench.take("empty", header("rob", "password of rob"))) == UNKNOWN


async def test_two_credentials_are_refused_though_each_is_right(bench, credential, header):
    url_key = await credential("url key", "by url", "dana")
    password = header("rob", "password of rob")
    answers = [
        await bench.take("by url", url_key, password),
        await bench.take("by basic", url_key, password),
        await bench.take("by basic", password, password),
        await bench.take("by url", url_key, url_key),
        await bench.take("by url", "apiKey=bad", url_key),
        await bench.take("by url", url_key, "apiKey=bad"),
        await bench.take("missing", url_key, password),
    ]

    assert [told(each) for each in answers] == [
        {
            "code": "CREDENTIALS_AMBIGUOUS",
            "detail": "The request has more than one credential. Send exactly one.",
            "headers": CHALLENGE,
            "needs": (),
            "run_id": None,
            "explanation": None,
        }
    ] * len(answers)
    assert await bench.runs() == []


async def test_a_token_belongs_into_no_address_and_no_form(bench, credential, header):
    _, value = await credential("run token", "by basic")
    token = value.removeprefix("Bearer ")
    form = ("Content-Type", "application/x-www-form-urlencoded")
    answers = [
        await bench.take("by basic", query=f"access_token={token}"),
        await bench.take("by basic", header("rob", "password of rob"), query=f"access_token={token}"),
        await bench.take(
            "by basic",
            header("rob", "password of rob"),
            headers=[form],
            body=f"access_token={token}".encode(),
        ),
    ]

    assert {each.code for each in answers} == {"CREDENTIALS_AMBIGUOUS"}
    assert (
        told(await bench.take("by basic", headers=[form], body=f"access_token={token}".encode())) == REFUSED
    )


# What ends a credential, ends it on the next request


@pytest.mark.parametrize(("method", "kind"), [pair for pair in RIGHT if "key" in pair[1]])
async def test_a_key_that_has_ended_opens_nothing_on_the_next_request(bench, credential, method, kind):
    key = await credential(kind, f"by {method}")
    assert isinstance(await bench.take(f"by {method}", key), Accepted)

    async def end(store):
        for secret in await store.keys.secrets(subject="id of rob"):
            await store.keys.end_secret(secret.id, store.now)
        for url_key in await store.keys.url_keys(subject="id of rob"):
            await store.keys.end_url_key(url_key.id, store.now)

    await bench.database.write(end)

    assert told(await bench.take(f"by {method}", key)) == REFUSED


@pytest.mark.parametrize("kind", ["url key", "api key"])
async def test_a_rotated_key_opens_until_the_end_that_was_set_and_not_a_second_longer(
    bench, credential, kind
):
    method = "url" if kind == "url key" else "api-key"
    old = await credential(kind, f"by {method}")
    ends = bench.clock() + timedelta(seconds=60)

    async def end(store):
        for secret in await store.keys.secrets(subject="id of rob"):
            await store.keys.end_secret(secret.id, ends)
        for url_key in await store.keys.url_keys(subject="id of rob"):
            await store.keys.end_url_key(url_key.id, ends)

    await bench.database.write(end)
    new = await credential(kind, f"by {method}")
    bench.clock.forward(seconds=59.999)
    assert isinstance(await bench.take(f"by {method}", old), Accepted)
    assert isinstance(await bench.take(f"by {method}", new), Accepted)
    bench.clock.forward(seconds=0.001)

    assert told(await bench.take(f"by {method}", old)) == REFUSED
    assert isinstance(await bench.take(f"by {method}", new), Accepted)


async def test_a_changed_password_opens_nothing_at_once_and_keys_go_on(bench, credential, header):
    keys = {
        each: await credential(each, f"by {method}")
        for method, each in (("url", "url key"), ("api-key", "api key"))
    }
    assert isinstance(await bench.take("by basic", header("rob", "password of rob")), Accepted)
    await bench.set_password("rob", "a new one")

    assert told(await bench.take("by basic", header("rob", "password of rob"))) == REFUSED
    assert isinstance(await bench.take("by basic", header("rob", "a new one")), Accepted)
    assert isinstance(await bench.take("by url", keys["url key"]), Accepted)
    assert isinstance(await bench.take("by api-key", keys["api key"]), Accepted)


async def test_an_expired_password_is_told_to_whoever_knows_it_and_to_nobody_else(bench, credential, header):
    api_key = await credential("api key", "by api-key")
    await bench.set_password("rob", "secret", expires=bench.clock() + timedelta(days=90))
    bench.clock.forward(days=89, hours=23)
    assert isinstance(await bench.take("by basic", header("rob", "secret")), Accepted)
    bench.clock.forward(hours=1)

    assert told(await bench.take("by basic", header("rob", "secret"))) == {
        "code": "PASSWORD_EXPIRED",
        "detail": "The password has expired. Have it changed.",
        "headers": CHALLENGE,
        "needs": (),
        "run_id": None,
        "explanation": None,
    }
    assert told(await bench.take("by basic", header("rob", "wrong"))) == REFUSED
    assert isinstance(await bench.take("by api-key", api_key), Accepted)


@pytest.mark.parametrize(("method", "kind"), RIGHT)
async def test_nothing_of_somebody_who_was_disabled_opens_anything(bench, credential, method, kind):
    key = await credential(kind, f"by {method}")
    assert isinstance(await bench.take(f"by {method}", key), Accepted)
    await bench.change_person("rob", status="INACTIVE")

    assert told(await bench.take(f"by {method}", key)) == REFUSED


@pytest.mark.parametrize(("method", "kind"), RIGHT)
async def test_a_new_account_of_a_deleted_ones_name_inherits_nothing(bench, credential, method, kind):
    key = await credential(kind, f"by {method}")
    await bench.database.write(lambda store: store.people.delete("id of rob"))
    await bench.database.write(
        lambda store: store.people.put(Person(id="another", target_name="rob", roles=frozenset({"Sender"})))
    )
    await bench.set_password("rob", "another one")

    assert told(await bench.take(f"by {method}", key)) == REFUSED


async def test_the_token_of_a_run_that_has_ended_opens_nothing(bench):
    token, run_id = await bench.run_token("rob")
    await bench.database.write(lambda store: store.tokens.delete_of_run(run_id))

    assert told(await bench.take("by basic", ("Authorization", f"Bearer {token}"))) == REFUSED


async def test_the_token_of_a_run_expires(bench):
    token, _ = await bench.run_token("rob")
    bench.clock.forward(minutes=15)

    assert told(await bench.take("by basic", ("Authorization", f"Bearer {token}"))) == REFUSED


async def test_a_chosen_method_counts_from_the_next_request_on(bench, credential, header):
    url_key = await credential("url key", "by url")
    await bench.change_integration("by url", method="basic")

    assert told(await bench.take("by url", url_key)) == REFUSED
    assert isinstance(await bench.take("by url", header("rob", "password of rob")), Accepted)


# Guessing


async def test_guessing_is_slowed_down_and_keys_and_other_places_are_not(bench, credential, header):
    api_key = await credential("api key", "by api-key")
    answers = [await bench.take("by basic", header("rob", f"guess {each}")) for each in range(25)]

    assert [each.code for each in answers] == ["UNAUTHENTICATED"] * 20 + ["THROTTLED"] * 5
    assert told(await bench.take("by basic", header("rob", "password of rob"))) == {
        "code": "THROTTLED",
        "detail": "There were too many wrong passwords for this account or from this address.",
        "headers": {"Retry-After": "300"},
        "needs": (),
        "run_id": None,
        "explanation": None,
    }
    assert isinstance(await bench.take("by api-key", api_key), Accepted)
    assert isinstance(
        await bench.take("by basic", header("rob", "password of rob"), source="198.51.100.7"), Accepted
    )
    bench.clock.forward(minutes=5)
    assert isinstance(await bench.take("by basic", header("rob", "password of rob")), Accepted)


async def test_a_name_that_nobody_has_is_throttled_as_any_other(bench, header):
    answers = [await bench.take("missing", header("nobody", f"guess {each}")) for each in range(21)]

    assert [each.code for each in answers] == ["UNAUTHENTICATED"] * 20 + ["THROTTLED"]


async def test_wrong_keys_are_never_throttled(bench, credential, header):
    key_id, secret = await bench.api_key("by api-key", "rob")
    for _ in range(150):
        assert told(await bench.take("by api-key", header(key_id, mint_api_secret().reveal()))) == REFUSED

    assert isinstance(await bench.take("by api-key", header(key_id, secret)), Accepted)
