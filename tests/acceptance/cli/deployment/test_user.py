"""``deputize user``: who there is, and passwords that no list of processes and no terminal shows."""

import asyncio
from datetime import UTC, datetime

import pytest

from deputize.credentials.passwords import Passwords, Verdict
from deputize.deployment import open_deployment
from deputize.settings import Settings

PASSWORD = "correct horse battery staple"


def verdict(folder, password: str):
    """Return what the password of rob is found to be."""

    async def look():
        async with open_deployment(
            Settings(), folder=folder / ".deputize", clock=lambda: datetime.now(UTC)
        ) as deployment:
            person = await deployment.database.read(lambda tx: tx.people.by_name("rob"))
            stored = await deployment.database.read(lambda tx: tx.passwords.get(person.id))
        passwords = Passwords(threads=1)
        try:
            return await passwords.verify(password, None if stored is None else stored.hash)
        finally:
            await passwords.close()

    return asyncio.run(look())


def test_users_are_listed_with_what_they_have(deployed):
    ended = deployed("user", "list")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "Name  Status      Roles                  Password\n"
        "dana  ✓ active    Company Supervisor     none\n"
        "gone  – inactive  Company Supervisor     none\n"
        "rob   ✓ active    REST Web Service User  none\n"
    )


def test_a_user_is_shown_with_what_the_roles_allow(deployed):
    ended = deployed("user", "show", "rob")

    assert ended.out.splitlines()[3:] == [
        "status     ✓ active",
        "roles      REST Web Service User",
        "functions  rest",
        "password   none",
    ]
    assert (
        deployed("user", "show", "rob", "--json").json == deployed("user", "list", "--json").json["data"][2]
    )


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_password_is_read_from_stdin(deployed, end):
    ended = deployed("user", "password", "rob", stdin=(PASSWORD + end).encode())

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "The password of rob is set; an old one is no good any more.\n"
    assert verdict(deployed.folder, PASSWORD) is Verdict.RIGHT


def test_a_password_is_read_from_a_file(process):
    (process.folder / "password").write_text(PASSWORD + "\n", encoding="utf-8")

    assert process("user", "password", "rob", "--from", "password").code == 0
    assert verdict(process.folder, PASSWORD) is Verdict.RIGHT


def test_at_a_terminal_it_is_asked_for_twice_and_not_shown(process):
    code, shown = process.at_a_terminal("user", "password", "rob", typed=[PASSWORD, PASSWORD])

    assert (code, shown) == (
        0,
        "New password: |\n"
        "The same password again: |\n"
        "The password of rob is set; an old one is no good any more.\n",
    )
    assert verdict(process.folder, PASSWORD) is Verdict.RIGHT


def test_what_was_typed_differently_is_not_set(process):
    code, shown = process.at_a_terminal("user", "password", "rob", typed=[PASSWORD, "another one"])

    assert code == 2
    assert shown.endswith(": the passwords that were typed differ. Nothing was changed.\n")
    assert verdict(process.folder, PASSWORD) is Verdict.WRONG


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        (b"short", "error[INVALID]: the password: A password has 8 to 1024 characters.\n"),
        (
            b"\n",
            "error[INPUT_REFUSED]: stdin: empty. Give the password there, or in a file with --from FILE.\n",
        ),
        (b"caf\xe9 caf\xe9", "error[INPUT_REFUSED]: stdin: the password is not UTF-8 from byte 3 on.\n"),
        (b"x" * 500_000, "error[INPUT_REFUSED]: stdin: more than 400000 bytes, which is no password.\n"),
        (
            b"two\nlines of it",
            "error[INVALID]: the password: A password has no control characters: HTTP Basic cannot carry "
            "them.\n",
        ),
    ],
)
def test_a_password_that_cannot_be_used_is_refused_and_not_repeated(deployed, stdin, message):
    ended = deployed("user", "password", "rob", stdin=stdin)

    assert (ended.code, ended.out, ended.err) == (2, "", message)


def test_a_file_that_is_not_there_is_named(deployed):
    ended = deployed("user", "password", "rob", "--from", "nowhere")

    assert ended.err == (
        "error[INPUT_REFUSED]: nowhere: the password cannot be read: No such file or directory.\n"
    )


def test_no_option_takes_a_password(deployed):
    ended = deployed("user", "password", "rob", PASSWORD)

    assert ended.code == 2
    assert ended.err.startswith("error[USAGE]: Got unexpected extra argument")


def test_a_password_may_expire(deployed):
    shown = deployed("user", "password", "rob", "--expires-in", "30", "--json", stdin=PASSWORD.encode()).json

    changed, expires = (
        datetime.fromisoformat(shown[each]) for each in ("password_changed", "password_expires")
    )
    assert (expires - changed).days == 30


def test_a_disabled_user_is_enabled_again(deployed):
    ended = deployed("user", "disable", "rob")
    assert (ended.code, ended.out) == (0, "rob is disabled: neither password nor keys open anything.\n")
    assert deployed("user", "show", "rob", "--json").json["status"] == "INACTIVE"

    ended = deployed("user", "enable", "rob")
    assert (ended.code, ended.out) == (0, "rob is enabled. Keys and password are as they were.\n")
    assert deployed("user", "show", "rob", "--json").json["status"] == "ACTIVE"


@pytest.mark.parametrize("command", ["show", "password", "disable", "enable"])
def test_an_unknown_user_is_answered_with_the_nearest(deployed, command):
    ended = deployed("user", command, "dan\x1b")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        'error[UNKNOWN_USER]: there is no user "dan\\x1b". Did you mean "dana"? Users: dana, gone, rob.\n'
    )
