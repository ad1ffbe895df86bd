"""The options of ``deputize client …``."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from typing import Annotated

import typer

from deputize.cli import options

app = typer.Typer(help="Clients of OAuth: applications that act for people who let them.")

_Client = Annotated[
    str, typer.Argument(metavar="CLIENT", help="A client's id, or 4 characters after dpc_ or more.")
]


@app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As people are asked about it.")],
    *,
    scope: Annotated[
        list[str],
        typer.Option("--scope", metavar="SCOPE", help="What may be granted to it: trigger, read, write."),
    ],
    redirect_uri: Annotated[
        list[str] | None,
        typer.Option("--redirect-uri", metavar="URI", help="Where people are sent back to."),
    ] = None,
    grant: Annotated[
        list[str] | None,
        typer.Option(
            "--grant",
            metavar="GRANT",
            help="authorization_code, refresh_token or password. "
            "[default: authorization_code and refresh_token]",
            show_default=False,
        ),
    ] = None,
    confidential: Annotated[
        bool, typer.Option("--confidential", help="It can keep a secret, and gets one.")
    ] = False,
    mobile: Annotated[
        bool, typer.Option("--mobile", help="It is the mobile app: what it starts is started by mobile.")
    ] = False,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Register a client; the secret of a confidential one is shown this once."""
    from deputize.cli.client import create_client
    from deputize.cli.deployed import Where
    from deputize.use_cases.register_client import NewClient

    new = NewClient(
        name=name,
        kind="confidential" if confidential else "public",
        redirect_uris=redirect_uri or [],
        grants=grant or ["authorization_code", "refresh_token"],
        scope=scope,
        mobile=mobile,
    )
    return create_client(Where(data=data, project=project), new=new, as_json=as_json, plain=plain)


@app.command("list")
def list_(
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """List clients, by name; secrets are not kept and not shown."""
    from deputize.cli.client import list_clients
    from deputize.cli.deployed import Where

    return list_clients(Where(data=data, project=project), as_json=as_json, plain=plain)


@app.command()
def rotate(
    client: _Client,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Give a confidential client a new secret and show it, this once."""
    from deputize.cli.client import rotate_secret
    from deputize.cli.deployed import Where

    return rotate_secret(Where(data=data, project=project), client=client, as_json=as_json, plain=plain)


@app.command()
def disable(
    client: _Client,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Give a client no tokens any more, and refuse those that it has."""
    from deputize.cli.client import set_enabled
    from deputize.cli.deployed import Where

    where = Where(data=data, project=project)
    return set_enabled(where, client=client, enabled=False, as_json=as_json, plain=plain)


@app.command()
def enable(
    client: _Client,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Give a client tokens again."""
    from deputize.cli.client import set_enabled
    from deputize.cli.deployed import Where

    where = Where(data=data, project=project)
    return set_enabled(where, client=client, enabled=True, as_json=as_json, plain=plain)


@app.command("rotate-key")
def rotate_key(
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Have access tokens signed with a new key; what the old one has signed is good until it expires."""
    from deputize.cli.client import rotate_tokens_key
    from deputize.cli.deployed import Where

    return rotate_tokens_key(Where(data=data, project=project), as_json=as_json, plain=plain)
