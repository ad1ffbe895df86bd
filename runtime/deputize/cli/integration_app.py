"""The options of ``deputize integrations``."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from typing import Annotated

import typer

from deputize.cli import options

app = typer.Typer()


@app.command()
def integrations(
    *,
    plan: Annotated[
        str | None, typer.Option("--plan", metavar="PLAN", help="Only those of this plan.")
    ] = None,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """List integrations, by name, and what has to be seen to."""
    from deputize.cli.deployed import Where
    from deputize.cli.integrations import list_integrations

    return list_integrations(Where(data=data, project=project), plan=plan, as_json=as_json, plain=plain)
