"""The options of ``deputize dead-letters``."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from typing import Annotated

import typer

from deputize.cli import options

app = typer.Typer(invoke_without_command=True)

_Runs = Annotated[
    list[str] | None, typer.Argument(metavar="[RUN]...", help="Runs that are dead letters, by their ids.")
]
_All = Annotated[bool, typer.Option("--all", help="All of them, or all that the other options leave.")]


@app.callback()
def dead_letters(
    context: typer.Context,
    *,
    integration: options.OfIntegration = None,
    initiator: options.Initiator = None,
    since: options.Since = None,
    until: options.Until = None,
    limit: options.Limit = 20,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """List runs that failed and nothing tries again by itself, the newest first."""
    if context.invoked_subcommand is not None:
        return 0
    from deputize.cli.dead_letters import WantedLetters, list_dead_letters
    from deputize.cli.deployed import Where

    wanted = WantedLetters(integration=integration, initiator=initiator, since=since, until=until)
    return list_dead_letters(
        Where(data=data, project=project), wanted, limit=limit, as_json=as_json, plain=plain
    )


@app.command()
def retry(
    runs: _Runs = None,
    *,
    every: _All = False,
    integration: options.OfIntegration = None,
    initiator: options.Initiator = None,
    since: options.Since = None,
    until: options.Until = None,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Have dead letters be done again, each by a new run of its initiator."""
    from deputize.cli.dead_letters import WantedLetters, retry_dead_letters
    from deputize.cli.deployed import Where

    wanted = WantedLetters(
        runs=tuple(runs or ()),
        every=every,
        integration=integration,
        initiator=initiator,
        since=since,
        until=until,
    )
    return retry_dead_letters(Where(data=data, project=project), wanted, as_json=as_json, plain=plain)


@app.command()
def dismiss(
    runs: _Runs = None,
    *,
    every: _All = False,
    integration: options.OfIntegration = None,
    initiator: options.Initiator = None,
    since: options.Since = None,
    until: options.Until = None,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Take dead letters off the list without doing anything again; the runs stay."""
    from deputize.cli.dead_letters import WantedLetters, dismiss_dead_letters
    from deputize.cli.deployed import Where

    wanted = WantedLetters(
        runs=tuple(runs or ()),
        every=every,
        integration=integration,
        initiator=initiator,
        since=since,
        until=until,
    )
    return dismiss_dead_letters(Where(data=data, project=project), wanted, as_json=as_json, plain=plain)
