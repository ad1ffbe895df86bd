"""``deputize user``: see users, set their passwords, disable and enable them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.faults import told_by_option
from deputize.cli.marks import ABSENT, OK
from deputize.cli.moment import shown_time
from deputize.cli.named import user_named
from deputize.cli.secret_input import read_hidden
from deputize.cli.table import Cell, Value, write_pairs, write_table
from deputize.cli.terminal import Terminal
from deputize.credentials.passwords import Passwords
from deputize.server.documents.users import UserDocument, Users
from deputize.use_cases.change_user import UserChange, change_user
from deputize.use_cases.revoke_tokens import revoke_tokens
from deputize.use_cases.see_users import SeenUser, see_user, see_users
from deputize.use_cases.set_password import set_password as set_it


def list_users(where: Where, *, as_json: bool, plain: bool) -> ExitCode:
    """Print everybody, by name."""
    terminal = Terminal.open(plain=plain)
    users = with_deployment(where, lambda deployed: see_users(deployed.database, OPERATOR))
    if as_json:
        terminal.write_json(Users(data=[UserDocument.of(each) for each in users]).model_dump(mode="json"))
    elif users:
        rows: list[list[Value]] = [
            [each.person.target_name, _status(each), _joined(sorted(each.person.roles)), _password(each)]
            for each in users
        ]
        write_table(terminal, ("Name", "Status", "Roles", "Password"), rows)
    else:
        terminal.say("No users.")
    return ExitCode.OK


def show_user(where: Where, *, user: str, as_json: bool, plain: bool) -> ExitCode:
    """Print who *user* is, and what their roles allow."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> SeenUser:
        return await _seen(deployed, user)

    _show(terminal, with_deployment(where, work), as_json=as_json)
    return ExitCode.OK


def set_password(
    where: Where, *, user: str, file: str | None, expires_in: int | None, as_json: bool, plain: bool
) -> ExitCode:
    """Set the password of *user*, read from *file*, a prompt, or stdin. The old one is no good at once."""
    terminal = Terminal.open(plain=plain)
    # Before anybody types it for nothing.
    with_deployment(where, lambda deployed: user_named(deployed.database, user))
    password = read_hidden("password", file=file)
    lifetime = None if expires_in is None else timedelta(days=expires_in)

    async def work(deployed: Deployed) -> SeenUser:
        hasher = Passwords(threads=1)
        try:
            with told_by_option({"/password": "the password"}):
                await set_it(
                    deployed.database,
                    OPERATOR,
                    hasher=hasher,
                    user=user,
                    password=password,
                    lifetime=lifetime,
                )
        finally:
            await hasher.close()
        return await _seen(deployed, user)

    seen = with_deployment(where, work)
    if as_json:
        terminal.write_json(UserDocument.of(seen).model_dump(mode="json"))
    else:
        expiry = "" if seen.password_expires is None else f" It expires {shown_time(seen.password_expires)}."
        terminal.write(f"The password of {visible(user)} is set; an old one is no good any more.{expiry}")
    return ExitCode.OK


def set_status(
    where: Where, *, user: str, status: Literal["ACTIVE", "INACTIVE"], as_json: bool, plain: bool
) -> ExitCode:
    """Let *user* be active or not; it counts from the next request on."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> SeenUser:
        await user_named(deployed.database, user)
        await change_user(deployed.database, OPERATOR, user=user, change=UserChange(status=status))
        return await _seen(deployed, user)

    seen = with_deployment(where, work)
    if as_json:
        terminal.write_json(UserDocument.of(seen).model_dump(mode="json"))
    elif status == "ACTIVE":
        terminal.write(f"{visible(user)} is enabled. Keys and password are as they were.")
    else:
        terminal.write(f"{visible(user)} is disabled: neither password nor keys open anything.")
    return ExitCode.OK


def end_tokens(where: Where, *, user: str, as_json: bool, plain: bool) -> ExitCode:
    """End all that *user* has let clients do; their tokens are refused from the next request on."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> int:
        named = await user_named(deployed.database, user)
        return await revoke_tokens(deployed.database, OPERATOR, user=named)

    ended = with_deployment(where, work)
    if as_json:
        terminal.write_json({"user": user, "grants": ended})
    else:
        terminal.write(f"No access token of {visible(user)} is good any more. Grants that ended: {ended}.")
    return ExitCode.OK


async def _seen(deployed: Deployed, user: str) -> SeenUser:
    return await see_user(deployed.database, OPERATOR, user=await user_named(deployed.database, user))


def _show(terminal: Terminal, seen: SeenUser, *, as_json: bool) -> None:
    if as_json:
        terminal.write_json(UserDocument.of(seen).model_dump(mode="json"))
        return
    person = seen.person
    pairs: list[tuple[str, Value]] = [
        ("name", person.target_name),
        ("called", person.display_name),
        ("id", person.id),
        ("status", _status(seen)),
        ("roles", _joined(sorted(person.roles))),
        ("functions", _joined(sorted(seen.functions))),
        ("password", _password(seen)),
    ]
    write_pairs(terminal, pairs)


def _status(seen: SeenUser) -> Cell:
    return (
        Cell(text="active", mark=OK)
        if seen.person.active
        else Cell(text=seen.person.status.lower(), mark=ABSENT)
    )


def _password(seen: SeenUser) -> str:
    if seen.password_changed is None:
        return "none"
    expiry = "" if seen.password_expires is None else f", expires {shown_time(seen.password_expires)}"
    return f"set {shown_time(seen.password_changed)}{expiry}"


def _joined(names: Sequence[str]) -> str:
    return ", ".join(names) or "–"
