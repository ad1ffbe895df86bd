"""``deputize migrate report``: where each integration stands, and what to do."""

from typing import Final

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.marks import ANSWERED, OK, REFUSED
from deputize.cli.moment import shown_time
from deputize.cli.named import plan_named
from deputize.cli.table import Cell, Value, write_table
from deputize.cli.terminal import Terminal
from deputize.composition.foresight import foresight_of
from deputize.server.documents.migration import MigrationReport
from deputize.use_cases.migration.findings import Finding
from deputize.use_cases.migration.report import Report, ReportedIntegration, report_migration

_COLUMNS: Final = ("Integration", "Method", "Scripts call as", "Last used", "Old requests, 30 d", "State")
_MARKS: Final = {"done": OK, "ready": ANSWERED, "not ready": REFUSED}


def write_report(where: Where, *, plan: str | None, as_json: bool, plain: bool) -> ExitCode:
    """Print the report on *plan*, or on every plan."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> Report:
        if plan is not None:
            await plan_named(deployed.database, plan)
        return await report_migration(
            deployed.database, OPERATOR, foresight=foresight_of(deployed.database), plan=plan
        )

    report = with_deployment(where, work)
    if as_json:
        terminal.write_json(MigrationReport.of(report).model_dump(mode="json"))
        return ExitCode.OK
    if not report.integrations:
        terminal.say("No inbound integrations.")
        return ExitCode.OK
    write_table(terminal, _COLUMNS, [_row(each) for each in report.integrations])
    for each in report.integrations:
        for reason in each.readiness.why:
            terminal.write(visible(f"{each.reviewed.where}: {reason}"))
    for finding in report.findings:
        _write_finding(terminal, finding)
    if not report.legacy_left:
        terminal.write("No integration is legacy: the owner of an endpoint has no effect anywhere here.")
    return ExitCode.OK


def _row(each: ReportedIntegration) -> list[Value]:
    state = each.readiness.state
    return [
        each.reviewed.where,
        each.method,
        each.sends_as or "nobody",
        shown_time(each.last_used),
        str(each.old_requests),
        Cell(text=state, mark=_MARKS[state]),
    ]


def _write_finding(terminal: Terminal, finding: Finding) -> None:
    about = "" if finding.user is None else f" {finding.user}:"
    sure = "" if finding.certainty == "certain" else f" ({finding.certainty})"
    terminal.write()
    terminal.write(visible(f"{finding.code}{sure} {finding.integration}:{about} {finding.message}"))
    terminal.write(visible(f"  {finding.advice}"))
    if finding.command is not None:
        terminal.write(visible(f"  {finding.command}"))
