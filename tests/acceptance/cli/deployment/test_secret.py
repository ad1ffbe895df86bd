"""``deputize secret``: a value that can be set and never read again, and the endpoints that it may go to."""

import asyncio
from datetime import UTC, datetime

import pytest

from deputize.credentials.sealing import Sealer
from deputize.deployment import open_deployment
from deputize.settings import Settings

THEN = datetime(2018, 4, 17, tzinfo=UTC)
VALUE = "s3cr3t of the chat"


def unsealed(folder, name: str) -> str:
    """Return the value of a secret of every plan, as a run would get it."""

    async def look() -> str:
        async with open_deployment(Settings(), folder=folder / ".deputize", clock=lambda: THEN) as deployment:
            secret = await deployment.database.read(lambda tx: tx.secrets.get("*", name))
            return (
                Sealer(deployment.key).unseal(secret.sealed, row=("secrets", "*", name), name=name).reveal()
            )

    return asyncio.run(look())


def put(deployed, *options: str, value: str = VALUE):
    return deployed("secret", "set", *options, stdin=value.encode())


def test_a_secret_is_set_for_its_endpoints_and_not_shown(process):
    ended = put(process, "chat", "--endpoint", "chat", "--endpoint", "EasyVista")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "The secret chat of every plan may be sent to EasyVista, chat.\n"
    assert unsealed(process.folder, "chat") == VALUE


def test_its_value_is_in_no_output_and_no_file(deployed):
    put(deployed, "chat", "--endpoint", "chat")

    written = "".join(deployed.written) + deployed("secret", "list", "--json").out
    kept = b"".join(path.read_bytes() for path in (deployed.folder / ".deputize").iterdir())
    assert VALUE not in written
    assert VALUE.encode() not in kept


def test_where_it_goes_is_changed_without_its_value_and_its_value_without_where_it_goes(deployed):
    put(deployed, "chat", "--endpoint", "chat")
    moved = deployed("secret", "set", "chat", "--keep-value", "--endpoint", "EasyVista", "--json").json
    assert (moved["endpoints"], unsealed(deployed.folder, "chat")) == (["EasyVista"], VALUE)

    changed = put(deployed, "chat", "--json", value="another one").json
    assert (changed["endpoints"], unsealed(deployed.folder, "chat")) == (["EasyVista"], "another one")


def test_a_plan_has_its_own_beside_those_of_every_plan(deployed):
    put(deployed, "chat", "--endpoint", "chat")
    put(deployed, "own", "--plan", "incidents", "--endpoint", "chat")

    lines = deployed("secret", "list", "--plan", "incidents").out.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["Name", "chat", "own"]
    assert [" ".join(line.split()[1:3]) for line in lines[1:]] == ["every plan", "the plan"]
    assert [each["name"] for each in deployed("secret", "list", "--json").json["data"]] == ["chat"]


def test_a_deleted_secret_is_gone(deployed):
    put(deployed, "chat", "--endpoint", "chat")

    assert deployed("secret", "delete", "chat").out == "The secret chat of every plan is deleted.\n"
    assert deployed("secret", "list").err == "No secrets of every plan.\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["chat"],
            "error[INVALID]: --endpoint: Missing: a new secret needs a value, and the endpoints it may be "
            "sent to.\n",
        ),
        (
            ["chat", "--endpoint", "chatt"],
            'error[INVALID]: --endpoint "chatt": There is no such endpoint. Did you mean "chat"?\n',
        ),
        (
            ["chat", "--endpoint", "chat", "--plan", "incident"],
            'error[UNKNOWN_PLAN]: there is no plan "incident". Did you mean "incidents"? '
            "Plans: changes, incidents.\n",
        ),
        (
            ["chat", "--keep-value"],
            "error[USAGE]: Invalid value: --keep-value goes with --endpoint, and without --from. "
            "See `deputize secret set --help`.\n",
        ),
        (
            ["a/b", "--endpoint", "chat"],
            'error[INVALID]: "a/b": A name has no slash or backslash, and is not made of dots: it stands in '
            "addresses.\n",
        ),
    ],
)
def test_a_secret_that_could_not_be_used_is_refused(deployed, options, message):
    ended = put(deployed, *options)

    assert (ended.code, ended.out, ended.err) == (2, "", message)


def test_only_what_is_there_is_deleted(deployed):
    put(deployed, "chat", "--endpoint", "chat")

    assert deployed("secret", "delete", "chatt").err == (
        'error[UNKNOWN_SECRET]: there is no secret "chatt" of every plan. Did you mean "chat"? '
        "`deputize secret list` shows them.\n"
    )
    assert deployed("secret", "delete", "chat", "--plan", "incidents").err == (
        'error[UNKNOWN_SECRET]: there is no secret "chat" of plan incidents. `deputize secret list` shows them.\n'
    )
