"""``deputize email start``: start a form with a message, as the user whom it is from."""

import sys
from pathlib import Path
from typing import Final

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.secret_input import STDIN, InputRefused
from deputize.cli.terminal import Terminal
from deputize.composition.form_starts import form_starter
from deputize.inbound.mail.message import MOST_BYTES
from deputize.server.documents.events import StartedByEmailDocument
from deputize.use_cases.start_by_email import StartedByEmail, start_by_email

#: A file that was not meant is not read to its end.
_MOST: Final = MOST_BYTES + 1


def start_with_message(where: Where, *, file: str, form: str | None, as_json: bool, plain: bool) -> ExitCode:
    """Start the form that the message in *file* is addressed to, or *form*, and print the event."""
    terminal = Terminal.open(plain=plain)
    message = _read(file)

    async def work(deployed: Deployed) -> StartedByEmail:
        starter = form_starter(deployed.database)
        return await start_by_email(deployed.database, OPERATOR, starter=starter, message=message, form=form)

    event = with_deployment(where, work)
    if as_json:
        terminal.write_json(StartedByEmailDocument.by_email(event).model_dump(mode="json"))
        return ExitCode.OK
    started = event.started
    before = "was started before" if started.again else "has started"
    terminal.write(
        f"Event {started.number} of {visible(event.form)} {before}, as {visible(event.initiator)}."
    )
    for what, names in (("Not sent to", started.left_out), ("Attachments left out", event.attachments)):
        if names:
            terminal.say(f"{what}: {', '.join(visible(each) for each in names)}")
    return ExitCode.OK


def _read(file: str) -> bytes:
    if file == STDIN:
        return sys.stdin.buffer.read(_MOST)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(_MOST)
    except OSError as error:
        raise InputRefused(f"{file}: the message cannot be read: {error.strerror}.") from None
