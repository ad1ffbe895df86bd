"""The commands and their options; what they do is in the module of each."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from pathlib import Path
from typing import Annotated, Any

import typer

from deputize.cli import (
    activity_app,
    bundle_app,
    client_app,
    dead_letters_app,
    integration_app,
    key_app,
    legacy_app,
    mail_app,
    migrate_app,
    plan_app,
    runs_app,
    schedule_app,
    secret_app,
    upkeep_app,
    user_app,
)
from deputize.cli.options import AsJson, AsLines, Data, Plain, Project, StandIns

app = typer.Typer(
    name="deputize",
    help="Run scripts with exactly the authority of whoever set them off.",
    add_completion=False,
    pretty_exceptions_enable=False,
    # Help without rich starts quicker and is read aloud without its boxes.
    rich_markup_mode=None,
)

#: Public is only the usage error that typer derives from it.
_CommandLineError: type[Exception] = typer.BadParameter.__mro__[2]


def run_command_line(arguments: list[str]) -> int:
    """Run the command that *arguments* ask for and return the code to exit with."""
    command = typer.main.get_command(app)
    as_json = "--json" in arguments or "--ndjson" in arguments
    indent = None if "--ndjson" in arguments else 2
    try:
        code: Any = command.main(arguments or ["--help"], prog_name="deputize", standalone_mode=False)
    except typer.Abort:
        code = 130
    except _CommandLineError as error:
        from deputize.cli.errors import report_usage
        from deputize.cli.terminal import Terminal

        return report_usage(Terminal.open(), _usage_message(error), as_json=as_json, indent=indent)
    except Exception as error:
        from deputize.cli.errors import report
        from deputize.cli.terminal import Terminal
        from deputize.errors import DeputizeError, ExtraMissing

        if isinstance(error, ModuleNotFoundError):
            error = ExtraMissing.of(error) or error
        if not isinstance(error, DeputizeError):
            raise
        return report(Terminal.open(plain="--plain" in arguments), error, as_json=as_json, indent=indent)
    return int(code or 0)


def _usage_message(error: Any) -> str:
    message: str = error.format_message()
    stop = "" if message.endswith((".", "?")) else "."
    path = error.ctx.command_path if getattr(error, "ctx", None) is not None else "deputize"
    return f"{message}{stop} See `{path} --help`."


def _print_version(wanted: bool) -> None:
    if wanted:
        from deputize.cli.version import print_version

        print_version(as_json=False)
        raise typer.Exit


@app.callback()
def deputize(
    *,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version.")
    ] = False,
) -> None:
    """Run scripts with exactly the authority of whoever set them off."""


@app.command()
def run(
    script: Annotated[
        str, typer.Argument(metavar="SCRIPT", help="An integration's name, PLAN/NAME, or a script's path.")
    ],
    *,
    user: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="USERS",
            help="Whose authority the script acts with; several as in dana,rob.",
        ),
    ],
    payload: Annotated[
        str | None,
        typer.Option("--payload", metavar="FILE", help="What it is given, as JSON; - reads stdin."),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="inbound, STATUS, DELIVERYSTATUS, RESPONSE, ANNOTATION, ESCALATION or "
            "TARGETEDRECIPIENTFAILURE. [default: the integration's own]",
        ),
    ] = None,
    project: Project = None,
    stand_ins: StandIns = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 3 if the user was refused a call (403).")
    ] = False,
    record: Annotated[
        Path | None,
        typer.Option("--record", metavar="FILE", help="Write the run to this file, to replay it; no secret."),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Run it again whenever a file of the project changes.")
    ] = False,
    as_json: AsJson = False,
    as_lines: AsLines = False,
    plain: Plain = False,
) -> int:
    """Run a script as a user and show what happens."""
    from deputize.cli.output import Output
    from deputize.cli.run import RunCommand, run_script

    output = Output.asked_for(as_json=as_json, as_lines=as_lines)
    command = RunCommand(
        script=script,
        user=user,
        payload=payload,
        kind=kind,
        project=project,
        stand_ins=stand_ins,
        strict=strict,
        record=record,
        output=output,
        plain=plain,
        watch=watch,
    )
    return run_script(command)


@app.command()
def replay(
    bundles: Annotated[
        list[Path], typer.Argument(metavar="BUNDLE...", help="Files of runs, or folders of them.")
    ],
    *,
    script: Annotated[
        Path | None,
        typer.Option("--script", metavar="FILE", help="Run this script in the place of the recorded one."),
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Keep what is different as what is expected from now on.")
    ] = False,
    as_json: AsJson = False,
    plain: Plain = False,
) -> int:
    """Run recorded runs again, offline, and show what is different."""
    from deputize.cli.replay import ReplayCommand, replay_bundles

    return replay_bundles(
        ReplayCommand(bundles=tuple(bundles), script=script, accept=accept, as_json=as_json, plain=plain)
    )


@app.command()
def check(
    scripts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SCRIPT|FOLDER]...",
            help="Names, paths or folders. [default: every integration's script]",
        ),
    ] = None,
    *,
    no_types: Annotated[
        bool, typer.Option("--no-types", help="Leave out what a type checker would find.")
    ] = False,
    project: Project = None,
    as_json: AsJson = False,
    plain: Plain = False,
) -> int:
    """Find what is wrong with scripts, without running them."""
    from deputize.cli.check import check_scripts

    return check_scripts(
        tuple(scripts or ()), types=not no_types, project=project, as_json=as_json, plain=plain
    )


@app.command()
def stubs(
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where to write them. [default: typings in the project]"),
    ] = None,
    project: Project = None,
    as_json: AsJson = False,
    plain: Plain = False,
) -> int:
    """Write typings that know the project's names, for editors and type checkers."""
    from deputize.cli.stubs import make_stubs

    return make_stubs(out=out, project=project, as_json=as_json, plain=plain)


@app.command()
def modules(
    module: Annotated[
        str | None, typer.Argument(metavar="[MODULE]", help="Show every name of this one.")
    ] = None,
    *,
    as_json: AsJson = False,
    plain: Plain = False,
) -> int:
    """List what scripts may import."""
    from deputize.cli.modules import list_modules

    return list_modules(module, as_json=as_json, plain=plain)


@app.command()
def doctor(*, project: Project = None, as_json: AsJson = False, plain: Plain = False) -> int:
    """Say whether this machine can confine scripts, and what it lacks."""
    from deputize.cli.doctor import examine_machine

    return examine_machine(project=project, as_json=as_json, plain=plain)


@app.command()
def serve(
    *,
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="0 is a port of the moment.")
    ] = 8080,
    data: Data = None,
    project: Project = None,
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency", metavar="N", min=0, max=1000, help="Runs at once; 0: all are workers'."
        ),
    ] = None,
    stand_ins: StandIns = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Say where everything is as one line of JSON.")
    ] = False,
    plain: Plain = False,
) -> int:
    """Serve the project: inbound requests, the APIs, and the runs."""
    from deputize.cli.serve import ServeCommand, serve_project

    return serve_project(
        ServeCommand(
            project=project,
            data=data,
            port=port,
            concurrency=concurrency,
            stand_ins=stand_ins,
            as_json=as_json,
            plain=plain,
        )
    )


@app.command()
def work(
    *,
    concurrency: Annotated[
        int | None, typer.Option("--concurrency", metavar="N", min=1, max=1000, help="Runs at once.")
    ] = None,
    data: Data = None,
    project: Project = None,
    stand_ins: StandIns = False,
    as_json: Annotated[bool, typer.Option("--json", help="Say what begins as one line of JSON.")] = False,
    plain: Plain = False,
) -> int:
    """Perform runs beside a server, on the same PostgreSQL."""
    from deputize.cli.work import WorkCommand, work_beside

    return work_beside(
        WorkCommand(
            project=project,
            data=data,
            concurrency=concurrency,
            stand_ins=stand_ins,
            as_json=as_json,
            plain=plain,
        )
    )


@app.command()
def schema(
    name: Annotated[
        str, typer.Argument(metavar="[activity|run|project]", help="What to describe.")
    ] = "activity",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="A schema is JSON with and without it.")] = False,
) -> int:
    """Print the JSON Schema of entries, runs or projects."""
    from deputize.cli.schema import print_schema

    return print_schema(name)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="NAME", help="The folder to make.")],
    *,
    as_json: AsJson = False,
    plain: Plain = False,
) -> int:
    """Make a small project that runs at once."""
    from deputize.cli.init import make_project

    return make_project(folder, as_json=as_json, plain=plain)


@app.command()
def version(*, as_json: AsJson = False) -> int:
    """Print the version."""
    from deputize.cli.version import print_version

    return print_version(as_json=as_json)


app.add_typer(activity_app.app)
app.add_typer(runs_app.app, name="runs")
app.add_typer(dead_letters_app.app, name="dead-letters")
app.add_typer(integration_app.app)
app.add_typer(upkeep_app.app)
app.add_typer(bundle_app.app, name="bundle")
app.add_typer(key_app.app, name="key")
app.add_typer(schedule_app.app, name="schedule")
app.add_typer(client_app.app, name="client")
app.add_typer(user_app.app, name="user")
app.add_typer(plan_app.app, name="plan")
app.add_typer(secret_app.app, name="secret")
app.add_typer(legacy_app.app, name="legacy")
app.add_typer(mail_app.app, name="email")
app.add_typer(migrate_app.app, name="migrate")
