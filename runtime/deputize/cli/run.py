"""``deputize run``: run a script as a user and show its stream."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deputize.bundle.file import write_bundle
from deputize.cli.errors import ExitCode, exit_code, exit_note
from deputize.cli.output import Output
from deputize.cli.payload import read_payload
from deputize.cli.received import received_json
from deputize.cli.render import RunRenderer
from deputize.cli.terminal import Terminal
from deputize.domain.run import Run
from deputize.domain.stored_run import StoredRun
from deputize.errors import PayloadInvalid
from deputize.project import find_project
from deputize.runtime import Runtime

if TYPE_CHECKING:
    from pydantic import JsonValue

    from deputize.activity.entries import ActivityEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCommand:
    """What the command line asks for."""

    script: str
    user: str
    #: A path, ``-`` for stdin, or None for no payload.
    payload: str | None
    kind: str | None
    project: Path | None
    stand_ins: bool
    strict: bool
    #: Where the run is written to, as a bundle.
    record: Path | None
    output: Output
    plain: bool


def run_script(command: RunCommand) -> ExitCode:
    """Run what *command* asks for, and show it while it happens.

    Raises the errors of ``Runtime.open`` and ``Runtime.run``; nothing of the run was started then.
    """
    terminal = Terminal.open(plain=command.plain)
    runtime = Runtime.open(find_project(command.project or Path()), stand_ins=command.stand_ins)
    folders = [Path(), runtime.project.root] if runtime.project else [Path()]
    payload = None if command.payload is None else read_payload(command.payload, folders=folders)
    try:
        run = asyncio.run(_run(runtime, payload, command, terminal))
    except PayloadInvalid as error:
        if command.payload is not None:
            raise
        raise PayloadInvalid(f"{error} Give one with --payload FILE.") from None
    except KeyboardInterrupt:
        terminal.say("Interrupted: the script was stopped.")
        return ExitCode.BY_KEYBOARD
    return exit_code(run, strict=command.strict)


async def _run(runtime: Runtime, payload: "JsonValue", command: RunCommand, terminal: Terminal) -> Run:
    renderer = RunRenderer(terminal)

    def show(entry: "ActivityEntry") -> None:
        if command.output is Output.TEXT:
            renderer.entry(entry)
        elif command.output is Output.NDJSON:
            terminal.write_json(entry.model_dump(mode="json"), indent=None)

    async with runtime:
        run = await runtime.run(
            command.script,
            payload=payload,
            initiator=command.user,
            kind=command.kind,
            via="cli",
            listener=show,
        )
        set_off = await runtime.settled()
        if command.record is not None:
            bundle = await runtime.bundle(run.id)
            write_bundle(bundle, command.record)
            terminal.say(f"Recorded {len(bundle.har.log.entries)} exchanges in {command.record}.")
        received = {name: tuple(server.requests) for name, server in runtime.stand_ins.items()}
    if command.output is Output.JSON:
        document = run.as_json()
        if set_off:
            document["set_off"] = [_brief(each) for each in set_off]
        terminal.write_json(document | ({"stand_ins": received_json(received)} if command.stand_ins else {}))
    elif command.output is Output.TEXT:
        renderer.set_off(set_off)
        renderer.stand_ins(received)
        renderer.ending(run, exit_note=exit_note(run, strict=command.strict))
    return run


def _brief(run: StoredRun) -> "JsonValue":
    return {"id": run.id, "name": run.name, "state": run.state, "initiator": run.initiator.id}
