"""The options of ``deputize runs``."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from typing import Annotated

import typer

from deputize.cli import options

app = typer.Typer(invoke_without_command=True)


@app.callback()
def runs(
    context: typer.Context,
    *,
    integration: options.OfIntegration = None,
    initiator: options.Initiator = None,
    state: Annotated[
        str | None, typer.Option("--state", metavar="STATE", help="Only in this state, such as DENIED.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="KIND", help="Only those that this set off: inbound, RESPONSE, …"),
    ] = None,
    since: options.Since = None,
    until: options.Until = None,
    limit: options.Limit = 20,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """List runs, the newest first."""
    if context.invoked_subcommand is not None:
        return 0
    from deputize.cli.deployed import Where
    from deputize.cli.runs import WantedRuns, list_runs

    wanted = WantedRuns(
        integration=integration,
        initiator=initiator,
        state=state,
        kind=kind,
        since=since,
        until=until,
        limit=limit,
    )
    return list_runs(Where(data=data, project=project), wanted, as_json=as_json, plain=plain)


@app.command()
def resume(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run that is INTERRUPTED, by its id.")],
    *,
    sent: Annotated[
        bool | None,
        typer.Option("--sent/--not-sent", help="What became of the call that was under way."),
    ] = None,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Go on with an interrupted run; a call that was not sent is sent now."""
    from deputize.cli.deployed import Where
    from deputize.cli.resume import resume_interrupted

    return resume_interrupted(Where(data=data, project=project), run, sent=sent, as_json=as_json, plain=plain)
