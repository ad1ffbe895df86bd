"""``deputize work``: performs runs beside a server, until it is told to stop."""

import asyncio
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from deputize.cli.errors import ExitCode
from deputize.cli.logs import log_to_stderr
from deputize.cli.terminal import Terminal
from deputize.composition.server import ServerOptions, open_server
from deputize.deployment import data_folder
from deputize.project import Project, find_project
from deputize.server.listen import until_signalled
from deputize.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCommand:
    """What the command line asks for."""

    project: Path | None
    data: Path | None
    concurrency: int | None
    as_json: bool
    plain: bool


def work_beside(command: WorkCommand) -> ExitCode:
    """Perform runs until SIGTERM or SIGINT, and say under which name.

    Raises what ``open_server`` refuses; no run was taken up then.
    """
    terminal = Terminal.open(plain=command.plain)
    project = Project.load(find_project(command.project or Path()))
    settings = Settings.read()
    log_to_stderr(level=settings.log_level)
    options = ServerOptions(
        folder=data_folder(settings, project_root=project.root, data=command.data),
        port=None,
        concurrency=command.concurrency,
    )
    asyncio.run(_work(project, options, settings, terminal, as_json=command.as_json))
    return ExitCode.OK


async def _work(
    project: Project, options: ServerOptions, settings: Settings, terminal: Terminal, *, as_json: bool
) -> None:
    stopping = asyncio.Event()
    with until_signalled(stopping):
        async with open_server(project, options, settings=settings, stopping=stopping) as server:
            concurrency = settings.concurrency if options.concurrency is None else options.concurrency
            if as_json:
                host, process = socket.gethostname(), os.getpid()
                told = {"worker": server.worker, "host": host, "process": process}
                terminal.write_json({**told, "concurrency": concurrency, "store": server.store}, indent=None)
            else:
                terminal.write(f"Worker       {server.worker}")
                terminal.write(f"Store        {server.store}")
                terminal.say(
                    f"Performing up to {concurrency} runs at once. Press Ctrl-C to stop; running scripts get "
                    f"{settings.drain_seconds:g} s to finish."
                )
            await stopping.wait()
            terminal.say("Stopping: runs under way may finish.")
    terminal.say("Stopped.")
