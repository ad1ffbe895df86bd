"""The options of the commands that look after a deployment: backup, prune."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from pathlib import Path
from typing import Annotated

import typer

from deputize.cli import options

app = typer.Typer()


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The copy: a file that is not there yet.")],
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Copy the database while the server runs; the master key is not in the copy."""
    from deputize.cli.backup import back_up_deployment
    from deputize.cli.deployed import Where

    return back_up_deployment(Where(data=data, project=project), file, as_json=as_json, plain=plain)


@app.command()
def prune(
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Remove what need not be kept any longer, as the server does every hour."""
    from deputize.cli.deployed import Where
    from deputize.cli.prune import prune_deployment

    return prune_deployment(Where(data=data, project=project), as_json=as_json, plain=plain)
