"""Entries of many runs on the terminal, in the order in which they were written."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from pydantic import JsonValue
from rich.text import Text

from deputize.cli.describe import describe
from deputize.cli.described import write_below, write_headline
from deputize.cli.escape import visible
from deputize.cli.runs import SHOWN_ID
from deputize.cli.stored import describe_unread, read_entry
from deputize.cli.terminal import Terminal
from deputize.domain.legacy import LEGACY

#: Where the lines below a headline begin: below its run.
_BELOW = " " * 14


class FeedRenderer:
    """Writes entries as they come, each with its run."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._day: date | None = None
        self._last: tuple[object, object] | None = None

    def document(self, document: Mapping[str, JsonValue]) -> None:
        """Write one entry; one that explains the entry before it goes below that one's headline."""
        entry = read_entry(document)
        description = describe_unread(document) if entry is None else describe(entry)
        run, moment = str(document["run"]), datetime.fromisoformat(str(document["ts"])).astimezone(UTC)
        self._new_day(moment.date())
        if description.belongs_to is None or (run, description.belongs_to) != self._last:
            lead = f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03}  {run[:SHOWN_ID]}  "
            if entry is not None:
                mark = " LEGACY" if entry.initiator.via == LEGACY else ""
                lead += f"{visible(entry.script.name)} as {visible(entry.initiator.id)}{mark}  "
            write_headline(self._terminal, lead, description, below=_BELOW)
        write_below(self._terminal, description, below=_BELOW)
        self._last = (run, document["seq"])

    def _new_day(self, day: date) -> None:
        if day != self._day:
            self._day = day
            self._terminal.write(Text(f"{day} (UTC)"))
