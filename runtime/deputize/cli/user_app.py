"""The options of ``deputize user …``."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from typing import Annotated

import typer

from deputize.cli import options

app = typer.Typer(help="Users, their passwords, and whether they are active.")

_User = Annotated[str, typer.Argument(metavar="USER", help="The user's name.")]


@app.command("list")
def list_(
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """List users, by name."""
    from deputize.cli.deployed import Where
    from deputize.cli.user import list_users

    return list_users(Where(data=data, project=project), as_json=as_json, plain=plain)


@app.command()
def show(
    user: _User,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Show who a user is and what their roles allow."""
    from deputize.cli.deployed import Where
    from deputize.cli.user import show_user

    return show_user(Where(data=data, project=project), user=user, as_json=as_json, plain=plain)


@app.command()
def password(
    user: _User,
    *,
    file: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE", help="Where it stands. [default: a prompt, or stdin]"),
    ] = None,
    expires_in: Annotated[
        int | None,
        typer.Option("--expires-in", metavar="DAYS", min=1, max=3650, help="After how long it is no good."),
    ] = None,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Set a user's password, which is asked for, or read from a file or stdin."""
    from deputize.cli.deployed import Where
    from deputize.cli.user import set_password

    where = Where(data=data, project=project)
    return set_password(where, user=user, file=file, expires_in=expires_in, as_json=as_json, plain=plain)


@app.command()
def disable(
    user: _User,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Let nothing be done in a user's name any more."""
    from deputize.cli.deployed import Where
    from deputize.cli.user import set_status

    where = Where(data=data, project=project)
    return set_status(where, user=user, status="INACTIVE", as_json=as_json, plain=plain)


@app.command()
def enable(
    user: _User,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Let things be done in a user's name again."""
    from deputize.cli.deployed import Where
    from deputize.cli.user import set_status

    where = Where(data=data, project=project)
    return set_status(where, user=user, status="ACTIVE", as_json=as_json, plain=plain)


@app.command("revoke-tokens")
def revoke_tokens_(
    user: _User,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """End all that a user has let clients of OAuth do, with every token."""
    from deputize.cli.deployed import Where
    from deputize.cli.user import end_tokens

    return end_tokens(Where(data=data, project=project), user=user, as_json=as_json, plain=plain)
