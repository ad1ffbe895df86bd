"""``deputize show``: the stream of one run, or one entry of it."""

from rich.text import Text

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.moment import shown_time
from deputize.cli.output import Output
from deputize.cli.render import RunRenderer, replay_line, retry_line, tally_of
from deputize.cli.runs import SHOWN_ID
from deputize.cli.target import Target
from deputize.cli.terminal import Terminal
from deputize.domain.run import RunState
from deputize.domain.stored_run import StoredRun
from deputize.errors import Refused
from deputize.server.documents.runs import RunDocument
from deputize.use_cases.find_run import find_run
from deputize.use_cases.see_runs import Entry, SeenRun, see_run, see_run_activity

#: Entries that are read at once.
_BATCH = 1000


class UnknownEntry(Refused):
    """The run has no entry of that number."""

    code = "UNKNOWN_ENTRY"


def show_run(where: Where, target: Target, *, output: Output, plain: bool) -> ExitCode:
    """Print the run that *target* names with its stream, or the one entry that it names."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> tuple[SeenRun, list[Entry]]:
        run_id = await find_run(deployed.database, OPERATOR, start=target.run)
        seen = await see_run(deployed.database, OPERATOR, run_id=run_id)
        return seen, await _activity(deployed, run_id, target.seq)

    seen, activity = with_deployment(where, work)
    run = seen.run
    if target.seq is not None:
        _show_entry(terminal, run, activity, target.seq, output=output)
    elif output is Output.JSON:
        terminal.write_json({**RunDocument.seen(seen), "activity": activity})
    elif output is Output.NDJSON:
        for each in activity:
            terminal.write_json(each, indent=None)
    else:
        _show_stream(terminal, seen, activity)
    return ExitCode.OK


async def _activity(deployed: Deployed, run_id: str, seq: int | None) -> list[Entry]:
    """Return the entries of the run; with *seq* that one alone."""
    if seq is not None:
        return await see_run_activity(deployed.database, OPERATOR, run_id=run_id, after_seq=seq - 1, limit=1)
    entries: list[Entry] = []
    while True:
        batch = await see_run_activity(
            deployed.database, OPERATOR, run_id=run_id, after_seq=len(entries), limit=_BATCH
        )
        entries += batch
        if len(batch) < _BATCH:
            return entries


def _show_entry(
    terminal: Terminal, run: StoredRun, activity: list[Entry], seq: int, *, output: Output
) -> None:
    entry = next((each for each in activity if each["seq"] == seq), None)
    if entry is None:
        raise UnknownEntry(f"run {run.id} has no entry {seq}. `deputize show {run.id[:SHOWN_ID]}` shows all.")
    if output is Output.TEXT:
        RunRenderer(terminal).document(entry)
        terminal.write()
    terminal.write_json(entry, indent=None if output is Output.NDJSON else 2)


def _show_stream(terminal: Terminal, seen: SeenRun, activity: list[Entry]) -> None:
    run = seen.run
    script = f"{visible(run.shown_path)}@{run.script_sha256[:6]}"
    initiator = f"as {visible(run.initiator.id)} (via {visible(run.initiator.via)})"
    renderer = RunRenderer(terminal)
    if not activity or activity[0]["kind"] != "run.started":
        # It is the entry of the start that says this, and there is none.
        terminal.write(Text(f"run {run.id}  {script}  {visible(run.trigger)}  {initiator}"))
        if run.replay_of is not None:
            terminal.write(Text(replay_line(run.replay_of, run.replayed_by)))
        if run.retry_of is not None:
            terminal.write(Text(retry_line(run.retry_of, run.tries)))
        terminal.write()
    for each in activity:
        renderer.document(each)
    if activity:
        terminal.write()
    terminal.write(Text(_standing(run)))
    if run.refusals or run.state is RunState.DENIED:
        terminal.say(Text(f"Why: deputize explain {run.id[:SHOWN_ID]}"))
    for replay in seen.replays:
        terminal.say(Text(f"Replayed live: deputize show {replay[:SHOWN_ID]}"))
    for retry in seen.retries:
        terminal.say(Text(f"Tried again: deputize show {retry[:SHOWN_ID]}"))
    if run.given_up_because is not None:
        terminal.say(
            Text(
                f"Not tried again: {visible(run.given_up_because)} Do it again, when its fault is mended: "
                f"deputize dead-letters retry {run.id[:SHOWN_ID]}"
            )
        )


def _standing(run: StoredRun) -> str:
    match run.state:
        case RunState.QUEUED:
            due = "" if run.due is None else f" It is due at {shown_time(run.due)}."
            return f"QUEUED. The script has not started yet.{due}"
        case RunState.RUNNING:
            return "RUNNING."
        case RunState.DENIED:
            return "DENIED. The script did not start."
        case _:
            tally = tally_of(run.calls, run.refusals, went_on=run.state is RunState.COMPLETED)
            return f"{run.state}. {tally}"
