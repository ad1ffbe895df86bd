"""A run on the terminal, line by line while it happens."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.text import Text

from deputize.activity.entries import ActivityEntry, HttpExchange, RunStarted
from deputize.cli.describe import Description, describe
from deputize.cli.escape import visible
from deputize.cli.received import received_line
from deputize.cli.terminal import Terminal
from deputize.domain.run import Run

if TYPE_CHECKING:
    from deputize.stand_ins import StandInRequest

_TIME, _LABEL = 9, 25
#: Where the lines below a headline begin.
_BELOW = " " * (_TIME + 4)


class RunRenderer:
    """Writes entries as they come, then how the run ended."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._began: datetime | None = None
        self._last: ActivityEntry | None = None

    def entry(self, entry: ActivityEntry) -> None:
        """Write one entry; one that explains the entry before it goes below that one's headline."""
        if isinstance(entry, RunStarted):
            self._began = entry.ts
            self._heading(entry)
            return
        description = describe(entry)
        last = self._last.seq if self._last is not None else None
        if description.belongs_to is None or description.belongs_to != last:
            self._headline(entry, description)
        for line in description.below:
            self._terminal.write(Text(_BELOW + line))
        self._last = entry

    def stand_ins(self, received: Mapping[str, Sequence["StandInRequest"]]) -> None:
        """Write what each stand-in received."""
        for endpoint, requests in received.items():
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
        self._terminal.write(Text(f"{run.state}. {_tally(run, calls)}   {exit_note}"))

    def _heading(self, entry: RunStarted) -> None:
        script = f"{visible(entry.script.name)}@{entry.script.sha256[:6]}"
        initiator = f"as {visible(entry.initiator.id)} (via {visible(entry.initiator.via)})"
        self._terminal.write(Text(f"run {entry.run}  {script}  {visible(entry.trigger)}  {initiator}"))
        self._terminal.write()

    def _headline(self, entry: ActivityEntry, description: Description) -> None:
        plain = self._terminal.plain
        label = description.words if plain else f"{description.mark.symbol} {description.label}"
        line = Text(f"{self._since(entry.ts):{_TIME}.3f}  ")
        line.append(label, style="" if plain else description.mark.style)
        if description.what:
            line.append(" " * max(2, _LABEL - len(label)) + "  ".join(description.what))
        aside = "   ".join(description.aside)
        columns = self._terminal.columns
        if aside and (columns is None or line.cell_len + 3 + len(aside) <= columns):
            line.append(f"   {aside}")
            aside = ""
        self._terminal.write(line)
        if aside:
            self._terminal.write(Text(_BELOW + aside))

    def _since(self, moment: datetime) -> float:
        if self._began is None:
            self._began = moment
        return (moment - self._began).total_seconds()


def _tally(run: Run, calls: int) -> str:
    refused = len(run.refusals)
    if refused == 0:
        return f"{calls} {'call' if calls == 1 else 'calls'}, none refused."
    verb = "was" if refused == 1 else "were"
    went_on = "; the script went on" if run.ok else ""
    return f"{refused} of {calls} {'call' if calls == 1 else 'calls'} {verb} refused{went_on}."
