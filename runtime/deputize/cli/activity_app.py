"""The options of the commands about what has happened: show, tail, explain, rerun, audit."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from typing import Annotated

import typer

from deputize.cli import options

app = typer.Typer()

_RunOrEntry = Annotated[
    str,
    typer.Argument(
        metavar="RUN[/SEQ]",
        help="A run's id or its beginning, 4 characters or more; an entry's number.",
    ),
]


@app.command()
def show(
    run: _RunOrEntry,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    as_lines: options.AsLines = False,
    plain: options.Plain = False,
) -> int:
    """Show the stream of a run, or one entry of it whole."""
    from deputize.cli.deployed import Where
    from deputize.cli.output import Output
    from deputize.cli.show import show_run
    from deputize.cli.target import Target

    output = Output.asked_for(as_json=as_json, as_lines=as_lines)
    return show_run(Where(data=data, project=project), Target.read(run), output=output, plain=plain)


@app.command()
def tail(
    *,
    integration: options.OfIntegration = None,
    initiator: options.Initiator = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="KIND", help="Only entries of this kind, such as permission.denied."),
    ] = None,
    status_code: Annotated[
        int | None, typer.Option("--status-code", metavar="CODE", help="Only answers with this status.")
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", metavar="TEXT", help="Only entries in which this stands.")
    ] = None,
    since: options.Since = None,
    until: options.Until = None,
    limit: Annotated[
        int,
        typer.Option("--limit", metavar="N", min=0, max=1000, help="How many of those that there are."),
    ] = 20,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    as_lines: options.AsLines = False,
    plain: options.Plain = False,
) -> int:
    """Show what was written last, of all runs; go on with --follow."""
    from deputize.cli.deployed import Where
    from deputize.cli.output import Output
    from deputize.cli.tail import WantedEntries, tail_activity

    wanted = WantedEntries(
        integration=integration,
        initiator=initiator,
        kind=kind,
        status_code=status_code,
        text=text,
        since=since,
        until=until,
        limit=limit,
    )
    output = Output.asked_for(as_json=as_json, as_lines=as_lines)
    return tail_activity(Where(data=data, project=project), wanted, follow=follow, output=output, plain=plain)


@app.command()
def explain(
    run: _RunOrEntry,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Say why something was refused, and what can be done."""
    from deputize.cli.deployed import Where
    from deputize.cli.explain import explain as explain_it
    from deputize.cli.target import Target

    return explain_it(Where(data=data, project=project), Target.read(run), as_json=as_json, plain=plain)


@app.command()
def rerun(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where the run is: https://HOST/runs/ID.")],
    *,
    user: Annotated[
        str, typer.Option("--user", metavar="USER", help="Who asks, and as whom it is run: they must see it.")
    ],
    as_initiator: Annotated[
        bool,
        typer.Option("--as-initiator", help="Run it as its initiator; USER needs replay:as-initiator."),
    ] = False,
    file: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE", help="Where the password is. [default: a prompt, or stdin]"),
    ] = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Do again what a run of a server did, against the real systems."""
    from deputize.cli.rerun import rerun as rerun_it

    return rerun_it(
        url, user=user, password_file=file, as_initiator=as_initiator, as_json=as_json, plain=plain
    )


@app.command()
def audit(
    *,
    actor: Annotated[
        str | None, typer.Option("--actor", metavar="NAME", help="Only what this user, or operator, did.")
    ] = None,
    action: Annotated[
        str | None, typer.Option("--action", metavar="ACTION", help="Only this, such as key.issued.")
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="TARGET", help="Only what was done to this, such as user:rob."),
    ] = None,
    since: options.Since = None,
    until: options.Until = None,
    limit: options.Limit = 20,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    as_lines: options.AsLines = False,
    plain: options.Plain = False,
) -> int:
    """List who did what to the deployment, the newest first."""
    from deputize.cli.audit import WantedActs, list_acts
    from deputize.cli.deployed import Where
    from deputize.cli.output import Output

    wanted = WantedActs(actor=actor, action=action, target=target, since=since, until=until, limit=limit)
    output = Output.asked_for(as_json=as_json, as_lines=as_lines)
    return list_acts(Where(data=data, project=project), wanted, output=output, plain=plain)
