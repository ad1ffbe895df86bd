"""Where a run becomes durable while it goes on, and its end."""

from collections.abc import Sequence
from typing import Protocol

from deputize.activity.entries import ActivityEntry
from deputize.activity.journal import JournalRecord
from deputize.activity.stream import Sink
from deputize.domain.run import Run


class Keeper(Sink, Protocol):
    """Keeps the entries and the journal of one run, and its end together with the last of them."""

    @property
    def durable(self) -> bool:
        """Whether what is kept outlives the process, so that another one can go on with the run."""
        ...

    async def require_held(self) -> None:
        """Raise, unless what is written now would be kept: another worker may have taken the run over."""
        ...

    async def finish(
        self, run: Run, entries: Sequence[ActivityEntry], journal: Sequence[JournalRecord]
    ) -> None:
        """Keep the last of both, and how *run* ended, all or nothing; durable on return."""
        ...
