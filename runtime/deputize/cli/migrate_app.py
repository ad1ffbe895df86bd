"""The options of ``deputize migrate …``."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from typing import Annotated

import typer

from deputize.cli import options

app = typer.Typer(help="The way over from legacy integrations.")

_Integration = Annotated[str, typer.Argument(metavar="INTEGRATION", help="A name, PLAN/NAME, or an id.")]


@app.command()
def report(
    plan: Annotated[str | None, typer.Argument(metavar="[PLAN]", help="Only this plan's.")] = None,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Show where each integration stands, what is not best practice, and what to do about it."""
    from deputize.cli.deployed import Where
    from deputize.cli.migrate_report import write_report

    return write_report(Where(data=data, project=project), plan=plan, as_json=as_json, plain=plain)


@app.command()
def shadow(
    integration: _Integration,
    *,
    user: Annotated[
        str | None, typer.Option("--as", metavar="USER", help="Start: who is to be the initiator.")
    ] = None,
    days: Annotated[
        int | None,
        typer.Option("--days", metavar="N", min=1, max=365, help="For so long. [default: until --stop]"),
    ] = None,
    stop: Annotated[bool, typer.Option("--stop", help="End it; what it found stays.")] = False,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Go on as before, and find what would become of each call as USER's; show what was found."""
    from deputize.cli.deployed import Where
    from deputize.cli.migrate_shadow import ShadowCommand, work_on_shadow

    if stop and (user is not None or days is not None):
        raise typer.BadParameter("Give --stop alone: it ends what --as started.")
    if days is not None and user is None:
        raise typer.BadParameter("Give --as USER with --days: it says whom the shadow is for.")
    where = Where(data=data, project=project)
    command = ShadowCommand(integration=integration, user=user, days=days, stop=stop)
    return work_on_shadow(where, command, as_json=as_json, plain=plain)


@app.command()
def switch(
    integration: _Integration,
    *,
    method: Annotated[
        str, typer.Option("--method", metavar="METHOD", help="api-key, url, basic, oauth or signature.")
    ],
    signature: Annotated[
        str | None,
        typer.Option(
            "--signature",
            metavar="PRESET",
            help="How requests are signed: standard-webhooks, github, slack, stripe, or all of it as JSON.",
        ),
    ] = None,
    user: Annotated[
        str | None, typer.Option("--for", metavar="USER", help="Issue a key to this user at once.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it, whatever the shadow found, or if there was none.")
    ] = False,
    url: Annotated[
        str | None,
        typer.Option(
            "--url",
            metavar="URL",
            help="How callers reach the server. [default: DEPUTIZE_PUBLIC_URL, or where it listened last]",
            show_default=False,
        ),
    ] = None,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Give a legacy integration its method: from now on its scripts call as the initiator."""
    from deputize.cli.deployed import Where
    from deputize.cli.migrate_switch import SwitchCommand, switch_integration

    command = SwitchCommand(
        integration=integration, method=method, signature=signature, user=user, confirmed=yes, url=url
    )
    return switch_integration(Where(data=data, project=project), command, as_json=as_json, plain=plain)


@app.command()
def undo(
    integration: _Integration,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Give an integration back as it was before it was switched over, unless it was edited since."""
    from deputize.cli.deployed import Where
    from deputize.cli.migrate_switch import undo_integration

    where = Where(data=data, project=project)
    return undo_integration(where, integration=integration, as_json=as_json, plain=plain)
