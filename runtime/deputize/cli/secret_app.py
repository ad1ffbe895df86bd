"""The options of ``deputize secret …``."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from typing import Annotated

import typer

from deputize.cli import options

app = typer.Typer(help="Secrets that scripts may send and nobody can read.")

_Name = Annotated[str, typer.Argument(metavar="NAME", help="The secret's name.")]
_Plan = Annotated[
    str | None,
    typer.Option("--plan", metavar="PLAN", help="Whose it is. [default: every plan's]", show_default=False),
]


@app.command("set")
def set_(
    name: _Name,
    *,
    plan: _Plan = None,
    endpoint: Annotated[
        list[str] | None,
        typer.Option(
            "--endpoint",
            metavar="E",
            help="Where it may be sent; may be given several times. [default: as before]",
            show_default=False,
        ),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE", help="Where it stands. [default: a prompt, or stdin]"),
    ] = None,
    keep_value: Annotated[
        bool, typer.Option("--keep-value", help="Change where it may be sent, and not its value.")
    ] = False,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Set a secret, which is asked for, or read from a file or stdin."""
    from deputize.cli.deployed import Where
    from deputize.cli.secret import set_secret

    if keep_value and (file is not None or not endpoint):
        raise typer.BadParameter("--keep-value goes with --endpoint, and without --from.")
    return set_secret(
        Where(data=data, project=project),
        name=name,
        plan=plan,
        endpoints=endpoint or (),
        file=file,
        keep_value=keep_value,
        as_json=as_json,
        plain=plain,
    )


@app.command("list")
def list_(
    *,
    plan: _Plan = None,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """List secrets, without their values."""
    from deputize.cli.deployed import Where
    from deputize.cli.secret import list_secrets

    return list_secrets(Where(data=data, project=project), plan=plan, as_json=as_json, plain=plain)


@app.command()
def delete(
    name: _Name,
    *,
    plan: _Plan = None,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Delete a secret."""
    from deputize.cli.deployed import Where
    from deputize.cli.secret import delete_secret

    where = Where(data=data, project=project)
    return delete_secret(where, name=name, plan=plan, as_json=as_json, plain=plain)
