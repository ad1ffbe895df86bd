"""A run on the terminal, line by line while it happens or from its record."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import JsonValue
from rich.text import Text

from deputize.activity.entries import ActivityEntry, HttpExchange, RunStarted
from deputize.activity.scheduled_time import ScheduledTime
from deputize.cli.describe import describe
from deputize.cli.described import write_below, write_headline
from deputize.cli.escape import visible
from deputize.cli.moment import shown_time
from deputize.cli.received import received_line
from deputize.cli.stored import describe_unread, read_entry
from deputize.cli.terminal import Terminal
from deputize.domain.run import Run
from deputize.domain.stored_run import StoredRun

if TYPE_CHECKING:
    from deputize.stand_ins import StandInRequest

_TIME = 9
#: Where the lines below a headline begin.
_BELOW = " " * (_TIME + 4)


class RunRenderer:
    """Writes entries as they come, then how the run ended."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._began: datetime | None = None
        self._last: int | None = None

    def entry(self, entry: ActivityEntry) -> None:
        """Write one entry; one that explains the entry before it goes below that one's headline."""
        if isinstance(entry, RunStarted):
            self._began = entry.ts
            self._heading(entry)
            return
        description = describe(entry)
        if description.belongs_to is None or description.belongs_to != self._last:
            write_headline(self._terminal, self._lead(entry.ts), description, below=_BELOW)
        write_below(self._terminal, description, below=_BELOW)
        self._last = entry.seq

    def document(self, document: Mapping[str, JsonValue]) -> None:
        """Write one entry as the database has it."""
        entry = read_entry(document)
        if entry is not None:
            self.entry(entry)
            return
        lead = self._lead(datetime.fromisoformat(str(document["ts"])))
        write_headline(self._terminal, lead, describe_unread(document), below=_BELOW)
        self._last = None

    def set_off(self, runs: Sequence[StoredRun]) -> None:
        """Write which runs the events of this one have set off, and how they ended."""
        if runs:
            self._terminal.write()
        for run in runs:
            whom = f"as {visible(run.initiator.id)}{', LEGACY' if run.legacy else ''}"
            self._terminal.write(Text(f"Set off: {visible(run.name)} ({run.trigger}) {whom}: {run.state}"))

    def stand_ins(self, received: Mapping[str, Sequence["StandInRequest"]]) -> None:
        """Write what each stand-in received; those that received nothing are not worth a line each."""
        called = {endpoint: requests for endpoint, requests in received.items() if requests}
        if received and not called:
            self._terminal.write()
            self._terminal.write(Text("No stand-in received a request."))
        for endpoint, requests in called.items():
            number = len(requests)
            noun = "request" if number == 1 else "requests"
            self._terminal.write()
            self._terminal.write(Text(f"The stand-in for {visible(endpoint)} received {number} {noun}."))
            for request in requests:
                self._terminal.write(Text(f"  {received_line(request)}"))

    def ending(self, run: Run, *, exit_note: str) -> None:
        """Write the last line: state, calls, refusals. *exit_note* says how the process will exit."""
        calls = sum(isinstance(entry, HttpExchange) for entry in run.activity)
        self._terminal.write()
        tally = tally_of(calls, len(run.refusals), went_on=run.ok)
        self._terminal.write(Text(f"{run.state}. {tally}   {exit_note}"))

    def _heading(self, entry: RunStarted) -> None:
        script = f"{visible(entry.script.name)}@{entry.script.sha256[:6]}"
        initiator = f"as {visible(entry.initiator.id)} (via {visible(entry.initiator.via)})"
        line = Text(f"run {entry.run}  {script}  {visible(entry.trigger)}  {initiator}")
        self._terminal.write(line.append("  LEGACY") if entry.legacy else line)
        if entry.schedule is not None:
            self._terminal.write(Text(schedule_line(entry.schedule)))
        if entry.replay_of is not None:
            self._terminal.write(Text(replay_line(entry.replay_of, entry.replayed_by)))
        if entry.retry_of is not None:
            self._terminal.write(Text(retry_line(entry.retry_of, entry.tries)))
        if entry.tier == "unconfined":
            self._terminal.write(Text("in process, NOT in the sandbox"))
        elif entry.tier != "full":
            self._terminal.write(
                Text(f"in a {entry.tier} jail: not every layer is there, see `deputize doctor`")
            )
        self._terminal.write()

    def _lead(self, moment: datetime) -> str:
        return f"{self._since(moment):{_TIME}.3f}  "

    def _since(self, moment: datetime) -> float:
        if self._began is None:
            self._began = moment
        return (moment - self._began).total_seconds()


def schedule_line(time: ScheduledTime) -> str:
    """Return which schedule set a run off, for when, and when its initiator consented to that."""
    times = "time" if time.missed == 1 else "times"
    missed = f" ({time.missed} due {times} before it missed)" if time.missed else ""
    changed = "; the script has changed since" if time.script_changed else ""
    return (
        f"schedule {visible(time.name)}, due {shown_time(time.due)}{missed}, "
        f"consented to {shown_time(time.consented)}{changed}"
    )


def replay_line(replay_of: str, replayed_by: str | None) -> str:
    """Return that a run is a live replay, of which run, and who asked for it."""
    who = "" if replayed_by is None else f", asked for by {visible(replayed_by)}"
    return f"live replay of run {visible(replay_of)}{who}"


def retry_line(retry_of: str, tries: int) -> str:
    """Return that a run tries another one again, and the how manieth try it is."""
    return f"try {tries}, after run {visible(retry_of)} failed"


def tally_of(calls: int, refused: int, *, went_on: bool) -> str:
    """Return how many calls there were and how many were refused; *went_on*: the script ended well."""
    if refused == 0:
        return f"{calls} {'call' if calls == 1 else 'calls'}."
    verb = "was" if refused == 1 else "were"
    after = "; the script went on" if went_on else ""
    return f"{refused} of {calls} {'call' if calls == 1 else 'calls'} {verb} refused{after}."
