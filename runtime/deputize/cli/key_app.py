"""The options of ``deputize key …``."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from typing import Annotated

import typer

from deputize.cli import options

app = typer.Typer(help="Keys to inbound integrations.")

_Key = Annotated[
    str, typer.Argument(metavar="KEY", help="A key's id, or 4 characters of its beginning or more.")
]
_Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        metavar="URL",
        help="How callers reach the server. [default: DEPUTIZE_PUBLIC_URL, or where it listened last]",
        show_default=False,
    ),
]
_Given = Annotated[
    bool,
    typer.Option("--given", help="The sender's provider has made the signing secret: it is asked for."),
]
_File = Annotated[
    str | None,
    typer.Option("--from", metavar="FILE", help="Where the signing secret stands that was given."),
]


@app.command()
def create(
    *,
    integration: Annotated[
        str, typer.Option("--integration", metavar="NAME", help="What it opens: a name, PLAN/NAME, or an id.")
    ],
    user: Annotated[str, typer.Option("--for", metavar="USER", help="Whose authority it stands for.")],
    given: _Given = False,
    file: _File = None,
    url: _Url = None,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Issue a key and show it, this once."""
    from deputize.cli.deployed import Where
    from deputize.cli.key import Given, create_key

    return create_key(
        Where(data=data, project=project),
        integration=integration,
        user=user,
        given=Given(given=given, file=file),
        url=url,
        as_json=as_json,
        plain=plain,
    )


@app.command("list")
def list_(
    *,
    integration: options.OfIntegration = None,
    user: Annotated[
        str | None, typer.Option("--for", metavar="USER", help="Only those that stand for this user.")
    ] = None,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """List keys, the newest first; what opens is not kept and not shown."""
    from deputize.cli.deployed import Where
    from deputize.cli.key import list_keys

    where = Where(data=data, project=project)
    return list_keys(where, integration=integration, user=user, as_json=as_json, plain=plain)


@app.command()
def rotate(
    key: _Key,
    *,
    overlap: Annotated[
        int,
        typer.Option("--overlap", metavar="SECONDS", min=0, help="How long the old one works beside it."),
    ] = 0,
    given: _Given = False,
    file: _File = None,
    url: _Url = None,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Give a key a new secret and show it, this once."""
    from deputize.cli.deployed import Where
    from deputize.cli.key import Given, rotate_key

    return rotate_key(
        Where(data=data, project=project),
        key=key,
        overlap=overlap,
        given=Given(given=given, file=file),
        url=url,
        as_json=as_json,
        plain=plain,
    )


@app.command()
def revoke(
    key: _Key,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """End a key: from now on it opens nothing."""
    from deputize.cli.deployed import Where
    from deputize.cli.key import revoke_key

    return revoke_key(Where(data=data, project=project), key=key, as_json=as_json, plain=plain)
