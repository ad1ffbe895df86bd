"""The options of ``deputize plan …``."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from pathlib import Path
from typing import Annotated, Literal

import typer

from deputize.cli import options

app = typer.Typer(help="Plans as files: export one, import one.")


@app.command()
def export(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="The plan's name.")],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The zip to write; a new one.")],
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Write a plan to a zip, without a secret, a key or a person."""
    from deputize.cli.deployed import Where
    from deputize.cli.plan import export_to

    return export_to(Where(data=data, project=project), plan=plan, out=out, as_json=as_json, plain=plain)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The zip of a plan.")],
    *,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="What the plan is to be called. [default: as in FILE]"),
    ] = None,
    ported: Annotated[
        Path | None,
        typer.Option("--ported", metavar="DIR", help="Where NAME.py is the port of the script of NAME."),
    ] = None,
    keep_legacy: Annotated[
        bool,
        typer.Option("--keep-legacy", help="Let integrations from before the methods go on as before."),
    ] = False,
    authentication: Annotated[
        Literal["on", "off"] | None,
        typer.Option("--authentication", metavar="MODE", help="Whether the plan had it: on or off."),
    ] = None,
    pair_name: Annotated[
        str | None,
        typer.Option("--pair-name", metavar="NAME", help="The user name of the plan's callers."),
    ] = None,
    password: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE", help="Where their password is. [default: a prompt, or stdin]"),
    ] = None,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="USER", help="As whom legacy scripts call the platform.")
    ] = None,
    nobody: Annotated[
        bool, typer.Option("--no-owner", help="As nobody: what they call there is refused.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be made, and make nothing.")
    ] = False,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Import a plan from a zip, and list what is to be done."""
    from deputize.cli.deployed import Where
    from deputize.cli.plan import ImportCommand, Legacy, import_from

    legacy = None
    if keep_legacy:
        if authentication is None or (owner is None) != nobody:
            raise typer.BadParameter(
                "--keep-legacy needs --authentication on|off, and exactly one of --owner USER and --no-owner."
            )
        if (authentication == "on") != (pair_name is not None):
            raise typer.BadParameter("--pair-name NAME goes with --authentication on, which needs it.")
        legacy = Legacy(pair_name=pair_name, password=password, owner=owner)
    elif authentication or pair_name or password or owner or nobody:
        raise typer.BadParameter(
            "--authentication, --pair-name, --from, --owner and --no-owner go with --keep-legacy."
        )
    command = ImportCommand(
        where=Where(data=data, project=project),
        file=file,
        name=name,
        ported=ported,
        legacy=legacy,
        dry_run=dry_run,
        as_json=as_json,
        plain=plain,
    )
    return import_from(command)
