"""``deputize schedule consent`` and ``withdraw``: a user's own acts, over HTTP, with their own password."""

import asyncio
import sys

import typer
from rich.text import Text

from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.moment import shown_time
from deputize.cli.over_http import ask, password_of, schedule_address
from deputize.cli.schedule import show
from deputize.cli.terminal import Terminal
from deputize.errors import Misconfigured
from deputize.server.documents.schedules import WholeScheduleDocument


class ConsentUnconfirmed(Misconfigured):
    """Nobody has said that what was shown is consented to."""

    code = "CONSENT_UNCONFIRMED"


def consent(
    url: str, *, user: str, password_file: str | None, confirmed: bool, as_json: bool, plain: bool
) -> ExitCode:
    """Show the schedule at *url*, and let it run as *user* when they say so.

    Raises ``ConsentUnconfirmed`` where they do not, and what the server refuses.
    """
    terminal = Terminal.open(plain=plain)
    address = schedule_address(url)
    password = password_of(user, file=password_file)
    shown = _read(asyncio.run(ask("GET", address, user=user, password=password)))
    if not as_json:
        show(terminal, shown, as_json=False)
        terminal.write()
    if not confirmed:
        _confirm(user)
    answer = asyncio.run(
        ask("PUT", f"{address}/consent", user=user, password=password, body={"digest": shown.digest})
    )
    schedule = _read(answer)
    if as_json:
        terminal.write_json(schedule.model_dump(mode="json"))
    else:
        when = f"It is due {shown_time(schedule.due)}." if schedule.due else "It is paused."
        name, holder = visible(schedule.name), visible(user)
        terminal.write(Text(f"The schedule {name} runs as {holder} from now on. {when}"))
    return ExitCode.OK


def withdraw(url: str, *, user: str, password_file: str | None, as_json: bool, plain: bool) -> ExitCode:
    """Take the consent to the schedule at *url* back."""
    terminal = Terminal.open(plain=plain)
    address = schedule_address(url)
    answer = asyncio.run(
        ask("DELETE", f"{address}/consent", user=user, password=password_of(user, file=password_file))
    )
    schedule = _read(answer)
    if as_json:
        terminal.write_json(schedule.model_dump(mode="json"))
    else:
        terminal.write(Text(f"The schedule {visible(schedule.name)} does nothing any more."))
    return ExitCode.OK


def _confirm(user: str) -> None:
    if not sys.stdin.isatty():
        raise ConsentUnconfirmed("Say --yes when this may run: nobody can be asked here.")
    if not typer.confirm(f"Let this run as {visible(user)}?", err=True):
        raise ConsentUnconfirmed("Nothing was consented to.")


def _read(content: bytes) -> WholeScheduleDocument:
    return WholeScheduleDocument.model_validate_json(content)
