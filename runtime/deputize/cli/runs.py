"""``deputize runs``: which runs there were, the newest first."""

from dataclasses import dataclass, replace

from deputize.cli.choice import one_of
from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.marks import FAILED, LOG, OK, REFUSED, START, STOPPED, Mark
from deputize.cli.moment import moment, shown_time
from deputize.cli.named import integration_named, user_named
from deputize.cli.table import Cell, Value, write_table
from deputize.cli.terminal import Terminal
from deputize.clock import now
from deputize.domain.run import RunState
from deputize.domain.start import TRIGGERS
from deputize.domain.stored_run import RunFilter, StoredRun
from deputize.server.documents.runs import Runs, RunSummary
from deputize.use_cases.see_runs import see_runs

#: Characters of an id that lists show; ``show`` and ``explain`` take them.
SHOWN_ID = 8
_COLUMNS = ("Run", "Queued", "Script", "Kind", "As", "State", "Calls", "Took")
_MARKS: dict[RunState, Mark] = {
    RunState.QUEUED: LOG,
    RunState.RUNNING: START,
    RunState.COMPLETED: OK,
    RunState.FAILED: FAILED,
    RunState.CANCELED: STOPPED,
    RunState.INTERRUPTED: FAILED,
    RunState.POISONED: FAILED,
    RunState.DENIED: REFUSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedRuns:
    """Which runs are wanted, as the command line says it; what is None is not asked for."""

    integration: str | None
    initiator: str | None
    state: str | None
    kind: str | None
    since: str | None
    until: str | None
    limit: int


def list_runs(where: Where, wanted: WantedRuns, *, as_json: bool, plain: bool) -> ExitCode:
    """Print the runs that are *wanted*."""
    terminal = Terminal.open(plain=plain)
    state = one_of(wanted.state, RunState, option="--state")
    narrowed = RunFilter(
        initiator=wanted.initiator,
        state=None if state is None else RunState(state),
        trigger=one_of(wanted.kind, TRIGGERS, option="--kind"),
        since=moment(wanted.since, option="--since", now=now()),
        until=moment(wanted.until, option="--until", now=now()),
    )

    async def work(deployed: Deployed) -> list[StoredRun]:
        named = wanted.integration
        seen = None if named is None else await integration_named(deployed.database, named)
        integration_id = None if seen is None else seen.integration.id
        found = await see_runs(
            deployed.database,
            OPERATOR,
            wanted=replace(narrowed, integration_id=integration_id),
            after=None,
            limit=wanted.limit,
        )
        if not found and wanted.initiator is not None:
            # Who has been deleted may have runs; who has neither runs nor an account is a slip.
            await user_named(deployed.database, wanted.initiator)
        return found

    runs = with_deployment(where, work)
    if as_json:
        terminal.write_json(Runs(data=[RunSummary.of(each) for each in runs]).model_dump(mode="json"))
    elif runs:
        write_table(terminal, _COLUMNS, [_row(each) for each in runs])
    else:
        terminal.say("No such runs.")
    return ExitCode.OK


def _row(run: StoredRun) -> list[Value]:
    return [
        run.id[:SHOWN_ID],
        shown_time(run.queued),
        run.name,
        _kind(run),
        f"{run.initiator.id}, LEGACY" if run.legacy else run.initiator.id,
        Cell(text=run.state, mark=_MARKS[run.state]),
        f"{run.calls}, {run.refusals} refused" if run.refusals else str(run.calls),
        "–" if run.usage is None else f"{run.usage.wall_ms:.0f} ms",
    ]


def _kind(run: StoredRun) -> str:
    if run.retry_of is not None:
        return f"{run.trigger}, try {run.tries}"
    return run.trigger if run.replay_of is None else f"{run.trigger}, replay"
