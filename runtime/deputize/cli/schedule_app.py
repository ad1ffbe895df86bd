"""The options of ``deputize schedule …``."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from typing import Annotated

import typer

from deputize.cli import options

app = typer.Typer(help="What sets inbound integrations off by itself.")

_Schedule = Annotated[
    str,
    typer.Argument(
        metavar="SCHEDULE",
        help="Its name, INTEGRATION/NAME, PLAN/INTEGRATION/NAME, or 4 characters of its id or more.",
    ),
]
_Password = Annotated[
    str | None,
    typer.Option("--from", metavar="FILE", help="Where the password is. [default: a prompt, or stdin]"),
]


@app.command()
def create(
    *,
    integration: Annotated[
        str,
        typer.Option("--integration", metavar="INTEGRATION", help="What it sets off, by name or id."),
    ],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Of a-z, 0-9, - and _.")],
    cron: Annotated[
        str,
        typer.Option(
            "--cron",
            metavar="CRON",
            help="Minute, hour, day of the month, month, day of the week: '30 6 * * mon-fri'.",
        ),
    ],
    user: Annotated[
        str, typer.Option("--as", metavar="USER", help="As whom it runs, once that user has consented.")
    ],
    timezone: Annotated[
        str, typer.Option("--timezone", metavar="ZONE", help="In whose time that is: Europe/Vienna.")
    ] = "UTC",
    payload: Annotated[
        str | None,
        typer.Option("--payload", metavar="FILE", help="What the script is given. [default: {}]"),
    ] = None,
    content_type: Annotated[
        str, typer.Option("--content-type", metavar="TYPE", help="What that is.")
    ] = "application/json",
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Define a schedule; it does nothing until its user has consented."""
    from deputize.cli.deployed import Where
    from deputize.cli.schedule import define, read_body
    from deputize.use_cases.define_schedule import NewSchedule

    new = NewSchedule(
        name=name,
        cron=cron,
        timezone=timezone,
        user=user,
        content_type=content_type,
        body=read_body(payload),
    )
    return define(Where(data=data, project=project), integration, new, as_json=as_json, plain=plain)


@app.command("list")
def list_(
    *,
    integration: options.OfIntegration = None,
    user: Annotated[
        str | None, typer.Option("--as", metavar="USER", help="Only those that run as this user.")
    ] = None,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """List schedules, by name."""
    from deputize.cli.deployed import Where
    from deputize.cli.schedule import list_schedules

    where = Where(data=data, project=project)
    return list_schedules(where, integration=integration, user=user, as_json=as_json, plain=plain)


@app.command()
def show(
    schedule: _Schedule,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Show a schedule, and when it is due next."""
    from deputize.cli.deployed import Where
    from deputize.cli.schedule import show_schedule

    return show_schedule(Where(data=data, project=project), schedule, as_json=as_json, plain=plain)


@app.command()
def pause(
    schedule: _Schedule,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Let a schedule rest; the consent stays."""
    from deputize.cli.deployed import Where
    from deputize.cli.schedule import set_enabled

    where = Where(data=data, project=project)
    return set_enabled(where, schedule, enabled=False, as_json=as_json, plain=plain)


@app.command()
def resume(
    schedule: _Schedule,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Let a paused schedule go on, from its next due time."""
    from deputize.cli.deployed import Where
    from deputize.cli.schedule import set_enabled

    where = Where(data=data, project=project)
    return set_enabled(where, schedule, enabled=True, as_json=as_json, plain=plain)


@app.command()
def delete(
    schedule: _Schedule,
    *,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Delete a schedule; its runs stay."""
    from deputize.cli.deployed import Where
    from deputize.cli.schedule import delete as delete_it

    return delete_it(Where(data=data, project=project), schedule, as_json=as_json, plain=plain)


@app.command()
def consent(
    url: Annotated[str, typer.Argument(metavar="URL", help="The schedule's: https://HOST/schedules/ID.")],
    *,
    user: Annotated[str, typer.Option("--user", metavar="USER", help="As whom it runs: nobody else can.")],
    file: _Password = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether what is shown is meant.")] = False,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Let a schedule of a server run as oneself, after it has been shown."""
    from deputize.cli.schedule_consent import consent as consent_to

    return consent_to(url, user=user, password_file=file, confirmed=yes, as_json=as_json, plain=plain)


@app.command()
def withdraw(
    schedule: Annotated[
        str, typer.Argument(metavar="SCHEDULE", help="As for show; or, with --user, its URL on a server.")
    ],
    *,
    user: Annotated[
        str | None, typer.Option("--user", metavar="USER", help="As whom it runs: signs in at the URL.")
    ] = None,
    file: _Password = None,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Take a consent back: the schedule does nothing any more."""
    from deputize.cli.deployed import Where
    from deputize.cli.schedule import withdraw as withdraw_here
    from deputize.cli.schedule_consent import withdraw as withdraw_there

    if user is not None:
        return withdraw_there(schedule, user=user, password_file=file, as_json=as_json, plain=plain)
    return withdraw_here(Where(data=data, project=project), schedule, as_json=as_json, plain=plain)
