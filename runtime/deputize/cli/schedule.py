"""``deputize schedule``: define, see, pause and delete what sets integrations off by itself."""

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.text import Text

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.faults import told_by_option
from deputize.cli.marks import ABSENT, ANSWERED, OK, Mark
from deputize.cli.moment import shown_time
from deputize.cli.named import integration_named, schedule_named, user_named
from deputize.cli.runs import SHOWN_ID
from deputize.cli.table import Cell, Value, write_pairs, write_table
from deputize.cli.terminal import Terminal
from deputize.errors import PayloadInvalid
from deputize.server.documents.schedules import ScheduleDocument, Schedules, WholeScheduleDocument
from deputize.use_cases.consent_to_schedule import withdraw_consent
from deputize.use_cases.define_schedule import NewSchedule, ScheduleChange, change_schedule, create_schedule
from deputize.use_cases.delete_schedule import delete_schedule
from deputize.use_cases.schedules import ScheduleState, SeenSchedule
from deputize.use_cases.see_schedules import see_schedule, see_schedules

_COLUMNS = ("Schedule", "Integration", "As", "Cron", "Time zone", "Next", "Last run", "State")
_STATES: dict[ScheduleState, tuple[str, Mark]] = {
    "ACTIVE": ("active", OK),
    "PAUSED": ("paused", ABSENT),
    "UNCONSENTED": ("not consented", ANSWERED),
    "RESTING": ("integration disabled", ABSENT),
}
#: Characters of a body that are shown; all of it is in the JSON.
_BODY_SHOWN = 2000


def read_body(path: str | None) -> str:
    """Return the text of the file at *path*; an empty object without one."""
    if path is None:
        return "{}"
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise PayloadInvalid(f"{path}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise PayloadInvalid(f"{path}: not UTF-8 from byte {error.start} on.") from None


def define(where: Where, integration: str, new: NewSchedule, *, as_json: bool, plain: bool) -> ExitCode:
    """Define *new* for *integration*, and say how its user consents."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> tuple[SeenSchedule, str | None]:
        named = await integration_named(deployed.database, integration)
        await user_named(deployed.database, new.user)
        options = {
            "/name": f'--name "{visible(new.name)}"',
            "/cron": f'--cron "{visible(new.cron)}"',
            "/timezone": f'--timezone "{visible(new.timezone)}"',
            "/as": f'--as "{visible(new.user)}"',
            "/content_type": f'--content-type "{visible(new.content_type)}"',
            "/body": "--payload",
        }
        with told_by_option(options):
            seen = await create_schedule(
                deployed.database, OPERATOR, integration_id=named.integration.id, new=new
            )
        return seen, deployed.address

    seen, address = with_deployment(where, work)
    show(terminal, WholeScheduleDocument.of(seen), as_json=as_json)
    user = visible(seen.user)
    place = f"{address or 'https://HOST'}/schedules/{seen.schedule.id}"
    terminal.say(
        Text(f"It does nothing until {user} consents: deputize schedule consent {place} --user {user}")
    )
    return ExitCode.OK


def show_schedule(where: Where, name: str, *, as_json: bool, plain: bool) -> ExitCode:
    """Print the schedule *name*, what its script is given, and its next due times."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> SeenSchedule:
        found = await schedule_named(deployed.database, name)
        return await see_schedule(deployed.database, OPERATOR, schedule_id=found.schedule.id)

    show(terminal, WholeScheduleDocument.of(with_deployment(where, work)), as_json=as_json)
    return ExitCode.OK


def set_enabled(where: Where, name: str, *, enabled: bool, as_json: bool, plain: bool) -> ExitCode:
    """Pause the schedule *name*, or let it go on; the consent stays."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> SeenSchedule:
        found = await schedule_named(deployed.database, name)
        change = ScheduleChange(enabled=enabled)
        return await change_schedule(
            deployed.database, OPERATOR, schedule_id=found.schedule.id, change=change
        )

    _tell(terminal, WholeScheduleDocument.of(with_deployment(where, work)), as_json=as_json)
    return ExitCode.OK


def withdraw(where: Where, name: str, *, as_json: bool, plain: bool) -> ExitCode:
    """Withdraw the consent to the schedule *name*, as the operator."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> SeenSchedule:
        found = await schedule_named(deployed.database, name)
        return await withdraw_consent(deployed.database, OPERATOR, schedule_id=found.schedule.id)

    _tell(terminal, WholeScheduleDocument.of(with_deployment(where, work)), as_json=as_json)
    return ExitCode.OK


def delete(where: Where, name: str, *, as_json: bool, plain: bool) -> ExitCode:
    """Delete the schedule *name*; the runs that came of it stay."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> SeenSchedule:
        found = await schedule_named(deployed.database, name)
        await delete_schedule(deployed.database, OPERATOR, schedule_id=found.schedule.id)
        return found

    seen = with_deployment(where, work)
    if as_json:
        terminal.write_json(WholeScheduleDocument.of(seen).model_dump(mode="json"))
    else:
        terminal.write(f"The schedule {visible(seen.schedule.name)} is deleted; its runs stay.")
    return ExitCode.OK


def list_schedules(
    where: Where, *, integration: str | None, user: str | None, as_json: bool, plain: bool
) -> ExitCode:
    """Print schedules, by name."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> list[SeenSchedule]:
        found = None if integration is None else await integration_named(deployed.database, integration)
        return await see_schedules(
            deployed.database,
            OPERATOR,
            integration_id=None if found is None else found.integration.id,
            user=None if user is None else await user_named(deployed.database, user),
        )

    schedules = with_deployment(where, work)
    if as_json:
        documents = Schedules(data=[ScheduleDocument.of(each) for each in schedules])
        terminal.write_json(documents.model_dump(mode="json"))
    elif schedules:
        write_table(terminal, _COLUMNS, [_row(each) for each in schedules])
    else:
        terminal.say("No schedules.")
    return ExitCode.OK


def show(terminal: Terminal, schedule: WholeScheduleDocument, *, as_json: bool) -> None:
    """Print *schedule*: all that is consented to, and when it comes."""
    if as_json:
        terminal.write_json(schedule.model_dump(mode="json"))
        return
    pairs: list[tuple[str, Value]] = [
        ("schedule", schedule.name),
        ("integration", f"{schedule.plan}/{schedule.integration}"),
        ("runs as", schedule.user),
        ("cron", schedule.cron),
        ("time zone", schedule.timezone),
        ("content type", schedule.content_type),
        ("body", _cut(schedule.body)),
        ("state", _state(schedule.state)),
        ("consented", _consented(schedule)),
        ("defined by", schedule.defined_by),
        ("last due", shown_time(schedule.last_due)),
        ("last run", schedule.last_run_id or "–"),
        ("id", schedule.id),
    ]
    write_pairs(terminal, pairs)
    terminal.write()
    terminal.write("Due next" if schedule.due is not None else "Would be due next")
    zone = ZoneInfo(schedule.timezone)
    for each in schedule.upcoming:
        local = each.astimezone(zone).strftime("%a %Y-%m-%d %H:%M %z")
        terminal.write(f"  {local}   {shown_time(each)}")


def _tell(terminal: Terminal, schedule: WholeScheduleDocument, *, as_json: bool) -> None:
    if as_json:
        terminal.write_json(schedule.model_dump(mode="json"))
        return
    said = _STATES[schedule.state][0]
    due = "" if schedule.due is None else f", due {shown_time(schedule.due)}"
    terminal.write(f"The schedule {visible(schedule.name)} is {said}{due}.")


def _row(seen: SeenSchedule) -> Sequence[Value]:
    each = seen.schedule
    return [
        each.name,
        f"{seen.plan}/{seen.integration}",
        seen.user,
        each.cron,
        each.timezone,
        shown_time(each.due),
        "–" if each.last_run_id is None else each.last_run_id[:SHOWN_ID],
        _state(seen.state),
    ]


def _state(state: ScheduleState) -> Cell:
    text, mark = _STATES[state]
    return Cell(text=text, mark=mark)


def _consented(schedule: ScheduleDocument) -> str:
    if schedule.consented is None:
        return "–"
    changed = "; the script has changed since" if schedule.script_changed else ""
    return f"{shown_time(schedule.consented)}{changed}"


def _cut(body: str) -> str:
    if len(body) <= _BODY_SHOWN:
        return body
    return f"{body[:_BODY_SHOWN]}… ({len(body)} characters; --json shows all)"
