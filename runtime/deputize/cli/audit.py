"""``deputize audit``: who did what to the deployment, the newest first."""

import json
from dataclasses import dataclass
from typing import get_args

from deputize.cli.choice import one_of
from deputize.cli.deployed import OPERATOR, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.moment import moment, shown_time
from deputize.cli.output import Output
from deputize.cli.table import Value, write_table
from deputize.cli.terminal import Terminal
from deputize.clock import now
from deputize.domain.audit import AuditAction, AuditRecord
from deputize.server.documents.audit import AuditDocument
from deputize.use_cases.see_audit import AuditFilter, see_audit

_COLUMNS = ("When", "Who", "From", "Action", "Target", "Detail")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedActs:
    """Which records are wanted, as the command line says it; what is None is not asked for."""

    actor: str | None
    action: str | None
    target: str | None
    since: str | None
    until: str | None
    limit: int


def list_acts(where: Where, wanted: WantedActs, *, output: Output, plain: bool) -> ExitCode:
    """Print the records that are *wanted*."""
    terminal = Terminal.open(plain=plain)
    narrowed = AuditFilter(
        actor=wanted.actor,
        action=one_of(wanted.action, get_args(AuditAction), option="--action"),
        target=wanted.target,
        since=moment(wanted.since, option="--since", now=now()),
        until=moment(wanted.until, option="--until", now=now()),
    )
    acts = with_deployment(
        where,
        lambda deployed: see_audit(
            deployed.database, OPERATOR, wanted=narrowed, before=None, limit=wanted.limit
        ),
    )
    documents = [AuditDocument.of(each).model_dump(mode="json") for each in acts]
    match output:
        case Output.JSON:
            terminal.write_json({"data": documents})
        case Output.NDJSON:
            for each in documents:
                terminal.write_json(each, indent=None)
        case Output.TEXT if acts:
            write_table(terminal, _COLUMNS, [_row(each) for each in acts])
        case Output.TEXT:
            terminal.say("No such records.")
    return ExitCode.OK


def _row(act: AuditRecord) -> list[Value]:
    detail = ", ".join(f"{name}={_shown(value)}" for name, value in sorted(act.detail.items()))
    return [shown_time(act.ts), act.actor, act.source, act.action, act.target, detail]


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
