"""``deputize rerun``: replay a run of a server live, as somebody who may."""

import asyncio
import json
from uuid import uuid4

from rich.text import Text

from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.over_http import ask, password_of, run_address
from deputize.cli.terminal import Terminal


def rerun(
    url: str, *, user: str, password_file: str | None, as_initiator: bool, as_json: bool, plain: bool
) -> ExitCode:
    """Have the run at *url* done again as *user*, or as its initiator; print which run does it."""
    terminal = Terminal.open(plain=plain)
    address = run_address(url)
    content = asyncio.run(
        ask(
            "POST",
            f"{address}/replays",
            user=user,
            password=password_of(user, file=password_file),
            body={"as_initiator": as_initiator},
            # A proxy that sends the request again starts nothing again.
            headers={"Idempotency-Key": str(uuid4())},
        )
    )
    replay = json.loads(content)
    if as_json:
        terminal.write_json(replay)
        return ExitCode.OK
    whom = "its initiator" if as_initiator else user
    line = f"run {replay['id']} replays {replay['replay_of']} live, as {whom}"
    terminal.write(Text(visible(line)))
    terminal.say(Text(visible(f"It is at {address.rpartition('/')[0]}/{replay['id']}")))
    return ExitCode.OK
