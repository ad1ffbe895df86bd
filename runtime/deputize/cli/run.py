"""``deputize run``: run a script as a user and show its stream."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from deputize.bundle.file import write_bundle
from deputize.cli.errors import ExitCode, exit_code, exit_note
from deputize.cli.output import Output
from deputize.cli.payload import STDIN, read_payload
from deputize.cli.received import received_json
from deputize.cli.render import RunRenderer
from deputize.cli.run_each import run_as_each, worst, write_side_by_side
from deputize.cli.terminal import Terminal
from deputize.cli.watch import watch
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
    #: Whose authority it acts with; the names of several are divided by commas.
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
    #: Whether it runs again after each change.
    watch: bool

    @property
    def users(self) -> tuple[str, ...]:
        """Each user once."""
        return tuple(dict.fromkeys(name.strip() for name in self.user.split(",") if name.strip()))

    def check(self) -> None:
        """Refuse, as an error of usage, what cannot be had together."""
        if len(self.users) > 1 and self.record is not None:
            raise typer.BadParameter("--record keeps one run, and --as names several users. Name one.")
        if self.watch and (self.record is not None or self.output is not Output.TEXT):
            raise typer.BadParameter("--watch has no end; it excludes --record, --json and --ndjson.")
        if self.watch and self.payload == STDIN:
            raise typer.BadParameter("--watch reads the payload again and again. Give a file.")


def run_script(command: RunCommand) -> ExitCode:
    """Run what *command* asks for, and show it while it happens.

    Raises the errors of ``Runtime.open`` and ``Runtime.run``; nothing of the run was started then.
    """
    command.check()
    terminal = Terminal.open(plain=command.plain)
    if not command.watch:
        return _run_once(command, terminal)
    found = find_project(command.project or Path())
    files = [Path(each) for each in (command.script, command.payload) if each and Path(each).is_file()]
    return watch(
        lambda: _run_once(command, terminal), folder=found.resolve().parent, files=files, terminal=terminal
    )


def _run_once(command: RunCommand, terminal: Terminal) -> ExitCode:
    runtime = Runtime.open(find_project(command.project or Path()), stand_ins=command.stand_ins)
    folders = [Path(), runtime.project.root] if runtime.project else [Path()]
    payload = None if command.payload is None else read_payload(command.payload, folders=folders)
    try:
        if len(command.users) > 1:
            return _run_as_each(payload, command, terminal)
        run = asyncio.run(_run(runtime, payload, command, terminal))
    except PayloadInvalid as error:
        if command.payload is not None:
            raise
        raise PayloadInvalid(f"{error} Give one with --payload FILE.") from None
    except KeyboardInterrupt:
        if command.watch:
            raise
        terminal.say("Interrupted: the script was stopped.")
        return ExitCode.BY_KEYBOARD
    return exit_code(run, strict=command.strict)


def _run_as_each(payload: "JsonValue", command: RunCommand, terminal: Terminal) -> ExitCode:
    runs = run_as_each(
        command.users,
        open_runtime=lambda: Runtime.open(
            find_project(command.project or Path()), stand_ins=command.stand_ins
        ),
        script=command.script,
        payload=payload,
        kind=command.kind,
    )
    code = worst(runs, strict=command.strict)
    if command.output is Output.JSON:
        terminal.write_json([run.as_json() for run in runs])
    elif command.output is Output.NDJSON:
        for entry in (entry for run in runs for entry in run.activity):
            terminal.write_json(entry.model_dump(mode="json"), indent=None)
    else:
        write_side_by_side(terminal, runs)
        terminal.write()
        terminal.write(f"exit {code:d}")
    return code


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
            initiator=command.users[0] if command.users else command.user,
            kind=command.kind,
            via="cli",
            listener=show,
        )
        set_off = await runtime.settled()
        if command.record is not None:
            bundle = await runtime.bundle(run.id)
            write_bundle(bundle, command.record)
            replaced = f" · {len(bundle.redacted)} redacted" if bundle.redacted else ""
            terminal.say(f"Recorded {bundle.size} in {command.record}{replaced}.")
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
