"""``deputize key``: a key is shown once, opens one integration for one user, and can be ended."""

import asyncio
import re
from datetime import UTC, datetime

import pytest

from deputize.credentials.keys import KeyHasher
from deputize.credentials.sealing import Sealer
from deputize.credentials.signing_secrets import SigningSecrets
from deputize.deployment import open_deployment, remember_address
from deputize.project import Project
from deputize.project.apply import apply_project
from deputize.project.content import ProjectContent
from deputize.settings import Settings

THEN = datetime(2018, 4, 17, tzinfo=UTC)
GRAFANA = ("--integration", "grafana", "--for", "rob")
HOOK = ("--integration", "incidents/hook", "--for", "rob")


def opens(folder, created, *, integration: str) -> bool:
    """Whether what was printed is what the database has the hash of."""

    async def look() -> bool:
        async with open_deployment(Settings(), folder=folder / ".deputize", clock=lambda: THEN) as deployment:
            (found,) = await deployment.database.read(lambda tx: tx.integrations.named(integration))
            secrets = await deployment.database.read(lambda tx: tx.keys.secrets(integration_id=found.id))
            hashed = KeyHasher(deployment.key).of_api_secret(
                integration_id=found.id, key_id=created["key"], secret=created["secret"]
            )
            return hashed in {each.hash for each in secrets}

    return asyncio.run(look())


def keys(deployed, *options: str) -> list[dict]:
    return deployed("key", "list", "--json", *options).json["data"]


def test_an_api_key_is_printed_with_its_secret(process):
    ended = process("key", "create", *GRAFANA, "--json")

    assert (ended.code, ended.err) == (0, "")
    assert set(ended.json) == {"key", "secret"}
    assert opens(process.folder, ended.json, integration="grafana")


def test_a_person_is_told_that_it_is_shown_once_and_how_to_try_it_without_showing_it(deployed):
    ended = deployed("key", "create", *GRAFANA, "--url", "https://hooks.example/")

    key, secret = re.fullmatch(r"key     (dpk_[0-9a-f]{32})\nsecret  (dps_[\w-]{43})\n", ended.out).groups()
    (seen,) = keys(deployed)
    assert ended.err == (
        "Shown once: copy it now. It opens grafana for rob, and nothing else.\n"
        f"Try  curl -u {key} --json @FILE https://hooks.example/api/integration/1/functions/"
        f"{seen['integration_id']}/triggers\n"
    )
    assert secret not in ended.err


def test_the_secret_is_in_no_later_output_and_no_file(deployed):
    created = deployed("key", "create", *GRAFANA, "--json").json

    later = deployed("key", "list").out + deployed("key", "list", "--json").out
    kept = b"".join(path.read_bytes() for path in (deployed.folder / ".deputize").iterdir())
    assert created["key"] in later
    assert created["secret"] not in later
    assert created["secret"].encode() not in kept


@pytest.mark.parametrize("how", ["option", "environment", "server"])
def test_a_url_key_is_printed_as_the_whole_address(deployed, how):
    options, environment = [], {}
    match how:
        case "option":
            options = ["--url", "http://127.0.0.1:8080"]
        case "environment":
            environment = {"DEPUTIZE_PUBLIC_URL": "http://127.0.0.1:8080/"}
        case "server":
            remember_address(deployed.folder / ".deputize", "http://127.0.0.1:8080")

    created = deployed("key", "create", *HOOK, "--json", *options, **environment).json

    (seen,) = keys(deployed)
    assert set(created) == {"url"}
    base = f"http://127.0.0.1:8080/api/integration/1/functions/{seen['integration_id']}/triggers"
    assert re.fullmatch(rf"{re.escape(base)}\?apiKey=dpu_[\w-]{{43}}", created["url"])


def test_without_an_address_no_url_key_is_made(deployed):
    ended = deployed("key", "create", *HOOK)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "error[ADDRESS_UNKNOWN]: the key is part of an address, and it is not known how callers reach the "
        "server. Say so with --url https://HOST:PORT, or for good in DEPUTIZE_PUBLIC_URL.\n"
    )
    assert keys(deployed) == []


@pytest.mark.parametrize("url", ["hooks.example", "ftp://h", "https://u:p@h", "https://h/?x=1", "http://h:x"])
def test_what_is_no_address_is_refused_before_a_key_is_made(deployed, url):
    ended = deployed("key", "create", *GRAFANA, "--url", url)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f'error[ADDRESS_UNKNOWN]: --url: "{url}" is no address of a server. Write https://HOST:PORT.\n'
    )


@pytest.mark.parametrize(
    ("integration", "user", "message"),
    [
        (
            "people",
            "rob",
            'error[CONFLICT]: The integration "people" takes no keys: its callers are '
            "authenticated by the method basic. "
            'Choose the method "api-key", "signature" or "url" first.\n',
        ),
        (
            "grafana",
            "ron",
            'error[UNKNOWN_USER]: there is no user "ron". Did you mean "rob"? Users: dana, gone, rob.\n',
        ),
        ("grafana", "gone", 'error[INVALID]: --for "gone": There is no active user of this name.\n'),
    ],
)
def test_a_key_that_would_open_nothing_is_not_made(deployed, integration, user, message):
    ended = deployed("key", "create", "--integration", integration, "--for", user)

    assert (ended.code, ended.out, ended.err) == (2, "", message)


def test_a_rotated_key_works_on_for_the_overlap_and_a_revoked_one_not_at_all(deployed):
    first = deployed("key", "create", *GRAFANA, "--json").json
    (old,) = keys(deployed)
    second = deployed("key", "rotate", old["id"][:8], "--overlap", "3600", "--json").json
    new, ending = keys(deployed)

    assert first["key"] == second["key"]
    assert first["secret"] != second["secret"]
    assert (ending["id"], new["ends"]) == (old["id"], None)
    assert "✓ live until " in deployed("key", "list").out

    ended = deployed("key", "revoke", old["id"])
    assert ended.out == f"Key {old['id']} of rob opens grafana no more.\n"
    assert keys(deployed)[1]["ends"] < ending["ends"]
    assert deployed("key", "rotate", old["id"]).err == (
        "error[CONFLICT]: The key has been revoked or rotated already. Issue a new one.\n"
    )


def test_a_revoked_key_is_printed_as_the_http_api_has_it(deployed):
    deployed("key", "create", *GRAFANA)
    (seen,) = keys(deployed)

    revoked = deployed("key", "revoke", seen["id"], "--json").json
    assert revoked["ends"] is not None
    assert revoked | {"ends": None} == seen


def test_keys_are_listed_by_integration_and_holder(deployed):
    deployed("key", "create", *GRAFANA)
    deployed("key", "create", "--integration", "incidents/hook", "--for", "dana", "--url", "http://h")

    assert [each["holder"] for each in keys(deployed)] == ["dana", "rob"]
    assert [each["holder"] for each in keys(deployed, "--integration", "grafana")] == ["rob"]
    assert [each["kind"] for each in keys(deployed, "--for", "dana")] == ["url"]
    assert deployed("key", "list", "--for", "gone").err == "No keys.\n"


def test_an_unknown_key_is_said_to_be_none(deployed):
    assert deployed("key", "revoke", "12345678").err == (
        'error[UNKNOWN_KEY]: there is no key whose id is or begins with "12345678". '
        "`deputize key list` shows them.\n"
    )


def test_what_was_done_is_in_the_audit_stream_without_a_secret(deployed):
    created = deployed("key", "create", *GRAFANA, "--json").json

    async def look():
        async with open_deployment(
            Settings(), folder=deployed.folder / ".deputize", clock=lambda: THEN
        ) as deployment:
            return await deployment.database.read(lambda tx: tx.audit.page(limit=1))

    (record,) = asyncio.run(look())
    assert (record.actor, record.action, record.target, record.source) == (
        "operator",
        "key.issued",
        "integration:incidents/grafana",
        "cli",
    )
    assert created["secret"] not in repr(record)


def test_a_list_says_who_issued_each_key(deployed):
    deployed("key", "create", *GRAFANA)

    assert keys(deployed)[0]["issued_by_other"] is True
    heading, line = deployed("key", "list", COLUMNS="250").out.splitlines()
    assert heading.index("Issued by") == line.index("operator")


@pytest.fixture
def signed(deployed):
    """The command, where the requests to an integration are signed as GitHub signs them."""
    path = deployed.folder / "deputize.toml"
    project = path.read_text(encoding="utf-8")
    path.write_text(
        project.replace('auth = "basic"', 'auth = "signature"\nsignature = { preset = "github" }'),
        encoding="utf-8",
    )

    async def take_over() -> None:
        content = ProjectContent.present(Project.load(path))
        async with open_deployment(
            Settings(), folder=deployed.folder / ".deputize", clock=lambda: THEN
        ) as deployment:
            await deployment.database.write(lambda tx: apply_project(tx, content))

    asyncio.run(take_over())
    return deployed


PEOPLE = ("--integration", "people", "--for", "rob")
GIVEN = "a-secret-that-the-provider-has-made"


def signing_secrets(folder) -> list[str]:
    """Return what requests are signed with, as a server would verify them."""

    async def look() -> list[str]:
        async with open_deployment(Settings(), folder=folder / ".deputize", clock=lambda: THEN) as deployment:
            kept = await deployment.database.read(lambda tx: tx.signatures.secrets())
            signing = SigningSecrets(Sealer(deployment.key))
            return [signing.unseal(each).reveal() for each in kept]

    return asyncio.run(look())


def test_a_signing_secret_is_printed_once(signed):
    ended = signed("key", "create", *PEOPLE, "--url", "https://hooks.example")

    (secret,) = re.fullmatch(r"secret  (whsec_[A-Za-z0-9+/]{43}=)\n", ended.out).groups()
    (seen,) = keys(signed)
    assert ended.err == (
        "Shown once: copy it now. It opens people for rob, and nothing else.\n"
        "The sender signs its requests to https://hooks.example/api/integration/1/functions/"
        f"{seen['integration_id']}/triggers with it.\n"
    )
    assert (seen["kind"], seen["key"]) == ("signature", None)
    assert signing_secrets(signed.folder) == [secret]
    assert secret not in signed("key", "list").out + signed("key", "list", "--json").out


def test_a_signing_secret_of_the_provider_is_read_and_not_shown(signed, tmp_path):
    (tmp_path / "secret").write_text(f"{GIVEN}\n", encoding="utf-8")
    piped = signed("key", "create", *PEOPLE, "--given", "--json", stdin=GIVEN[::-1].encode())
    rotated = signed("key", "rotate", piped.json["id"], "--from", str(tmp_path / "secret"), "--overlap", "60")

    new, old = keys(signed)
    assert piped.json == {"id": old["id"]}
    assert (rotated.code, rotated.out) == (0, f"id  {new['id']}\n")
    assert rotated.err == "It opens people for rob, and nothing else.\n"
    assert sorted(signing_secrets(signed.folder)) == sorted([GIVEN, GIVEN[::-1]])
    kept = b"".join(path.read_bytes() for path in (signed.folder / ".deputize").iterdir())
    assert GIVEN not in "".join(signed.written)
    assert GIVEN.encode() not in kept


def test_a_signing_secret_that_could_be_guessed_is_refused(signed):
    ended = signed("key", "create", *PEOPLE, "--given", stdin=b"too-short")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "error[INVALID]: the secret: A signing secret has at least 16 bytes; this one could be guessed. "
        "Have it replaced.\n"
    )
    assert keys(signed) == []


def test_the_secret_of_another_kind_of_key_is_not_given(deployed):
    ended = deployed("key", "create", *GRAFANA, "--given", stdin=GIVEN.encode())

    assert ended.err == (
        "error[INVALID]: the secret: Only signing secrets are given; other keys are made here.\n"
    )
