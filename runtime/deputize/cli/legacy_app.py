"""The options of ``deputize legacy …``."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from typing import Annotated

import typer

from deputize.cli import options

app = typer.Typer(help="Integrations from before the methods of authentication.")

_Plan = Annotated[str, typer.Argument(metavar="PLAN", help="The plan's name.")]


@app.command()
def show(
    plan: _Plan,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Show on what terms a plan's legacy integrations go on, and which are left."""
    from deputize.cli.deployed import Where
    from deputize.cli.legacy import show_terms

    return show_terms(Where(data=data, project=project), plan=plan, as_json=as_json, plain=plain)


@app.command()
def owner(
    plan: _Plan,
    *,
    user: Annotated[
        str | None, typer.Option("--owner", metavar="USER", help="As whom their scripts call the platform.")
    ] = None,
    nobody: Annotated[
        bool, typer.Option("--no-owner", help="As nobody: what they call there is refused.")
    ] = False,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Say who owns the endpoint that a plan's legacy integrations call the platform by."""
    from deputize.cli.deployed import Where
    from deputize.cli.legacy import set_owner

    if (user is None) != nobody:
        raise typer.BadParameter("Give exactly one of --owner USER and --no-owner.")
    where = Where(data=data, project=project)
    return set_owner(where, plan=plan, owner=user, as_json=as_json, plain=plain)


@app.command()
def pair(
    plan: _Plan,
    *,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="The user name that callers present.")],
    file: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE", help="Where it stands. [default: a prompt, or stdin]"),
    ] = None,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Give a plan another name and password for its legacy integrations; the password is asked for."""
    from deputize.cli.deployed import Where
    from deputize.cli.legacy import set_pair

    where = Where(data=data, project=project)
    return set_pair(where, plan=plan, name=name, file=file, as_json=as_json, plain=plain)
