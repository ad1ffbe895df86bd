"""The options of ``deputize bundle …``."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from pathlib import Path
from typing import Annotated

import typer

from deputize.cli import options

app = typer.Typer(help="Runs as files: to replay, to keep, to make tests of.")

_Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="FILE", help="Where to write it. [default: ID.deputize]"),
]


@app.command()
def export(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The run's id, or how it begins.")],
    *,
    out: _Out = None,
    data: options.Data = None,
    project: options.Project = None,
    plain: options.Plain = False,
) -> int:
    """Write a run of the server on this machine to a file."""
    from deputize.cli.bundle import export_bundle
    from deputize.cli.deployed import Where

    return export_bundle(Where(data=data, project=project), run=run, out=out, plain=plain)


@app.command()
def pull(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where the run is: https://HOST/runs/ID.")],
    *,
    user: Annotated[str, typer.Option("--user", metavar="USER", help="Who asks; they must see the run.")],
    file: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE", help="Where the password is. [default: a prompt, or stdin]"),
    ] = None,
    out: _Out = None,
    plain: options.Plain = False,
) -> int:
    """Fetch a run from a server, as somebody who may see it."""
    from deputize.cli.bundle import pull_bundle

    return pull_bundle(url, user=user, password_file=file, out=out, plain=plain)


@app.command()
def to_test(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The file of a run.")],
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="The test file. [default: tests/test_BUNDLE.py]"),
    ] = None,
    plain: options.Plain = False,
) -> int:
    """Write a test of a run: its endpoints mocked as they answered, and what came of it."""
    from deputize.cli.bundle import write_test

    return write_test(bundle, out=out, plain=plain)
