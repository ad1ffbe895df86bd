"""The options of ``deputize runs``."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from typing import Annotated

import typer

from deputize.cli import options
from deputize.cli.known_calls import TellingCalls, known_calls

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


@app.command(cls=TellingCalls)
def resume(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="A run that is INTERRUPTED or POISONED, by its id.")
    ],
    *,
    sent: Annotated[
        list[str] | None,
        typer.Option(
            "--sent", metavar="[CALL]", help="The call that was under way was sent; of several, that one."
        ),
    ] = None,
    not_sent: Annotated[
        list[str] | None,
        typer.Option("--not-sent", metavar="[CALL]", help="It was not sent, and is sent now."),
    ] = None,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Go on with a run that was interrupted or given up."""
    from deputize.cli.deployed import Where
    from deputize.cli.resume import resume_stopped

    calls = known_calls(sent or (), not_sent or ())
    return resume_stopped(Where(data=data, project=project), run, calls=calls, as_json=as_json, plain=plain)
