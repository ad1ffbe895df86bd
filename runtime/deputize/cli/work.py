"""``deputize work``: performs runs beside a server, until it is told to stop."""

import asyncio
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.serving import Serving
from deputize.cli.terminal import Terminal
from deputize.composition.server import ServerOptions, open_server
from deputize.server.listen import until_signalled


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCommand:
    """What the command line asks for."""

    project: Path | None
    data: Path | None
    concurrency: int | None
    stand_ins: bool
    as_json: bool
    plain: bool


def work_beside(command: WorkCommand) -> ExitCode:
    """Perform runs until SIGTERM or SIGINT, and say under which name.

    Raises what ``open_server`` refuses; no run was taken up then.
    """
    terminal = Terminal.open(plain=command.plain)
    serving = Serving.begin(command.project, data=command.data, concurrency=command.concurrency)
    options = ServerOptions(folder=serving.folder, port=None, stand_ins=command.stand_ins)
    asyncio.run(_work(serving, options, terminal, as_json=command.as_json))
    return ExitCode.OK


async def _work(serving: Serving, options: ServerOptions, terminal: Terminal, *, as_json: bool) -> None:
    settings, stopping = serving.settings, asyncio.Event()
    with until_signalled(stopping):
        async with open_server(serving.project, options, settings=settings, stopping=stopping) as server:
            if as_json:
                terminal.write_json(
                    {
                        "worker": server.worker,
                        "host": socket.gethostname(),
                        "process": os.getpid(),
                        "concurrency": settings.concurrency,
                        "store": server.store,
                        "stand_ins": {name: each.url for name, each in server.stand_ins.items()},
                    },
                    indent=None,
                )
            else:
                terminal.write(f"Worker       {server.worker}")
                terminal.write(f"Store        {server.store}")
                for name, stand_in in server.stand_ins.items():
                    terminal.write(f"Stand-in     {visible(name)}  {stand_in.url}")
                terminal.say(
                    f"Performing up to {settings.concurrency} runs at once. Press Ctrl-C to stop; running "
                    f"scripts get {settings.drain_seconds:g} s to finish."
                )
            await stopping.wait()
            terminal.say("Stopping: runs under way may finish.")
    terminal.say("Stopped.")
