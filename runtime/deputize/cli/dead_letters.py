"""``deputize dead-letters``: runs that failed for good, to be looked at, done again or dismissed."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import typer
from pydantic import JsonValue
from rich.text import Text

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.marks import FAILED, STOPPED
from deputize.cli.moment import moment, shown_time
from deputize.cli.named import integration_named
from deputize.cli.runs import SHOWN_ID
from deputize.cli.table import Cell, Value, write_table
from deputize.cli.target import Target
from deputize.cli.terminal import Terminal
from deputize.clock import now
from deputize.composition.live_replays import live_replay
from deputize.domain.run import RunState
from deputize.domain.stored_run import RunCursor, RunFilter, StoredRun
from deputize.errors import Refused
from deputize.inbound.answers import CallerRefused
from deputize.server.documents.runs import Runs, RunSummary
from deputize.use_cases.dead_letters import dismiss_dead_letter, see_dead_letters
from deputize.use_cases.errors import Conflict, NotPermitted
from deputize.use_cases.find_run import find_run
from deputize.use_cases.replay_live import WantedReplay

_COLUMNS = ("Run", "Queued", "Script", "As", "State", "Error", "Why it is not tried again")
#: Dead letters that are read at once.
_BATCH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLetters:
    """Which dead letters are wanted, as the command line says it; what is None is not asked for."""

    runs: tuple[str, ...] = ()
    every: bool = False
    integration: str | None
    initiator: str | None
    since: str | None
    until: str | None

    def require_said(self) -> None:
        """Raise unless either runs are named or all are meant, so that nobody does all by a slip."""
        if bool(self.runs) == self.every:
            raise typer.BadParameter(
                "name the runs, or say --all for all that --integration, --initiator, --since and --until "
                "leave.",
                param_hint="RUN",
            )
        if self.runs and (self.integration or self.initiator or self.since or self.until):
            raise typer.BadParameter("options that choose belong to --all.", param_hint="RUN")

    async def filter(self, deployed: Deployed) -> RunFilter:
        """Return the filter that the options come to."""
        named = self.integration
        seen = None if named is None else await integration_named(deployed.database, named)
        return RunFilter(
            integration_id=None if seen is None else seen.integration.id,
            initiator=self.initiator,
            since=moment(self.since, option="--since", now=now()),
            until=moment(self.until, option="--until", now=now()),
        )


def list_dead_letters(
    where: Where, wanted: WantedLetters, *, limit: int, as_json: bool, plain: bool
) -> ExitCode:
    """Print the dead letters that are *wanted*."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> list[StoredRun]:
        chosen = await wanted.filter(deployed)
        return await see_dead_letters(deployed.database, OPERATOR, wanted=chosen, limit=limit)

    letters = with_deployment(where, work)
    if as_json:
        terminal.write_json(Runs(data=[RunSummary.of(each) for each in letters]).model_dump(mode="json"))
    elif letters:
        write_table(terminal, _COLUMNS, [_row(each) for each in letters])
    else:
        terminal.say("No dead letters.")
    return ExitCode.OK


def retry_dead_letters(where: Where, wanted: WantedLetters, *, as_json: bool, plain: bool) -> ExitCode:
    """Replay the dead letters that are *wanted* live, as their initiators; exit 1 if any was refused."""

    async def act(deployed: Deployed, run_id: str, terminal: Terminal) -> tuple[str, JsonValue]:
        replay = live_replay(deployed.database)
        while True:
            answer = await replay.replay(OPERATOR, _retry_of(run_id))
            if not isinstance(answer, CallerRefused):
                return f"is done again by run {answer.run_id[:SHOWN_ID]}", {"id": answer.run_id}
            pause = int(answer.headers.get("Retry-After", "0"))
            if not pause:
                raise Conflict(answer.operator_detail or answer.detail)
            terminal.say(f"Its plan accepts no more for {pause} s; waiting.")
            await asyncio.sleep(pause)

    return _each(where, wanted, act, as_json=as_json, plain=plain)


def dismiss_dead_letters(where: Where, wanted: WantedLetters, *, as_json: bool, plain: bool) -> ExitCode:
    """Take the dead letters that are *wanted* off the list; exit 1 if any was refused."""

    async def act(deployed: Deployed, run_id: str, _terminal: Terminal) -> tuple[str, JsonValue]:
        await dismiss_dead_letter(deployed.database, OPERATOR, run_id=run_id)
        return "is dismissed", {}

    return _each(where, wanted, act, as_json=as_json, plain=plain)


_Act = Callable[[Deployed, str, Terminal], Awaitable[tuple[str, JsonValue]]]


def _each(where: Where, wanted: WantedLetters, act: _Act, *, as_json: bool, plain: bool) -> ExitCode:
    """Do something about each dead letter that is *wanted*; one that is refused keeps none of the others."""
    terminal = Terminal.open(plain=plain)
    wanted.require_said()
    told: list[JsonValue] = []

    async def work(deployed: Deployed) -> int:
        refused = 0
        for run_id in await _chosen(deployed, wanted):
            document: dict[str, JsonValue] = {"run": run_id}
            try:
                line, more = await act(deployed, run_id, terminal)
            except (Refused, NotPermitted) as error:
                refused += 1
                line = f"stays as it is: {error}"
                document |= {"refused": str(error), "code": error.code}
            else:
                document |= {"done": more}
            told.append(document)
            if not as_json:
                terminal.write(Text(visible(f"run {run_id[:SHOWN_ID]} {line}")))
        return refused

    refused = with_deployment(where, work)
    if as_json:
        terminal.write_json({"data": told})
    elif not told:
        terminal.say("No dead letters.")
    return ExitCode.FAILED if refused else ExitCode.OK


async def _chosen(deployed: Deployed, wanted: WantedLetters) -> list[str]:
    """Return the ids of what is *wanted*, the oldest first: as they came, so are they done again."""
    if wanted.runs:
        return [
            await find_run(deployed.database, OPERATOR, start=Target.read(each).run) for each in wanted.runs
        ]
    chosen, found = await wanted.filter(deployed), list[StoredRun]()
    while True:
        after = RunCursor.after(found[-1]) if found else None
        batch = await see_dead_letters(deployed.database, OPERATOR, wanted=chosen, after=after, limit=_BATCH)
        found += batch
        if len(batch) < _BATCH:
            return [each.id for each in reversed(found)]


def _retry_of(run_id: str) -> WantedReplay:
    return WantedReplay(run_id=run_id, as_initiator=True, dead_letter=True)


def _row(run: StoredRun) -> list[Value]:
    return [
        run.id[:SHOWN_ID],
        shown_time(run.queued),
        run.name,
        f"{run.initiator.id}, LEGACY" if run.legacy else run.initiator.id,
        Cell(text=run.state, mark=STOPPED if run.state is RunState.CANCELED else FAILED),
        "–" if run.error is None else str(run.error.get("type")),
        run.given_up_because or "–",
    ]
