"""``deputize migrate shadow``: start, end and show what would become of calls as somebody else's."""

from dataclasses import dataclass
from typing import Any, Final

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.faults import told_by_option
from deputize.cli.marks import ANSWERED, OK, REFUSED
from deputize.cli.moment import shown_time
from deputize.cli.named import integration_named, user_named
from deputize.cli.table import Cell, Value, write_table
from deputize.cli.terminal import Terminal
from deputize.domain.legacy import ShadowFinding
from deputize.server.documents.migration import ShadowDocument
from deputize.use_cases.migration.readiness import counted
from deputize.use_cases.migration.shadows import SeenShadow, end_shadow, see_shadow, start_shadow

_COLUMNS: Final = ("Where", "Call", "Times", "Would be", "Because")
_MARKS: Final = {
    "same": OK,
    "refused": REFUSED,
    "shorter": REFUSED,
    "different": ANSWERED,
    "unknown": ANSWERED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowCommand:
    """What the command line asks for: to start with *user*, to *stop*, or else to show."""

    integration: str
    user: str | None
    days: int | None
    stop: bool


def work_on_shadow(where: Where, command: ShadowCommand, *, as_json: bool, plain: bool) -> ExitCode:
    """Do what *command* asks for and print the shadow with what it has found."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> SeenShadow:
        database = deployed.database
        integration_id = (await integration_named(database, command.integration)).integration.id
        if command.user is not None:
            await user_named(database, command.user)
            with told_by_option({"/as": f'--as "{command.user}"'}):
                return await start_shadow(
                    database, OPERATOR, integration_id=integration_id, user=command.user, days=command.days
                )
        act = end_shadow if command.stop else see_shadow
        return await act(database, OPERATOR, integration_id=integration_id)

    seen = with_deployment(where, work)
    if as_json:
        terminal.write_json(ShadowDocument.of(seen).model_dump(mode="json"))
        return ExitCode.OK
    terminal.write(visible(_headline(seen)))
    if seen.found:
        write_table(terminal, _COLUMNS, [_row(each) for each in seen.found])
    else:
        terminal.say("No call has been seen yet.")
    return ExitCode.OK


def _headline(seen: SeenShadow) -> str:
    calls = counted(seen.found)
    until = "until it is ended" if seen.shadow.until is None else f"until {shown_time(seen.shadow.until)}"
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(calls.items())) or "no calls"
    return (
        f"{seen.plan.name}/{seen.integration.name} as {seen.user or 'somebody who is gone'}, since "
        f"{shown_time(seen.shadow.since)}, {until}: {seen.runs} runs; {told}."
    )


def _row(found: ShadowFinding) -> list[Value]:
    line = "" if found.line is None else f":{found.line}"
    return [
        f"{found.script}{line}",
        f"{found.method} {found.path}",
        str(found.count),
        Cell(text=found.verdict, mark=_MARKS[found.verdict]),
        _because(found.detail),
    ]


def _because(detail: Any) -> str:
    """Return what a verdict is about, on one line."""
    if "needs" in detail:
        return f"needs {'; '.join(detail['needs'])}"
    if "shorter" in detail:
        return ", ".join(_shorter(each) for each in detail["shorter"])
    if "status_then" in detail:
        return f"{detail['status_now']} now, {detail['status_then']} then"
    if "differs" in detail:
        return "differs at " + ", ".join(each or "the whole body" for each in detail["differs"])
    return str(detail.get("why", "–"))


def _shorter(place: Any) -> str:
    if "lost" in place:
        return "1 recipient fewer" if place["lost"] == 1 else f"{place['lost']} recipients fewer"
    return f"{place['at'] or 'the list'}: {place['now']} now, {place['then']} then"
